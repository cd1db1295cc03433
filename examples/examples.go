// Package examples carries what the local stack starts with; the other files here are to be edited and submitted.
package examples

import _ "embed"

// Teams is teams.yaml.
//
//go:embed teams.yaml
var Teams []byte

// Package accept holds the tests of the pmo-local program. They run it as a child, so that no test binary links
// the Temporal server.
package accept

package wire

import "leanpmo/internal/policy"

// Policy is the rules in force.
type Policy struct {
	Name    string          `json:"name" doc:"Version and digest, as every answer names it"`
	Version int             `json:"version"`
	Words   []string        `json:"words" doc:"The rules in plain words"`
	Rules   []policy.Rule   `json:"rules" doc:"The same, each with its condition apart"`
	YAML    string          `json:"yaml" doc:"The document as it was written"`
	Data    policy.Document `json:"data" doc:"The document as data"`
}

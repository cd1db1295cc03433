// Package planfile writes a plan as a YAML document for people to edit, and reads it again. Unknown fields are errors.
package planfile

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/goccy/go-yaml"

	"leanpmo/internal/pmo"
	"leanpmo/internal/yamlstrict"
)

// Write is the plan as a document. When it was agreed is not part of it: that is what a proposal asks for.
func Write(plan pmo.Plan) ([]byte, error) {
	plan.AgreedAt, plan.Clear = time.Time{}, nil
	text, err := json.Marshal(plan)
	if err != nil {
		return nil, fmt.Errorf("write the plan: %w", err)
	}
	var ordered yaml.MapSlice
	if err := yaml.UnmarshalWithOptions(text, &ordered, yaml.UseOrderedMap()); err != nil {
		return nil, fmt.Errorf("write the plan: %w", err)
	}
	return yaml.MarshalWithOptions(ordered, yaml.IndentSequence(true))
}

// Read is the plan of a document.
func Read(src []byte) (pmo.Plan, []yamlstrict.Fault) {
	var plan pmo.Plan
	if faults := yamlstrict.Decode(src, &plan); len(faults) > 0 {
		return plan, faults
	}
	if !plan.AgreedAt.IsZero() {
		return plan, []yamlstrict.Fault{{Path: "agreed_at", Problem: "is set by the agreement, not by a proposal"}}
	}
	plan.Clear = nil
	return plan, nil
}

package harness

import (
	"bytes"
	"encoding/json"
	"fmt"

	"leanpmo/internal/calendar"
	"leanpmo/internal/policy"
	"leanpmo/internal/yamlstrict"
)

// Policy is the default policy with changes, as a document that the product reads: JSON, which YAML readers read too.
func Policy(changes ...func(*policy.Document)) []byte {
	var document policy.Document
	if faults := yamlstrict.Decode(policy.Default().Source(), &document); len(faults) > 0 {
		panic(fmt.Sprintf("the default policy is wrong: %v", faults)) // policy's own tests fail too
	}
	for _, change := range changes {
		change(&document)
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(document); err != nil {
		panic(fmt.Sprintf("write the policy: %v", err)) // a field that JSON cannot hold
	}
	return out.Bytes()
}

// Fast lets prioritization runs follow each other after a second, and lifts the limits: tests on one stack do not wait for each
// other's slots and teams.
func Fast(d *policy.Document) {
	d.Replenishing.RunAtMostEvery = Duration("1s")
	d.Assignment.WIPLimit = 1000
	for i := range d.Portfolios {
		d.Portfolios[i].WIPLimit = 1000
	}
}

// Duration reads a duration of the policy, such as 2s or 3wd.
func Duration(text string) calendar.Duration {
	d, err := calendar.Parse(text)
	if err != nil {
		panic(err)
	}
	return d
}

// Escalation passes a question on to the PMO for so long.
func Escalation(due string) *policy.EscalateDoc {
	return &policy.EscalateDoc{To: "pmo", Due: Duration(due)}
}

// ReviewGroup says that a group has so long for a review, and the PMO so long after it.
func ReviewGroup(group, due, escalated string) policy.GroupQuestionDoc {
	within := Duration(due)
	return policy.GroupQuestionDoc{Group: group, Due: &within, Escalate: Escalation(escalated)}
}

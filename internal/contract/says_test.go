package contract_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// TestSignalsBeginWithASentence: the Temporal UI shows the first characters of a signal's payload and of a result, so these are for people.
func TestSignalsBeginWithASentence(t *testing.T) {
	work := &pmo.Request{ID: "r", Number: 8, Work: &pmo.WorkItem{Key: "r/1", Team: "falcon"}}
	merged := &pmo.Request{ID: "r", Number: 8}
	state := pmo.WorkItemState{Key: "r/1", Status: pmo.WorkOnHold}
	report := pmo.WorkItemReport{State: state, ID: "17", URL: "https://tool.example/17"}
	report.Says = report.Sentence()
	for begins, payload := range map[string]any{
		`{"says":"R-8 is at rank 1`:                             contract.Pulled{Says: "R-8 is at rank 1", At: time.Now()},
		`{"says":"who may answer has changed`:                   contract.PeopleChanged{Says: "who may answer has changed"},
		`{"says":"R-8 goes on here: those who follow it`:        merged.MergeNotice(),
		`{"says":"the team's tool shows the item as on hold"`:   report,
		`{"says":"the item of R-8 is to be on hold"`:            contract.WorkItemFor(work, state, false).Wanted,
		`{"words":"Ranked 1 request","why":["R-8 is at rank 1"`: contract.PrioritizationResult{Words: "Ranked 1 request", Why: []string{"R-8 is at rank 1"}, Pulled: []string{"r"}},
	} {
		data, err := json.Marshal(payload)
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(string(data), begins), "%s\nbegins not with\n%s", data, begins)
	}
}

package pmo_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

func TestACounterProposalChangesOnlyWhatItMentions(t *testing.T) {
	r := working()
	*r.Plan = pmo.Plan{Approach: "kanban", Summary: "in iterations", Iterations: 4, WeeksEach: 2, Milestones: []pmo.Milestone{{Name: "pilot"}}}
	q := r.OpenQuestion(r.NextStep(start).Question, terms(start, "sam", "theo"), start)
	r.ApplyDecide(pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: "sam"}}, Question: q.ID, Verdict: pmo.VerdictCounter, Reason: "sooner",
		Data: pmo.Data{Plan: &pmo.Plan{Iterations: 3, AgreedAt: start}}}, start)
	want := pmo.Plan{Approach: "kanban", Summary: "in iterations", Iterations: 3, WeeksEach: 2, Milestones: []pmo.Milestone{{Name: "pilot"}}, Version: 2}
	require.Equal(t, &want, r.Plan)
	require.Empty(t, r.Plan.Counter(pmo.Plan{Milestones: []pmo.Milestone{}}).Milestones, "an empty list removes them")
}

func TestAPlanThatDoesNotAddUpIsRefused(t *testing.T) {
	r := working()
	r.Plan.Summary = "flow"
	for field, proposal := range map[string]pmo.Plan{
		"":                             {SLE: "85 % within 10 days"},
		"/data/plan/weeks_each":        {Iterations: 3},
		"/data/plan/iterations":        {WeeksEach: 2},
		"/data/plan/summary":           {Summary: "  "},
		"/data/plan/milestones/0/name": {Milestones: []pmo.Milestone{{Due: "2027-03-31"}}},
		"/data/plan/milestones/0/due":  {Milestones: []pmo.Milestone{{Name: "pilot", Due: "soon"}}},
	} {
		refusal := r.CheckCounter(proposal, "")
		if field == "" {
			require.Nil(t, refusal)
			continue
		}
		require.Equal(t, pmo.RefusedInvalid, kind(refusal), field)
		require.Equal(t, field, refusal.Field)
	}
	require.Equal(t, "/data/plan/summary", r.CheckCounter(pmo.Plan{Iterations: 3, WeeksEach: 2}, "scrum").Field, "another approach needs a whole plan")
}

// TestACounterProposalMentionsOnlyWhatItSets: the API takes an empty text that is given as a wish to clear it.
func TestACounterProposalMentionsOnlyWhatItSets(t *testing.T) {
	data, err := json.Marshal(pmo.Data{Plan: &pmo.Plan{Conditions: []pmo.PlanCondition{{ID: "c1", Note: "Two weeks"}}}})
	require.NoError(t, err)
	require.JSONEq(t, `{"plan":{"conditions":[{"id":"c1","note":"Two weeks"}]}}`, string(data))
}

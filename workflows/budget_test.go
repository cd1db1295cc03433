package workflows_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	sdkpb "go.temporal.io/api/sdk/v1"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// Budgets are a quarter of what the server takes: 2 KiB in a search attribute and 40 KiB in all of them, 20,000 bytes of details.
const (
	budgetAttribute  = 512
	budgetAttributes = 10 << 10
	budgetDetails    = 5000
)

// TestWhatTemporalShowsStaysWithinItsBudget: whatever the texts of a request and the ids of people, teams and themes are, what is set in
// Temporal is bounded.
func TestWhatTemporalShowsStaysWithinItsBudget(t *testing.T) {
	for _, character := range []string{"x", "界", "<", "\x01", "🚀"} {
		t.Run(fmt.Sprintf("%q", character), func(t *testing.T) {
			long := strings.Repeat(character, 600)
			w := newActivitiesFake()
			in := longTexts(w, long)
			s := newHarness(t, w)
			all := s.upserts()
			s.toBacklog().pull().decide("theo", "approach/1", pmo.VerdictAccept).decide("theo", "assignment/1/"+w.teams[0].Team, pmo.VerdictAccept).then(func() {
				require.NotEmpty(t, *all)
				for _, attributes := range *all {
					sum := 0
					for key, value := range attributes.GetUntypedValues() {
						size := jsonSize(t, value)
						require.LessOrEqual(t, size, budgetAttribute, key.GetName())
						sum += size + len(key.GetName())
					}
					require.LessOrEqual(t, sum, budgetAttributes)
				}
				require.LessOrEqual(t, jsonSize(t, s.currentDetails()), budgetDetails)
			}).stop(contract.UpdateWithdraw, in.Submission.Requester, "")
			s.run(in)
		})
	}
}

// longTexts is a submission whose texts are all as long as that, and makes the answers of the activities such.
func longTexts(w *activitiesFake, long string) contract.RequestInput {
	in := input()
	c := &in.Submission.Content
	c.Title, c.Kind, c.Problem, c.Outcome, c.Themes, c.Skills = long, long, long, long, []string{long, long}, []string{long}
	w.admitted.Portfolio, w.admitted.Forecast, w.admitted.LaneReason = long, long, long
	w.recommend.Approach.Recommended, w.recommend.Plan.Summary = long, long
	w.teams[0].Team = long[:150*len(long)/600] // it is in the id of a question
	return in
}

func jsonSize(t *testing.T, v any) int {
	data, err := json.Marshal(v)
	require.NoError(t, err)
	return len(data)
}

// currentDetails are what the Temporal UI shows of the request now.
func (s *harness) currentDetails() string {
	value, err := s.QueryWorkflow("__temporal_workflow_metadata")
	require.NoError(s.t, err)
	var metadata sdkpb.WorkflowMetadata
	require.NoError(s.t, value.Get(&metadata))
	return metadata.GetCurrentDetails()
}

// TestDetailsOfAShortRequestAreWhole: only what is too long is cut.
func TestDetailsOfAShortRequestAreWhole(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	s.then(func() {
		require.Contains(t, s.currentDetails(), "Vehicle booking")
		require.NotContains(t, s.currentDetails(), "…")
	}).stop(contract.UpdateWithdraw, "sam", "")
	require.Equal(t, pmo.OutcomeWithdrawn, s.run(input()).Outcome)
}

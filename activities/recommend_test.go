package activities

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
)

func TestRecommend(t *testing.T) {
	a := New(Deps{Policy: policy.Holding(policy.Default())})
	yes, no, change := true, false, 3.0
	for name, c := range map[string]struct {
		lane    pmo.Lane
		context pmo.WorkContext
		want    string
	}{
		"small work":         {pmo.LaneExpress, pmo.WorkContext{}, "checklist"},
		"lives at stake":     {pmo.LaneMajor, pmo.WorkContext{Criticality: "lives", ChangePerMonth: &change, Incremental: &no, Separable: &no}, "predictive"},
		"nobody knows what":  {pmo.LaneStandard, pmo.WorkContext{UnknownProblem: &yes}, "exploratory"},
		"interrupts all day": {pmo.LaneStandard, pmo.WorkContext{InterruptDriven: &yes}, "kanban"},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := a.Recommend(t.Context(), contract.RecommendInput{Lane: c.lane, Content: pmo.Content{Size: 6, Context: c.context}, At: day})
			require.NoError(t, err)
			require.Equal(t, c.want, out.Approach.Recommended)
			require.NotEmpty(t, out.Approach.Reasons)
			require.Equal(t, c.want, out.Plan.Approach)
			require.NotEmpty(t, out.Plan.Summary)
		})
	}
}

func TestRecommendDraftsAPlanForAChosenApproach(t *testing.T) {
	a := New(Deps{Policy: policy.Holding(policy.Default())})
	out, err := a.Recommend(t.Context(), contract.RecommendInput{Chosen: "predictive", Content: pmo.Content{Size: 6}, At: day})
	require.NoError(t, err)
	require.Empty(t, out.Approach.Recommended)
	require.NotEmpty(t, out.Plan.Milestones)
	require.True(t, out.Plan.Milestones[0].Due.Valid())
}

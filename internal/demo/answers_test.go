package demo

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

func question(kind pmo.Kind) *wire.OpenQuestion {
	return &wire.OpenQuestion{Question: pmo.Question{Kind: kind}}
}

// TestAStoryGoesThroughItsConditions: the first approver asks for them, the plan answers each, the acceptance judges each.
func TestAStoryGoesThroughItsConditions(t *testing.T) {
	s := &storyDriver{story: Story{Conditions: []Condition{{Text: "A pilot", Milestone: "Pilot"}, {Text: "Cheap", Note: "Two weeks", Unmet: "It took four"}}}}
	r := &wire.Request{}
	asked := s.decisionOn(r, question(pmo.KindReview), "ana")
	require.Equal(t, wire.Decision{Verdict: pmo.VerdictApproveConditions, Data: pmo.Data{Conditions: []pmo.ConditionData{{Text: "A pilot"}, {Text: "Cheap"}}}}, asked)
	require.Equal(t, asked, s.decisionOn(r, question(pmo.KindReview), "ana"), "again, while the answer is not seen yet")
	require.Equal(t, pmo.VerdictApprove, s.decisionOn(r, question(pmo.KindReview), "bo").Verdict, "the others do not ask for the same")

	r.Conditions = []pmo.Condition{{ID: "c1", Text: "A pilot"}, {ID: "c2", Text: "Cheap"}, {ID: "c3", Text: "Of a person", By: "kai"}, {ID: "c4", Text: "Gone", Void: "not taken"}}
	r.Plan = &pmo.Plan{Summary: "s", Milestones: []pmo.Milestone{{Name: "Live"}}}
	resumed := &storyDriver{story: s.story}
	require.Equal(t, pmo.VerdictApprove, resumed.decisionOn(r, question(pmo.KindReview), "bo").Verdict, "after an interruption nobody asks again")
	counter := resumed.decisionOn(r, question(pmo.KindPlan), "theo")
	require.Equal(t, pmo.VerdictCounter, counter.Verdict)
	require.NotEmpty(t, counter.Reason)
	require.Equal(t, []pmo.Milestone{{Name: "Pilot"}, {Name: "Live"}}, counter.Data.Plan.Milestones)
	require.Equal(t, []pmo.PlanCondition{{ID: "c1", Milestone: "Pilot"}, {ID: "c2", Note: "Two weeks"}, {ID: "c3", Note: "As agreed with who asked for it"}}, counter.Data.Plan.Conditions)
	r.Plan.Conditions = counter.Data.Plan.Conditions
	require.Equal(t, wire.Decision{Verdict: pmo.VerdictAgree}, resumed.decisionOn(r, question(pmo.KindPlan), "sam"))
	require.Equal(t, []pmo.ConditionData{{ID: "c1", Met: new(true)}, {ID: "c2", Met: new(false), Reason: "It took four"}, {ID: "c3", Met: new(true)}},
		resumed.decisionOn(r, question(pmo.KindAcceptance), "sam").Data.Conditions)
}

func TestThePMONamesTheTeamOfAStory(t *testing.T) {
	s := &storyDriver{story: Story{Team: "falcon", Reason: "they know it"}}
	require.Equal(t, wire.Decision{Verdict: pmo.VerdictNameTeam, Reason: "they know it", Data: pmo.Data{Team: "falcon"}}, s.decisionOn(&wire.Request{}, question(pmo.KindException), "petra"))
	require.Empty(t, (&storyDriver{}).decisionOn(&wire.Request{}, question(pmo.KindException), "petra").Verdict, "other stories wait for room")
	overridden := &storyDriver{overrides: map[pmo.Kind]wire.Decision{pmo.KindReview: {Verdict: pmo.VerdictReject}}}
	require.Equal(t, pmo.VerdictReject, overridden.decisionOn(&wire.Request{}, question(pmo.KindReview), "ana").Verdict)
}

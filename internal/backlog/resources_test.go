package backlog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/assign"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
)

// TestWhatIsHeldOfAResourceCountsUntilThePlanEnds, and what a batch gives is not given twice while its places are taken.
func TestWhatIsHeldOfAResourceCountsUntilThePlanEnds(t *testing.T) {
	rules := policy.Default().AssignPolicyAt("digital", time.Date(2027, 3, 1, 8, 0, 0, 0, time.UTC))
	need := map[string]float64{"staging": 1}
	p := Placement{Rules: rules, Teams: []store.TeamLoad{{Team: pmo.Team{ID: "falcon", Capacity: 100}}},
		Resources: []pmo.Resource{{ID: "staging", Name: "Staging", Amounts: []pmo.ResourceAmount{{From: "2027-01-01", Amount: 2}}}},
		Holds:     []store.TeamHold{{RequestID: "h", Team: "falcon", Size: 1, Until: rules.Weeks[0].From, Resources: []string{"staging:2"}}},
		Waiting:   []assign.Request{{ID: "r", Number: "R-1", Rank: 1, Size: 1, Resources: need}}}
	weeks := ResourceWeeks(p.Resources[0], p.Holds, rules)
	require.Equal(t, []ResourceWeek{{"2027-03-01", 2, 2}, {rules.Weeks[0].From, 2, 2}, {rules.Weeks[1].From, 2, 0}}, weeks[:3])
	found, err := ProposalsOf(p, time.Time{})
	require.NoError(t, err)
	require.Empty(t, found.Plan.Decisions[0].Team)
	require.Equal(t, "it needs 1 of Staging and 0 is free until "+string(rules.Weeks[1].From), found.Plan.Decisions[0].Binding.Why)
	require.Equal(t, 2, found.Plan.Decisions[0].Later.Week)

	before := p.Digest()
	p.Holds[0].Resources = nil
	require.NotEqual(t, before, p.Digest(), "a plan follows from what is held of resources")
}

// TestAnEditOverdrawsWhatIsHeld: on the first day on which there would be less than is held, and less than before.
func TestAnEditOverdrawsWhatIsHeld(t *testing.T) {
	amounts := func(a ...pmo.ResourceAmount) pmo.Resource { return pmo.Resource{ID: "staging", Amounts: a} }
	before := amounts(pmo.ResourceAmount{From: "2027-01-01", Amount: 3})
	holds := []store.TeamHold{{RequestID: "a", Resources: []string{"staging:2"}}, {RequestID: "b", Until: "2027-03-20", Resources: []string{"staging"}}, {RequestID: "c"}}
	day, over := Overdrawn(amounts(pmo.ResourceAmount{From: "2027-01-01", Amount: 2}), before, holds, "2027-03-01")
	require.Equal(t, pmo.Date("2027-03-01"), day)
	require.Len(t, over, 2)
	day, over = Overdrawn(amounts(pmo.ResourceAmount{From: "2027-01-01", Until: "2027-03-20", Amount: 3}), before, holds, "2027-03-01")
	require.Equal(t, pmo.Date("2027-03-21"), day)
	require.Equal(t, []store.TeamHold{holds[0]}, over, "the other ends before")
	_, over = Overdrawn(amounts(pmo.ResourceAmount{From: "2027-03-01", Amount: 3}), before, holds, "2027-03-01")
	require.Empty(t, over, "the past is over")
	_, over = Overdrawn(amounts(pmo.ResourceAmount{From: "2027-01-01", Amount: 2}), amounts(pmo.ResourceAmount{From: "2027-01-01", Amount: 1}), holds, "2027-03-01")
	require.Empty(t, over, "more than before is no fault, even where it is too little")
}

// TestANeedGrowsByWhatIsFreeUntilThePlanEnds: of what others hold then; what it needs already is never too much.
func TestANeedGrowsByWhatIsFreeUntilThePlanEnds(t *testing.T) {
	rules := policy.Default().AssignPolicyAt("digital", time.Date(2027, 3, 1, 8, 0, 0, 0, time.UTC))
	resources := []pmo.Resource{{ID: "staging", Amounts: []pmo.ResourceAmount{{From: "2027-01-01", Until: rules.Weeks[1].From.Plus(-1), Amount: 5}}}}
	own := store.TeamHold{RequestID: "a", Resources: []string{"staging:2", "gone:3"}}
	holds := []store.TeamHold{own, {RequestID: "b", Resources: []string{"staging:1"}}}
	require.Equal(t, "is more than is free in the week from 2027-03-01: 4 of staging", TooLittle("staging:5", own, holds, resources, rules))
	require.Equal(t, "is more than is free in the week from "+string(rules.Weeks[1].From)+": 0 of staging", TooLittle("staging:4", own, holds, resources, rules))
	own.Until = rules.Weeks[0].From
	require.Empty(t, TooLittle("staging:4", own, holds, resources, rules), "its plan ends before")
	require.NotEmpty(t, TooLittle("staging:5", own, holds, resources, rules))
	for _, need := range []string{"staging:2", "staging", "gone:3", "gone"} {
		require.Empty(t, TooLittle(need, own, append(holds, store.TeamHold{RequestID: "c", Resources: []string{"staging:9"}}), resources, rules), need)
	}
	require.Equal(t, "is no resource of the portfolio", TooLittle("lab", own, holds, resources, rules))
}

// TestWhatAPlanSaysOfOthersNamesNoConfidentialRequest: it is stored with the other request.
func TestWhatAPlanSaysOfOthersNamesNoConfidentialRequest(t *testing.T) {
	w := store.Row{Request: pmo.Request{ID: "a", Number: 7, Content: pmo.Content{Confidential: true}}}
	require.True(t, AssignRequest(w, policy.AssignPolicy{}).Confidential)
}

// TestAPlanThatLooksFurtherAheadGivesTheSame: a what-if about an absence in five months compares with what the assignments do today.
func TestAPlanThatLooksFurtherAheadGivesTheSame(t *testing.T) {
	at := time.Date(2027, 3, 1, 8, 0, 0, 0, time.UTC)
	p := Placement{Teams: []store.TeamLoad{{Team: pmo.Team{ID: "falcon", Capacity: 100}}},
		Resources: []pmo.Resource{{ID: "staging", Name: "Staging", Amounts: []pmo.ResourceAmount{{From: "2027-01-01", Until: "2027-05-31", Amount: 2}}}},
		Waiting:   []assign.Request{{ID: "r", Number: "R-1", Rank: 1, Size: 1, Resources: map[string]float64{"staging": 1}}}}
	for _, weeks := range []int{policy.WeeksAhead, policy.MostWeeksAhead} {
		p.Rules = policy.Default().AssignPolicyOver("digital", at, weeks)
		found, err := ProposalsOf(p, at)
		require.NoError(t, err)
		require.Equal(t, "falcon", found.Plan.Decisions[0].Team, "%d weeks", weeks)
	}
}

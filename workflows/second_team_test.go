package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// twoTeams offer falcon and otter, then falcon and heron.
func twoTeams(w *activitiesFake) contract.RequestInput {
	pair := func(second, lead string) contract.AssignResult {
		return contract.AssignResult{Team: "falcon", Leads: []string{"theo"}, Size: 1, Second: &pmo.TeamPart{Team: second, Leads: []string{lead}, Size: 1}}
	}
	w.teams = []contract.AssignResult{pair("otter", "lena"), pair("heron", "hana")}
	in := input()
	in.Submission.Content.SecondTeam = pmo.SecondTeam{Skills: []string{"design"}}
	return in
}

// TestTwoTeamsAreAskedTogether: each lead is asked about its part, and the work begins when both have accepted, in whatever order.
func TestTwoTeamsAreAskedTogether(t *testing.T) {
	w := newActivitiesFake()
	in := twoTeams(w)
	s := newHarness(t, w)
	s.toAssignment().check(func(state pmo.Request) {
		require.ElementsMatch(t, []string{"theo", "lena"}, state.WaitingOn())
		require.Contains(t, state.Question("assignment/1/falcon").Text, "as the first of two teams, with otter?")
		require.Contains(t, state.Question("assignment/2/otter").Text, "its part of \"Vehicle booking\" as the second team, with falcon?")
	}).decide("lena", "assignment/2/otter", pmo.VerdictAccept).check(func(state pmo.Request) {
		require.Equal(t, pmo.StageAssignment, state.Stage)
		require.False(t, state.TeamConfirmed(), "one of two")
		require.Zero(t, s.last().Assignment.ConfirmedAt)
		require.NotZero(t, s.last().Assignment.Second.ConfirmedAt)
	}).decide("theo", "assignment/1/falcon", pmo.VerdictAccept).fromPlan()
	require.Equal(t, pmo.OutcomeDelivered, s.run(in).Outcome)
	require.Len(t, w.assigns, 1)
}

// TestADeclineOfOneTeamGivesBothPlacesBack, although the other had accepted: it says which team declined, and both leads are asked anew.
func TestADeclineOfOneTeamGivesBothPlacesBack(t *testing.T) {
	w := newActivitiesFake()
	in := twoTeams(w)
	s := newHarness(t, w)
	s.toAssignment().
		decide("theo", "assignment/1/falcon", pmo.VerdictAccept).
		decide("lena", "assignment/2/otter", pmo.VerdictDecline, because("no designer before May")).
		check(func(state pmo.Request) {
			require.Equal(t, []pmo.Decline{{Team: "otter", Reason: "no designer before May"}}, state.Declined)
			require.Equal(t, []string{"falcon", "heron"}, state.Assignment.TeamIDs())
			require.ElementsMatch(t, []string{"theo", "hana"}, state.WaitingOn(), "falcon is asked again, because with another team")
		}).
		decide("theo", "assignment/3/falcon", pmo.VerdictDecline, because("not with heron")).
		pass(time.Minute).
		stop(contract.UpdateCancel, "petra", "enough")
	require.Equal(t, pmo.OutcomeCancelled, s.run(in).Outcome)
	require.Equal(t, []string{"otter"}, w.assigns[1].Declined)
	require.Contains(t, entryTexts(w), "No longer asked: falcon declined, and both teams are needed.")
	var told []string
	for _, e := range w.entries {
		if e.Event == pmo.EventDeclined {
			told = append(told, e.Text)
			require.Contains(t, e.Recipients, "theo")
		}
	}
	require.Equal(t, []string{"otter declines its part as the second team: no designer before May. Both places are given back, and the next best teams are asked.",
		"falcon declines its part as the first team: not with heron. Both places are given back, and the next best teams are asked."}, told)
}

// TestTwoTeamsGoOnAfterAHold: teams that had accepted are not asked again, and keep their parts.
func TestTwoTeamsGoOnAfterAHold(t *testing.T) {
	w := newActivitiesFake()
	in := twoTeams(w)
	w.teams = w.teams[:1]
	s := newHarness(t, w)
	s.toAssignment().
		decide("theo", "assignment/1/falcon", pmo.VerdictAccept).
		decide("lena", "assignment/2/otter", pmo.VerdictAccept).
		stop(contract.UpdateHold, "petra", "waits").
		check(func(state pmo.Request) { require.Nil(t, s.last().Assignment, "both places are given back") }).
		stop(contract.UpdateResume, "petra", "").pull().
		check(func(state pmo.Request) {
			require.True(t, state.TeamConfirmed())
			require.Equal(t, "otter", w.assigns[1].KeepSecond)
		}).
		stop(contract.UpdateCancel, "petra", "enough")
	require.Equal(t, pmo.OutcomeCancelled, s.run(in).Outcome)
	require.Contains(t, entryTexts(w), "falcon and otter have room again and go on.")
}

func entryTexts(w *activitiesFake) []string {
	texts := make([]string, len(w.entries))
	for i, e := range w.entries {
		texts[i] = e.Text
	}
	return texts
}

// TestThePMOWishesForBothTeams: the search that follows knows of both.
func TestThePMOWishesForBothTeams(t *testing.T) {
	w := newActivitiesFake()
	in := twoTeams(w)
	s := newHarness(t, w)
	move := pmo.Reassign{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Reason: "they know it", Team: "heron", Second: "heron"}
	s.toAssignment().then(func() {
		s.update(contract.UpdateReassign, move, pmo.RefusedInvalid)
		move.Second = "lynx"
		s.update(contract.UpdateReassign, move, "")
	}).then(func() {
		require.Len(t, w.assigns, 2)
		require.Equal(t, "heron", w.assigns[1].Preferred)
		require.Equal(t, "lynx", w.assigns[1].PreferredSecond)
	}).decide("theo", "assignment/3/falcon", pmo.VerdictAccept).decide("hana", "assignment/4/heron", pmo.VerdictAccept).fromPlan()
	require.Equal(t, pmo.OutcomeDelivered, s.run(in).Outcome)
}

// TestThePMOAnswersWithTwoTeams: what one team lacks becomes the part of a second one, and both are looked for and asked.
func TestThePMOAnswersWithTwoTeams(t *testing.T) {
	w := newActivitiesFake()
	pair := twoTeams(w)
	offered := w.teams[:1]
	w.teams = []contract.AssignResult{{Waits: "no team covers web and design", Remedies: []pmo.Remedy{{ID: pmo.RemedySecond, Team: "falcon", Name: "Falcon", With: "Otter", Second: []string{"design:2"},
		Text: "Let two teams do it together: Falcon, and Otter for design:2."}}}}
	pair.Submission.Content.SecondTeam, pair.Submission.Content.Skills = pmo.SecondTeam{}, []string{"web", "design:2"}
	s := newHarness(t, w)
	s.toAssignment().check(func(state pmo.Request) {
		require.Contains(t, state.OpenQuestionOf(pmo.KindException).Text, "Let two teams do it together")
		w.teams = offered
	}).decide("petra", "exception/1/no_team", pmo.VerdictRemedy, because("it needs both"), with(pmo.Data{Remedy: pmo.RemedySecond})).
		check(func(state pmo.Request) {
			last := w.assigns[len(w.assigns)-1].Content
			require.Equal(t, []string{"web"}, last.Skills)
			require.Equal(t, []string{"design:2"}, last.SecondTeam.Skills)
			require.ElementsMatch(t, []string{"theo", "lena"}, state.WaitingOn())
		}).stop(contract.UpdateCancel, "petra", "enough")
	require.Equal(t, pmo.OutcomeCancelled, s.run(pair).Outcome)
}

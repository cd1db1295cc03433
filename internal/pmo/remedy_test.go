package pmo_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

func remedies() []pmo.Remedy {
	list := []pmo.Remedy{
		{ID: "team/falcon", Team: "falcon", Name: "Falcon", WIPLimit: &pmo.Raise{From: 3, To: 4}},
		{ID: "team/otter", Team: "otter", Name: "Otter", AskAgain: true},
		{ID: pmo.RemedySplit, Team: "falcon", Name: "Falcon", Size: 1.5},
		{ID: pmo.RemedyWait, Team: "falcon", Name: "Falcon", Until: pmo.Date(start.AddDate(0, 0, 21).Format(time.DateOnly))},
	}
	for i := range list {
		list[i].Say()
	}
	return list
}

// unplaced is a request that a team could take, and that none has room for until the PMO is asked.
func unplaced(askAt time.Time) *pmo.Request {
	r := noTeam()
	r.Declined = []pmo.Decline{{Team: "otter", Reason: "full"}}
	r.RetryAt = start.Add(30 * day)
	r.KeepUnplaced(askAt, remedies(), start)
	return r
}

// TestThePMOIsAskedOnceARequestHasWaitedForATeam: not before; and once asked about, it stays asked about.
func TestThePMOIsAskedOnceARequestHasWaitedForATeam(t *testing.T) {
	r := unplaced(start.Add(2 * day))
	require.Equal(t, pmo.ActionWait, r.NextStep(start).Action)
	due, what := r.NextDue(start)
	require.Equal(t, start.Add(2*day), due)
	require.Equal(t, "ask the PMO for a team", what)
	require.True(t, r.WantsRemedies())
	fire(r, due)
	q := asksPMO(t, r, pmo.CauseNoTeam, due)
	require.Len(t, q.Remedies, 4)
	require.Contains(t, q.Text, "What would help: Raise the WIP limit of Falcon from 3 to 4. Ask Otter again, which declined. Split it: Falcon has room for a part of at most 1.5 team-weeks now.")
	require.False(t, r.WantsRemedies(), "they are with the question")
	next, _ := r.NextDue(due)
	require.True(t, next.After(due), "no timer of the past")
	r.KeepUnplaced(start.Add(9*day), nil, due)
	require.Equal(t, pmo.ActionWait, r.NextStep(due).Action)
	require.True(t, r.Question(q.ID).Open(), "a later search does not take the question back")
	require.Equal(t, start, r.UnplacedSince())
	r.Offer(pmo.Assignment{Team: "falcon"}, due)
	require.Nil(t, r.Unplaced)
}

func TestTheAnswerOfAQuestionAboutTeams(t *testing.T) {
	t.Run("what it offers", func(t *testing.T) {
		r := unplaced(time.Time{})
		q := asksPMO(t, r, pmo.CauseNoTeam, start)
		require.Equal(t, []string{"wait", "remedy", "name_team", "raise_limit", "backlog", "cancel"}, verdictsOf(q))
		for _, id := range []string{"", "team/nowhere", pmo.RemedySplit} {
			require.Equal(t, "/data/remedy", answerPMO(r, q, pmo.VerdictRemedy, pmo.Data{Remedy: id}, start).Field, id)
		}
	})
	t.Run("nothing would help", func(t *testing.T) {
		r := noTeam()
		r.KeepUnplaced(time.Time{}, remedies()[2:3], start)
		q := asksPMO(t, r, pmo.CauseNoTeam, start)
		require.NotContains(t, verdictsOf(q), pmo.VerdictRemedy, "a split is a command")
		require.Contains(t, q.Text, "Split it")
	})
	t.Run("a limit", func(t *testing.T) {
		r := unplaced(time.Time{})
		require.Nil(t, answerPMO(r, asksPMO(t, r, pmo.CauseNoTeam, start), pmo.VerdictRemedy, pmo.Data{Remedy: "team/falcon"}, start))
		require.Equal(t, pmo.ActionFindTeam, r.NextStep(start).Action)
		require.Equal(t, []string{"otter"}, r.DeclinedTeams())
		last := r.Ledger[len(r.Ledger)-1]
		require.Equal(t, "A team is looked for again. Raise the WIP limit of Falcon from 3 to 4. because.", last.Text)
		r.KeepUnplaced(start.Add(5*day), nil, start)
		r.NoTeam("falcon is full", start.Add(day), start)
		require.Equal(t, "exception/2/no_team", asksPMO(t, r, pmo.CauseNoTeam, start).ID, "it did not help: the PMO is asked again at once")
	})
	t.Run("a team that declined", func(t *testing.T) {
		r := unplaced(time.Time{})
		require.Nil(t, answerPMO(r, asksPMO(t, r, pmo.CauseNoTeam, start), pmo.VerdictRemedy, pmo.Data{Remedy: "team/otter"}, start))
		require.Empty(t, r.DeclinedTeams())
		require.Equal(t, pmo.ActionFindTeam, r.NextStep(start).Action)
	})
	t.Run("wait", func(t *testing.T) {
		r := unplaced(time.Time{})
		require.Nil(t, answerPMO(r, asksPMO(t, r, pmo.CauseNoTeam, start), pmo.VerdictRemedy, pmo.Data{Remedy: pmo.RemedyWait}, start))
		require.Equal(t, pmo.ActionWait, r.NextStep(start).Action)
		due, what := r.NextDue(start)
		require.Equal(t, "ask the PMO again", what)
		require.Equal(t, start.AddDate(0, 0, 21).Format(time.DateOnly), due.Format(time.DateOnly))
	})
}

// TestBeforeProcess10ThePMOIsAskedAtOnce and without what would help: so its history says.
func TestBeforeProcess10ThePMOIsAskedAtOnce(t *testing.T) {
	r := noTeam()
	r.Process = pmo.Process10 - 1
	require.False(t, r.WantsRemedies())
	r.KeepUnplaced(start.Add(2*day), remedies(), start)
	require.Nil(t, r.Unplaced)
	require.Empty(t, asksPMO(t, r, pmo.CauseNoTeam, start).Remedies)
}

func TestApplyARemedy(t *testing.T) {
	team := pmo.Team{Leads: []string{"theo"}, Members: []string{"bo", "cy"}, WIPLimit: 3, Skills: []string{"web", "gis:1"}, Capacity: 10}
	apply := func(m pmo.Remedy, t pmo.Team) pmo.Team { return m.Apply(t, 4, 0.8) }
	four := pmo.Remedy{WIPLimit: &pmo.Raise{From: 3, To: 4}}
	require.Equal(t, 4, apply(four, team).WIPLimit)
	once := apply(four, team)
	require.Equal(t, once, apply(four, once), "a repetition changes nothing")
	once.WIPLimit = 9
	require.Equal(t, 9, apply(four, once).WIPLimit, "nothing is lowered")
	none := team
	none.WIPLimit = 0
	require.Zero(t, apply(four, none).WIPLimit, "the policy's limit is as much")
	require.Equal(t, 5, apply(pmo.Remedy{WIPLimit: &pmo.Raise{From: 4, To: 5}}, none).WIPLimit)

	people := team
	people.WIPPerPerson, people.WIPLimit = 1, 9
	raised := apply(pmo.Remedy{WIPLimit: &pmo.Raise{From: float64(limitOf(people, 4)), To: 8}}, people)
	require.Equal(t, 8, limitOf(raised, 4), "the limit by people binds")
	require.Equal(t, 9, raised.WIPLimit)

	require.InDelta(t, 0.9, apply(pmo.Remedy{LoadCeiling: &pmo.Raise{From: 0.8, To: 0.9}}, team).LoadCeiling, 1e-9)
	require.Equal(t, []string{"web", "gis:3", "tax:1"}, apply(pmo.Remedy{Skills: []string{"gis:3", "tax:1", "web:4"}}, team).Skills)
	require.Equal(t, []string{"web", "gis:1"}, team.Skills, "the team given stays as it is")
}

// TestTwoTeamsAsAnAnswer: the skills that the first team lacks become those of a second one, with half of the work, and teams are looked for at once.
func TestTwoTeamsAsAnAnswer(t *testing.T) {
	r := noTeam()
	r.Content.Skills = []string{"web", "gis:3"}
	second := pmo.Remedy{ID: pmo.RemedySecond, Team: "falcon", Name: "Falcon", With: "Otter", Second: []string{"gis:3"}}
	second.Say()
	require.Equal(t, "Let two teams do it together: Falcon, and Otter for gis:3.", second.Text)
	r.KeepUnplaced(time.Time{}, []pmo.Remedy{second}, start)
	q := asksPMO(t, r, pmo.CauseNoTeam, start)
	revision := r.Revision
	require.Nil(t, answerPMO(r, q, pmo.VerdictRemedy, pmo.Data{Remedy: pmo.RemedySecond}, start))
	require.Equal(t, []string{"web"}, r.Content.Skills)
	require.Equal(t, pmo.SecondTeam{Skills: []string{"gis:3"}}, r.Content.SecondTeam)
	require.Equal(t, revision+1, r.Revision)
	require.True(t, r.WaitsForTeam())
	require.Zero(t, r.RetryAt)
}

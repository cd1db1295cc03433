package api

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// withoutTeam is a bundle whose first request no team can take, and of which petra and pia are asked what now.
func withoutTeam(t *testing.T) *bundle {
	t.Helper()
	b := setup(t)
	r := b.store.rows[requestA].Request
	list := []pmo.Remedy{{ID: "team/falcon", Team: "falcon", Name: "Falcon", WIPLimit: &pmo.Raise{From: 3, To: 4}, Skills: []string{"gis:2"}}, {ID: "team/gone", Team: "gone", Name: "Gone", Skills: []string{"gis:2"}},
		{ID: pmo.RemedyWait, Team: "falcon", Name: "Falcon", Until: "2027-06-01"}, {ID: pmo.RemedySplit, Team: "falcon", Name: "Falcon", Size: 1}}
	r.Stage = pmo.StageAssignment
	r.Questions = []pmo.Question{{ID: "exception/1/no_team", Kind: pmo.KindException, Group: string(pmo.CauseNoTeam), People: []string{"petra", "bo"}, Options: pmo.Options(pmo.KindException), Status: pmo.QuestionOpen, Remedies: list}}
	b.store.rows[requestA] = store.Row{Request: r, Projected: now}
	b.engine.states[requestA] = r
	b.store.teams = []store.TeamLoad{{Team: pmo.Team{ID: "falcon", Name: "Falcon", Portfolio: "digital", Leads: []string{"theo"}, WIPLimit: 3, Capacity: 10, Skills: []string{"web"}, Revision: 5}}}
	return b
}

func (b *bundle) remedy(t *testing.T, person, id string) (int, map[string]any) {
	t.Helper()
	status, doc, _ := b.call(t, person, "POST", "/v1/requests/R-1/decisions", `{"decision":"exception/1/no_team","verdict":"remedy","reason":"a law","data":{"remedy":"`+id+`"}}`)
	return status, doc
}

// TestARemedyChangesTheTeamBeforeTheProcessHears: with its limit and its skills; a repetition changes nothing more.
func TestARemedyChangesTheTeamBeforeTheProcessHears(t *testing.T) {
	b := withoutTeam(t)
	for range 2 {
		status, doc := b.remedy(t, "petra", "team/falcon")
		require.Equal(t, 200, status, doc)
		b.store.teams[0].Team = *b.store.saved
	}
	team := b.store.teams[0].Team
	require.Equal(t, 1, b.store.puts)
	require.Equal(t, 4, team.WIPLimit)
	require.Equal(t, []string{"web", "gis:2"}, team.Skills)
	require.Equal(t, 6, team.Revision, "changed once")
	require.Equal(t, "team/falcon", b.engine.sent[0].cmd.(*pmo.Decide).Data.Remedy)
}

// TestARemedyThatIsRefusedChangesNothing: of a team that is gone, of an answer that the process refuses, and by who may not change the team.
func TestARemedyThatIsRefusedChangesNothing(t *testing.T) {
	b := withoutTeam(t)
	status, doc := b.remedy(t, "petra", "team/gone")
	require.Equal(t, 422, status)
	require.Equal(t, []string{"/data/remedy"}, pointers(doc))
	status, doc = b.remedy(t, "bo", "team/falcon")
	require.Equal(t, 403, status, doc)
	require.Empty(t, b.engine.sent)
	closed := b.engine.states[requestA]
	closed.Questions[0].Status, closed.Questions[0].Verdict = pmo.QuestionSettled, pmo.VerdictWait
	closed.Seq++
	b.engine.states[requestA] = closed
	b.remedy(t, "petra", "team/falcon")
	require.Zero(t, b.store.puts)
}

// TestAWeekToWaitForBeginsInThePortfoliosTimeZone: the process knows no time zones.
func TestAWeekToWaitForBeginsInThePortfoliosTimeZone(t *testing.T) {
	b := withoutTeam(t)
	status, doc := b.remedy(t, "petra", pmo.RemedyWait)
	require.Equal(t, 200, status, doc)
	require.Equal(t, b.api.Policy.Now().DayBegins("digital", "2027-06-01"), b.engine.sent[0].cmd.(*pmo.Decide).Data.UntilAt)
	require.Zero(t, b.store.puts)
}

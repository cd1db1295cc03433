package pmo_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

func logs(kind pmo.RaidKind, text string) pmo.LogRaid {
	return pmo.LogRaid{Header: pmo.Header{By: pmo.By{Actor: "sam"}}, Kind: kind, Text: text}
}

func clears(number int, how string) pmo.LogRaid {
	return pmo.LogRaid{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Clear: number, How: how}
}

func TestABlockerStaysUntilSomebodySaysHowItWasCleared(t *testing.T) {
	r := agreedRequest(t)
	c := logs(pmo.RaidBlocker, "no licence")
	c.Owner, c.Due = "dora", "2026-11-20"
	require.Nil(t, r.CheckLogRaid(c))
	require.Equal(t, "logged", r.ApplyLogRaid(c, start.Add(day)).Result)
	require.Equal(t, pmo.HealthRed, r.HealthNow())
	require.Equal(t, "blocked since 2026-11-03: no licence", r.Health.Because[0].Says)
	require.Contains(t, told(r, pmo.EventRaidLogged), "dora", "who can clear it is told")
	step := r.NextStep(start.Add(day))
	require.Equal(t, pmo.KindException, step.Question.Kind, "the PMO is asked, by the one notion of a blocker")
	require.Contains(t, step.Question.Text, "no licence")

	report(t, r, start.Add(2*day), `{"note":"we wait"}`)
	require.Equal(t, "no licence", r.Progress.Blocked, "a report shows it too")
	require.Equal(t, "/how", r.CheckLogRaid(clears(1, " ")).Field)
	require.Equal(t, "/clear", r.CheckLogRaid(clears(7, "x")).Field)
	require.Nil(t, r.CheckLogRaid(clears(1, "bought")))
	require.Equal(t, "cleared", r.ApplyLogRaid(clears(1, "bought"), start.Add(3*day)).Result)
	require.Equal(t, pmo.RefusedDecided, r.CheckLogRaid(clears(1, "again")).Kind)
	require.Empty(t, r.Progress.Blocked)
	require.Equal(t, pmo.HealthGreen, r.HealthNow())
	require.Contains(t, told(r, pmo.EventRaidCleared), "sam", "who added it is told")
	require.Equal(t, []string{"bought", "petra"}, []string{r.Raid[0].Cleared, r.Raid[0].ClearedBy})
	require.NotEqual(t, pmo.KindException, r.NextStep(start.Add(3*day)).Question.Kind)
}

func TestReportsAndTheLogAreOne(t *testing.T) {
	r := agreedRequest(t)
	report(t, r, start, `{"blocked":"no licence","risks":[{"text":"late","probability":3,"impact":4}]}`)
	require.Len(t, r.OpenRaid(pmo.RaidBlocker), 1)
	require.Equal(t, 3, r.OpenRaid(pmo.RaidRisk)[0].Probability)
	since := r.OpenRaid(pmo.RaidBlocker)[0].Since
	report(t, r, start.Add(day), `{"blocked":"no licence"}`)
	require.Equal(t, since, r.OpenRaid(pmo.RaidBlocker)[0].Since, "the same blocker is as old as before")
	r.ApplyLogRaid(logs(pmo.RaidBlocker, "no test data"), start.Add(day))
	report(t, r, start.Add(2*day), `{"blocked":"no network"}`)
	require.Equal(t, "no test data; no network", r.Progress.Blocked, "what somebody else logged stays")
	report(t, r, start.Add(3*day), `{"blocked":"","risks":[]}`)
	require.Empty(t, r.OpenRaid())
}

func TestAnEntryThatIsNoneIsRefused(t *testing.T) {
	r := agreedRequest(t)
	for field, c := range map[string]pmo.LogRaid{
		"/kind": logs("worry", "x"), "/text": logs(pmo.RaidRisk, " "), "/how": {Kind: pmo.RaidRisk, Text: "x", How: "y"}, "/due": {Kind: pmo.RaidIssue, Text: "x", Due: "soon"},
		"/probability": {Kind: pmo.RaidIssue, Text: "x", Probability: 2}, "/impact": {Kind: pmo.RaidRisk, Text: "x", Impact: 6}, "/clear": {Clear: 1, Kind: pmo.RaidRisk},
	} {
		refusal := r.CheckLogRaid(c)
		require.NotNil(t, refusal, field)
		require.Equal(t, field, refusal.Field)
	}
	require.Equal(t, "/text", r.CheckLimits(logs(pmo.RaidRisk, strings.Repeat("x", 1001))).Field)
	for range 60 {
		r.ApplyLogRaid(logs(pmo.RaidRisk, "x"), start)
	}
	require.Equal(t, pmo.RefusedMovedOn, r.CheckLogRaid(logs(pmo.RaidRisk, "x")).Kind)
	require.Equal(t, "/risks", r.CheckReport(pmo.Report{Risks: []pmo.Risk{{Text: "y"}}}, start).Field)
	for n := range 45 {
		r.ApplyLogRaid(clears(n+1, "gone"), start.Add(time.Duration(n)*time.Hour))
	}
	for range 45 {
		r.ApplyLogRaid(logs(pmo.RaidRisk, "y"), start.Add(48*time.Hour))
	}
	require.Len(t, r.Raid, 80)
	require.Equal(t, 26, r.Raid[0].Number, "what was cleared first is in the ledger alone")
	require.Equal(t, 105, r.Raid[79].Number)
	done(r)
	require.Equal(t, pmo.RefusedMovedOn, r.CheckLogRaid(logs(pmo.RaidRisk, "x")).Kind)
}

func TestTheLogOfOneTeamIsNotThatOfTheNext(t *testing.T) {
	r := agreedRequest(t)
	r.ApplyLogRaid(logs(pmo.RaidIssue, "x"), start)
	anotherTeam(r)
	for r.NextStep(start).Action == pmo.ActionContinue {
		continue
	}
	require.Nil(t, r.Health)
	require.Empty(t, r.Raid)
	require.NotEqual(t, pmo.StageExecution, r.Stage)
}

func TestABlockerOfBeforeTheLogIsEnteredIntoIt(t *testing.T) {
	r := agreedRequest(t)
	r.Process = pmo.Process09
	r.Health = nil
	report(t, r, start, `{"blocked":"no licence","risks":[{"text":"late"}]}`)
	require.Empty(t, r.Raid)
	require.Nil(t, r.Health)
	r.Process = pmo.Process10 // continued as new
	r.NextStep(start.Add(day))
	require.Equal(t, start, r.OpenRaid(pmo.RaidBlocker)[0].Since)
	require.Len(t, r.OpenRaid(pmo.RaidRisk), 1)
	require.Equal(t, pmo.HealthRed, r.HealthNow())
}

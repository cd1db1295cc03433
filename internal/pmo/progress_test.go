package pmo_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// report sends a report through JSON, as the process gets it.
func report(t *testing.T, r *pmo.Request, at time.Time, body string) pmo.Receipt {
	c := pmo.Report{Header: pmo.Header{By: pmo.By{Actor: "theo"}}}
	require.NoError(t, json.Unmarshal([]byte(body), &c))
	sent, err := json.Marshal(c)
	require.NoError(t, err)
	var taken pmo.Report
	require.NoError(t, json.Unmarshal(sent, &taken))
	require.Nil(t, r.CheckReport(taken, start))
	return r.ApplyReport(taken, at)
}

func TestAReportChangesOnlyWhatItMentions(t *testing.T) {
	r := working()
	report(t, r, start, `{"percent":40,"health":"red","blocked":"no licence","risks":[{"text":"late"}],"note":"stuck"}`)
	report(t, r, start.Add(day), `{"percent":50,"note":"half"}`)
	require.Equal(t, pmo.HealthRed, r.Progress.Health, "by the rule")
	require.Equal(t, "no licence", r.Progress.Blocked)
	require.Equal(t, []pmo.Risk{{Text: "late"}}, r.Progress.Risks)
	require.Equal(t, "half", r.Progress.Note, "a note belongs to its report")
	report(t, r, start.Add(2*day), `{"health":"green","note":"the rest goes on"}`)
	require.Equal(t, "no licence", r.Progress.Blocked, "a blocker stays until it is cleared")
	require.Equal(t, 50, *r.Progress.Percent)
	report(t, r, start.Add(3*day), `{"blocked":"","risks":[]}`)
	require.Empty(t, r.Progress.Blocked)
	require.Empty(t, r.Progress.Risks)
	report(t, r, start.Add(4*day), `{"health":"amber","note":"slow","blocked":"no test data"}`)
	report(t, r, start.Add(5*day), `{"done":true}`)
	require.Empty(t, r.Progress.Blocked, "finished work is not blocked")
	require.Equal(t, pmo.HealthGreen, r.Progress.Health, "an override ends at the next report")
}

func TestSilenceHidesTheHealthUntilTheTeamReports(t *testing.T) {
	r := working()
	r.Rules.ReportEvery = 7 * day
	report(t, r, start, `{"health":"red","blocked":"no licence"}`)
	for at := start.Add(7 * day); r.Progress.Health != pmo.HealthUnknown; at = at.Add(day) {
		require.Less(t, at.Sub(start), 60*day)
		if step := r.NextStep(at); step.Question.Kind == pmo.KindReport {
			terms := terms(at, "theo")
			terms.OnSilence = pmo.VerdictSilent
			openAt(r, step.Question, terms)
		}
		fire(r, at)
	}
	require.Equal(t, "no licence", r.Progress.Blocked)
	report(t, r, start.Add(60*day), `{"percent":10}`)
	require.Equal(t, pmo.HealthRed, r.Progress.Health)
	require.Equal(t, "no licence", r.Progress.Blocked)
}

func TestAReportOfSomethingEarlierDoesNotOverwrite(t *testing.T) {
	r := working()
	report(t, r, start.Add(day), `{"percent":60,"health":"red","note":"broken","happened_at":"2026-11-02T11:00:00Z"}`)
	receipt := report(t, r, start.Add(day), `{"percent":30,"health":"green","done":true,"happened_at":"2026-11-02T10:00:00Z"}`)
	require.Equal(t, "outdated", receipt.Result)
	require.Equal(t, 60, *r.Progress.Percent)
	require.Equal(t, pmo.HealthRed, r.Progress.Health)
	require.True(t, r.DoneAt.IsZero())
	require.Contains(t, r.Ledger[len(r.Ledger)-1].Text, "A report of 2026-11-02 10:00:00 came after a later one")

	report(t, r, start.Add(day), `{"percent":70,"happened_at":"2026-11-02T12:00:00Z"}`)
	require.Equal(t, 70, *r.Progress.Percent)
	report(t, r, start.Add(2*day), `{"percent":80}`)
	require.Equal(t, "outdated", report(t, r, start.Add(3*day), `{"percent":75,"happened_at":"2026-11-03T12:00:00Z"}`).Result, "a person reported later")
	report(t, r, start.Add(4*day), `{"percent":81,"happened_at":"2030-01-01T00:00:00Z"}`)
	report(t, r, start.Add(5*day), `{"percent":82}`)
	require.Equal(t, 82, *r.Progress.Percent, "a tool whose clock is fast holds nothing up")
	require.Equal(t, "reported", report(t, r, start.Add(6*day), `{"percent":83,"happened_at":"2026-11-08T08:00:00Z"}`).Result)
}

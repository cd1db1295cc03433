package pmo_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

func TestTheRuleOfHealth(t *testing.T) {
	value := func(earned, spent float64) *pmo.Progress {
		return &pmo.Progress{At: start, EarnedValue: &pmo.EarnedValue{Planned: 50, Earned: earned, Spent: spent}}
	}
	for name, c := range map[string]struct {
		is    func(*pmo.Request)
		after time.Duration
		want  pmo.Health
		says  string
	}{
		"nothing":                  {func(*pmo.Request) {}, day, pmo.HealthGreen, ""},
		"a milestone on its day":   {func(r *pmo.Request) { r.Plan.Milestones = []pmo.Milestone{{Name: "pilot", Due: "2026-11-03"}} }, day, pmo.HealthGreen, ""},
		"a milestone past its day": {func(r *pmo.Request) { r.Plan.Milestones = []pmo.Milestone{{Name: "pilot", Due: "2026-11-03"}} }, 2 * day, pmo.HealthAmber, "pilot is past the planned day"},
		"a milestone that is done": {func(r *pmo.Request) {
			r.Plan.Milestones = []pmo.Milestone{{Name: "pilot", Due: "2026-11-03", Done: true}}
		}, 9 * day, pmo.HealthGreen, ""},
		"two milestones": {func(r *pmo.Request) {
			r.Plan.Milestones = []pmo.Milestone{{Name: "a", Due: "2026-11-03"}, {Name: "b", Due: "2026-11-03"}}
		}, 2 * day, pmo.HealthRed, "a, b are past the planned day"},
		"express past its day":     {func(r *pmo.Request) { r.Plan.Due = "2026-11-03" }, 2 * day, pmo.HealthAmber, "the work is past the planned day"},
		"SPI at the border":        {func(r *pmo.Request) { r.Progress = value(45, 45) }, day, pmo.HealthGreen, ""},
		"SPI behind":               {func(r *pmo.Request) { r.Progress = value(44, 44) }, day, pmo.HealthAmber, "behind the plan: SPI 0.88"},
		"CPI dear":                 {func(r *pmo.Request) { r.Progress = value(50, 70) }, day, pmo.HealthRed, "dearer than planned: CPI 0.71"},
		"within the expectation":   {func(r *pmo.Request) { r.Plan.Expectation = &pmo.PlanExpectation{Days: 10, Probability: .85} }, 9 * day, pmo.HealthGreen, ""},
		"past the expectation":     {func(r *pmo.Request) { r.Plan.Expectation = &pmo.PlanExpectation{Days: 10, Probability: .85} }, 10 * day, pmo.HealthAmber, "older than the expectation of the plan: 85 % within 10 days"},
		"far past the expectation": {func(r *pmo.Request) { r.Plan.Expectation = &pmo.PlanExpectation{Days: 10, Probability: .85} }, 15 * day, pmo.HealthRed, "more than 1.5 times as old as the expectation of the plan: 85 % within 10 days"},
		"an issue past its day": {func(r *pmo.Request) {
			r.Raid = []pmo.RaidItem{{Number: 4, Kind: pmo.RaidIssue, Text: "slow", Due: "2026-11-03"}}
		}, 2 * day, pmo.HealthAmber, "issue 4 was due on 2026-11-03: slow"},
		"the team was asked": {func(r *pmo.Request) {
			r.Questions = append(r.Questions, pmo.Question{Kind: pmo.KindReport, Status: pmo.QuestionOpen, OpenedAt: start})
		}, day, pmo.HealthAmber, "no report for a while; the team was asked on 2026-11-02"},
		"silence is worse than late": {func(r *pmo.Request) { r.Plan.Due, r.Progress = "2026-11-03", &pmo.Progress{At: start, Silent: true} }, 9 * day, pmo.HealthUnknown, "the team did not answer how it goes, on 2026-11-02"},
	} {
		r := agreedRequest(t)
		r.PulledAt = start
		c.is(r)
		r.Plan.AgreedAt = start
		if r.Progress != nil && r.Progress.EarnedValue != nil {
			r.Plan.Budget = &pmo.Budget{Unit: pmo.BudgetMoney, Total: 100}
		}
		r.Rules.ReportEvery = 0
		r.FireDue(start.Add(c.after))
		require.NotNil(t, r.Health, name)
		require.Equal(t, c.want, r.HealthNow(), name)
		require.Equal(t, c.says, r.Health.Reason(), name)
	}
}

// TestHealthChangesByItself: the process looks again when a day of the plan is past, tells of it once, and not again.
func TestHealthChangesByItself(t *testing.T) {
	r := agreedRequest(t)
	r.Plan.Milestones, r.PulledAt = []pmo.Milestone{{Name: "pilot", Due: "2026-11-05"}}, start
	r.NextStep(start)
	require.Equal(t, pmo.HealthGreen, r.HealthNow())
	due, what := r.NextDue(start)
	require.Equal(t, "see how it stands", what)
	require.Equal(t, time.Date(2026, 11, 6, 0, 0, 0, 0, time.UTC), due.UTC())
	fire(r, due)
	require.Equal(t, pmo.HealthAmber, r.HealthNow())
	last := r.Ledger[len(r.Ledger)-1]
	require.Equal(t, pmo.EventHealth, last.Event)
	require.Equal(t, "Health is amber: pilot is past the planned day.", last.Text)
	entries := r.LedgerSeq
	fire(r, due.Add(time.Hour))
	require.Equal(t, entries, r.LedgerSeq)
	require.True(t, r.HealthDue(due).IsZero())

	report(t, r, due.Add(day), `{"milestones":["pilot"]}`)
	require.Equal(t, pmo.HealthGreen, r.HealthNow(), "it is reached")
	require.True(t, r.Plan.Milestones[0].Done)
	require.Equal(t, "/milestones/0", r.CheckReport(pmo.Report{Milestones: []string{"other"}}, due).Field)
}

func TestAnOverrideIsNotedAndEndsAtTheNextReport(t *testing.T) {
	r := agreedRequest(t)
	report(t, r, start, `{"blocked":"no licence"}`)
	require.Equal(t, pmo.HealthRed, r.HealthNow())
	green := pmo.Report{Header: pmo.Header{By: pmo.By{Actor: "theo"}}, Health: pmo.HealthGreen}
	require.Equal(t, "/note", r.CheckReport(green, start).Field, "better than the rule needs a reason")
	green.By.Via = pmo.ViaDelivery
	require.Nil(t, r.CheckReport(green, start), "a tool has no words")

	report(t, r, start.Add(day), `{"health":"green","note":"we work on the rest"}`)
	require.Equal(t, pmo.HealthGreen, r.HealthNow())
	require.Equal(t, pmo.HealthGreen, r.Progress.Health)
	require.Equal(t, pmo.HealthOverride{Health: pmo.HealthGreen, By: "theo", At: start.Add(day), Why: "we work on the rest", Rule: pmo.HealthRed}, *r.Health.Override)
	require.Equal(t, pmo.HealthRed, r.Health.Rule)
	require.Contains(t, r.Ledger[len(r.Ledger)-1].Text, "Health is green by the word of theo, where the rule gives red: we work on the rest.")
	r.NextStep(start.Add(2 * day))
	require.NotNil(t, r.Health.Override, "it counts until the next report")

	report(t, r, start.Add(3*day), `{"percent":30}`)
	require.Nil(t, r.Health.Override)
	require.Equal(t, pmo.HealthRed, r.HealthNow())
	require.Equal(t, pmo.HealthRed, r.Progress.Health)
	require.Equal(t, start.Add(3*day), r.Health.Since)
}

func TestAMeasureGivesThePercent(t *testing.T) {
	r := agreedRequest(t)
	report(t, r, start, `{"measure":{"unit":"items","done":12,"total":40}}`)
	require.Equal(t, 30, *r.Progress.Percent)
	report(t, r, start.Add(day), `{"note":"goes on"}`)
	require.Equal(t, "12 of 40 items", r.Progress.Measure.Words())
	for field, m := range map[string]pmo.Measure{"unit": {Unit: "hours", Total: 1}, "total": {Unit: pmo.MeasureItems}, "done": {Unit: pmo.MeasurePoints, Done: 2, Total: 1}} {
		require.Equal(t, "/measure/"+field, r.CheckReport(pmo.Report{Measure: &m}, start).Field)
	}
}

func TestWorkThatIsDoneHasNoHealth(t *testing.T) {
	r := agreedRequest(t)
	r.NextStep(start)
	require.NotNil(t, r.Health)
	report(t, r, start, `{"done":true}`)
	for r.NextStep(start).Action == pmo.ActionContinue {
		continue
	}
	require.Equal(t, pmo.StageClosure, r.Stage)
	require.Nil(t, r.Health)
}

// TestDaysOfHealthEndInTheTimeZoneOfThePortfolio: the third of November is over in Auckland eleven hours before it is in Greenwich, by summer time 13.
func TestDaysOfHealthEndInTheTimeZoneOfThePortfolio(t *testing.T) {
	zone := 13 * time.Hour
	over := time.Date(2026, 11, 4, 0, 0, 0, 0, time.UTC).Add(-zone)
	for name, plan := range map[string]func(*pmo.Request){
		"milestone": func(r *pmo.Request) { r.Plan.Milestones = []pmo.Milestone{{Name: "pilot", Due: "2026-11-03"}} },
		"due":       func(r *pmo.Request) { r.Plan.Due = "2026-11-03" },
		"issue": func(r *pmo.Request) {
			r.Raid = []pmo.RaidItem{{Number: 4, Kind: pmo.RaidIssue, Text: "slow", Due: "2026-11-03"}}
		},
	} {
		r := agreedRequest(t)
		r.Calendar = &pmo.Calendar{Zone: []pmo.Offset{{Seconds: int(zone.Seconds())}}}
		plan(r)
		r.Rules.ReportEvery = 0
		require.Equal(t, over, r.HealthDue(start), name)
		r.FireDue(over.Add(-time.Minute))
		require.Equal(t, pmo.HealthGreen, r.HealthNow(), name)
		r.FireDue(over)
		require.Equal(t, pmo.HealthAmber, r.HealthNow(), name)
	}
	r := agreedRequest(t)
	r.Calendar = &pmo.Calendar{Zone: []pmo.Offset{{Seconds: int(zone.Seconds())}}}
	r.Raid = []pmo.RaidItem{{Number: 1, Kind: pmo.RaidBlocker, Text: "no licence", Since: time.Date(2026, 11, 2, 20, 0, 0, 0, time.UTC)}}
	r.FireDue(start.Add(day))
	require.Equal(t, "blocked since 2026-11-03: no licence", r.Health.Reason())
	var none *pmo.Calendar
	require.Equal(t, time.Date(2026, 11, 4, 0, 0, 0, 0, time.UTC), none.EndOf("2026-11-03"))
	require.Zero(t, r.Calendar.EndOf("soon"))
}

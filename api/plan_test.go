package api

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// planned is a request in execution by an agreed predictive plan, of the team of lena.
func planned(t *testing.T) *bundle {
	b := setup(t)
	row := b.store.rows[requestA]
	row.Stage, row.Assignment, row.Approach = pmo.StageExecution, &pmo.Assignment{Team: "falcon", Leads: []string{"lena"}, ConfirmedAt: now}, &pmo.Approach{Recommended: "predictive"}
	row.Plan = &pmo.Plan{Approach: "predictive", Summary: "phases", Version: 2, AgreedAt: now, Start: "2027-03-01", Milestones: []pmo.Milestone{{Name: "built", Due: "2027-03-12", After: []string{"build"}}},
		WorkPackages: []pmo.WorkPackage{{ID: "build", Name: "Build", Optimistic: 5, Likely: 10, Pessimistic: 15}}, Budget: &pmo.Budget{Unit: pmo.BudgetMoney, Total: 100}}
	row.Progress = &pmo.Progress{EarnedValue: &pmo.EarnedValue{Planned: 50, Earned: 40, Spent: 50}}
	b.store.rows[requestA], b.engine.states[requestA] = row, row.Request
	first := *row.Plan
	first.Milestones = []pmo.Milestone{{Name: "built", Due: "2027-03-05"}}
	b.store.agreedPlans = []store.LedgerEntry{{Entry: pmo.Entry{Event: pmo.EventPlanned, At: now, Plan: &first}}, {Entry: pmo.Entry{Event: pmo.EventPlanned, At: now, Plan: row.Plan}}}
	return b
}

func TestAPlanSaysWhatFollowsFromItsNumbers(t *testing.T) {
	b := planned(t)
	status, doc, _ := b.call(t, "sam", "GET", "/v1/requests/R-1/plan", "")
	require.Equal(t, 200, status, doc)
	require.Equal(t, true, doc["agreed"])
	require.Equal(t, 2.0, doc["version"])
	schedule := doc["schedule"].(map[string]any)
	require.Equal(t, 10.0, schedule["duration"])
	require.Equal(t, "2027-03-12", schedule["expected"], "ten working days, the first one included")
	require.Equal(t, "2027-03-16", schedule["p85"])
	measured := doc["earned_value"].(map[string]any)
	require.InDelta(t, 125, measured["at_completion"], 1e-9)
	require.InDelta(t, 1.2, measured["needed_index"], 1e-9)
	require.Len(t, doc["baselines"], 2)
	require.Equal(t, []any{
		map[string]any{"what": "end", "was": "2027-03-05", "is": "2027-03-12", "days": 7.0},
		map[string]any{"what": "milestone", "name": "built", "was": "2027-03-05", "is": "2027-03-12", "days": 7.0},
	}, doc["changes"])
	require.Equal(t, []any{}, doc["lacks"])
	require.Equal(t, []any{}, doc["lessons"], "nothing similar was found at intake")
	row := b.store.rows[requestA]
	row.Similar = []pmo.Similar{{ID: requestB}}
	b.store.rows[requestA], b.engine.states[requestA] = row, row.Request
	_, doc, _ = b.call(t, "sam", "GET", "/v1/requests/R-1/plan", "")
	learned := map[string]any{"ref": "R-1", "id": requestB, "title": "Before", "lesson": map[string]any{"by": "theo", "observation": "vendors leave", "cause": "no contract", "recommendation": "sign first"}}
	require.Equal(t, []any{learned}, doc["lessons"])
	_, doc, _ = b.call(t, "sam", "GET", "/v1/similar?title=Invoices", "")
	require.Equal(t, "vendors leave", doc["lessons"].([]any)[0].(map[string]any)["lesson"].(map[string]any)["observation"])
}

// TestWorkThatTurnsOutOtherwiseSuggestsAnotherPlan: the signs are read from what was reported and from the answers as they are now.
func TestWorkThatTurnsOutOtherwiseSuggestsAnotherPlan(t *testing.T) {
	b := planned(t)
	row := b.store.rows[requestA]
	share, percent := 60.0, 0
	row.Content.Context.UnplannedShare, row.Progress.Percent, row.StartedAt = &share, &percent, now.AddDate(0, 0, -60)
	row.Plan.Approach, row.Plan.Iterations, row.Plan.WeeksEach = "scrum", 6, 2
	row.Approach = &pmo.Approach{Recommended: "kanban", Chosen: "scrum"}
	b.store.rows[requestA] = row
	signs := func() (kinds []string) {
		status, doc, _ := b.call(t, "sam", "GET", "/v1/requests/R-1/plan", "")
		require.Equal(t, 200, status, doc)
		for _, sign := range doc["signs"].([]any) {
			kinds = append(kinds, sign.(map[string]any)["kind"].(string)+" "+fmt.Sprint(sign.(map[string]any)["suggests"]))
		}
		return kinds
	}
	require.Equal(t, []string{"unplanned kanban", "pace <nil>"}, signs())
	answered := 5.0
	row.Content.Context.ChangePerMonth, row.Content.Size = &answered, 20
	b.store.rows[requestA] = row
	grew := func(days int, scope float64) pmo.Entry {
		return pmo.Entry{At: now.AddDate(0, 0, -days), Event: pmo.EventChange, Completion: &pmo.Completion{Unit: pmo.UnitTeamWeeks, Scope: scope}}
	}
	b.store.work = []pmo.Entry{grew(60, 10), grew(30, 16), grew(5, 20)}
	require.Equal(t, []string{"unplanned kanban", "pace <nil>", "volatility <nil>"}, signs(), "it doubled in two months, where 5 % a month were expected; another way was chosen on purpose")
	b.store.work = nil
	row.Plan.AgreedAt = time.Time{}
	b.store.rows[requestA] = row
	require.Empty(t, signs(), "nobody works by it")
}

func TestAProposedPlanAddsUp(t *testing.T) {
	b := planned(t)
	propose := func(body string) (int, map[string]any) {
		status, doc, _ := b.call(t, "lena", "POST", "/v1/requests/R-1/plan", body)
		return status, doc
	}
	for pointer, plan := range map[string]string{
		"/plan/milestones/0/due":      `"start":"2027-03-01","milestones":[{"name":"m","due":"2027-02-01"}]`,
		"/plan/weeks_each":            `"iterations":3,"weeks_each":0,"milestones":[{"name":"m"}]`,
		"/plan/budget/change":         `"budget":{"unit":"money","total":5,"change":6},"milestones":[{"name":"m"}]`,
		"/plan/work_packages/0/after": `"work_packages":[{"id":"a","name":"A","likely":1,"pessimistic":1,"after":["b"]},{"id":"b","name":"B","likely":1,"pessimistic":1,"after":["a"]}],"milestones":[{"name":"m"}]`,
		"/plan/milestones":            `"goal":"g"`,
	} {
		status, doc := propose(`{"version":2,"reason":"r","plan":{"summary":"s",` + plan + `}}`)
		require.Equal(t, 422, status, pointer)
		require.Equal(t, []string{pointer}, pointers(doc))
	}
	status, doc := propose(`{"version":2,"approach":"scrum","reason":"r","plan":{"summary":"s","goal":"g"}}`)
	require.Equal(t, 422, status)
	require.Equal(t, []string{"/plan/weeks_each"}, pointers(doc), "what Scrum cannot do without")

	status, doc = propose(`{"version":2,"reason":"learned","plan":{"summary":"s","start":"2027-03-01","milestones":[{"name":"built","after":["build"]}],"work_packages":[{"id":"build","name":"Build","optimistic":3,"likely":3,"pessimistic":3}]}}`)
	require.Equal(t, 200, status, doc)
	sent := b.engine.sent[len(b.engine.sent)-1].cmd.(*pmo.ProposePlan)
	require.Equal(t, pmo.Date("2027-03-03"), sent.Plan.Milestones[0].Due, "the estimates give the date")
	require.Equal(t, "learned", sent.Reason)

	status, _, _ = b.call(t, "ana", "POST", "/v1/requests/R-1/plan", `{"version":2,"reason":"r","plan":{"summary":"s","milestones":[{"name":"m"}]}}`)
	require.Equal(t, 403, status, "neither the requester nor the team")
}

func TestAPlanIsDraftedForAnotherApproach(t *testing.T) {
	b := planned(t)
	sent := len(b.engine.sent)
	status, doc, _ := b.call(t, "sam", "GET", "/v1/requests/R-1/plan/draft?approach=scrumban", "")
	require.Equal(t, 200, status, doc)
	require.Equal(t, 2.0, doc["version"])
	plan := doc["plan"].(map[string]any)
	require.Equal(t, "scrumban", plan["approach"])
	require.NotEmpty(t, plan["wip_limit"])
	require.Contains(t, plan["risks"].([]any)[0].(map[string]any)["text"], "by the answers, Kanban was recommended")
	require.Len(t, b.engine.sent, sent, "nothing is written")
	status, _, _ = b.call(t, "sam", "GET", "/v1/requests/R-1/plan/draft?approach=waterfall", "")
	require.Equal(t, 422, status)
}

// TestACounterProposalIsNotBlamedForWhatWasWrongBefore: a plan of an earlier release may not add up.
func TestACounterProposalIsNotBlamedForWhatWasWrongBefore(t *testing.T) {
	r := &pmo.Request{Plan: &pmo.Plan{Approach: "predictive", Summary: "s", Milestones: []pmo.Milestone{{Name: "m"}, {Name: "m"}}}, Approach: &pmo.Approach{Recommended: "predictive"}}
	require.Empty(t, counterFaults(r, nil, &pmo.Plan{Summary: "other"}, ""))
	fields := counterFaults(r, nil, &pmo.Plan{WIPLimit: -1}, "")
	require.Len(t, fields, 1)
	require.Equal(t, "/data/plan/wip_limit", fields[0].Pointer)
	dated := &pmo.Plan{Start: "2027-03-01", WorkPackages: []pmo.WorkPackage{{ID: "a", Name: "A", Optimistic: 2, Likely: 2, Pessimistic: 2}}, Milestones: []pmo.Milestone{{Name: "n", After: []string{"a"}}}}
	require.Empty(t, counterFaults(r, nil, dated, ""))
	require.Equal(t, pmo.Date("2027-03-02"), dated.Milestones[0].Due)
}

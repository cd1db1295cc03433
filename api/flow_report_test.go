package api

import (
	"encoding/csv"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/flow"
	"leanpmo/internal/pmo"
	"leanpmo/internal/testkit"
)

// delivered are requests that were delivered on the last days, one a day.
func delivered(n int) (list []flow.Record) {
	for i := range n {
		pulled, accepted := now.AddDate(0, 0, -i-10), now.AddDate(0, 0, -i)
		list = append(list, flow.Record{ID: fmt.Sprintf("%03d", i), Ref: fmt.Sprintf("R-%d", i+1), Kind: "bug", Stage: pmo.StageClosure, Status: pmo.StatusClosed, Outcome: pmo.OutcomeDelivered,
			SubmittedAt: now.AddDate(0, 0, -i-20), PulledAt: &pulled, AcceptedAt: &accepted, ClosedAt: &accepted,
			Events: []flow.Event{{Event: pmo.EventSubmitted, Stage: "intake", At: now.AddDate(0, 0, -i-20)}}})
	}
	return list
}

// TestTheFlowReportHasSoManyLinesAtMost: fewer lines are the latest ones, and every figure and the table for a spreadsheet count all requests.
func TestTheFlowReportHasSoManyLinesAtMost(t *testing.T) {
	b := setup(t)
	b.store.flow = delivered(30)
	pulled := now.AddDate(0, 0, -3)
	for i := range 5 {
		b.store.flow = append(b.store.flow, flow.Record{ID: fmt.Sprint("open", i), Ref: fmt.Sprintf("R-%d", 100+i), Stage: pmo.StageExecution, Status: pmo.StatusOpen, SubmittedAt: now.AddDate(0, 0, -5), PulledAt: &pulled})
	}
	_, whole, _ := b.call(t, "sam", "GET", "/v1/reports/flow?days=90", "")
	require.Len(t, whole["items"], 35)
	require.Len(t, whole["aging"], 5)
	_, short, _ := b.call(t, "sam", "GET", "/v1/reports/flow?days=90&limit=3", "")
	require.Equal(t, whole["items"].([]any)[32:], short["items"])
	require.Equal(t, whole["aging"].([]any)[:3], short["aging"])
	for name, value := range whole {
		if name != "items" && name != "aging" {
			require.Equal(t, value, short[name], name)
		}
	}
	require.EqualValues(t, 35, short["items_total"])
	require.EqualValues(t, 5, short["aging_total"])
	_, none, _ := b.call(t, "sam", "GET", "/v1/reports/flow?days=90&limit=0", "")
	require.Empty(t, none["items"])
	require.Equal(t, whole["cycle_time_days"], none["cycle_time_days"])

	r := httptest.NewRequest("GET", "/v1/reports/flow?format=csv&limit=3", nil)
	r.Header.Set("Authorization", "Bearer dev-sam")
	rec := httptest.NewRecorder()
	b.api.ServeHTTP(rec, r)
	lines, err := csv.NewReader(strings.NewReader(rec.Body.String())).ReadAll()
	require.NoError(t, err)
	require.Len(t, lines, 36, "a head and all requests")
	for i, item := range whole["items"].([]any) {
		require.Equal(t, item.(map[string]any)["ref"], lines[i+1][0], "CSV and JSON have the same requests in the same order")
	}
	b.store.flow[3].Kind = "data" // chosen in the database
	_, chosen, _ := b.call(t, "sam", "GET", "/v1/reports/flow?days=90&kind=data", "")
	require.Len(t, chosen["items"], 1)
	require.EqualValues(t, 1, chosen["cycle_time_days"].(map[string]any)["n"])
	require.Equal(t, whole["to"], chosen["to"], "the same report, of fewer requests")
	require.Equal(t, 1, b.store.flowReads, "what was read once is not read again")
}

// TestAReportIsMadeAnewWhenSomethingChanged, and when it has become old; until then all readers take the same.
func TestAReportIsMadeAnewWhenSomethingChanged(t *testing.T) {
	source := &fakeStore{flow: delivered(3)}
	f := newFlowReports(source)
	report := func(portfolio string, after time.Duration) *flowReport {
		r, err := f.report(t.Context(), portfolio, 90, now.Add(after), time.UTC)
		require.NoError(t, err)
		return r
	}
	first := report("", 0)
	require.Same(t, first, report("", reportFreshFor-1))
	require.Same(t, first, report("", reportUsableFor-1), "nothing has changed")
	require.NotSame(t, first, report("", reportUsableFor), "the open ones have grown older")
	require.NotSame(t, first, report("", -time.Hour), "the clock was put back")

	last := report("", 2*time.Hour)
	source.flow = delivered(4)
	source.changed = []string{"003"}
	require.Same(t, last, report("", 2*time.Hour+reportFreshFor-1), "many follow the same event")
	require.Equal(t, 4, report("", 2*time.Hour+reportFreshFor).requests.Len())
	for i := range 3 * mostReports {
		report(fmt.Sprint("portfolio ", i), 0)
		require.LessOrEqual(t, len(f.kept), mostReports)
	}
	source.down = true
	_, err := f.report(t.Context(), "", 700, now, time.UTC)
	require.Error(t, err)
}

// TestTheFlowReportSaysWhereTheTimeWent, what may be expected, and what waiting for each group cost.
func TestTheFlowReportSaysWhereTheTimeWent(t *testing.T) {
	b := setup(t)
	b.store.flow = delivered(20)
	for i := range b.store.flow {
		r := &b.store.flow[i]
		r.Team, r.CostOfDelay = []string{"otter", "falcon"}[i%2], 700
		started := r.AcceptedAt.AddDate(0, 0, -4)
		r.Events = append(r.Events, flow.Event{Event: pmo.EventAsked, Question: "review/1/architecture", At: r.SubmittedAt},
			flow.Event{Event: pmo.EventSettled, Question: "review/1/architecture", At: r.SubmittedAt.AddDate(0, 0, 5)},
			flow.Event{Event: pmo.EventStage, Stage: "execution", At: started})
	}
	_, doc, _ := b.call(t, "sam", "GET", "/v1/reports/flow?days=90", "")
	e := doc["efficiency"].(map[string]any)
	require.EqualValues(t, 20, e["items"])
	require.InDelta(t, .2, e["share"], 1e-6, "four of twenty days")
	require.InDelta(t, 100, e["deciding_days"], 1e-6, "five of each")
	require.InDelta(t, 220, e["waiting_days"], 1e-6)
	require.Equal(t, "85 % within 10 days, from 20 finished.", doc["expectation"].(map[string]any)["sentence"])
	require.Len(t, doc["by_team"], 2)
	require.Equal(t, []any{map[string]any{"kind": "bug", "count": 20.0, "share": 1.0}}, doc["distribution"])
	require.NotEmpty(t, doc["little"].(map[string]any)["conditions"])
	group := doc["groups"].([]any)[0].(map[string]any)
	require.InDelta(t, 100, group["waited_days"], 1e-6)
	require.InDelta(t, 10_000, group["cost"], 1e-3, "a hundred days at 700 a week")
	require.EqualValues(t, 20, group["costed"])
}

// TestTheFlowReportComparesWithImportedWork, by kind, and says how likely what is in progress is still in time.
func TestTheFlowReportComparesWithImportedWork(t *testing.T) {
	b := setup(t)
	b.store.flow = delivered(6) // ten days each, of the kind bug
	for i := range b.store.flow {
		b.store.flow[i].Themes, b.store.flow[i].Team = []string{"energy", "roads"}, "falcon"
	}
	pulled := now.AddDate(0, 0, -12)
	b.store.flow = append(b.store.flow, flow.Record{ID: "open", Ref: "R-99", Kind: "data", Team: "otter", Stage: pmo.StageExecution, Status: pmo.StatusOpen, SubmittedAt: pulled, PulledAt: &pulled})
	for range 4 {
		b.store.importedCycles = append(b.store.importedCycles, flow.Imported{Kind: "data", Days: 20}, flow.Imported{Kind: "bug", Days: 5})
	}
	list := func(doc map[string]any, name string) (said []string) {
		for _, i := range doc[name].([]any) {
			item := i.(map[string]any)
			said = append(said, fmt.Sprint(item["name"], " ", item["items"], " ", item["days"]))
		}
		return said
	}
	_, doc, _ := b.call(t, "sam", "GET", "/v1/reports/flow?days=90", "")
	require.Equal(t, []string{"bug 10 10", "data 4 0"}, list(doc, "by_kind"))
	require.Equal(t, []string{"falcon 6 10"}, list(doc, "by_team"), "of imported work no team is known")
	require.Equal(t, []string{"energy 6 10", "roads 6 10"}, list(doc, "by_theme"))
	require.Len(t, doc["by_stage"], 7)
	reference := doc["reference"].(map[string]any)
	require.EqualValues(t, 8, reference["imported"])
	require.EqualValues(t, 14, reference["days"].(map[string]any)["n"])
	require.EqualValues(t, 20, reference["expectation"].(map[string]any)["days"])
	require.EqualValues(t, 6, doc["cycle_time_days"].(map[string]any)["n"], "imported work is not delivered")
	aging := doc["aging"].([]any)[0].(map[string]any)
	require.Equal(t, "p70", aging["level"], "older than the ten of 14 that took ten days at most")
	require.EqualValues(t, 1, aging["chance"], "all four that lasted longer took 20")

	_, doc, _ = b.call(t, "sam", "GET", "/v1/reports/flow?days=90&kind=data", "")
	require.EqualValues(t, 8, doc["reference"].(map[string]any)["imported"], "four are too few: all are taken")
	require.Equal(t, true, doc["reference"].(map[string]any)["whole"])
	_, doc, _ = b.call(t, "sam", "GET", "/v1/reports/flow?days=90&team=otter", "")
	require.Equal(t, true, doc["reference"].(map[string]any)["whole"])
	require.Equal(t, "No expectation yet: 0 finished, 5 are needed.", doc["expectation"].(map[string]any)["sentence"])
}

// TestWaitingForOnesGroupsIsShown with its cost, to the group alone.
func TestWaitingForOnesGroupsIsShown(t *testing.T) {
	b := setup(t)
	ago := func(days int) time.Time { return now.AddDate(0, 0, -days) }
	b.store.flow = []flow.Record{{ID: "1", Ref: "R-1", Kind: "bug", Stage: pmo.StageReview, Status: pmo.StatusOpen, SubmittedAt: ago(30), CostOfDelay: 700,
		Events: []flow.Event{{Event: pmo.EventSubmitted, Stage: "intake", At: ago(30)}, {Event: pmo.EventAsked, Question: "review/1/approvers", At: ago(20)}, {Event: pmo.EventSettled, Question: "review/1/approvers", At: ago(10)},
			{Event: pmo.EventAsked, Question: "clarify/1", At: ago(9), Open: true}}}}
	_, doc, _ := b.call(t, "ana", "GET", "/v1/me/waiting", "")
	require.NotContains(t, doc, "as_of", "nothing was measured yet, and no page waits for it")
	require.Empty(t, doc["items"])
	require.Eventually(t, func() bool {
		_, doc, _ = b.call(t, "ana", "GET", "/v1/me/waiting", "")
		return doc["as_of"] != nil
	}, testkit.Patience, 10*time.Millisecond)
	require.Len(t, doc["items"], 1)
	group := doc["items"].([]any)[0].(map[string]any)
	require.Equal(t, []any{"approvers", 10., 1000., 1.}, []any{group["group"], group["waited_days"], group["cost"], group["costed"]})
	_, doc, _ = b.call(t, "sam", "GET", "/v1/me/waiting", "")
	require.Empty(t, doc["items"], "sam is in no group")
}

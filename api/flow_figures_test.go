package api

import (
	"encoding/csv"
	"math"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/flow"
	"leanpmo/internal/pmo"
)

// figuresIn are the numbers of a JSON document with the way to each, without the parts that are left out.
func figuresIn(doc any, way string, leaveOut map[string]bool) map[string]float64 {
	found := map[string]float64{}
	add := func(part any, name string) {
		for at, v := range figuresIn(part, way+"/"+name, leaveOut) {
			found[at] = v
		}
	}
	switch doc := doc.(type) {
	case map[string]any:
		for name, part := range doc {
			if !leaveOut[name] {
				add(part, name)
			}
		}
	case []any:
		for i, part := range doc {
			add(part, strconv.Itoa(i))
		}
	case float64:
		found[way] = doc
	}
	return found
}

// TestEveryFigureIsInTheTable of figures: whatever number the report has in JSON, beside the requests, the table has too.
func TestEveryFigureIsInTheTable(t *testing.T) {
	b := setup(t)
	b.store.flow = delivered(20)
	for i := range b.store.flow {
		r := &b.store.flow[i]
		r.Team, r.CostOfDelay, r.Themes = []string{"otter", "=falcon"}[i%2], 700, []string{"energy"}
		r.Events = append(r.Events, flow.Event{Event: pmo.EventAsked, Question: "review/1/architecture", At: r.SubmittedAt},
			flow.Event{Event: pmo.EventSettled, Question: "review/1/architecture", At: r.SubmittedAt.AddDate(0, 0, 5)},
			flow.Event{Event: pmo.EventStage, Stage: "execution", At: r.AcceptedAt.AddDate(0, 0, -4)})
	}
	pulled := now.AddDate(0, 0, -3)
	b.store.flow = append(b.store.flow, flow.Record{ID: "open", Ref: "R-100", Stage: pmo.StageExecution, Status: pmo.StatusOpen, SubmittedAt: now.AddDate(0, 0, -5), PulledAt: &pulled},
		flow.Record{ID: "secret", Ref: "R-101", Confidential: true, Stage: pmo.StageExecution, Status: pmo.StatusOpen, SubmittedAt: now.AddDate(0, 0, -5), PulledAt: &pulled})
	b.store.unreadable = []string{"secret"}
	_, doc, _ := b.call(t, "sam", "GET", "/v1/reports/flow?days=90", "")

	r := httptest.NewRequest("GET", "/v1/reports/flow?days=90&format=csv&table=figures", nil)
	r.Header.Set("Authorization", "Bearer dev-sam")
	rec := httptest.NewRecorder()
	b.api.ServeHTTP(rec, r)
	require.Equal(t, `attachment; filename="flow-figures.csv"`, rec.Header().Get("Content-Disposition"))
	require.NotContains(t, rec.Body.String(), "R-101", "it counts, and is not named")
	lines, err := csv.NewReader(strings.NewReader(rec.Body.String())).ReadAll()
	require.NoError(t, err)
	require.Equal(t, figureHeads, lines[0])
	var values []float64
	of := map[string]string{}
	for _, line := range lines[1:] {
		v, err := strconv.ParseFloat(line[4], 64)
		require.NoError(t, err, line)
		values = append(values, v)
		of[strings.Join(line[:4], " ")+" "+line[5]] = line[4]
	}
	leaveOut := map[string]bool{"items": true, "items_total": true, "aging_total": true, "confidential": true, "scatter": true, "reference": true, "in": true, "basis": true}
	figures := figuresIn(doc, "", leaveOut)
	require.Greater(t, len(figures), 100)
	for way, want := range figures {
		// Widths of weeks, and the share that an expectation is of, are in the other columns.
		if strings.HasPrefix(way, "/throughput/") && strings.HasSuffix(way, "/days") || strings.HasSuffix(way, "/share") && (strings.Contains(way, "by_") || strings.Contains(way, "expectation")) {
			continue
		}
		require.Truef(t, hasNear(values, want), "%s: %v", way, want)
	}
	require.Equal(t, "10", of["expectation kind bug p85 days"])
	require.Equal(t, "10", of["expectation   p85 days"])
	require.Equal(t, "10", of["expectation theme energy p85 days"])
	require.Equal(t, "10", of["expectation team '=falcon p85 days"], "no formula for a spreadsheet")
	require.Equal(t, "0.2", of["efficiency   active share"])
	require.Equal(t, "10000", of["waiting_for group architecture cost cost of delay"])
	require.Equal(t, "1", of["distribution kind bug delivered share"])
	require.Equal(t, "3", of["ageing request R-100 age days"])
	require.NotEmpty(t, of["little   expected days"])
	require.NotEmpty(t, of["stay stage intake p85 days"])
}

func hasNear(values []float64, want float64) bool {
	for _, v := range values {
		if math.Abs(v-want) < 1e-9 {
			return true
		}
	}
	return false
}

package api

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/approach"
)

func TestARetrospectiveIsReadByAnybodyAndNamesNobody(t *testing.T) {
	b := setup(t)
	status, doc, _ := b.call(t, "sam", "GET", "/v1/reports/retrospective?days=90", "")
	require.Equal(t, 200, status, doc)
	require.Equal(t, 5.0, doc["requests"])
	require.Equal(t, 10.0, doc["approaches"].([]any)[0].(map[string]any)["days"])
	require.Equal(t, map[string]any{"recommended": "scrum", "n": 5.0, "begun": 0.0, "kept": 0.0, "instead": "kanban"}, doc["recommended"].([]any)[0])
	suggestion := doc["suggestions"].([]any)[0].(map[string]any)
	require.Equal(t, "not_taken", suggestion["kind"])
	require.Equal(t, "5 of 5 requests for which it was recommended began otherwise", suggestion["evidence"])
	status, _, _ = b.call(t, "sam", "GET", "/v1/reports/retrospective?portfolio=nowhere", "")
	require.Equal(t, 422, status)
	status, _, _ = b.call(t, "sam", "GET", "/v1/reports/retrospective?days=2000", "")
	require.Equal(t, 422, status)
}

// finishedReads counts how often what was delivered is read.
type finishedReads struct {
	n     int
	fault error
}

func (r *finishedReads) Finished(context.Context, string, time.Time) ([]approach.Finished, error) {
	r.n++
	return nil, r.fault
}

// A retrospective is given again for a minute, to who asks for the same one. A fault is not kept.
func TestARetrospectiveIsKeptForAMinute(t *testing.T) {
	var kept retrospectives
	source := &finishedReads{fault: errors.New("away")}
	read := func(portfolio string, days int, at time.Time) time.Time {
		r, err := kept.read(t.Context(), source, reportOf{portfolio, days}, at)
		require.ErrorIs(t, err, source.fault)
		return r.To
	}
	read("", 90, now)
	source.fault = nil
	read("", 90, now)
	require.Equal(t, now, read("", 90, now.Add(59*time.Second)))
	require.Equal(t, 2, source.n)
	later := now.Add(retrospectiveUsableFor)
	require.Equal(t, later, read("", 90, later))
	require.Equal(t, now, read("", 90, now), "a clock that was put back")
	read("digital", 90, now)
	read("", 365, now)
	require.Equal(t, 6, source.n)
	for i := range 3 * mostRetrospectives {
		read("", i, now)
	}
	require.LessOrEqual(t, len(kept.kept), mostRetrospectives)
}

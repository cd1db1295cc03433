package promise

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/forecast"
	"leanpmo/internal/forecast/cache"
	"leanpmo/internal/pmo"
)

// memory is a store of promises, and a forecast for everything.
type memory struct {
	open    map[string]*Due
	checked map[string]pmo.Date
	told    []Promise
	ahead   int
	fails   error
}

func (m *memory) UncheckedPromises(_ context.Context, _ string, day pmo.Date, limit int) (list []Due, err error) {
	for id, d := range m.open {
		if m.checked[id+string(d.Request.Stage)] != day && len(list) < limit {
			list = append(list, *d)
		}
	}
	return list, m.fails
}

func (m *memory) PromisesChecked(_ context.Context, day pmo.Date, checked []Due, told []Promise) error {
	for _, d := range checked {
		m.checked[d.Request.ID+string(d.Request.Stage)] = day
		m.open[d.Request.ID].CheckedIn = d.Request.Stage
	}
	for _, p := range told {
		m.open[p.RequestID].Last = &p
		m.told = append(m.told, p)
	}
	return nil
}

func (m *memory) ForRequest(_ context.Context, r *pmo.Request, _ cache.Place, _ time.Time) (cache.Answer, error) {
	a := answer(m.ahead+1, forecast.Queue{Ahead: m.ahead})
	a.Undecided = r.Undecided()
	return *a, nil
}

func TestTheTellerTellsOnceADayAndOnlyWhatChanged(t *testing.T) {
	m := &memory{open: map[string]*Due{}, checked: map[string]pmo.Date{}, ahead: 30}
	request := func() *pmo.Request { return &m.open["a"].Request }
	m.open["a"] = &Due{Request: pmo.Request{ID: "a", Requester: "sam", Status: pmo.StatusOpen, Stage: pmo.StageReview}}
	now := at
	teller := &Teller{Store: m, Forecasts: m, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return now },
		Portfolios: func() []Portfolio { return []Portfolio{{ID: "core", Zone: time.UTC}} }}
	tell := func() int {
		before := len(m.told)
		require.NoError(t, teller.TellAll(t.Context()))
		return len(m.told) - before
	}
	require.Equal(t, 1, tell())
	require.Equal(t, Submitted, m.told[0].Occasion)
	require.Zero(t, tell(), "nothing changed")
	m.ahead, request().Stage = 60, pmo.StagePrioritization
	require.Zero(t, tell(), "once a day")
	now = now.AddDate(0, 0, 1)
	require.Equal(t, 1, tell())
	require.Equal(t, Daily, m.told[1].Occasion, "it moved on yesterday")
	require.Equal(t, []Cause{Approved, Queue}, []Cause{m.told[1].Reasons[0].Cause, m.told[1].Reasons[1].Cause})
	now = now.AddDate(0, 0, 1)
	require.Zero(t, tell(), "the next day says the same")
	m.ahead, request().Stage = 20, pmo.StageApproach
	require.Equal(t, 1, tell(), "it moved on")
	require.Equal(t, Moved, m.told[2].Occasion)

	m.fails = errors.New("away")
	require.ErrorIs(t, teller.TellAll(t.Context()), m.fails)
}

func TestTheTellerTellsAboutMany(t *testing.T) {
	m := &memory{open: map[string]*Due{}, checked: map[string]pmo.Date{}, ahead: 3}
	for i := range dueAtOnce + 1 {
		id := fmt.Sprint(i)
		m.open[id] = &Due{Request: pmo.Request{ID: id, Status: pmo.StatusOpen, Stage: pmo.StageReview}}
	}
	teller := &Teller{Store: m, Forecasts: m, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return at },
		Portfolios: func() []Portfolio { return []Portfolio{{ID: "core", Zone: time.UTC}} }}
	require.NoError(t, teller.TellAll(t.Context()))
	require.Len(t, m.told, dueAtOnce+1)
}

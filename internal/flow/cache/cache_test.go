package cache

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"leanpmo/internal/flow"
	"leanpmo/internal/pmo"
)

var start = time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)

// model is a read model in memory.
type model struct {
	records map[string]flow.Record
	ledger  []string // ids of requests, by position
	reads   []string
	fails   error
}

func (m *model) FlowRecords(_ context.Context, since, before time.Time) ([]flow.Record, error) {
	m.reads = append(m.reads, "all")
	var list []flow.Record
	for _, r := range m.records {
		ended := r.Ended()
		if ended == nil && before.IsZero() || ended != nil && !ended.Before(since) && (before.IsZero() || ended.Before(before)) {
			list = append(list, r)
		}
	}
	return list, m.fails
}

func (m *model) FlowRecordsOf(_ context.Context, ids []string) ([]flow.Record, error) {
	m.reads = append(m.reads, fmt.Sprint(len(ids)))
	var list []flow.Record
	for _, id := range ids {
		if r, there := m.records[id]; there {
			list = append(list, r)
		}
	}
	return list, m.fails
}

func (m *model) FeedEnd(context.Context) (string, error) { return strconv.Itoa(len(m.ledger)), m.fails }

func (m *model) FlowChanged(_ context.Context, after string, limit int) ([]string, string, error) {
	from, err := strconv.Atoi(after)
	to := min(len(m.ledger), from+limit)
	return slices.Compact(slices.Sorted(slices.Values(m.ledger[from:to]))), strconv.Itoa(to), err
}

// change adds a request or an entry of one.
func (m *model) change(id string, change func(*flow.Record)) {
	r, there := m.records[id]
	if !there {
		r = flow.Record{ID: id, Ref: "R-" + id, Portfolio: "core", Stage: pmo.StageIntake, Status: pmo.StatusOpen, SubmittedAt: start.Add(-time.Hour)}
	}
	r.Events = slices.Clone(r.Events)
	change(&r)
	m.records[id] = r
	m.ledger = append(m.ledger, id)
}

func newModel() *model { return &model{records: map[string]flow.Record{}} }

func seen(t require.TestingT, c *Cache, since time.Time) []flow.Measured {
	v, err := c.Requests(context.Background(), "core", since, start, 0)
	require.NoError(t, err)
	var list []flow.Measured
	for i := range v.Len() {
		require.Equal(t, v.At(i).ID, v.ID(i))
		list = append(list, v.At(i))
	}
	return list
}

// TestWhatIsKeptIsWhatIsRead: however requests change, and for whatever time somebody asks, the cache says the same as reading everything does.
func TestWhatIsKeptIsWhatIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newModel()
		c := New(m)
		stages, events := pmo.Stages(), []string{pmo.EventStage, pmo.EventAsked, pmo.EventSettled, pmo.EventHeld, pmo.EventResumed}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			id := strconv.Itoa(rapid.IntRange(1, 6).Draw(t, "id"))
			at := start.Add(time.Duration(rapid.IntRange(-2000, 0).Draw(t, "minutes")) * time.Hour)
			switch rapid.SampledFrom([]string{"event", "event", "event", "end", "reopen", "gone", "ask"}).Draw(t, "what") {
			case "event":
				m.change(id, func(r *flow.Record) {
					r.Stage = rapid.SampledFrom(stages).Draw(t, "stage")
					r.Events = append(r.Events, flow.Event{Item: id, Event: rapid.SampledFrom(events).Draw(t, "event"), Stage: string(r.Stage), Question: "review/1/approvers", At: at})
					slices.SortStableFunc(r.Events, func(a, b flow.Event) int { return a.At.Compare(b.At) })
				})
			case "end":
				m.change(id, func(r *flow.Record) { r.Status, r.ClosedAt = pmo.StatusClosed, &at })
			case "reopen": // a reset of its workflow
				m.change(id, func(r *flow.Record) { r.Status, r.ClosedAt = pmo.StatusOpen, nil })
			case "gone":
				delete(m.records, id)
				m.ledger = append(m.ledger, id)
			case "ask":
				since := start.AddDate(0, 0, -rapid.IntRange(1, 90).Draw(t, "days"))
				require.Equal(t, seen(t, New(m), since), seen(t, c, since))
			}
		}
		require.Equal(t, seen(t, New(m), start.AddDate(-1, 0, 0)), seen(t, c, start.AddDate(-1, 0, 0)))
	})
}

// TestOnlyWhatChangedIsRead: the first report reads everything, the next ones what has an entry since; nothing new makes no new version.
func TestOnlyWhatChangedIsRead(t *testing.T) {
	m := newModel()
	for i := range 50 {
		m.change(strconv.Itoa(i), func(*flow.Record) {})
	}
	c := New(m)
	since := start.AddDate(0, 0, -30)
	first, err := c.Requests(t.Context(), "", since, start, 0)
	require.NoError(t, err)
	require.Equal(t, 50, first.Len())
	again, err := c.Requests(t.Context(), "", since, start, first.Version)
	require.NoError(t, err)
	require.Equal(t, first.Version, again.Version)
	require.Zero(t, again.Len(), "nothing is listed again")
	m.change("7", func(r *flow.Record) { r.Confidential = true })
	changed, err := c.Requests(t.Context(), "", since, start, 0)
	require.NoError(t, err)
	require.Greater(t, changed.Version, first.Version)
	require.Equal(t, []string{"7"}, changed.Confidential())
	require.Empty(t, first.Confidential(), "a view does not change")
	m.change("8", func(*flow.Record) {}) // an entry that no measure takes
	same, err := c.Requests(t.Context(), "", since, start, 0)
	require.NoError(t, err)
	require.Equal(t, changed.Version, same.Version)
	require.Equal(t, []string{"all", "1", "1"}, m.reads)
	other, err := c.Requests(t.Context(), "other", since, start, 0)
	require.NoError(t, err)
	require.Zero(t, other.Len())
	_, err = c.Requests(t.Context(), "", start.AddDate(0, 0, -90), start, 0)
	require.NoError(t, err)
	require.Equal(t, []string{"all", "1", "1", "all"}, m.reads, "a longer time reads what ended earlier")
}

// TestEverythingIsReadAgainInTheBackground, because a rebuild of the read model writes no entries. A reader does not wait for it.
func TestEverythingIsReadAgainInTheBackground(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newModel()
		m.change("1", func(*flow.Record) {})
		c := New(m)
		since := start.AddDate(0, 0, -30)
		_, err := c.Requests(t.Context(), "", since, start, 0)
		require.NoError(t, err)
		clear(m.records)
		later := start.Add(readAgainAfter + time.Second)
		v, err := c.Requests(t.Context(), "", since, later, 0)
		require.NoError(t, err)
		require.Equal(t, 1, v.Len())
		synctest.Wait()
		v, err = c.Requests(t.Context(), "", since, later, 0)
		require.NoError(t, err)
		require.Zero(t, v.Len())
	})
}

func TestAFaultIsNotKept(t *testing.T) {
	m := newModel()
	m.change("1", func(*flow.Record) {})
	m.fails = errors.New("away")
	c := New(m)
	_, err := c.Requests(t.Context(), "", start, start, 0)
	require.ErrorIs(t, err, m.fails)
	m.fails = nil
	require.Len(t, seen(t, c, start), 1)
	c.turn <- struct{}{} // somebody reads, and takes long
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = c.Requests(ended, "", start, start, 0)
	require.ErrorIs(t, err, context.Canceled)
}

// TestAMeasuredRequestIsKeptWhole: what is packed comes out as it was, but for the ids of its questions.
func TestAMeasuredRequestIsKeptWhole(t *testing.T) {
	end := start.Add(time.Hour)
	r := flow.Record{ID: "a", Ref: "R-1", Portfolio: "core", Stage: pmo.StageReview, Status: pmo.StatusOpen, Kind: "bug", Class: pmo.ClassStandard, Team: "falcon", Approach: "kanban", Themes: []string{"energy"},
		SubmittedAt: start, PulledAt: &end, Events: []flow.Event{{Event: pmo.EventSubmitted, Stage: "intake", At: start}, {Event: pmo.EventStage, Stage: "review", At: end},
			{Event: pmo.EventAsked, Question: "review/1/approvers", At: end, Open: true}, {Event: pmo.EventHeld, At: end}}}
	var n names
	m := flow.Measure(r)
	out := n.unpack(n.pack(m))
	m.Questions[0].ID = ""
	require.Equal(t, m, out)
	require.True(t, n.pack(m).same(n.pack(out)))
	for name, other := range map[string]func(*flow.Record){"team": func(r *flow.Record) { r.Team = "otter" }, "themes": func(r *flow.Record) { r.Themes = []string{"roads"} }, "acceptance": func(r *flow.Record) { r.AcceptedAt = &end },
		"events": func(r *flow.Record) { r.Events = r.Events[:2] }, "confidential": func(r *flow.Record) { r.Confidential = true }} {
		changed := r
		changed.Events = slices.Clone(r.Events)
		other(&changed)
		require.False(t, n.pack(flow.Measure(changed)).same(n.pack(m)), name)
	}
	require.Len(t, slices.Collect(maps.Keys(n.number)), len(n.list))
}

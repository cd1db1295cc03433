package store_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/flow"
	"leanpmo/internal/forecast"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
	"leanpmo/tests/harness/stock"
)

func TestFlow(t *testing.T) {
	s := open(t)
	done := request("Done", inExecution("falcon"), func(r *pmo.Request) { r.AcceptedAt = hours(50) })
	early := request("Early", inExecution("otter"), func(r *pmo.Request) { r.AcceptedAt = hours(20) })
	ahead := request("Ahead", waiting)
	held := request("Held", waiting, func(r *pmo.Request) { r.Status = pmo.StatusOnHold })
	for _, r := range []pmo.Request{done, early, ahead, held} {
		project(t, s, r, pmo.Entry{Seq: 1, Key: "stage_entered/" + string(r.Stage) + "/*1~0", At: hours(1), Event: pmo.EventStage, Stage: r.Stage})
	}
	finished, err := s.FinishedByDay(t.Context(), "core", day, "UTC")
	require.NoError(t, err)
	require.Equal(t, map[pmo.Date]int{dateOf(hours(20)): 1, dateOf(hours(50)): 1}, finished)
	in, err := s.FinishedByDay(t.Context(), "core", day, "Pacific/Kiritimati") // fourteen hours ahead
	require.NoError(t, err)
	require.Equal(t, map[pmo.Date]int{dateOf(hours(20 + 14)): 1, dateOf(hours(50 + 14)): 1}, in)
	demand, err := s.Demand(t.Context(), "core", day.AddDate(-1, 0, 0))
	require.NoError(t, err)
	require.Equal(t, forecast.Demand{Waiting: 1, Accepted: 4, Decided: 4}, demand, "what is on hold does not wait; all four were approved")
	cycles, err := s.Cycles(t.Context(), "core", day)
	require.NoError(t, err)
	require.Len(t, cycles, 2)
	require.True(t, cycles[0].Until.After(cycles[1].Until), "the newest first")
	for _, c := range cycles {
		require.Contains(t, []string{"falcon", "otter"}, c.Team)
		require.True(t, c.Until.After(c.From))
	}

	records, err := s.FlowRecords(t.Context(), hours(25), time.Time{})
	require.NoError(t, err)
	require.Len(t, records, 3)
	for _, r := range records {
		require.Equal(t, []flow.Event{{Item: r.ID, Event: pmo.EventStage, Stage: string(r.Stage), At: hours(1)}}, r.Events)
	}
	before, err := s.FlowRecords(t.Context(), hours(10), hours(25))
	require.NoError(t, err)
	require.Len(t, before, 1, "what ended before")
	require.Equal(t, early.ID, before[0].ID)
	secret := request("Secret", waiting, func(r *pmo.Request) { r.Content.Confidential = true })
	project(t, s, secret)
	records, err = s.FlowRecords(t.Context(), hours(25), time.Time{})
	require.NoError(t, err)
	require.Len(t, records, 4, "it counts for everybody")
	for _, c := range []struct {
		view store.View
		want []string
	}{{store.View{Viewer: "sam"}, nil}, {store.View{Viewer: "rita"}, []string{secret.ID}}, {store.View{Viewer: "auditor", SeesAll: true}, []string{secret.ID}}} {
		readable, err := s.Readable(t.Context(), c.view, []string{secret.ID})
		require.NoError(t, err)
		require.ElementsMatch(t, c.want, readable, c.view.Viewer)
		chosen, err := s.FlowIDs(t.Context(), store.Filter{Kind: "enhancement", Portfolio: "core", Viewer: c.view.Viewer, SeesAll: c.view.SeesAll}, hours(25))
		require.NoError(t, err)
		require.Equal(t, len(c.want) > 0, slices.Contains(chosen, secret.ID), "of what a filter chooses, only what one may read counts")
		require.Contains(t, chosen, done.ID)
		require.NotContains(t, chosen, early.ID)
	}
}

func dateOf(t time.Time) pmo.Date { return pmo.Date(t.Format(time.DateOnly)) }

// TestFlowChangedFollowsTheLedger: after a position, the requests with an entry since; a position is passed once.
func TestFlowChangedFollowsTheLedger(t *testing.T) {
	s := open(t)
	a, b := request("A"), request("B")
	project(t, s, a, entry(1, pmo.EventSubmitted), entry(2, pmo.EventAdmitted))
	end := eventually(t, s, "", a.ID)
	project(t, s, b, entry(1, pmo.EventSubmitted))
	next := eventually(t, s, end, b.ID)
	ids, same, err := s.FlowChanged(t.Context(), next, 10)
	require.NoError(t, err)
	require.Empty(t, ids)
	require.Equal(t, next, same)
	at, err := s.FeedEnd(t.Context())
	require.NoError(t, err)
	require.Equal(t, next, at, "they are positions of the feed")
	first, next, err := s.FlowChanged(t.Context(), "", 1)
	require.NoError(t, err)
	require.Equal(t, []string{a.ID}, first)
	second, _, err := s.FlowChanged(t.Context(), next, 10)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{a.ID, b.ID}, second, "the limit is of entries")
	found, err := s.FlowRecordsOf(t.Context(), []string{a.ID, "018f0000-0000-7000-8000-00000000000a"})
	require.NoError(t, err)
	require.Len(t, found, 1)
	_, _, err = s.FlowChanged(t.Context(), "nonsense", 1)
	require.ErrorIs(t, err, store.ErrBadCursor)
}

// eventually awaits the position after which no entry comes: entries become visible when no older transaction of the cluster runs any more.
func eventually(t *testing.T, s *store.Store, after string, wanted ...string) string {
	t.Helper()
	var end string
	require.Eventually(t, func() bool {
		ids, next, err := s.FlowChanged(t.Context(), after, 10)
		require.NoError(t, err)
		end = next
		return slices.Equal(ids, wanted)
	}, testkit.Patience, 5*time.Millisecond)
	return end
}

// TestFlowReadsFromTheIndexWhatTheLedgerSays: stage and question come from the keys of the entries, which an index has, and are those of their
// bodies; and the index is used.
func TestFlowReadsFromTheIndexWhatTheLedgerSays(t *testing.T) {
	s, dsn := openDSN(t)
	pool := testkit.Pool(t, dsn)
	stock.Fill(t, pool, stock.Size{Requests: 300, Lines: 9_000}, day)
	records, err := s.FlowRecords(t.Context(), day.AddDate(-3, 0, 0), time.Time{})
	require.NoError(t, err)
	require.Len(t, records, 300)
	rows, err := pool.Query(t.Context(), `SELECT l.request_id::text, l.event, CASE WHEN l.event IN ('submitted', 'stage_entered') THEN coalesce(l.body ->> 'stage', '') ELSE '' END,
    coalesce(l.body ->> 'question', ''), l.event = 'asked' AND EXISTS (SELECT FROM question q WHERE q.request_id = l.request_id AND q.id = l.body ->> 'question'), l.at
FROM ledger l WHERE l.event IN ('submitted', 'stage_entered', 'asked', 'settled', 'timed_out', 'superseded', 'held', 'resumed') ORDER BY l.request_id, l.at, l.position`)
	require.NoError(t, err)
	bodies, err := pgx.CollectRows(rows, pgx.RowToStructByPos[flow.Event])
	require.NoError(t, err)
	said := map[string][]flow.Event{}
	for _, e := range bodies {
		e.At = e.At.UTC()
		said[e.Item] = append(said[e.Item], e)
	}
	open := 0
	for _, r := range records {
		require.Equal(t, said[r.ID], r.Events)
		if slices.ContainsFunc(r.Events, func(e flow.Event) bool { return e.Open }) {
			open++
		}
	}
	require.Positive(t, open)

	var plan string
	require.NoError(t, pool.QueryRow(context.Background(), `EXPLAIN (FORMAT json) SELECT l.request_id::text, l.event, l.key, l.at FROM ledger l WHERE l.request_id = ANY ($1::text[]::uuid[])
    AND l.event IN ('submitted', 'stage_entered', 'asked', 'settled', 'timed_out', 'superseded', 'held', 'resumed') ORDER BY l.request_id, l.at, l.position`,
		pgx.QueryExecModeExec, []string{records[0].ID, records[1].ID}).Scan(&plan))
	require.Contains(t, plan, "ledger_flow") // alone, as soon as no older transaction keeps Postgres from marking the rows as visible to all
}

// TestTheLedgerIsReadFromEitherEnd holds that both orders have the same entries, page by page.
func TestTheLedgerIsReadFromEitherEnd(t *testing.T) {
	s := open(t)
	r := request("Long")
	var entries []pmo.Entry
	for i := range 7 {
		entries = append(entries, entry(int64(i+1), pmo.EventReported))
	}
	project(t, s, r, entries...)
	read := func(page func(from int64) (store.Page[store.LedgerEntry], error)) (list []int64) {
		for from := int64(0); ; {
			p, err := page(from)
			require.NoError(t, err)
			for _, e := range p.Items {
				list, from = append(list, e.Seq), e.Position
			}
			if p.Next == "" {
				return list
			}
		}
	}
	oldest := read(func(from int64) (store.Page[store.LedgerEntry], error) { return s.Ledger(t.Context(), r.ID, from, 3) })
	newest := read(func(from int64) (store.Page[store.LedgerEntry], error) {
		return s.LedgerNewest(t.Context(), r.ID, from, 3)
	})
	require.Equal(t, []int64{1, 2, 3, 4, 5, 6, 7}, oldest)
	slices.Reverse(newest)
	require.Equal(t, oldest, newest)
}

// TestPrerequisitesOfForecasts are those of requests that wait, as far as they are neither delivered nor closed.
func TestPrerequisitesOfForecasts(t *testing.T) {
	s := open(t)
	numbered := func(title string, number int64, with ...func(*pmo.Request)) pmo.Request {
		return request(title, append(with, func(r *pmo.Request) { r.Number = number })...)
	}
	needs := func(refs ...string) func(*pmo.Request) { return func(r *pmo.Request) { r.Content.Needs = refs } }
	begun := numbered("Begun", 1, inExecution("falcon"))
	delivered := numbered("Delivered", 2, inExecution("falcon"), func(r *pmo.Request) { r.AcceptedAt = hours(50) })
	rejected := numbered("Rejected", 3, func(r *pmo.Request) {
		r.Status, r.Outcome, r.ClosedAt = pmo.StatusClosed, pmo.OutcomeRejected, hours(6)
	})
	ranked := numbered("Ranked", 4, waiting)
	needing := numbered("Needing", 5, waiting, needs("R-1", "R-2", "R-3", "R-4", "R-99"))
	ended := numbered("Ended", 6, needs("R-1"), func(r *pmo.Request) {
		r.Status, r.Outcome, r.ClosedAt = pmo.StatusClosed, pmo.OutcomeRejected, hours(6)
	})
	for _, r := range []pmo.Request{begun, delivered, rejected, ranked, needing, ended} {
		project(t, s, r)
	}
	run(t, s, "run/1", false, []store.RankedRequest{line(ranked, 1), line(needing, 2)})
	found, err := s.Prerequisites(t.Context())
	require.NoError(t, err)
	byID := map[string]forecast.Prerequisite{}
	for _, p := range found {
		require.Equal(t, needing.ID, p.NeededBy)
		byID[p.Request.ID] = p
	}
	require.Len(t, byID, 2)
	require.Equal(t, 1, byID[ranked.ID].Rank)
	require.False(t, func() bool { r := byID[ranked.ID].Request; return r.Pulled() }())
	work := byID[begun.ID].Request
	require.Equal(t, "falcon", work.Assignment.Team)
	require.True(t, work.Pulled())
	require.WithinDuration(t, begun.PulledAt, work.PulledAt, time.Millisecond)
	require.Equal(t, []any{"core", pmo.StageExecution, pmo.StatusOpen}, []any{work.Portfolio, work.Stage, work.Status})
}

// TestArrivalsAreWhatRunsRankedFirst, beginning with the second run of a portfolio.
func TestArrivalsAreWhatRunsRankedFirst(t *testing.T) {
	s := open(t)
	a, b, c := request("A", waiting), request("B", waiting), request("C", waiting)
	for _, r := range []pmo.Request{a, b, c} {
		project(t, s, r)
	}
	ranked := func(r pmo.Request, rank, before int) store.RankedRequest {
		l := line(r, rank)
		l.PreviousRank = before
		return l
	}
	arrivals := func(since, now time.Time) forecast.Arrivals {
		found, err := s.Arrivals(t.Context(), "core", since, now)
		require.NoError(t, err)
		return found
	}
	run(t, s, "run/1", false, []store.RankedRequest{ranked(a, 1, 0)})
	require.Empty(t, arrivals(day, hours(50)).Places, "the first one finds what waited before there was a ranking")
	run(t, s, "dry", true, []store.RankedRequest{ranked(b, 1, 0), ranked(a, 2, 1)})
	run(t, s, "run/2", false, []store.RankedRequest{ranked(b, 1, 0), ranked(a, 2, 1)})
	run(t, s, "run/3", false, []store.RankedRequest{ranked(b, 1, 1), ranked(c, 2, 0), ranked(a, 3, 2)})
	run(t, s, "run/4", false, []store.RankedRequest{ranked(b, 1, 1), ranked(c, 2, 2), ranked(a, 3, 3)})
	found := arrivals(day, hours(50))
	require.Equal(t, []float64{.25, .5}, found.Places, "first of two, second of three; a dry run ranks nothing")
	require.InDelta(t, 2, found.Days, 1e-9, "since run/2, at hour 2")
	require.Empty(t, arrivals(hours(10), hours(50)).Places, "all of them are older")
	require.Empty(t, arrivals(day, hours(1)).Places)
	other, err := s.Arrivals(t.Context(), "other", day, hours(50))
	require.NoError(t, err)
	require.Zero(t, other.Days)
}

// TestForecastTeams are the teams with their people and absences.
func TestForecastTeams(t *testing.T) {
	s := open(t)
	away := pmo.Absence{From: "2027-03-01", Until: "2027-03-05", WholeTeam: true}
	_, err := s.PutTeam(t.Context(), pmo.Team{ID: "falcon", Name: "Falcon", Portfolio: "core", Leads: []string{"lea"}, Members: []string{"ann", "bo"}, Skills: []string{"go"}, Capacity: 4,
		Absences: []pmo.Absence{away}}, "pia", day)
	require.NoError(t, err)
	teams, err := s.ForecastTeams(t.Context())
	require.NoError(t, err)
	require.Equal(t, []forecast.Team{{ID: "falcon", People: []string{"lea", "ann", "bo"}, Absences: []pmo.Absence{away}}}, teams)
}

package store_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

// run is a saved run of portfolio core that pulls the requests named.
func run(t testing.TB, s *store.Store, id string, dry bool, lines []store.RankedRequest, pulled ...string) {
	t.Helper()
	inPortfolio(t, s, func(tx *store.PortfolioTx) {
		require.NoError(t, tx.SavePrioritization(t.Context(), store.Prioritization{ID: id, Portfolio: "core", At: hours(2), Cause: "schedule", Dry: dry, Policy: "p1",
			Count: len(lines), Pulled: pulled, Words: "Ranked."}, lines))
	})
}

// TestSlotsAndHoldsFollowTheSnapshot starts each case with an unconfirmed slot and capacity held by an assignment, projects snapshots one
// after the other, and checks what is left.
func TestSlotsAndHoldsFollowTheSnapshot(t *testing.T) {
	delivered := func(r *pmo.Request) {
		inExecution("falcon")(r)
		r.Stage, r.AcceptedAt = pmo.StageClosure, hours(9)
	}
	closed := func(r *pmo.Request) {
		inExecution("falcon")(r)
		r.Status, r.Outcome, r.ClosedAt = pmo.StatusClosed, pmo.OutcomeCancelled, hours(9)
	}
	held := func(r *pmo.Request) {
		inExecution("falcon")(r)
		r.Status, r.Hold = pmo.StatusOnHold, &pmo.Hold{By: "rita", Since: hours(9)}
	}
	type state = func(*pmo.Request)
	s := open(t)
	putTeam(t, s, "falcon")
	for name, c := range map[string]struct {
		then        []state
		events      []string // of the last snapshot
		slots, wips int
	}{
		"still waits for the pull":                   {then: []state{waiting}, slots: 1},
		"in intake":                                  {then: []state{func(*pmo.Request) {}}},
		"deferred":                                   {then: []state{func(r *pmo.Request) { r.Stage, r.Status = pmo.StageReview, pmo.StatusDeferred }}},
		"pulled, looks for a team":                   {then: []state{inAssignment}, slots: 1, wips: 1},
		"pulled, has a team":                         {then: []state{inExecution("falcon")}, slots: 1, wips: 1},
		"has another team":                           {then: []state{inExecution("otter")}, slots: 1},
		"a team declined":                            {then: []state{inExecution("falcon"), inAssignment}, slots: 1},
		"offered and declined in one projection":     {then: []state{func(r *pmo.Request) { inAssignment(r); r.Declined = []pmo.Decline{{Team: "falcon"}} }}, events: []string{pmo.EventOffered, pmo.EventDeclined}, slots: 1},
		"back in review after the pull":              {then: []state{func(r *pmo.Request) { inAssignment(r); r.Stage = pmo.StageReview }}, slots: 1},
		"on hold":                                    {then: []state{inExecution("falcon"), held}},
		"held and resumed":                           {then: []state{inExecution("falcon"), held, waiting}},
		"held and resumed in one projection":         {then: []state{inExecution("falcon"), waiting}},
		"pulled, held and resumed in one projection": {then: []state{waiting}, events: []string{pmo.EventPulled, pmo.EventHeld, pmo.EventResumed}},
		"delivered":                                  {then: []state{inExecution("falcon"), delivered}},
		"delivered at the first projection":          {then: []state{delivered}},
		"closed":                                     {then: []state{inExecution("falcon"), closed}},
		"closed at the first projection":             {then: []state{closed}},
	} {
		t.Run(name, func(t *testing.T) {
			r := request("Leaks nothing", waiting)
			project(t, s, r)
			run(t, s, "run/"+name, false, nil, r.ID)
			inPortfolio(t, s, func(tx *store.PortfolioTx) {
				require.NoError(t, tx.HoldCapacity(t.Context(), r.ID, store.AssignmentPlace{Team: "falcon", Size: 3}, hours(3), 0))
			})
			for i, change := range c.then {
				next := request("Leaks nothing", change)
				next.ID, next.Seq = r.ID, int64(i+2)
				var entries []pmo.Entry
				for j, event := range c.events {
					entries = append(entries, entry(int64(10*i+j), event))
				}
				project(t, s, next, entries...)
				project(t, s, next, entries...) // a repetition changes nothing
			}
			require.Equal(t, c.slots, slots(t, s).Total)
			require.Equal(t, c.wips, team(t, s, "falcon").WIP)

			end := request("Leaks nothing", closed)
			end.ID, end.Seq = r.ID, 99
			project(t, s, end)
			require.Zero(t, slots(t, s).Total)
			require.Zero(t, team(t, s, "falcon").WIP)
		})
	}
}

func TestFreedSlotWantsAPrioritizationOnlyIfARequestWaits(t *testing.T) {
	s, dsn := openDSN(t)
	pool := testkit.Pool(t, dsn)
	putTeam(t, s, "falcon")
	a, b := request("A", inExecution("falcon")), request("B", waiting)
	require.Empty(t, project(t, s, a))
	a.Seq, a.AcceptedAt = 2, hours(9)
	require.Empty(t, project(t, s, a), "no request waits")

	c := request("C", inExecution("falcon"))
	project(t, s, c)
	require.Empty(t, project(t, s, b), "a standard request waits for the schedule")
	c.Seq, c.AcceptedAt = 2, hours(9)
	require.Equal(t, store.CauseCapacity, project(t, s, c), "a slot is free and B waits")
	b.Seq = 2
	require.Empty(t, project(t, s, b), "one caller has been selected to request it")
	later := func() {
		_, err := pool.Exec(t.Context(), `UPDATE portfolio SET run_asked_at = run_asked_at - interval '1 minute', run_wanted_since = run_wanted_since - interval '1 minute'`)
		require.NoError(t, err)
	}
	later()
	require.Equal(t, store.CauseCapacity, project(t, s, b), "it has not happened: the call may have been lost")
	require.Empty(t, project(t, s, b))
	run(t, s, "dry", true, nil)
	later()
	require.Equal(t, store.CauseCapacity, project(t, s, b), "a dry run does not count")
	run(t, s, "real", false, nil)
	later()
	require.Empty(t, project(t, s, b))

	d := request("D", inExecution("falcon"))
	project(t, s, d)
	d.Seq, d.AcceptedAt = 2, hours(10)
	require.Equal(t, store.CauseCapacity, project(t, s, d), "a prioritization wanted anew is requested at once")
}

func TestExpediteRequestWantsAPrioritizationOnce(t *testing.T) {
	s := open(t)
	r := request("Burning", waiting, class(pmo.ClassExpedite))
	require.Equal(t, store.CauseExpedite, project(t, s, r))
	run(t, s, "run/1", false, nil)
	r.Seq = 2
	require.Empty(t, project(t, s, r), "the prioritization included it")

	raised := request("Raised", waiting)
	require.Empty(t, project(t, s, raised))
	raised.Seq, raised.Content.Class = 2, pmo.ClassExpedite
	require.Equal(t, store.CauseExpedite, project(t, s, raised))
}

// TestCauseBelongsToTheWantedPrioritization: the cause that is stored first stays until the prioritization; the next one has its own.
func TestCauseBelongsToTheWantedPrioritization(t *testing.T) {
	s := open(t)
	require.Equal(t, store.CauseExpedite, project(t, s, request("Burning", waiting, class(pmo.ClassExpedite))))
	done := request("Done", inExecution("falcon"))
	project(t, s, done)
	done.Seq, done.AcceptedAt = 2, hours(9)
	require.Empty(t, project(t, s, done), "one is already wanted and requested")
	require.NoError(t, s.PrioritizationNotRequested(t.Context(), "core"))
	done.Seq = 3
	require.Equal(t, store.CauseExpedite, project(t, s, done), "the cause is the one stored first")
	run(t, s, "run/1", false, nil)

	team := request("Waits for a team", inAssignment)
	project(t, s, team)
	putTeam(t, s, "falcon")
	team.Seq = 2
	require.Equal(t, store.CauseCapacity, project(t, s, team), "a new team is capacity")
	run(t, s, "run/2", false, nil)

	inPortfolio(t, s, func(tx *store.PortfolioTx) {
		require.NoError(t, tx.HoldCapacity(t.Context(), done.ID, store.AssignmentPlace{Team: "falcon", Size: 1}, hours(3), 0))
		require.NoError(t, tx.ReleaseCapacity(t.Context(), done.ID))
	})
	team.Seq = 3
	require.Equal(t, store.CauseCapacity, project(t, s, team), "released capacity")
}

// TestVersionBeforeWorksOnTheNewerSchema runs the statements of the version before, which do not write the cause.
func TestVersionBeforeWorksOnTheNewerSchema(t *testing.T) {
	s, dsn := openDSN(t)
	r := request("Waits", waiting)
	project(t, s, r)
	_, err := testkit.Pool(t, dsn).Exec(t.Context(), `INSERT INTO portfolio (id) VALUES ('core') ON CONFLICT (id) DO NOTHING`)
	require.NoError(t, err)
	_, err = testkit.Pool(t, dsn).Exec(t.Context(), `UPDATE portfolio SET run_wanted_since = clock_timestamp() WHERE id = 'core'`)
	require.NoError(t, err)
	r.Seq = 2
	require.Equal(t, store.CauseCapacity, project(t, s, r))
}

func TestSlotOfAnUnknownRequestIsReturned(t *testing.T) {
	s := open(t)
	a, b := request("A", waiting), request("B", waiting)
	project(t, s, a)
	project(t, s, b)
	run(t, s, "run/1", false, nil, a.ID)
	returnSlot := func(run string) {
		inPortfolio(t, s, func(tx *store.PortfolioTx) { require.NoError(t, tx.ReturnSlot(t.Context(), a.ID, run)) })
	}
	returnSlot("run/0")
	require.Equal(t, 1, slots(t, s).Total, "the slot of another prioritization")
	returnSlot("run/1")
	require.Zero(t, slots(t, s).Total)
	b.Seq = 2
	require.Equal(t, store.CauseCapacity, project(t, s, b), "its slot is free for B")

	inExecution("falcon")(&a)
	a.Seq = 2
	project(t, s, a)
	returnSlot("run/1")
	require.Equal(t, 1, slots(t, s).Total, "a confirmed slot stays")
}

func TestOnlyAWaitingRequestGetsASlot(t *testing.T) {
	s := open(t)
	gone := request("Gone", waiting)
	project(t, s, gone)
	gone.Seq, gone.Status, gone.Outcome, gone.ClosedAt = 2, pmo.StatusClosed, pmo.OutcomeWithdrawn, hours(2)
	project(t, s, gone)
	run(t, s, "run/1", false, nil, gone.ID)
	require.Zero(t, slots(t, s).Total)
}

func TestTeamLoadCountsHeldAndFirmCapacity(t *testing.T) {
	s := open(t)
	putTeam(t, s, "falcon")
	a, b := request("A", inExecution("falcon")), request("B", inAssignment)
	project(t, s, a)
	project(t, s, b)
	inPortfolio(t, s, func(tx *store.PortfolioTx) {
		rows, err := tx.WaitingForTeam(t.Context())
		require.NoError(t, err)
		require.Len(t, rows, 1)
		require.NoError(t, tx.HoldCapacity(t.Context(), b.ID, store.AssignmentPlace{Team: "falcon", Size: 2}, hours(3), 0))
		rows, err = tx.WaitingForTeam(t.Context())
		require.NoError(t, err)
		require.Empty(t, rows, "capacity is held for it")
		teams, err := tx.Teams(t.Context())
		require.NoError(t, err)
		require.Equal(t, 2, teams[0].WIP)
		require.InDelta(t, 5, teams[0].Load, 0.001)
		require.ElementsMatch(t, []store.HeldWork{{Size: 3, Class: pmo.ClassStandard, Kind: a.Content.Kind}, {Size: 2, Class: pmo.ClassStandard, Kind: b.Content.Kind}}, teams[0].Held)
		holds, err := tx.Holds(t.Context())
		require.NoError(t, err)
		require.Equal(t, a.Content.Kind, holds[0].Kind)
		require.NoError(t, tx.ReleaseCapacity(t.Context(), b.ID))
	})
	require.Equal(t, 1, team(t, s, "falcon").WIP)
}

func TestFailedPortfolioTransactionIsRolledBack(t *testing.T) {
	s := open(t)
	r := request("A", waiting)
	project(t, s, r)
	err := s.InPortfolio(t.Context(), "core", func(tx *store.PortfolioTx) error {
		require.NoError(t, tx.SavePrioritization(t.Context(), store.Prioritization{ID: "run/1", At: day, Pulled: []string{r.ID}}, nil))
		return context.Canceled
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Zero(t, slots(t, s).Total)
}

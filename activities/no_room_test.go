package activities

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// accepted is work that a team with room for it accepted at a time and works on.
func (b *bench) accepted(t *testing.T, title string, size float64, at time.Time, change ...func(*pmo.Request)) string {
	t.Helper()
	in := b.offered(t, title, size, func(a *pmo.Assignment) { a.ConfirmedAt = at })
	b.change(in.ID, func(r *pmo.Request) {
		r.Process, r.Stage = pmo.LatestProcess, pmo.StageExecution
		for _, f := range change {
			f(r)
		}
	})
	return in.ID
}

// changeTeam changes a team an hour after the day begins.
func (b *bench) changeTeam(ctx context.Context, id string, change func(*pmo.Team)) error {
	for {
		team, err := b.store.Team(ctx, id)
		if err != nil {
			return err
		}
		change(&team.Team)
		if _, err = b.store.PutTeam(ctx, team.Team, "theo", day.Add(time.Hour)); !errors.Is(err, store.ErrConflict) {
			return err
		}
	}
}

// TestAcceptedWorkThatNoLongerFitsIsFound: what its team had accepted before it changed, and no more than does not fit; with who could take it. What
// was told is not told again, and room that comes back is.
func TestAcceptedWorkThatNoLongerFitsIsFound(t *testing.T) {
	b := newBench(t)
	b.team("falcon", 10, 9, "web")
	b.accepted(t, "First", 2, day)
	last := b.accepted(t, "Last", 3, day.Add(time.Minute))
	b.accepted(t, "Of before", 1, day.Add(2*time.Minute), func(r *pmo.Request) { r.Process = pmo.Process11 - 1 })
	b.accepted(t, "After the change", 1, day.Add(3*time.Hour))
	b.team("otter", 10, 9, "web")
	run := func(id string) contract.PrioritizationResult { return b.rankAt(id, false, day.Add(2*time.Hour)) }

	require.NoError(t, b.changeTeam(t.Context(), "falcon", func(team *pmo.Team) { team.Name = "Falcons" }))
	require.Empty(t, run("run-0").NoRoom, "it holds 7 of 8, and its name changed")
	require.Equal(t, 0, b.count(`SELECT count(*) FROM team WHERE room_changed_at IS NOT NULL`))

	require.NoError(t, b.changeTeam(t.Context(), "falcon", func(team *pmo.Team) { team.Capacity = 6 }))
	require.Equal(t, 1, b.count(`SELECT count(*) FROM portfolio WHERE run_wanted_cause = 'capacity'`), "nobody waits for a team, and a run is wanted all the same")
	lost := run("run-1").NoRoom
	require.Equal(t, []contract.NoRoom{{RequestID: last, NoRoom: pmo.NoRoom{Team: "falcon", At: day.Add(2 * time.Hour), Next: "otter",
		Why:  "Now Falcons has a capacity of 6 team-weeks, of which 80 % may be taken: 4.8. It has accepted 7. This work takes 3 team-weeks.",
		Move: "otter could take it now; too little finished work says when it would be done."}}}, lost)

	b.change(last, func(r *pmo.Request) { r.LoseRoom(lost[0].NoRoom, day.Add(2*time.Hour)) })
	asked := run("run-2")
	require.Empty(t, asked.NoRoom)
	require.Empty(t, asked.HasRoom)

	require.NoError(t, b.changeTeam(t.Context(), "falcon", func(team *pmo.Team) { team.Capacity = 9 }))
	require.Equal(t, []contract.HasRoom{{RequestID: last, Team: "falcon"}}, run("run-3").HasRoom)
	b.change(last, func(r *pmo.Request) { r.FindRoom("falcon", day.Add(2*time.Hour)) })
	require.NoError(t, b.changeTeam(t.Context(), "falcon", func(team *pmo.Team) { team.WIPLimit = 3 }))
	require.Len(t, run("run-4").NoRoom, 1)
	b.change(last, func(r *pmo.Request) { r.Assignment.OverLimit = true })
	require.Empty(t, run("run-5").NoRoom, "the PMO put the team over its limits for it, and the others fit")
}

// TestTwoChangesAtOnceOpenOneQuestion: both runs that follow find that the work does not fit, and the request asks once.
func TestTwoChangesAtOnceOpenOneQuestion(t *testing.T) {
	b := newBench(t)
	b.team("falcon", 10, 9, "web")
	id := b.accepted(t, "Accepted", 3, day)
	faults, found := make([]error, 2), make([][]contract.NoRoom, 2)
	var both sync.WaitGroup
	for i, change := range []func(*pmo.Team){func(team *pmo.Team) { team.Capacity = 3 }, func(team *pmo.Team) { team.LoadCeiling = 0.2 }} {
		both.Go(func() {
			if faults[i] = b.changeTeam(context.Background(), "falcon", change); faults[i] != nil {
				return
			}
			done, err := b.Rank(context.Background(), contract.RankInput{PrioritizationInput: contract.PrioritizationInput{Portfolio: portfolio, Cause: "capacity"},
				ID: []string{"run-1", "run-2"}[i], At: day.Add(2 * time.Hour)})
			faults[i], found[i] = err, done.NoRoom
		})
	}
	both.Wait()
	require.NoError(t, errors.Join(faults...))
	row, err := b.store.Request(t.Context(), id)
	require.NoError(t, err)
	r := row.Request
	r.Plan = &pmo.Plan{Approach: "kanban", AgreedAt: day}
	for _, list := range found {
		require.Len(t, list, 1)
		require.Equal(t, id, list[0].RequestID)
		r.LoseRoom(list[0].NoRoom, day.Add(2*time.Hour))
		for step := r.NextStep(day.Add(2 * time.Hour)); step.Action == pmo.ActionOpenQuestion; step = r.NextStep(day.Add(2 * time.Hour)) {
			r.OpenQuestion(step.Question, pmo.QuestionTerms{People: []string{"sam", "theo"}, Quorum: pmo.Quorum{Mode: pmo.QuorumAll}, OnSilence: pmo.VerdictKeep,
				DueAt: day.AddDate(0, 0, 7)}, day.Add(2*time.Hour))
		}
	}
	require.Len(t, r.OpenQuestions(), 1)
	require.Equal(t, "place/1", r.OpenQuestions()[0].ID)
}

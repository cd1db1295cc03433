package activities

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// offered puts a request to a team that has room for it, and projects that its lead is asked, or that the team has accepted.
func (b *bench) offered(t *testing.T, title string, size float64, change func(*pmo.Assignment)) contract.AssignInput {
	t.Helper()
	in := b.forTeam(title, size)
	out := b.assign(in)
	require.NotEmpty(t, out.Team, out.Waits)
	row, err := b.store.Request(t.Context(), in.ID)
	require.NoError(t, err)
	a := &pmo.Assignment{Team: out.Team, Leads: out.Leads, Size: out.Size, OfferedAt: day}
	change(a)
	row.Assignment, row.Seq = a, row.Seq+1
	b.project(row.Request)
	return in
}

// TestOffersForWhichATeamHasNoRoomAnyMoreAreLost: the latest first, and no more than are over its limits; neither what it accepted, nor what the
// PMO put over its limits, nor anything while a later week has room.
func TestOffersForWhichATeamHasNoRoomAnyMoreAreLost(t *testing.T) {
	b := newBench(t)
	b.team("falcon", 10, 9, "web")
	asked := func(*pmo.Assignment) {}
	b.offered(t, "Accepted", 2, func(a *pmo.Assignment) { a.ConfirmedAt = day })
	b.offered(t, "By the PMO", 1, func(a *pmo.Assignment) { a.OverLimit = true })
	earlier := b.offered(t, "Earlier", 2, asked)
	later := b.offered(t, "Later", 2, asked)
	lost := func(run string) (ids []string) {
		for _, l := range b.rank(run, false).LostPlaces {
			require.Equal(t, "falcon", l.Team)
			ids = append(ids, l.RequestID)
		}
		return ids
	}
	require.Empty(t, lost("run-1"))
	change := func(f func(*pmo.Team)) {
		t.Helper()
		team, err := b.store.Team(t.Context(), "falcon")
		require.NoError(t, err)
		f(&team.Team)
		_, err = b.store.PutTeam(t.Context(), team.Team, "theo", day)
		require.NoError(t, err)
	}
	change(func(team *pmo.Team) {
		team.Absences = []pmo.Absence{{From: pmo.Date(day.Format(time.DateOnly)), Until: pmo.Date(day.AddDate(0, 0, 10).Format(time.DateOnly)), WholeTeam: true}}
	})
	require.Empty(t, lost("run-2"), "they are back before the weeks that are looked at end")
	change(func(team *pmo.Team) { team.Capacity, team.Absences = 7, nil })
	require.Equal(t, []string{later.ID}, lost("run-3"), "7 team-weeks are held, and 5.6 fit")
	change(func(team *pmo.Team) { team.Capacity, team.WIPLimit = 0, 1 })
	require.Equal(t, []string{later.ID, earlier.ID}, lost("run-4"), "what was accepted stays")
}

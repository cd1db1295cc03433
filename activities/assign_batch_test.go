package activities

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

func (b *bench) batches() (n int) {
	b.t.Helper()
	require.NoError(b.t, b.pool.QueryRow(b.t.Context(), `SELECT count(*) FROM assignment_batch`).Scan(&n))
	return n
}

// TestRequestsReadTheirAnswersOfOneBatch: six equal requests and two idle teams, three each; all from one plan, although each changes the load.
func TestRequestsReadTheirAnswersOfOneBatch(t *testing.T) {
	b := newBench(t)
	b.team("falcon", 12, 9, "web")
	b.team("heron", 12, 9, "web")
	var all []contract.AssignInput
	for _, title := range []string{"A", "B", "C", "D", "E", "F"} {
		all = append(all, b.forTeam(title, 1))
	}
	count := map[string]int{}
	for _, in := range all {
		got := b.assign(in)
		count[got.Team]++
		require.Equal(t, got, b.assign(in), "a repeated search reads the same answer")
	}
	require.Equal(t, map[string]int{"falcon": 3, "heron": 3}, count)
	require.Equal(t, 1, b.batches())

	b.assign(b.forTeam("Later", 1))
	require.Equal(t, 2, b.batches(), "another request waits: the batch holds no longer")
}

// TestADeclineAndAChangedTeamMakeANewBatch: the answer respects both.
func TestADeclineAndAChangedTeamMakeANewBatch(t *testing.T) {
	b := newBench(t)
	b.team("falcon", 12, 0, "web")
	in := b.forTeam("Declined", 1)
	require.Equal(t, "falcon", b.assign(in).Team)
	b.team("heron", 12, 0, "web")
	in.Declined = []string{"falcon"}
	require.Equal(t, "heron", b.assign(in).Team)
	require.Equal(t, 2, b.batches())
	require.Zero(t, b.load("falcon"))
}

// searchByTwo lets two workers search for a team for all at once, each for every one of them.
func (b *bench) searchByTwo(all []contract.AssignInput) {
	other := New(b.Deps)
	var wait sync.WaitGroup
	for _, in := range all {
		for _, worker := range []*Activities{b.Activities, other} {
			wait.Go(func() { _, _ = worker.Assign(b.t.Context(), in) })
		}
	}
	wait.Wait()
}

// TestTwoWorkersNeverGiveTheSamePlace: two workers search for twelve requests at once, each request twice, where eight have room.
func TestTwoWorkersNeverGiveTheSamePlace(t *testing.T) {
	b := newBench(t)
	b.team("falcon", 10, 4, "web")
	b.team("heron", 5, 9, "web")
	var all []contract.AssignInput
	for range 12 {
		all = append(all, b.forTeam("Crowded", 1))
	}
	b.searchByTwo(all)
	held := map[string]float64{}
	rows, err := b.pool.Query(t.Context(), `SELECT team, sum(size)::float8 FROM capacity_hold GROUP BY team`)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var team string
		var size float64
		require.NoError(t, rows.Scan(&team, &size))
		held[team] = size
	}
	require.NoError(t, rows.Err())
	require.Equal(t, map[string]float64{"falcon": 4, "heron": 4}, held, "the WIP limit of one, the ceiling of the other")
	require.LessOrEqual(t, b.batches(), 3)
}

// TestARequestWithANamedTeamIsPlannedWithTheOthers: it takes no place of a team that it would not go to, its place is one of the same batch, and room
// elsewhere is none for it.
func TestARequestWithANamedTeamIsPlannedWithTheOthers(t *testing.T) {
	b := newBench(t)
	b.team("falcon", 10, 1, "web")
	b.team("heron", 10, 1, "gis")
	named, other := b.forTeam("Named", 1), b.forTeam("Other", 1)
	row, err := b.store.Request(t.Context(), named.ID)
	require.NoError(t, err)
	row.NamedTeam, row.Seq = &pmo.NamedTeam{Team: "heron", By: "petra"}, row.Seq+1
	b.project(row.Request)
	named.Named = "heron"
	require.Equal(t, "falcon", b.assign(other).Team, "the named one does not want that place")
	out := b.assign(named)
	require.Equal(t, "heron", out.Team)
	require.Equal(t, "The PMO named heron", out.Reasons[0])
	require.Len(t, out.Reasons, 2)
	require.Equal(t, 1, b.batches(), "both read their answers of one batch")

	second := b.forTeam("Second", 1)
	row, err = b.store.Request(t.Context(), second.ID)
	require.NoError(t, err)
	row.NamedTeam, row.Seq = &pmo.NamedTeam{Team: "heron", By: "petra"}, row.Seq+1
	b.project(row.Request)
	b.team("otter", 10, 9, "web")
	require.Empty(t, b.rank("run", false).WaitForTeam, "it waits for heron alone")
	second.Named = "heron"
	require.Contains(t, b.assign(second).Waits, "heron at WIP limit 1/1")
}

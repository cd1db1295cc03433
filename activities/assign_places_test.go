package activities

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// searching are places of teams that many workers ask for at once.
type searching struct {
	*bench
	workers []*Activities
	given   map[string]string // team by request, as the last search said
	mu      sync.Mutex
}

func (s *searching) search(ctx context.Context, worker int, in contract.AssignInput) error {
	out, err := s.workers[worker%len(s.workers)].Assign(ctx, in)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.given[in.ID] = out.Team
	return err
}

// over lists the teams that hold more than they may, as committed now.
func (b *bench) over(ctx context.Context) (teams []string, err error) {
	rows, err := b.pool.Query(ctx, `SELECT t.id FROM team t JOIN capacity_hold h ON h.team = t.id GROUP BY t.id
		HAVING count(*) > t.wip_limit OR sum(h.size) > 0.8 * t.capacity + 1e-9`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		teams = append(teams, id)
	}
	return teams, rows.Err()
}

// TestManyWorkersAskForTheLastPlaces: eight workers search for twenty requests, where the teams have seven places, while requests that have one are
// put on hold and others search again. At no time does a team hold more than its limits; in the end every place is taken once.
func TestManyWorkersAskForTheLastPlaces(t *testing.T) {
	b := newBench(t)
	b.team("falcon", 10, 3, "web") // its WIP limit binds
	b.team("heron", 5, 9, "web")   // its ceiling binds: four team-weeks
	b.team("otter", 100, 9, "cobol")
	s := &searching{bench: b, given: map[string]string{}}
	for range 8 {
		s.workers = append(s.workers, New(b.Deps))
	}
	var all []contract.AssignInput
	for range 20 {
		all = append(all, b.forTeam("Crowded", 1))
	}
	watch, stop := context.WithCancel(t.Context())
	watched := make(chan []string, 1)
	go func() {
		var bad []string
		for watch.Err() == nil {
			teams, err := b.over(context.WithoutCancel(watch))
			if err != nil {
				teams = []string{err.Error()}
			}
			bad = append(bad, teams...)
			time.Sleep(time.Millisecond)
		}
		watched <- bad
	}()
	s.all(t, all)
	given := s.placed(all)
	require.Len(t, given, 7)
	held := given[:3]
	var wait sync.WaitGroup
	for _, in := range held {
		wait.Go(func() { b.onHold(t, in.ID) })
	}
	rest := all[:0:0]
	for _, in := range all {
		if in.ID != held[0].ID && in.ID != held[1].ID && in.ID != held[2].ID {
			rest = append(rest, in)
		}
	}
	s.all(t, rest)
	wait.Wait()
	s.all(t, rest)
	stop()
	require.Empty(t, <-watched, "no team ever holds more than it may")
	require.Len(t, s.placed(rest), 7, "the places that were given back are taken again")
	require.InDelta(t, 3, b.load("falcon"), 1e-9)
	require.InDelta(t, 4, b.load("heron"), 1e-9)
	require.Zero(t, b.load("otter"))
}

// all searches for all of them at once.
func (s *searching) all(t *testing.T, list []contract.AssignInput) {
	t.Helper()
	errs := make([]error, len(list))
	var wait sync.WaitGroup
	for i, in := range list {
		wait.Go(func() { errs[i] = s.search(t.Context(), i, in) })
	}
	wait.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
}

// placed are those of the list that hold a place, each where its search said.
func (s *searching) placed(list []contract.AssignInput) (found []contract.AssignInput) {
	s.t.Helper()
	for _, in := range list {
		var team string
		err := s.pool.QueryRow(s.t.Context(), `SELECT coalesce((SELECT team FROM capacity_hold WHERE request_id = $1), '')`, in.ID).Scan(&team)
		require.NoError(s.t, err)
		require.Equal(s.t, s.given[in.ID], team)
		if team != "" {
			found = append(found, in)
		}
	}
	return found
}

// onHold puts a request on hold as its process does, which gives its place back.
func (b *bench) onHold(t *testing.T, id string) {
	row, err := b.store.Request(t.Context(), id)
	if err == nil {
		row.Status, row.Pull, row.Assignment, row.Seq = pmo.StatusOnHold, nil, nil, row.Seq+1
		_, _, err = b.store.Project(t.Context(), "run-of-"+id, row.Request, nil)
	}
	if err != nil {
		t.Errorf("put %s on hold: %v", id, err)
	}
}

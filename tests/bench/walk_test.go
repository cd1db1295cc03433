package bench

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

// patience is how long a walk waits for anything.
const patience = testkit.Patience

// step is one command of a request's way.
type step struct {
	name string
	do   func(id string) error
}

// way is the straight-through path after the receipt. asked adds what the default policy wants answered too: the
// way of working, and the plan by the team's lead.
func (e *environment) way(d entryPoint, p *puller, asked bool) []step {
	decide := func(name, as, question, verdict string) step {
		return step{name, func(id string) error { return d.decide(id, as, question, verdict) }}
	}
	report := func(name string, r pmo.Report) step {
		return step{name, func(id string) error { return d.report(id, "theo", r) }}
	}
	third, half := 30, 60
	accept := decide("assignment", "theo", "assignment/1/falcon", pmo.VerdictAccept)
	pull := step{"pull", func(id string) error { return p.pull(id, "assignment/1/falcon") }}
	plan := []step{decide("plan", "sam", "plan/1", pmo.VerdictAgree)}
	if asked {
		pull.do = func(id string) error { return p.pull(id, "approach/1") }
		plan = append(plan, decide("plan, team", "theo", "plan/1", pmo.VerdictAgree))
	}
	steps := []step{decide("approval 1", "ana", "review/1/approvers", pmo.VerdictApprove), decide("approval 2", "bo", "review/1/approvers", pmo.VerdictApprove), pull}
	if asked {
		steps = append(steps, decide("approach", "theo", "approach/1", pmo.VerdictAccept))
	}
	steps = append(append(steps, accept), plan...)
	return append(steps, report("report 1", pmo.Report{Percent: &third, Note: "begun"}), report("report 2", pmo.Report{Percent: &half, Note: "on the way"}),
		report("done", pmo.Report{Done: true}), decide("acceptance", "sam", "acceptance/1", pmo.VerdictAccept))
}

// walk brings one request from the form to its end.
func walk(d entryPoint, steps []step, c pmo.Content) (string, error) {
	id, err := d.submit(c)
	if err != nil {
		return "", fmt.Errorf("submit: %w", err)
	}
	for _, s := range steps {
		if err := s.do(id); err != nil {
			return id, fmt.Errorf("%s of %s: %w", s.name, id, err)
		}
	}
	return id, nil
}

// puller runs prioritizations while somebody waits for a pull: one run serves all who wait.
type puller struct {
	entryPoint entryPoint
	store      *store.Store
	mu         sync.Mutex
	next       *prioritization // the run that has not begun yet
	turn       sync.Mutex      // held while a run goes on
}

type prioritization struct {
	sync.Once
	err error
}

// join waits for a run that begins after now.
func (p *puller) join() error {
	p.mu.Lock()
	if p.next == nil {
		p.next = &prioritization{}
	}
	run := p.next
	p.mu.Unlock()
	run.Do(func() {
		p.turn.Lock()
		defer p.turn.Unlock()
		p.mu.Lock()
		p.next = nil
		p.mu.Unlock()
		run.err = p.entryPoint.prioritize()
	})
	return run.err
}

// pull waits until the request has its slot and a question is open. The look at the read model costs the product nothing.
func (p *puller) pull(id, question string) error {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		if err := p.join(); err != nil {
			return err
		}
		for look := time.Now(); time.Since(look) < 2*time.Second; time.Sleep(5 * time.Millisecond) {
			row, err := p.store.Request(context.Background(), id)
			if err != nil {
				return err
			}
			if q := row.Question(question); q != nil && q.Open() {
				return nil
			}
			if row.WaitsForPull() && row.Slot == nil {
				break // its turn comes with the next run
			}
		}
	}
	return fmt.Errorf("%s is not asked", question)
}

// drain pulls what waits in the backlog, so that a later measurement does not pay for an earlier one.
func (e *environment) drain() {
	e.T.Helper()
	require.NoError(e.T, e.people.prioritize())
	deadline := time.Now().Add(patience)
	for {
		var waiting int
		require.NoError(e.T, e.Pool.QueryRow(context.Background(), `SELECT count(*) FROM request WHERE waits_for <> '' OR stage = 'approach'`).Scan(&waiting))
		if waiting == 0 {
			return
		}
		require.True(e.T, time.Now().Before(deadline), "%d requests still wait for a slot or a team", waiting)
		time.Sleep(50 * time.Millisecond)
	}
}

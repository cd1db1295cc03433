package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"leanpmo/internal/client"
	"leanpmo/internal/wire"
)

// people are the persons of the local directory that the demo acts as.
var people = []string{"sam", "rita", "ana", "bo", office, "theo", "lena", "kai"}

// atOnce is how many stories are processed at the same time.
const atOnce = 6

// Progress is called with how many stories are in their place.
type Progress func(done, total int)

// Run fills the product at url with the demo portfolio. It returns how many requests it added: none when the portfolio is complete. An
// incomplete portfolio, as after an interrupted run, is completed.
func Run(ctx context.Context, url string, tell Progress) (added int, err error) {
	w, err := stories()
	if err != nil {
		return 0, err
	}
	c, err := newUsers(url, people)
	if err != nil {
		return 0, err
	}
	p := &seeder{users: c, ids: map[string]string{}, now: time.Now(), total: len(w.all()), tell: tell}
	if there, err := p.find(ctx, w); err != nil || there {
		return 0, err
	}
	err = p.runBatches(ctx, w)
	return p.added, err
}

// runBatches processes the batches one after the other. The last one marks the portfolio as complete, so it is only processed when all
// others succeeded.
func (p *seeder) runBatches(ctx context.Context, w batches) error {
	var errs []error
	for _, batch := range [][]Story{w.Past, w.Work, w.Waiting} {
		errs = append(errs, p.runBatch(ctx, batch))
		if ctx.Err() != nil {
			break
		}
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return p.runBatch(ctx, w.Last)
}

// seeder submits the stories and brings each to its place.
type seeder struct {
	*users
	now   time.Time
	total int
	tell  Progress
	added int

	ids  map[string]string // key of a story → id of its request
	lock sync.Mutex
	done int
}

// find looks for the requests of an earlier run. The last story is submitted when all others are in place.
func (p *seeder) find(ctx context.Context, w batches) (complete bool, err error) {
	last := w.Last[len(w.Last)-1]
	found, err := p.office().List(ctx, client.Filter{Requester: last.requester(), Text: last.Form.Title, Closed: true, Limit: 200})
	if err != nil {
		return false, fmt.Errorf("look for an earlier demo: %w", err)
	}
	if slices.ContainsFunc(found.Value.Items, func(i wire.RequestItem) bool { return i.Title == last.Form.Title }) {
		return true, nil
	}
	for _, s := range w.all() {
		if err := p.findExisting(ctx, s); err != nil {
			return false, err
		}
	}
	return false, nil
}

func (p *seeder) findExisting(ctx context.Context, s Story) error {
	words := strings.Join(strings.Fields(s.Form.Title), " ")
	found, err := p.office().List(ctx, client.Filter{Requester: s.requester(), Text: words, Closed: true, Limit: 200})
	if err != nil {
		return fmt.Errorf("look for %s: %w", s.Key, err)
	}
	for _, i := range found.Value.Items {
		if i.Title == s.Form.Title {
			p.ids[s.Key] = i.ID
		}
	}
	return nil
}

// runBatch submits its stories in order and brings each to its place. Teams are assigned in turns, so that which story gets a team does
// not depend on timing.
func (p *seeder) runBatch(ctx context.Context, list []Story) error {
	turns := map[int][]*storyRun{}
	var pulled []*storyRun
	for _, s := range list {
		a, err := p.submit(ctx, s)
		if err != nil {
			return err
		}
		turns[s.Goes.turn()] = append(turns[s.Goes.turn()], a)
		if s.Goes.pulled() {
			pulled = append(pulled, a)
		}
	}
	errs := []error{
		p.together(ctx, turns[beforeThePull], (*storyRun).finish, true),
		p.together(ctx, pulled, (*storyRun).toBacklog, false),
		p.prioritize(ctx, list),
	}
	for turn := beforeThePull + 1; turn <= lastTurn; turn++ {
		errs = append(errs, p.together(ctx, turns[turn], (*storyRun).finish, true))
	}
	return errors.Join(errs...)
}

// The turns of a batch: when a team declines, another one must have room; a story without a team needs full teams.
const (
	beforeThePull = iota
	whileThereIsRoom
	asUsual
	lastTurn
)

func (g Place) turn() int {
	switch {
	case !g.pulled():
		return beforeThePull
	case g == Declined:
		return whileThereIsRoom
	case g == NoRoom:
		return lastTurn
	}
	return asUsual
}

func (p *seeder) submit(ctx context.Context, s Story) (*storyRun, error) {
	s.until, s.of = inDays(p.now, s.Days), p.ids[s.Into]
	id, known := p.ids[s.Key]
	if !known {
		api, err := p.as(s.By)
		if err != nil {
			return nil, err
		}
		done, err := api.Submit(ctx, s.form(p.now), "demo-"+s.Key)
		if err != nil {
			return nil, fmt.Errorf("submit %s: %w", s.Key, err)
		}
		id = done.Value.ID
		p.ids[s.Key] = id
		p.added++
	}
	return &storyRun{users: p.users, story: s, id: id}, nil
}

// prioritize ranks what is in the backlog, and pulls what the limits allow.
func (p *seeder) prioritize(ctx context.Context, list []Story) error {
	wanted := func(s Story) bool { return s.Goes.pulled() || s.Goes == Backlog }
	if !slices.ContainsFunc(list, wanted) {
		return nil
	}
	run, err := p.office().Prioritize(ctx, "", "replenishment", false)
	for err == nil && !run.Value.Done {
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for the run: %w", context.Cause(ctx))
		case <-time.After(glance):
		}
		run, err = p.office().Prioritization(ctx, run.Value.ID)
	}
	if err != nil {
		return fmt.Errorf("rank the backlog: %w", err)
	}
	return nil
}

// together does one step of several stories, some at a time. A failed story does not stop the others.
func (p *seeder) together(ctx context.Context, acts []*storyRun, step func(*storyRun, context.Context) error, last bool) error {
	var all sync.WaitGroup
	seats, errs := make(chan struct{}, atOnce), make([]error, len(acts))
	for i, a := range acts {
		all.Go(func() {
			seats <- struct{}{}
			defer func() { <-seats }()
			if errs[i] = step(a, ctx); last {
				p.arrived()
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

func (p *seeder) arrived() {
	p.lock.Lock()
	defer p.lock.Unlock()
	p.done++
	if p.tell != nil {
		p.tell(p.done, p.total)
	}
}

// pulled reports whether a request in this place has been pulled.
func (g Place) pulled() bool {
	return slices.Contains([]Place{Approach, Declined, NoRoom, Plan, Execution, Acceptance, Delivered}, g)
}

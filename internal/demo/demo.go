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
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

// people are the members of the local directory who act in the demo.
var people = []string{"sam", "rita", "ana", "bo", pmoUser, "theo", "lena", "kai"}

// maxParallel limits how many stories are driven at the same time.
const maxParallel = 6

// Progress is called with the number of stories that have reached their target.
type Progress func(done, total int)

// Seed adds the demo portfolio to the product at url and returns how many requests it added: none when the portfolio is complete.
// A portfolio that was interrupted is completed.
func Seed(ctx context.Context, url string, progress Progress) (added int, err error) {
	w, err := stories()
	if err != nil {
		return 0, err
	}
	c, err := newUsers(url, people)
	if err != nil {
		return 0, err
	}
	p := &seeder{users: c, ids: map[string]string{}, now: time.Now(), total: len(w.all()), progress: progress}
	if complete, err := p.find(ctx, w); err != nil || complete {
		return 0, err
	}
	if err := p.seedPast(ctx); err != nil {
		return 0, err
	}
	err = p.seedBatches(ctx, w)
	return p.added, err
}

// seedBatches seeds one batch after the other. The last batch marks the portfolio as complete, so it is seeded only when there was no error.
func (p *seeder) seedBatches(ctx context.Context, w batches) error {
	var errs []error
	for _, batch := range [][]Story{w.Past, w.Work, w.Waiting} {
		errs = append(errs, p.seedBatch(ctx, batch))
		if ctx.Err() != nil {
			break
		}
	}
	errs = append(errs, p.seedPoints(ctx, w.Waiting))
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return p.seedBatch(ctx, w.Last)
}

// seeder is the state of one call of Seed.
type seeder struct {
	*users
	now      time.Time
	total    int
	progress Progress
	added    int

	ids  map[string]string // key of a story → id of its request
	lock sync.Mutex
	done int
}

// find looks for requests of an earlier call. The last story is submitted only when all others have reached their target.
func (p *seeder) find(ctx context.Context, w batches) (complete bool, err error) {
	last := w.Last[len(w.Last)-1]
	found, err := p.asPMO().List(ctx, client.Filter{Requester: last.requester(), Text: last.Form.Title, Closed: true, Limit: 200})
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
	found, err := p.asPMO().List(ctx, client.Filter{Requester: s.requester(), Text: words, Closed: true, Limit: 200})
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

// seedBatch submits the stories in order and drives each to its target. Stories that need a team go in phases, so that the assignment
// of teams does not depend on timing.
func (p *seeder) seedBatch(ctx context.Context, list []Story) error {
	phases := map[phase][]*storyDriver{}
	var pulled []*storyDriver
	for _, s := range list {
		d, err := p.submit(ctx, s)
		if err != nil {
			return err
		}
		phases[s.Target.phase()] = append(phases[s.Target.phase()], d)
		if s.Target.pulled() {
			pulled = append(pulled, d)
		}
	}
	errs := []error{
		p.forEach(ctx, phases[phaseBeforePull], (*storyDriver).finish, true),
		p.forEach(ctx, pulled, (*storyDriver).toBacklog, false),
		p.prioritize(ctx, list),
	}
	for ph := phaseBeforePull + 1; ph <= phaseNoRoom; ph++ {
		errs = append(errs, p.forEach(ctx, phases[ph], (*storyDriver).finish, true))
	}
	return errors.Join(errs...)
}

// seedPoints puts points of stakeholders on the stories that wait. It says how many there are, so that a second call changes nothing.
func (p *seeder) seedPoints(ctx context.Context, list []Story) error {
	var errs []error
	for _, s := range list {
		for _, points := range s.Points {
			api, err := p.as(points.By)
			if err == nil {
				_, err = api.SpendPoints(ctx, p.ids[s.Key], wire.SpendPoints{Points: points.Points, Group: points.Group}, client.NewKey())
			}
			if err != nil && !client.IsKind(err, problem.MovedOn) { // a run has pulled it meanwhile
				errs = append(errs, fmt.Errorf("points of %s on %s: %w", points.Group, s.Key, err))
			}
		}
	}
	return errors.Join(errs...)
}

// phase orders the stories of a batch.
type phase int

const (
	phaseBeforePull phase = iota
	phaseDeclined         // needs a second team with room
	phasePulled
	phaseNoRoom // needs all teams full
)

func (t Target) phase() phase {
	switch {
	case !t.pulled():
		return phaseBeforePull
	case t == Declined:
		return phaseDeclined
	case t == NoRoom:
		return phaseNoRoom
	}
	return phasePulled
}

func (p *seeder) submit(ctx context.Context, s Story) (*storyDriver, error) {
	s.until, s.of = inDays(p.now, s.Days), p.ids[s.Into]
	id, known := p.ids[s.Key]
	if !known {
		api, err := p.as(s.By)
		if err != nil {
			return nil, err
		}
		form := s.form(p.now)
		if form.Needs, err = p.refs(ctx, s.Needs); err != nil {
			return nil, err
		}
		done, err := api.Submit(ctx, form, "demo-"+s.Key)
		if err != nil {
			return nil, fmt.Errorf("submit %s: %w", s.Key, err)
		}
		id = done.Value.ID
		p.ids[s.Key] = id
		p.added++
	}
	return &storyDriver{users: p.users, story: s, id: id}, nil
}

// refs are the numbers of the requests of stories, as soon as they have them.
func (p *seeder) refs(ctx context.Context, keys []string) ([]string, error) {
	var list []string
	for _, key := range keys {
		ref := ""
		for ref == "" {
			found, err := p.asPMO().Request(ctx, p.ids[key])
			if err != nil {
				return nil, fmt.Errorf("read the number of %s: %w", key, err)
			}
			if ref = found.Value.Ref; ref != "" {
				break
			}
			select {
			case <-ctx.Done():
				return nil, fmt.Errorf("wait for the number of %s: %w", key, context.Cause(ctx))
			case <-time.After(pollInterval):
			}
		}
		list = append(list, ref)
	}
	return list, nil
}

// prioritize runs a prioritization if a story of the list waits for one: it ranks the backlog and pulls what the limits allow.
func (p *seeder) prioritize(ctx context.Context, list []Story) error {
	wanted := func(s Story) bool { return s.Target.pulled() || s.Target == Backlog }
	if !slices.ContainsFunc(list, wanted) {
		return nil
	}
	run, err := p.asPMO().Prioritize(ctx, "", "replenishment", false)
	for err == nil && !run.Value.Done {
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for the prioritization: %w", context.Cause(ctx))
		case <-time.After(pollInterval):
		}
		run, err = p.asPMO().Prioritization(ctx, run.Value.ID, 0, "")
	}
	if err != nil {
		return fmt.Errorf("rank the backlog: %w", err)
	}
	return nil
}

// forEach runs one step of several stories, a limited number in parallel. An error of one story does not stop the others.
func (p *seeder) forEach(ctx context.Context, drivers []*storyDriver, step func(*storyDriver, context.Context) error, last bool) error {
	var all sync.WaitGroup
	slots, errs := make(chan struct{}, maxParallel), make([]error, len(drivers))
	for i, d := range drivers {
		all.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			if errs[i] = step(d, ctx); last {
				p.reportProgress()
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

func (p *seeder) reportProgress() {
	p.lock.Lock()
	defer p.lock.Unlock()
	p.done++
	if p.progress != nil {
		p.progress(p.done, p.total)
	}
}

// pulled reports whether a request must be pulled from the backlog to reach the target.
func (t Target) pulled() bool {
	return slices.Contains([]Target{Approach, Declined, NoRoom, Plan, Execution, Acceptance, Delivered}, t)
}

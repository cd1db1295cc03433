package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"leanpmo/internal/client"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// office is the PMO's own person of the local directory; it reads everything and runs the prioritization.
const office = "petra"

// patience is how long one step may take. Most take a moment.
const patience = time.Minute

// glance is how often a request is read while its workflow goes on by itself.
const glance = 30 * time.Millisecond

// users are the clients of the people of the local directory, with their fixed tokens.
type users struct {
	url     string
	clients map[string]*client.Client

	mu    sync.Mutex
	woken time.Time
}

func newUsers(url string, people []string) (*users, error) {
	c := &users{url: url, clients: map[string]*client.Client{}}
	for _, person := range people {
		api, err := client.New(url, "dev-"+person, client.Options{Agent: "pmo-demo", Tries: 5})
		if err != nil {
			return nil, err
		}
		c.clients[person] = api
	}
	return c, nil
}

func (c *users) as(person string) (*client.Client, error) {
	if api, ok := c.clients[person]; ok {
		return api, nil
	}
	return nil, fmt.Errorf("the demo has no user %s", person)
}

func (c *users) office() *client.Client { return c.clients[office] }

// storyRun is the request of one story on its way to its place.
type storyRun struct {
	*users
	story Story
	id    string
	own   map[pmo.Kind]wire.Decision // the decisions of this story instead of the usual verdicts
}

// reached reports whether a request is in the place it is brought to.
type reached func(r *wire.Request) bool

// until reads the request and answers its questions with the usual verdicts, until it is in its place.
func (a *storyRun) until(ctx context.Context, there reached) (*wire.Request, error) {
	limited, cancel := context.WithTimeoutCause(ctx, patience, errors.New("it took too long"))
	defer cancel()
	stands := "not read yet"
	for {
		r, err := a.look(limited, there)
		if err != nil && (ctx.Err() != nil || limited.Err() == nil) {
			return nil, err
		}
		if r != nil && there(r) {
			return r, nil
		}
		if r != nil {
			stands = string(r.Stage)
		}
		select {
		case <-limited.Done():
			return nil, fmt.Errorf("bring %s to %s (%s): %w", a.story.Key, a.story.Goes, stands, context.Cause(limited))
		case <-time.After(glance):
		}
	}
}

// look reads the request once and, if it is not yet in its place, answers its questions.
func (a *storyRun) look(ctx context.Context, there reached) (*wire.Request, error) {
	found, err := a.office().Request(ctx, a.id)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", a.story.Key, err)
	}
	r := &found.Value
	if there(r) {
		return r, nil
	}
	if noRoom(r) {
		return r, a.wake(ctx)
	}
	return r, a.answer(ctx, r)
}

// wakeEvery limits how often stories without a team start a run.
const wakeEvery = 2 * time.Second

// wake starts a prioritization run, which looks for teams again. Freed capacity starts one by itself, but at most once a minute: too slow
// for a demo, in which the next story needs the capacity at once.
func (c *users) wake(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.woken) < wakeEvery {
		return nil
	}
	c.woken = time.Now()
	if _, err := c.office().Prioritize(ctx, "", "capacity came free", false); err != nil {
		return fmt.Errorf("look for a team again: %w", err)
	}
	return nil
}

// usual is the verdict on each kind of question, unless the story has its own.
var usual = map[pmo.Kind]string{
	pmo.KindSponsor: pmo.VerdictConfirm, pmo.KindReview: pmo.VerdictApprove, pmo.KindApproach: pmo.VerdictAccept, pmo.KindAssignment: pmo.VerdictAccept,
	pmo.KindPlan: pmo.VerdictAgree, pmo.KindAcceptance: pmo.VerdictAccept,
}

// answer answers each open question once. The request as read may be out of date: a refusal because a question was answered meanwhile
// is ignored.
func (a *storyRun) answer(ctx context.Context, r *wire.Request) error {
	for i := range r.Questions {
		q := &r.Questions[i]
		d, ok := a.own[q.Kind]
		if !ok {
			d.Verdict = usual[q.Kind]
		}
		d.Decision = q.ID
		if person := a.asked(q); d.Verdict != "" && person != "" {
			if err := a.decide(ctx, person, d); err != nil {
				return err
			}
		}
	}
	return nil
}

// asked is the first user of the demo that the question waits on.
func (a *storyRun) asked(q *wire.OpenQuestion) string {
	for _, person := range q.Waiting {
		if _, ok := a.clients[person]; ok && !(q.Kind.Judges() && (person == a.story.By || person == a.story.requester())) {
			return person
		}
	}
	return ""
}

func (a *storyRun) decide(ctx context.Context, person string, d wire.Decision) error {
	api, err := a.as(person)
	if err != nil {
		return err
	}
	if _, err := api.Decide(ctx, a.id, d); err != nil && !movedOn(err) {
		return fmt.Errorf("answer %s of %s as %s: %w", d.Decision, a.story.Key, person, err)
	}
	return nil
}

// movedOn reports whether the request had changed since it was read.
func movedOn(err error) bool {
	var refused *client.Refused
	return errors.As(err, &refused) && refused.Status == http.StatusConflict
}

func (a *storyRun) command(ctx context.Context, person, name string, body any) error {
	api, err := a.as(person)
	if err != nil {
		return err
	}
	if _, err := api.Command(ctx, a.id, name, body); err != nil && !movedOn(err) {
		return fmt.Errorf("%s %s as %s: %w", name, a.story.Key, person, err)
	}
	return nil
}

func asks(kind pmo.Kind) reached {
	return func(r *wire.Request) bool { return r.QuestionOf(kind) != nil }
}

func has(status pmo.Status) reached {
	return func(r *wire.Request) bool { return r.Status == status }
}

// past reports whether the request is at a stage or beyond it.
func past(stage pmo.Stage) reached {
	order := pmo.Stages()
	return func(r *wire.Request) bool {
		return r.Closed() || slices.Index(order, r.Stage) >= slices.Index(order, stage)
	}
}

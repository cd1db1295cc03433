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

// pmoUser is the member of the local directory who may read every request and run prioritizations.
const pmoUser = "petra"

// stepTimeout bounds one step. Most take less than a second.
const stepTimeout = time.Minute

// pollInterval is the pause between two reads of a request.
const pollInterval = 30 * time.Millisecond

// users holds an API client for each of the people, with the fixed token of the local directory.
type users struct {
	url     string
	clients map[string]*client.Client

	mu            sync.Mutex
	prioritizedAt time.Time
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
	return nil, fmt.Errorf("there is no user %s in the demo", person)
}

func (c *users) asPMO() *client.Client { return c.clients[pmoUser] }

// storyDriver moves the request of one story to its target.
type storyDriver struct {
	*users
	story     Story
	id        string
	asker     string                     // who approved on the story's conditions
	overrides map[pmo.Kind]wire.Decision // answers that the target demands
}

// condition reports whether a request is in the wanted state.
type condition func(r *wire.Request) bool

// until reads the request and answers its questions, again and again, until the condition holds.
func (s *storyDriver) until(ctx context.Context, done condition) (*wire.Request, error) {
	stepCtx, cancel := context.WithTimeoutCause(ctx, stepTimeout, errors.New("it took too long"))
	defer cancel()
	stage := "not read yet"
	for {
		r, err := s.step(stepCtx, done)
		if err != nil && (ctx.Err() != nil || stepCtx.Err() == nil) {
			return nil, err
		}
		if r != nil && done(r) {
			return r, nil
		}
		if r != nil {
			stage = string(r.Stage)
		}
		select {
		case <-stepCtx.Done():
			return nil, fmt.Errorf("bring %s to %s (%s): %w", s.story.Key, s.story.Target, stage, context.Cause(stepCtx))
		case <-time.After(pollInterval):
		}
	}
}

// step reads the request and, unless the condition holds, answers its questions.
func (s *storyDriver) step(ctx context.Context, done condition) (*wire.Request, error) {
	found, err := s.asPMO().Request(ctx, s.id)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", s.story.Key, err)
	}
	r := &found.Value
	if done(r) {
		return r, nil
	}
	if noRoom(r) && s.story.Team == "" {
		return r, s.prioritizeAgain(ctx)
	}
	return r, s.answer(ctx, r)
}

// prioritizeEvery limits how often stories without a team start a prioritization.
const prioritizeEvery = 2 * time.Second

// prioritizeAgain starts a prioritization, which looks for teams again. The product starts one itself when capacity is freed, but at
// most once a minute, which would make the demo slow.
func (c *users) prioritizeAgain(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.prioritizedAt) < prioritizeEvery {
		return nil
	}
	c.prioritizedAt = time.Now()
	if _, err := c.asPMO().Prioritize(ctx, "", "capacity came free", false); err != nil {
		return fmt.Errorf("look for a team again: %w", err)
	}
	return nil
}

// defaultVerdicts are the answers to each kind of question, unless a story overrides them.
var defaultVerdicts = map[pmo.Kind]string{
	pmo.KindSponsor: pmo.VerdictConfirm, pmo.KindReview: pmo.VerdictApprove, pmo.KindApproach: pmo.VerdictAccept, pmo.KindAssignment: pmo.VerdictAccept,
	pmo.KindDuplicate: pmo.VerdictSame, pmo.KindPlan: pmo.VerdictAgree, pmo.KindAcceptance: pmo.VerdictAccept,
}

// answer gives one answer to each open question. The request may have changed since it was read; conflicts are ignored.
func (s *storyDriver) answer(ctx context.Context, r *wire.Request) error {
	for _, q := range r.Questions {
		person := s.respondent(&q)
		if person == "" {
			continue
		}
		d := s.decisionOn(r, &q, person)
		if d.Decision = q.ID; d.Verdict == "" {
			continue
		}
		if err := s.decide(ctx, person, d); err != nil {
			return err
		}
	}
	return nil
}

// respondent returns the first person who may answer and has a client; empty for none.
func (s *storyDriver) respondent(q *wire.OpenQuestion) string {
	for _, person := range q.Waiting {
		if _, ok := s.clients[person]; ok && !(q.Kind.Judges() && (person == s.story.By || person == s.story.requester())) {
			return person
		}
	}
	return ""
}

func (s *storyDriver) decide(ctx context.Context, person string, d wire.Decision) error {
	api, err := s.as(person)
	if err != nil {
		return err
	}
	if _, err := api.Decide(ctx, s.id, d); err != nil && !isConflict(err) {
		return fmt.Errorf("answer %s of %s as %s: %w", d.Decision, s.story.Key, person, err)
	}
	return nil
}

// isConflict reports whether the request had changed since it was read.
func isConflict(err error) bool {
	var refused *client.Refused
	return errors.As(err, &refused) && refused.Status == http.StatusConflict
}

func (s *storyDriver) command(ctx context.Context, person, name string, body any) error {
	api, err := s.as(person)
	if err != nil {
		return err
	}
	if _, err := api.Command(ctx, s.id, name, body); err != nil && !isConflict(err) {
		return fmt.Errorf("%s %s as %s: %w", name, s.story.Key, person, err)
	}
	return nil
}

func asks(kind pmo.Kind) condition {
	return func(r *wire.Request) bool { return r.QuestionOf(kind) != nil }
}

func has(status pmo.Status) condition {
	return func(r *wire.Request) bool { return r.Status == status }
}

// past reports whether the request is at a stage or a later one, or closed.
func past(stage pmo.Stage) condition {
	order := pmo.Stages()
	return func(r *wire.Request) bool {
		return r.Closed() || slices.Index(order, r.Stage) >= slices.Index(order, stage)
	}
}

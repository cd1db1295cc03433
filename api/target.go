package api

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"leanpmo/internal/access"
	"leanpmo/internal/engine"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
)

// target is the request a route acts on, as far as it is known here, and what the actor is to it.
type target struct {
	ID          string
	Request     pmo.Request
	Row         *store.Row          // nil when it did not come from the read model
	Unprocessed *engine.Description // set when it was accepted and no worker has looked at it yet
	actsFor     []string            // whose seats the actor fills besides their own
	actsErr     error               // why actsFor may be short
	relation    access.Relation
	fresh       bool // submitted by this call: nobody can have made a note on its questions yet
}

func targetOf(ctx context.Context) *target {
	t, _ := ctx.Value(targetKey).(*target)
	return t
}

var numbered = regexp.MustCompile(`^[Rr]-([0-9]{1,18})$`)

// parseRef distinguishes an id from a number; canonical is the form in the store.
func parseRef(ref string) (canonical string, isID, ok bool) {
	if m := numbered.FindStringSubmatch(ref); m != nil {
		return "R-" + m[1], false, true
	}
	if id, err := uuid.Parse(ref); err == nil && len(ref) == 36 {
		return id.String(), true, true
	}
	return "", false, false
}

func noSuchRequest() error {
	return problem.New(problem.NotFound, "there is no such request, or it is not for you")
}

// find loads a request: from the read model, else from the process itself, else what Temporal knows of it without a worker. A
// request just submitted, or one behind a database that is away, is found too; its number is known to the database alone.
func (a *API) find(ctx context.Context, ref string) (*target, error) {
	canonical, isID, ok := parseRef(ref)
	if !ok {
		return nil, noSuchRequest()
	}
	row, err := a.row(ctx, canonical)
	if err == nil {
		return &target{ID: row.ID, Request: row.Request, Row: &row}, nil
	}
	if !isID {
		return nil, err
	}
	state, asked := a.Commands.Snapshot(ctx, canonical)
	if asked == nil {
		return &target{ID: canonical, Request: state}, nil
	}
	found, described := a.Commands.Describe(ctx, canonical)
	switch {
	case described == nil:
		return unprocessed(found), nil
	case problem.Is(described, problem.NotFound):
		return nil, err // not found, or the database that would know is away
	}
	return nil, described
}

func (a *API) row(ctx context.Context, ref string) (store.Row, error) {
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	row, err := a.Store.Request(ctx, ref)
	if errors.Is(err, store.ErrNotFound) {
		return row, noSuchRequest()
	}
	return row, err
}

func unprocessed(d engine.Description) *target {
	state := pmo.Request{ID: d.ID, Requester: d.Requester, Stage: d.Stage, Status: pmo.StatusOpen, SubmittedAt: d.StartedAt, StageSince: d.StartedAt}
	return &target{ID: d.ID, Request: state, Unprocessed: &d}
}

// refresh asks the process itself: the read model may be a moment behind a question that has just opened.
func (a *API) refresh(ctx context.Context, t *target) bool {
	state, err := a.Commands.Snapshot(ctx, t.ID)
	if err != nil || state.Seq < t.Request.Seq {
		return false
	}
	t.Request, t.Unprocessed = state, nil
	return true
}

// relate finds out what the actor is to the request.
func (a *API) relate(ctx context.Context, actor access.Actor, t *target) {
	read, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	r := &t.Request
	standing, err := a.Store.Standing(read, actor.ID, r.Assignment.TeamIDs(), a.Now())
	t.actsFor, t.actsErr = standing.ActsFor, err
	t.relation = peopleOf(actor.ID, r)
	if slices.Contains(a.Directory.Desk(r.Requester), actor.ID) {
		t.relation |= access.Requester // a service asks for nothing by itself: its desk does
	}
	if standing.Member {
		t.relation |= access.Member
	}
	for _, seat := range t.actsFor {
		if seat == r.Requester || seat == r.SubmittedBy {
			t.relation |= access.ForRequester
		}
	}
	for i := range r.Questions {
		q := &r.Questions[i]
		t.relation |= t.seat(actor.ID, q.Seats())
		if slices.ContainsFunc(q.Answers, func(answer pmo.Answer) bool { return answer.By == actor.ID }) {
			t.relation |= access.Asked // as a delegate then; who answered may read what became of it
		}
		if q.Open() {
			t.relation |= t.seat(actor.ID, a.seatsToday(ctx, r, q))
		}
	}
}

func peopleOf(person string, r *pmo.Request) access.Relation {
	var relation access.Relation
	for _, is := range []struct {
		true     bool
		relation access.Relation
	}{
		{r.Requester == person, access.Requester}, {r.SubmittedBy == person, access.SubmittedBy}, {r.ConfirmedSponsor() == person, access.Sponsor},
		{r.Content.Sponsor == person && r.ConfirmedSponsor() != person, access.NamedSponsor},
		{slices.Contains(r.Watchers, person), access.Watcher},
		{slices.Contains(r.Assignment.AllLeads(), person), access.Lead},
	} {
		if is.true {
			relation |= is.relation
		}
	}
	return relation
}

// seat reports whether the person, or somebody whose delegate they are, has one of the seats of a question.
func (t *target) seat(person string, seats []string) access.Relation {
	var relation access.Relation
	for _, seat := range seats {
		if seat == person {
			relation |= access.Asked
		} else if slices.Contains(t.actsFor, seat) {
			relation |= access.Delegate
		}
	}
	return relation
}

// object is what the rules judge. Nobody has looked at a thin request: it may be confidential.
func (t *target) object() access.Object {
	return access.Object{Relation: t.relation, Confidential: t.Unprocessed != nil || t.Request.Content.Confidential, Stage: t.Request.Stage}
}

// kindOf is the kind of pending decision an id names.
func kindOf(question string) pmo.Kind {
	kind, _, _ := strings.Cut(question, "/")
	return pmo.Kind(kind)
}

package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"leanpmo/internal/access"
	"leanpmo/internal/admission"
	"leanpmo/internal/problem"
)

// class of commands: each has places of its own, so that submissions do not hold up decisions. Reads and office data need no place.
type class string

const (
	unlimited   class = ""
	submissions class = "submissions"
	commands    class = "commands" // decisions and every other command to a request
	simulations class = "simulations"
)

// class of an operation. A split submits its parts.
func (o op) class() class {
	switch {
	case o.action == access.Submit || o.id == "split":
		return submissions
	case o.id == "what-if-portfolio":
		return simulations
	case o.method != http.MethodGet && access.OnRequest(o.action):
		return commands
	}
	return unlimited
}

func (a *API) makePlaces() {
	a.places = map[class]*admission.Places{}
	for c, limits := range map[class]*admission.Limits{submissions: &a.Submissions, commands: &a.CommandLimits} {
		if limits.Places == 0 {
			*limits = admission.Default
		}
		a.places[c] = admission.New(*limits)
	}
	a.places[simulations] = admission.New(oneSimulation)
	for c, places := range a.places {
		a.metrics.watchPlaces(c, places)
	}
}

// oneSimulation is made at a time: each takes a core for seconds.
var oneSimulation = admission.Limits{Places: 1, Line: 4, Wait: 4 * time.Second}

// writesInFlight is more than all places and lines hold: what is above it are writes whose body still arrives.
func (a *API) writesInFlight() int {
	return 2 * (a.Submissions.Places + a.Submissions.Line + a.CommandLimits.Places + a.CommandLimits.Line)
}

// answerTime is how long a call may take, with the time in line.
func (a *API) answerTime() time.Duration {
	return answerWithin + max(a.Submissions.Wait, a.CommandLimits.Wait)
}

// admitted lets a call of a class in when it has a place, before its gate reads anything.
func (a *API) admitted(c class) func(huma.Context, func(huma.Context)) {
	return func(hctx huma.Context, next func(huma.Context)) {
		if c == unlimited {
			next(hctx)
			return
		}
		ctx := hctx.Context()
		leave, err := a.place(ctx, c, actorOf(ctx).ID)
		if err != nil {
			u := hctx.URL()
			a.refuse(hctx, a.answerProblem(ctx, u.Path, err))
			return
		}
		defer leave()
		next(hctx)
	}
}

// place takes a place for a command of a person or a tool.
func (a *API) place(ctx context.Context, c class, client string) (leave func(), err error) {
	began := time.Now()
	leave, err = a.places[c].Take(ctx, client)
	var refused *admission.Refused
	switch {
	case errors.As(err, &refused) && refused.Own:
		a.metrics.notAdmitted(c, "share")
		return nil, tooMany(problem.RateLimited, refused,
			"your own %s take your share of the places; nothing was started. Try again after Retry-After, with the same Idempotency-Key", c)
	case errors.As(err, &refused):
		a.metrics.notAdmitted(c, "busy")
		return nil, tooMany(problem.Busy, refused,
			"too many %s are in progress; nothing was started. Try again after Retry-After, with the same Idempotency-Key", c)
	case err != nil:
		a.metrics.notAdmitted(c, "gone")
		return nil, err
	}
	a.metrics.admitted(c, time.Since(began))
	return leave, nil
}

func tooMany(kind problem.Kind, r *admission.Refused, detail string, c class) error {
	e := problem.Wrap(r, kind, detail, c)
	e.RetryAfter = r.RetryAfter
	return e
}

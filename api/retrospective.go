package api

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"leanpmo/internal/approach"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

const retrospectiveAbout = "By way of working: how long work took and waited for a plan, how far the first agreed plan was off, how often work was sent back, accepted without remarks, and brought its benefit; " +
	"and how often what was recommended was taken and kept to. Suggestions name their evidence; whoever agrees proposes a change of the policy (`POST /v1/policy`). At most the 5,000 requests that were delivered last."

type retrospectiveInput struct {
	Portfolio string `query:"portfolio" maxLength:"64" doc:"All of them when absent"`
	Days      int    `query:"days" minimum:"1" maximum:"1095" default:"365" doc:"How far back it was delivered"`
}

type retrospectiveOutput struct {
	Body wire.Retrospective
}

func (a *API) retrospective(ctx context.Context, in *retrospectiveInput) (*retrospectiveOutput, error) {
	if in.Portfolio != "" {
		if _, err := a.portfolio(in.Portfolio, "query/portfolio"); err != nil {
			return nil, err
		}
	}
	out, err := a.retrospectives.read(ctx, a.Store, reportOf{in.Portfolio, in.Days}, a.Now().UTC())
	return &retrospectiveOutput{Body: out}, err
}

// finishedReader reads what was delivered.
type finishedReader interface {
	Finished(ctx context.Context, portfolio string, since time.Time) ([]approach.Finished, error)
}

const (
	// retrospectiveUsableFor is how long a retrospective is given again: it reads thousands of requests, and looks back over months.
	retrospectiveUsableFor = time.Minute
	// mostRetrospectives is how many are kept; all of them go when there is another.
	mostRetrospectives = 16
)

// retrospectives keeps the last retrospectives. It is safe for use by many goroutines: who asks for one that is being made takes it, and nobody waits
// for another one.
type retrospectives struct {
	asking singleflight.Group
	mu     sync.Mutex // of what is kept; nothing is read from the store under it
	kept   map[reportOf]wire.Retrospective
}

func (r *retrospectives) read(ctx context.Context, source finishedReader, of reportOf, now time.Time) (wire.Retrospective, error) {
	if kept, ok := r.usable(of, now); ok {
		return kept, nil
	}
	// Who asked first may go away while others wait for the answer.
	ctx = context.WithoutCancel(ctx)
	made, err, _ := r.asking.Do(fmt.Sprintf("%s/%d", of.portfolio, of.days), func() (any, error) {
		ctx, cancel := context.WithTimeout(ctx, retrospectiveUsableFor)
		defer cancel()
		made := wire.Retrospective{Portfolio: of.portfolio, From: now.AddDate(0, 0, -of.days), To: now}
		finished, err := source.Finished(ctx, of.portfolio, made.From)
		if err == nil {
			made.Retrospective, made.More = approach.Retrospect(finished), len(finished) == store.MostFinished
			r.keep(of, made)
		}
		return made, err
	})
	return made.(wire.Retrospective), err
}

func (r *retrospectives) usable(of reportOf, now time.Time) (wire.Retrospective, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	kept, ok := r.kept[of]
	age := now.Sub(kept.To)
	return kept, ok && age >= 0 && age < retrospectiveUsableFor
}

func (r *retrospectives) keep(of reportOf, made wire.Retrospective) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.kept == nil || len(r.kept) >= mostRetrospectives {
		r.kept = map[reportOf]wire.Retrospective{}
	}
	r.kept[of] = made
}

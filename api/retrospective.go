package api

import (
	"context"
	"sync"
	"time"

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
	// retrospectiveUsableFor is how long a retrospective is given again: it reads the ledgers of thousands of requests, and looks back over months.
	retrospectiveUsableFor = time.Minute
	// mostRetrospectives is how many are kept; all of them go when there is another.
	mostRetrospectives = 16
)

// retrospectives keeps the last retrospectives. It is safe for use by many goroutines; one at a time is made, and who asks for the same one takes it.
type retrospectives struct {
	mu   sync.Mutex
	kept map[reportOf]wire.Retrospective
}

func (r *retrospectives) read(ctx context.Context, source finishedReader, of reportOf, now time.Time) (wire.Retrospective, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if kept, ok := r.kept[of]; ok {
		if age := now.Sub(kept.To); age >= 0 && age < retrospectiveUsableFor {
			return kept, nil
		}
	}
	made := wire.Retrospective{Portfolio: of.portfolio, From: now.AddDate(0, 0, -of.days), To: now}
	finished, err := source.Finished(ctx, of.portfolio, made.From)
	if err != nil {
		return made, err
	}
	made.Retrospective, made.More = approach.Retrospect(finished), len(finished) == store.MostFinished
	if r.kept == nil || len(r.kept) >= mostRetrospectives {
		r.kept = map[reportOf]wire.Retrospective{}
	}
	r.kept[of] = made
	return made, nil
}

package activities

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
)

const (
	similarShown = 5
	// similarWait limits a slow search, so that it does not delay a submission: likely duplicates are only a hint.
	similarWait = 500 * time.Millisecond
)

// Admit gives the request its number, checks its content against the policy in force, searches for similar requests and makes the first
// forecast.
func (a *Activities) Admit(ctx context.Context, in contract.AdmitInput) (pmo.Admission, error) {
	if in.Number != 0 {
		return a.assess(in)
	}
	similar := a.startSimilar(ctx, in) // concurrent with the rest, because the submission waits for both
	number, delegates, err := a.number(ctx, in)
	if err != nil {
		return pmo.Admission{}, fmt.Errorf("give a number: %w", err)
	}
	p := a.Policy.Now()
	admission := p.Admit(in.Content, a.Directory)
	admission.Rules.WorkItems, admission.Calendar = a.Delivery != nil, p.RequestCalendar(admission.Portfolio, time.Now())
	forecast, err := a.forecasts.ForNew(ctx, admission.Portfolio, p.Limits(admission.Portfolio).WIP, in.SubmittedAt)
	if err != nil {
		return pmo.Admission{}, fmt.Errorf("forecast: %w", err)
	}
	admission.Number, admission.Similar, admission.Forecast, admission.Link = number, <-similar, forecast.Sentence, a.link(pmo.Ref(number))
	if in.Ahead != nil {
		a.lookAhead(ctx, p, in, &admission, delegates)
	}
	return admission, nil
}

// number gives the request its number, and reads who acts for whom, where that is needed too.
func (a *Activities) number(ctx context.Context, in contract.AdmitInput) (int64, map[string]string, error) {
	if in.Ahead == nil {
		number, err := a.Store.Number(ctx, in.ID, in.SubmittedAt)
		return number, nil, err
	}
	return a.Store.NumberAndDelegates(ctx, in.ID, in.SubmittedAt, a.principalIDs(), in.Ahead.At)
}

// lookAhead adds the route and the terms of the questions that follow intake at once, as far as there is room. They are not needed: a step
// that finds none asks for it.
func (a *Activities) lookAhead(ctx context.Context, p *policy.Policy, in contract.AdmitInput, admission *pmo.Admission, delegates map[string]string) {
	r := pmo.New(in.ID, "", pmo.Submission{Content: in.Content, Requester: in.Requester, SubmittedBy: in.Ahead.SubmittedBy, At: in.SubmittedAt})
	r.Process = in.Ahead.Process
	ahead, err := pmo.LookAhead(r, *admission, in.Ahead.At, p.Route, func(q pmo.QuestionTermsInput) pmo.QuestionTerms {
		return p.QuestionTerms(q, a.Directory, delegates)
	})
	if err != nil {
		a.Log.WarnContext(ctx, "the steps after intake are found one by one", "request", in.ID, "error", err)
		return
	}
	admission.Ahead = ahead
	for len(ahead.Steps) > 0 && !withinLimit(admission) {
		ahead.Steps = ahead.Steps[:len(ahead.Steps)-1]
	}
}

// resultBytes is how much a step may return to its workflow, as JSON: everything it returns is in the history for good.
const resultBytes = 4 << 10

func withinLimit(result any) bool {
	data, err := json.Marshal(result)
	return err == nil && len(data) <= resultBytes
}

// assess derives the facts of a content again: nothing is searched, and the number stays.
func (a *Activities) assess(in contract.AdmitInput) (pmo.Admission, error) {
	p := a.Policy.Now()
	admission := p.Admit(in.Content, a.Directory)
	admission.Number, admission.Rules.WorkItems, admission.Link = in.Number, a.Delivery != nil, a.link(pmo.Ref(in.Number))
	admission.Calendar = p.RequestCalendar(admission.Portfolio, time.Now())
	route, err := p.Route(pmo.RouteInput{ID: in.ID, Portfolio: admission.Portfolio, Lane: admission.Lane, Severity: admission.Severity,
		Requester: in.Requester, Content: in.Content})
	if err != nil {
		return pmo.Admission{}, err
	}
	admission.Route = &route
	return admission, nil
}

// startSimilar starts the search for similar requests.
func (a *Activities) startSimilar(ctx context.Context, in contract.AdmitInput) <-chan []pmo.Similar {
	found := make(chan []pmo.Similar, 1)
	go func() { found <- a.similar(ctx, in) }()
	return found
}

func (a *Activities) similar(ctx context.Context, in contract.AdmitInput) []pmo.Similar {
	ctx, cancel := context.WithTimeout(ctx, similarWait)
	defer cancel()
	found, err := a.Store.Similar(ctx, in.ID, in.Content.Title, in.Content.Problem, similarShown)
	if err != nil {
		a.Log.WarnContext(ctx, "search for similar requests failed", "request", in.ID, "error", err)
		return nil
	}
	return shortened(found)
}

// Limits of the texts of a similar request, in bytes as JSON: the list is stored in the workflow's history.
const (
	similarTitleBytes = 300
	similarWordsBytes = 150
)

func shortened(found []pmo.Similar) []pmo.Similar {
	for i := range found {
		found[i].Title, found[i].Words = pmo.Truncate(found[i].Title, similarTitleBytes), pmo.Truncate(found[i].Words, similarWordsBytes)
	}
	return found
}

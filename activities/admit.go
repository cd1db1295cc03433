package activities

import (
	"context"
	"fmt"
	"time"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
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
	number, err := a.Store.Number(ctx, in.ID, in.SubmittedAt)
	if err != nil {
		return pmo.Admission{}, fmt.Errorf("give a number: %w", err)
	}
	admission := a.Policy.Admit(in.Content, a.Directory)
	admission.Rules.WorkItems, admission.Calendar = a.Delivery != nil, a.Policy.RequestCalendar(admission.Portfolio, time.Now())
	forecast, err := a.forecasts.ForNew(ctx, admission.Portfolio, a.Policy.Limits(admission.Portfolio).WIP, in.SubmittedAt)
	if err != nil {
		return pmo.Admission{}, fmt.Errorf("forecast: %w", err)
	}
	admission.Number, admission.Similar, admission.Forecast, admission.Link = number, <-similar, forecast.Sentence, a.link(fmt.Sprintf("R-%d", number))
	return admission, nil
}

// assess derives the facts of a content again: nothing is searched, and the number stays.
func (a *Activities) assess(in contract.AdmitInput) (pmo.Admission, error) {
	admission := a.Policy.Admit(in.Content, a.Directory)
	admission.Number, admission.Rules.WorkItems, admission.Link = in.Number, a.Delivery != nil, a.link(fmt.Sprintf("R-%d", in.Number))
	admission.Calendar = a.Policy.RequestCalendar(admission.Portfolio, time.Now())
	route, err := a.Policy.Route(pmo.RouteInput{ID: in.ID, Portfolio: admission.Portfolio, Lane: admission.Lane, Severity: admission.Severity,
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

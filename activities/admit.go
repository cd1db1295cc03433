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
	// similarWait keeps a slow search from holding up a submission: likely duplicates are a hint, the number is not.
	similarWait = 500 * time.Millisecond
)

// Admit gives the number, checks the form against the policy in force and looks for requests that may ask for the same.
func (a *Activities) Admit(ctx context.Context, in contract.AdmitInput) (pmo.Admission, error) {
	similar := a.looksAlike(ctx, in) // beside the rest: a submission waits for both
	number, err := a.Store.Number(ctx, in.ID, in.SubmittedAt)
	if err != nil {
		return pmo.Admission{}, fmt.Errorf("give a number: %w", err)
	}
	admission := a.Policy.Admit(in.Content, a.Directory)
	admission.Rules.WorkItems = a.Delivery != nil
	forecast, err := a.forecasts.ForNew(ctx, admission.Portfolio, in.SubmittedAt)
	if err != nil {
		return pmo.Admission{}, fmt.Errorf("forecast: %w", err)
	}
	admission.Number, admission.Similar, admission.Forecast = number, <-similar, forecast.Sentence
	return admission, nil
}

// looksAlike begins to look for requests that may ask for the same.
func (a *Activities) looksAlike(ctx context.Context, in contract.AdmitInput) <-chan []pmo.Similar {
	found := make(chan []pmo.Similar, 1)
	go func() { found <- a.similar(ctx, in) }()
	return found
}

func (a *Activities) similar(ctx context.Context, in contract.AdmitInput) []pmo.Similar {
	ctx, cancel := context.WithTimeout(ctx, similarWait)
	defer cancel()
	found, err := a.Store.Similar(ctx, in.ID, in.Content.Title, in.Content.Problem, similarShown)
	if err != nil {
		a.Log.WarnContext(ctx, "similar requests not looked up", "request", in.ID, "error", err)
		return nil
	}
	return found
}

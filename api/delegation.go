package api

import (
	"context"
	"time"

	"leanpmo/internal/problem"
	"leanpmo/internal/store"
)

// longestDelegation keeps an absence from becoming a transfer of office.
const longestDelegation = 366 * 24 * time.Hour

type delegationOutput struct {
	Body store.Delegation
}

func (a *API) delegation(ctx context.Context, _ *struct{}) (*delegationOutput, error) {
	d, err := a.Store.Delegation(ctx, actorOf(ctx).ID)
	if err != nil {
		return nil, err
	}
	return &delegationOutput{Body: d}, nil
}

type setDelegationInput struct {
	Keyed
	Body struct {
		Delegate string    `json:"delegate" minLength:"1" maxLength:"64" doc:"Who acts for you"`
		From     time.Time `json:"from,omitzero" doc:"Now when absent"`
		Until    time.Time `json:"until"`
	}
}

// setDelegation takes the place of an earlier one. It is not passed on: who acts for you acts for nobody you stand in for.
func (a *API) setDelegation(ctx context.Context, in *setDelegationInput) (*delegationOutput, error) {
	me, now := actorOf(ctx).ID, a.Now().UTC()
	d := store.Delegation{Person: me, Delegate: in.Body.Delegate, From: in.Body.From.UTC(), Until: in.Body.Until.UTC()}
	if in.Body.From.IsZero() {
		d.From = now
	}
	fields := a.unknownPerson("/delegate", d.Delegate)
	for _, check := range []struct {
		wrong   bool
		pointer string
		detail  string
	}{
		{d.Delegate == me, "/delegate", "is you yourself"},
		{!d.Until.After(d.From), "/until", "is not after from"},
		{!d.Until.After(now), "/until", "is in the past"},
		{d.Until.Sub(d.From) > longestDelegation, "/until", "is more than a year after from"},
	} {
		if check.wrong {
			fields = append(fields, problem.Field{Pointer: check.pointer, Detail: check.detail})
		}
	}
	if len(fields) > 0 {
		return nil, problem.InvalidFields(fields)
	}
	if err := a.Store.SetDelegation(ctx, d, me, now); err != nil {
		return nil, err
	}
	return &delegationOutput{Body: d}, nil
}

func (a *API) clearDelegation(ctx context.Context, _ *struct{ Keyed }) (*struct{}, error) {
	me := actorOf(ctx).ID
	return nil, a.Store.ClearDelegation(ctx, me, me, a.Now().UTC())
}

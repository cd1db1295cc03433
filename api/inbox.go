package api

import (
	"context"
	"slices"
	"time"

	"leanpmo/internal/access"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// seatStore reads what waits on a person, and who acts for whom.
type seatStore interface {
	Inbox(ctx context.Context, person string, at time.Time) ([]store.InboxItem, error)
	Delegation(ctx context.Context, person string) (store.Delegation, error)
	SetDelegation(ctx context.Context, d store.Delegation, actor string, at time.Time) error
	ClearDelegation(ctx context.Context, person, actor string, at time.Time) error
}

type inboxOutput struct {
	Body wire.Page[wire.InboxItem]
}

func (a *API) inbox(ctx context.Context, _ *struct{}) (*inboxOutput, error) {
	actor := actorOf(ctx)
	found, err := a.Store.Inbox(ctx, actor.ID, a.Now())
	if err != nil {
		return nil, err
	}
	standing, err := a.Store.Standing(ctx, actor.ID, "", a.Now())
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(i store.InboxItem) bool {
		seats := access.Seats{Kind: i.Question.Kind, Asked: i.Question.Seats(), Requester: i.Requester, SubmittedBy: i.SubmittedBy}
		return !access.Eligible(access.Candidate{Actor: actor, ActsFor: standing.ActsFor, For: i.For}, seats).Allowed
	})
	return &inboxOutput{Body: pageOf(store.Page[store.InboxItem]{Items: found}, func(i store.InboxItem) wire.InboxItem {
		return wire.InboxItem{
			Request:  wire.InboxRequest{ID: i.RequestID, Number: i.Number, Ref: refOf(i.Number), Title: i.Title, Requester: i.Requester, Stage: i.Stage},
			Question: i.Question, For: i.For, OnBehalf: i.For != actor.ID, DecideAt: linksOf(i.RequestID).Decisions, OnSilence: i.Question.OnSilence,
		}
	})}, nil
}

// longestDelegation bounds a delegation: it is for an absence and not for handing over a job.
const longestDelegation = 366 * 24 * time.Hour

type delegationOutput struct {
	Body wire.Delegation
}

func (a *API) delegation(ctx context.Context, _ *struct{}) (*delegationOutput, error) {
	d, err := a.Store.Delegation(ctx, actorOf(ctx).ID)
	if err != nil {
		return nil, err
	}
	return &delegationOutput{Body: wire.Delegation(d)}, nil
}

type setDelegationInput struct {
	Keyed
	Body wire.SetDelegation
}

// setDelegation replaces an earlier delegation. Delegations are not transitive: your delegate does not act for those whose delegate you are.
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
		{d.From.After(now.Add(longestDelegation)), "/from", "is more than a year ahead"},
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
	return &delegationOutput{Body: wire.Delegation(d)}, nil
}

func (a *API) clearDelegation(ctx context.Context, _ *struct{ Keyed }) (*struct{}, error) {
	me := actorOf(ctx).ID
	return nil, a.Store.ClearDelegation(ctx, me, me, a.Now().UTC())
}

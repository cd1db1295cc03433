package api

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// seatStore reads what waits on a person, and who acts for whom.
type seatStore interface {
	Inbox(ctx context.Context, person string, at time.Time, limit int, cursor string) (store.Page[store.InboxItem], error)
	InboxOf(ctx context.Context, person string, at time.Time, requests []string) ([]store.InboxItem, error)
	Delegation(ctx context.Context, person string) (store.Delegation, error)
	SetDelegation(ctx context.Context, d store.Delegation, actor string, at time.Time) error
	ClearDelegation(ctx context.Context, person, actor string, at time.Time) error
}

type inboxOutput struct {
	Body wire.Page[wire.InboxItem]
}

type inboxInput struct {
	Limit   int      `query:"limit" minimum:"1" maximum:"500" default:"500"`
	Cursor  string   `query:"cursor" maxLength:"500" doc:"The next of the page before"`
	Request []string `query:"request" maxItems:"20" doc:"Only the questions of these requests, by id, with commas between them; all of them in one page"`
}

func (a *API) inbox(ctx context.Context, in *inboxInput) (*inboxOutput, error) {
	actor := actorOf(ctx)
	standing, err := a.Store.Standing(ctx, actor.ID, nil, a.Now())
	if err != nil {
		return nil, err
	}
	found, err := a.answerable(ctx, actor, standing.ActsFor, in)
	if err != nil {
		return nil, err
	}
	var requests []string
	for _, i := range found.Items {
		requests = append(requests, i.RequestID)
	}
	notes := a.notesOn(ctx, requests...)
	return &inboxOutput{Body: pageOf(found, func(i store.InboxItem) wire.InboxItem {
		return wire.InboxItem{
			Claims: claimsOn(notes, i.RequestID, &i.Question), Note: ownNote(notes, actor.ID, &i),
			Request:  wire.InboxRequest{ID: i.RequestID, Number: i.Number, Ref: pmo.Ref(i.Number), Title: i.Title, Requester: i.Requester, Stage: i.Stage},
			Question: i.Question, For: i.For, OnBehalf: i.For != actor.ID, DecideAt: linksOf(i.RequestID).Decisions, OnSilence: i.Question.OnSilence,
			Conditions: i.Facts.ConditionsInForce(),
		}
	})}, nil
}

// ownNote is what a person noted on a question; nil without a note.
func ownNote(notes []store.AnswerNote, person string, i *store.InboxItem) *wire.AnswerNote {
	for _, n := range notes {
		if n.Person == person && n.Request == i.RequestID && n.Question == i.Question.ID {
			return &wire.AnswerNote{Question: n.Question, Claimed: n.Claimed, FollowUp: dayOf(n.FollowUp), DraftAt: n.DraftAt}
		}
	}
	return nil
}

// answerable reads a page of the inbox without the questions that the actor may not answer in the seat they have. The page may be short;
// it is empty only when nothing follows, so that an empty list always means that nothing waits.
func (a *API) answerable(ctx context.Context, actor access.Actor, actsFor []string, in *inboxInput) (store.Page[store.InboxItem], error) {
	candidate := access.Candidate{Actor: actor, ActsFor: actsFor}
	for cursor := in.Cursor; ; {
		page, err := a.inboxPage(ctx, actor.ID, cursor, in)
		if err != nil {
			return page, err
		}
		page.Items = slices.DeleteFunc(page.Items, func(i store.InboxItem) bool { return !a.mayAnswerItem(ctx, candidate, &i) })
		if len(page.Items) > 0 || page.Next == "" {
			return page, nil
		}
		cursor = page.Next
	}
}

// inboxPage is a page of the inbox, or all that waits of the requests that are named.
func (a *API) inboxPage(ctx context.Context, person, cursor string, in *inboxInput) (page store.Page[store.InboxItem], err error) {
	if len(in.Request) == 0 {
		return a.Store.Inbox(ctx, person, a.Now(), in.Limit, cursor)
	}
	var ids []string
	for _, ref := range in.Request {
		if id, isID, ok := parseRef(ref); ok && isID { // of another one nothing waits
			ids = append(ids, id)
		}
	}
	page.Items, err = a.Store.InboxOf(ctx, person, a.Now(), ids)
	return page, err
}

// longestDelegation bounds a delegation: it is for an absence and not for handing over a job.
const longestDelegation = 366 * 24 * time.Hour

type delegationOutput struct {
	Replayable
	Body wire.Delegation
}

func (a *API) delegation(ctx context.Context, _ *struct{}) (*delegationOutput, error) {
	d, err := a.Store.Delegation(ctx, actorOf(ctx).ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, problem.New(problem.NotFound, "nobody acts for you: you have named no delegate")
	}
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
	d, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, "set-delegation", in.Body), in.Key, func(ctx context.Context) (store.Delegation, error) {
		return a.delegate(ctx, in.Body)
	})
	if err != nil {
		return nil, err
	}
	return &delegationOutput{Replayable: replayed, Body: wire.Delegation(d)}, nil
}

// minute is a time as the caller wrote it, to the minute.
func minute(t time.Time) string { return t.Format("2006-01-02 15:04 -07:00") }

// delegate checks a delegation and sets it.
func (a *API) delegate(ctx context.Context, b wire.SetDelegation) (store.Delegation, error) {
	me, now := actorOf(ctx).ID, a.Now().UTC()
	d := store.Delegation{Person: me, Delegate: b.Delegate, From: b.From.UTC(), Until: b.Until.UTC()}
	if b.From.IsZero() {
		d.From = now
	}
	fields := a.unknownPerson("/delegate", d.Delegate)
	if p, _ := a.Directory.Principal(d.Delegate); slices.Contains(p.Roles, string(access.RoleAdmin)) {
		fields = append(fields, problem.Field{Pointer: "/delegate", Detail: "could not act for you: " + access.CauseText[access.CauseAdmin]})
	}
	for _, check := range []struct {
		wrong   bool
		pointer string
		detail  string
	}{
		{d.Delegate == me, "/delegate", "is you yourself"},
		{!d.Until.After(d.From), "/until", fmt.Sprintf("is not after from: %s is not after %s", minute(b.Until), minute(d.From.In(b.Until.Location())))},
		{!d.Until.After(now), "/until", fmt.Sprintf("is in the past: %s is before now, %s", minute(b.Until), minute(now.In(b.Until.Location())))},
		{d.From.After(now.Add(longestDelegation)), "/from", "is more than a year ahead"},
		{d.Until.Sub(d.From) > longestDelegation, "/until", "is more than a year after from"},
	} {
		if check.wrong {
			fields = append(fields, problem.Field{Pointer: check.pointer, Detail: check.detail})
		}
	}
	if len(fields) > 0 {
		return d, problem.InvalidFields(fields)
	}
	return d, a.Store.SetDelegation(ctx, d, me, now)
}

type clearedOutput struct {
	Replayable
}

func (a *API) clearDelegation(ctx context.Context, in *struct{ Keyed }) (*clearedOutput, error) {
	me := actorOf(ctx).ID
	_, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, "clear-delegation", nil), in.Key, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, a.Store.ClearDelegation(ctx, me, me, a.Now().UTC())
	})
	return &clearedOutput{Replayable: replayed}, err
}

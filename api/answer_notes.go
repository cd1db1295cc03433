package api

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"leanpmo/internal/cleantext"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// noteStore keeps what people note for themselves until they answer, and what they answered.
type noteStore interface {
	AnswerNotes(ctx context.Context, person string, requests []string) ([]store.AnswerNote, error)
	AnswerNote(ctx context.Context, person, request, question string) (store.AnswerNote, error)
	ChangeAnswerNote(ctx context.Context, person, request, question string, at time.Time, change func(*store.AnswerNote) error) (store.AnswerNote, error)
	DropAnswerNote(ctx context.Context, person, request, question string) error
	Decided(ctx context.Context, person, text string, v store.View) (store.Page[store.Event], error)
}

const mostDraft = 64 << 10 // bytes of the values of a draft

type noteInput struct {
	RefPath
	Question string `query:"question" required:"true" minLength:"1" maxLength:"200" doc:"Id of the question"`
}

type noteOutput struct {
	Replayable
	Body wire.AnswerNote
}

func (a *API) answerNote(ctx context.Context, in *noteInput) (*noteOutput, error) {
	if err := a.asked(ctx, in.Question); err != nil {
		return nil, err
	}
	n, err := a.Store.AnswerNote(ctx, actorOf(ctx).ID, targetOf(ctx).ID, in.Question)
	if err != nil {
		return nil, err
	}
	return noteOf(n)
}

func noteOf(n store.AnswerNote) (*noteOutput, error) {
	out := &noteOutput{Body: wire.AnswerNote{Question: n.Question, Claimed: n.Claimed, FollowUp: dayOf(n.FollowUp), DraftAt: n.DraftAt}}
	if n.DraftAt == nil {
		return out, nil
	}
	out.Body.Draft = &wire.AnswerDraft{}
	return out, json.Unmarshal(n.Draft, out.Body.Draft)
}

func dayOf(at *time.Time) pmo.Date {
	if at == nil {
		return ""
	}
	return pmo.Date(at.UTC().Format(time.DateOnly))
}

// asked refuses those who may not answer the question now: a note is for an answer.
func (a *API) asked(ctx context.Context, question string) error {
	t := targetOf(ctx)
	q := t.Request.Question(question)
	if q == nil || !q.Open() {
		return problem.New(problem.NotFound, "the question is not open, or there is none")
	}
	if !a.mayAnswer(ctx, actorOf(ctx), t, q) {
		return problem.New(problem.Kind(pmo.RefusedNotAsked), "the question does not wait on you")
	}
	return nil
}

type setNoteInput struct {
	RefPath
	Keyed
	Body wire.SetAnswerNote
}

func (a *API) setAnswerNote(ctx context.Context, in *setNoteInput) (*noteOutput, error) {
	t := targetOf(ctx)
	clearNulls(ctx, &in.Body)
	n, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, "note on "+t.ID, in.Body), in.Key, func(ctx context.Context) (store.AnswerNote, error) {
		if err := a.asked(ctx, in.Body.Question); err != nil {
			return store.AnswerNote{}, err
		}
		return a.Store.ChangeAnswerNote(ctx, actorOf(ctx).ID, t.ID, in.Body.Question, a.moment(), func(n *store.AnswerNote) error {
			return changeNote(n, in.Body, a.moment())
		})
	})
	if err != nil {
		return nil, err
	}
	out, err := noteOf(n)
	if err == nil {
		out.Replayable = replayed
	}
	return out, err
}

// clearNulls makes of null what clears a part: in the decoded body it is the same as absent.
func clearNulls(ctx context.Context, b *wire.SetAnswerNote) {
	var given map[string]json.RawMessage
	body, _ := ctx.Value(bodyKey{}).([]byte)
	_ = json.Unmarshal(body, &given) // it was decoded before
	null := func(name string) bool { return string(given[name]) == "null" }
	if null("claimed") {
		b.Claimed = new(false)
	}
	if null("follow_up") {
		b.FollowUp = new("")
	}
	if null("draft") {
		b.Draft = &wire.AnswerDraft{}
	}
}

// changeNote changes what the body names.
func changeNote(n *store.AnswerNote, b wire.SetAnswerNote, now time.Time) error {
	if b.Claimed != nil && *b.Claimed != (n.Claimed != nil) {
		if n.Claimed = nil; *b.Claimed {
			n.Claimed = &now
		}
	}
	if b.FollowUp != nil {
		n.FollowUp = nil
		if *b.FollowUp != "" {
			day, err := time.Parse(time.DateOnly, *b.FollowUp)
			if err != nil || day.Before(now.AddDate(0, 0, -1)) || day.After(now.AddDate(1, 0, 0)) {
				return problem.InvalidField("/follow_up", "is no day from today on, within a year, as %s", now.Format(time.DateOnly))
			}
			n.FollowUp = &day
		}
	}
	if b.Draft == nil {
		return nil
	}
	n.Draft, n.DraftAt = nil, nil
	if b.Draft.Verdict == "" && len(b.Draft.Fields) == 0 {
		return nil
	}
	draft, err := cleanFields(b.Draft.Fields, "/draft/fields")
	if err != nil {
		return err
	}
	b.Draft.Fields = draft
	n.Draft, err = json.Marshal(b.Draft)
	n.DraftAt = &now
	return err
}

// cleanFields are the values of a form's fields, cleaned; pointer is where the body has them. What a draft holds is checked when it is sent as
// an answer or a submission.
func cleanFields(fields map[string][]string, pointer string) (map[string][]string, error) {
	clean, size := map[string][]string{}, 0
	for name, values := range fields {
		if name = cleantext.Strip(name); len(name) > 200 || len(values) > 100 {
			return nil, problem.InvalidField(pointer, "has a name or a list that is too long")
		}
		for _, value := range values {
			size += len(value)
			clean[name] = append(clean[name], cleantext.Strip(value))
		}
	}
	if size > mostDraft {
		return nil, problem.InvalidField(pointer, "is longer than %d bytes", mostDraft)
	}
	return clean, nil
}

// claimsOn lists who is on a question, of those who have not answered it.
func claimsOn(notes []store.AnswerNote, request string, q *pmo.Question) []wire.Claim {
	claims := []wire.Claim{}
	for _, n := range notes {
		answered := slices.ContainsFunc(q.Answers, func(a pmo.Answer) bool { return a.By == n.Person })
		if n.Request == request && n.Question == q.ID && n.Claimed != nil && !answered {
			claims = append(claims, wire.Claim{Person: n.Person, At: *n.Claimed})
		}
	}
	return claims
}

// notesOn reads the notes on open questions. They are an extra: while they cannot be read, questions are shown without.
func (a *API) notesOn(ctx context.Context, requests ...string) []store.AnswerNote {
	if len(requests) == 0 {
		return nil
	}
	read, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	notes, err := a.Store.AnswerNotes(read, actorOf(ctx).ID, requests)
	if err != nil {
		a.Log.DebugContext(ctx, "notes on questions not read", "cause", err)
	}
	return notes
}

// answered deletes the note of who has answered. What stays behind is not read any more.
func (a *API) answered(ctx context.Context, request, question string) {
	drop, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	if err := a.Store.DropAnswerNote(drop, actorOf(ctx).ID, request, question); err != nil {
		a.Log.DebugContext(ctx, "note on an answered question not deleted", "cause", err)
	}
}

type decidedInput struct {
	Paging
	Text string `query:"text" maxLength:"200" doc:"Words of the request or of the answer"`
}

type decidedOutput struct {
	Body wire.Page[wire.Decided]
}

func (a *API) decided(ctx context.Context, in *decidedInput) (*decidedOutput, error) {
	v := viewOf(ctx)
	standing, err := a.Store.Standing(ctx, v.Viewer, nil, a.Now())
	if err != nil {
		return nil, err
	}
	v.ActsFor, v.Limit, v.Cursor = standing.ActsFor, in.Limit, in.Cursor
	found, err := a.Store.Decided(ctx, v.Viewer, in.Text, v)
	if err != nil {
		return nil, err
	}
	return &decidedOutput{Body: pageOf(found, func(e store.Event) wire.Decided {
		return wire.Decided{Request: wire.InboxRequest{ID: e.RequestID, Number: e.Number, Ref: pmo.Ref(e.Number), Title: e.Title, Stage: e.Stage},
			Question: e.Question, At: e.At, By: e.Actor, For: e.For, Text: e.Text, Stage: e.Stage}
	})}, nil
}

// atLeast is the request not older than a command's receipt says: the read model may be a moment behind it.
func (a *API) atLeast(ctx context.Context, t *target, seq int64) {
	if t.Row != nil && t.Request.Seq < seq && a.refresh(ctx, t) {
		a.relate(ctx, actorOf(ctx), t)
	}
}

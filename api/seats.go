package api

import (
	"context"
	"slices"
	"time"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// seatsToday are the people who may answer a question by the directory of today. Inbox, door and what is shown all ask it, so they agree.
func (a *API) seatsToday(ctx context.Context, r *pmo.Request, q *pmo.Question) []string {
	if !q.Open() {
		return q.Seats()
	}
	in := r.PeopleInput(q, q.OpenedAt)
	if leads, known := a.leadsToday(ctx, in.Team); known {
		in.Leads = leads
	}
	return a.Policy.Now().SeatsToday(in, a.Directory)
}

// leadsFor is how long the leads of the teams are taken from the last read: a list asks for each of its questions.
const leadsFor = time.Second

type teamLeads struct {
	at     time.Time
	byTeam map[string][]string
}

// leadsToday are the leads of a team; unknown when there is no such team, or the read model does not answer.
func (a *API) leadsToday(ctx context.Context, team string) (leads []string, known bool) {
	if team == "" {
		return nil, false
	}
	last := a.leads.Load()
	if now := a.Now(); last == nil || now.Sub(last.at) > leadsFor || now.Before(last.at) {
		ctx, cancel := context.WithTimeout(ctx, readWithin)
		defer cancel()
		byTeam, err := a.Store.Leads(ctx)
		if err != nil {
			a.Log.WarnContext(ctx, "leads of teams cannot be read; those that requests know are used", "cause", err)
			return nil, false
		}
		last = &teamLeads{now, byTeam}
		a.leads.Store(last)
	}
	leads, known = last.byTeam[team]
	return leads, known
}

// seats is a question of the request as the rule of who may answer wants it. A question that neither the read model nor the process shows
// is taken to ask the candidate: only the process knows the rounds that are over, and says superseded, or that there is no such question.
func (a *API) seats(ctx context.Context, t *target, c access.Candidate, question string) access.Seats {
	seats := access.Seats{Kind: kindOf(question), Asked: append([]string{c.ID}, c.ActsFor...), Requester: t.Request.Requester, SubmittedBy: t.Request.SubmittedBy}
	if q := t.Request.Question(question); q != nil {
		seats.Kind, seats.Asked = q.Kind, a.seatsToday(ctx, &t.Request, q)
	}
	return seats
}

// openQuestion is an open question with those who may still answer it today.
func (a *API) openQuestion(ctx context.Context, actor access.Actor, t *target, q pmo.Question) wire.OpenQuestion {
	out := wire.OpenQuestion{Question: q, Waiting: []string{}, MayAnswer: a.mayAnswer(ctx, actor, t, &q), Conditions: t.Request.ConditionsInForce()}
	for _, person := range a.seatsToday(ctx, &t.Request, &q) {
		if !q.Voted(person) {
			out.Waiting = append(out.Waiting, person)
		}
	}
	return out
}

// waitingOn lists, sorted and once each, those who may still answer the open questions; nobody while the request is on hold.
func waitingOn(r *pmo.Request, open []wire.OpenQuestion) []string {
	waiting := []string{}
	if r.Status == pmo.StatusOnHold {
		return waiting
	}
	for _, q := range open {
		waiting = append(waiting, q.Waiting...)
	}
	slices.Sort(waiting)
	return slices.Compact(waiting)
}

// mayAnswer reports whether the actor may answer an open question now. With several seats to choose from, they may.
func (a *API) mayAnswer(ctx context.Context, actor access.Actor, t *target, q *pmo.Question) bool {
	candidate := access.Candidate{Actor: actor, ActsFor: t.actsFor}
	e := access.Eligible(candidate, a.seats(ctx, t, candidate, q.ID))
	free := e.Allowed && !q.Voted(e.Seat) || e.Cause == access.CauseAmbiguous
	return free && !q.Voted(actor.ID) && t.Request.Status != pmo.StatusOnHold
}

// mayAnswerItem reports whether the actor may answer a question of their inbox in the seat they have.
func (a *API) mayAnswerItem(ctx context.Context, c access.Candidate, i *store.InboxItem) bool {
	c.For = i.For
	seats := access.Seats{Kind: i.Question.Kind, Asked: a.seatsToday(ctx, &i.Facts, &i.Question), Requester: i.Requester, SubmittedBy: i.SubmittedBy}
	return access.Eligible(c, seats).Allowed
}

// answeredBefore is the seat for which the actor has answered a question, if they have: their repeated answer gets its first receipt, also
// after the delegation by which they gave it has ended. The process refuses another one, because a person has one answer.
func answeredBefore(t *target, actor access.Actor, b wire.Decision) (seat string, ok bool) {
	q := t.Request.Question(b.Decision)
	if q == nil {
		return "", false
	}
	for _, answer := range q.Answers {
		if answer.By == actor.ID && (b.OnBehalfOf == "" || b.OnBehalfOf == answer.For) {
			return answer.For, true
		}
	}
	return "", false
}

// reassignable checks that a seat can be given to somebody and, where nobody is named from whom, finds somebody who can no longer answer.
func (a *API) reassignable(ctx context.Context, t *target, b *wire.Reassignment) ([]problem.Field, error) {
	if fields := a.unknownPerson("/to", b.To); len(fields) > 0 {
		return fields, nil
	}
	q := t.Request.Question(b.Decision)
	if (q == nil || !q.Open() || b.From == "" || !slices.Contains(q.Seats(), b.From)) && a.refresh(ctx, t) {
		q = t.Request.Question(b.Decision)
	}
	if b.From == "" && q != nil && q.Open() {
		b.From = a.ghost(ctx, t, q)
	}
	return a.ineligible(ctx, t, b.Decision, b.To)
}

// ghost is the first person a question waits on who can no longer answer, if nobody it waits on can.
func (a *API) ghost(ctx context.Context, t *target, q *pmo.Question) string {
	today := a.seatsToday(ctx, &t.Request, q)
	waiting := q.Waiting()
	if len(waiting) == 0 || slices.ContainsFunc(waiting, func(p string) bool { return slices.Contains(today, p) }) {
		return ""
	}
	return waiting[0]
}

// ineligible refuses to give a seat to somebody who could not answer.
func (a *API) ineligible(ctx context.Context, t *target, question, to string) ([]problem.Field, error) {
	principal, _ := a.Directory.Principal(to)
	standing, err := a.Store.Standing(ctx, to, nil, a.Now())
	if err != nil {
		return nil, err
	}
	candidate := access.Candidate{Actor: a.Policy.Now().Actor(principal), ActsFor: standing.ActsFor}
	if fault := access.Named(candidate, access.Seats{Kind: kindOf(question), Requester: t.Request.Requester, SubmittedBy: t.Request.SubmittedBy}); fault != "" {
		return []problem.Field{{Pointer: "/to", Detail: fault}}, nil
	}
	return nil, nil
}

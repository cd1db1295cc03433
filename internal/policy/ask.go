package policy

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"leanpmo/internal/access"
	"leanpmo/internal/calendar"
	"leanpmo/internal/directory"
	"leanpmo/internal/pmo"
)

// QuestionTerms resolves who a question goes to, by when they are to answer and what happens without an answer.
//
// away maps people who are away now to who acts for them, or to nobody. A seat stays with the person who is away: the API
// lets the delegate answer for it. A seat nobody could fill, because its delegate may not judge or already has a seat, is not asked.
func (p *Policy) QuestionTerms(in pmo.QuestionTermsInput, dir *directory.Directory, away map[string]string) pmo.QuestionTerms {
	doc := p.questionDoc(in.Kind).forGroup(in.Group)
	r := &resolver{p: p, in: in, doc: doc, dir: dir, away: away, quorum: p.quorumOf(in, doc)}
	people := r.people()
	asked := pmo.QuestionTerms{
		People: people, Gone: r.gone, Acting: r.acting(), Escalation: r.escalation(), Quorum: r.quorum, Counting: pmo.CountOwnSeats, OnSilence: doc.OnSilence,
		Note: pmo.Truncate(strings.Join(once(r.notes), " "), noteBytes), Policy: p.Name(),
	}
	asked.TooFew = r.tooFew
	if in.Team != "" {
		asked.Leads = &pmo.TeamLeads{Team: in.Team, People: in.Leads}
	}
	p.deadlines(&asked, in, doc)
	if own := p.RequestCalendar(in.Portfolio, in.At); in.Open == nil && own.Name != in.Calendar {
		asked.Calendar = own
	}
	return asked
}

// maxSeats is how many people one question asks, and how many join after its deadline: they are in the state of the request.
const maxSeats = 200

// noteBytes is the longest note as JSON: it says something of every member of a group who is not asked.
const noteBytes = 1000

// questionDoc falls back to the default policy's way for a kind this policy does not know: a request from before must go on.
func (p *Policy) questionDoc(kind pmo.Kind) QuestionDoc {
	if doc := p.doc.Questions[kind]; doc != nil {
		return *doc
	}
	switch kind {
	case pmo.KindDuplicate, pmo.KindPlanReview, pmo.KindPlace:
		return defaultQuestion(kind)
	case pmo.KindChangeReview: // as review asks, except that silence refuses the change
		if review := p.doc.Questions[pmo.KindReview]; review != nil {
			doc := *review
			doc.OnSilence = pmo.VerdictRefuse
			return doc
		}
	case pmo.KindException:
		return defaultException
	}
	return QuestionDoc{From: []string{"portfolio"}, Due: calendar.Duration{N: 5, Unit: calendar.WorkingDays}}
}

// laterKinds are the questions that a policy written before 0.5, 0.10 or 0.11 does not know.
var laterKinds = []pmo.Kind{pmo.KindDuplicate, pmo.KindChangeReview, pmo.KindPlanReview, pmo.KindPlace}

func defaultQuestion(kind pmo.Kind) QuestionDoc { return *defaultDocument().Questions[kind] }

var defaultDocument = sync.OnceValue(func() Document { return Default().doc })

// defaultException is how the PMO is asked about an exception where the policy does not say it: silence gives the slot back after a week.
var defaultException = QuestionDoc{
	From: []string{"portfolio"}, Due: calendar.Duration{N: 5, Unit: calendar.WorkingDays},
	Remind:    RemindDoc{After: []calendar.Duration{{N: 1, Unit: calendar.WorkingDays}, {N: 3, Unit: calendar.WorkingDays}}},
	OnSilence: pmo.VerdictBacklog,
}

// forGroup is the question as it is put to a group.
func (a QuestionDoc) forGroup(group string) QuestionDoc {
	for _, g := range a.Groups {
		if g.Group != group {
			continue
		}
		if g.Due != nil {
			a.Due = *g.Due
		}
		if g.Escalate != nil {
			a.Escalate = g.Escalate
		}
	}
	return a
}

func (p *Policy) quorumOf(in pmo.QuestionTermsInput, doc QuestionDoc) pmo.Quorum {
	switch {
	case in.Quorum != nil:
		return *in.Quorum
	case doc.Quorum != nil:
		return doc.Quorum.quorum()
	}
	return pmo.Quorum{Mode: pmo.QuorumAny, Reject: pmo.RejectOutOfReach}
}

// resolver turns a policy's "who" into people.
type resolver struct {
	p       *Policy
	in      pmo.QuestionTermsInput
	doc     QuestionDoc
	dir     *directory.Directory
	away    map[string]string
	quorum  pmo.Quorum
	seats   []string
	filling []string // who would answer: the seat itself or its delegate; nobody fills two seats
	notes   []string
	shared  bool            // a seat was left out because its delegate has one
	gone    []pmo.Departure // of an open question
	tooFew  bool            // of an open question: those who are left cannot meet the quorum, and others can join
}

// people climbs the ladder until the quorum can be met: who the policy asks, else its alternative, then the escalation, then
// the portfolio's PMO.
func (r *resolver) people() []string {
	if r.in.Open != nil {
		r.peopleToday()
		return r.noted()
	}
	complete := r.seatAll(r.doc.From)
	if len(r.seats) == 0 && len(r.doc.Else) > 0 {
		complete = r.seatAll(r.doc.Else)
	}
	if len(r.seats) == 1 && !r.enough() {
		complete = false
	}
	if r.doc.Escalate != nil {
		complete = r.join(complete, r.doc.Escalate.To)
	}
	r.join(complete, r.p.portfolio(r.in.Portfolio).Group)
	return r.noted()
}

// noted says when too few have a seat.
func (r *resolver) noted() []string {
	switch need := r.quorum.Needed(len(r.seats)); {
	case len(r.seats) == 0:
		r.notes = append(r.notes, "Nobody may answer this: the PMO has to name somebody.")
	case len(r.seats) < need:
		r.notes = append(r.notes, fmt.Sprintf("Only %d may answer where %d must agree: the PMO has to name more.", len(r.seats), need))
	}
	return r.seats
}

// seatAll gives seats to the people of every source. It reports whether each source that must agree yielded somebody.
func (r *resolver) seatAll(sources []string) bool {
	complete := true
	for _, source := range sources {
		before := len(r.seats)
		people := r.source(source)
		r.seatPeople(people)
		overlap := slices.ContainsFunc(people, func(p string) bool { return slices.Contains(r.seats, p) })
		if len(r.seats) == before && !overlap && r.quorum.Mode == pmo.QuorumAll {
			complete = false
		}
	}
	return complete
}

// join adds a group when those who remain cannot meet the quorum, or one of the sides is not there.
func (r *resolver) join(complete bool, group string) bool {
	if complete && len(r.seats) >= r.quorum.Needed(len(r.seats)) {
		return true
	}
	before := len(r.seats)
	r.seatPeople(r.dir.Members(group))
	if len(r.seats) == before {
		return complete
	}
	r.notes = append(r.notes, fmt.Sprintf("Too few of the usual people may answer, so %s is asked too.", group))
	return true
}

func (r *resolver) source(source string) []string {
	switch source {
	case "requester":
		return some(r.in.Requester)
	case "sponsor":
		return some(r.in.Sponsor)
	case "leads":
		return r.in.Leads
	case "step":
		return r.dir.Members(r.in.Group)
	case "portfolio":
		return r.dir.Members(r.p.portfolio(r.in.Portfolio).Group)
	}
	return r.dir.Members(strings.TrimPrefix(source, "group:"))
}

func once(list []string) []string {
	var kept []string
	for _, s := range list {
		if !slices.Contains(kept, s) {
			kept = append(kept, s)
		}
	}
	return kept
}

func some(person string) []string {
	if person == "" {
		return nil
	}
	return []string{person}
}

// seatPeople seats those who are here first, so that a delegate's own seat comes before the one of who named them.
func (r *resolver) seatPeople(people []string) {
	for _, absent := range []bool{false, true} {
		for _, person := range people {
			if _, isAway := r.away[person]; isAway == absent {
				r.seat(person)
			}
		}
	}
}

func (r *resolver) seat(person string) {
	if slices.Contains(r.seats, person) || r.in.Open != nil && slices.Contains(r.in.Open.Moved, person) {
		return
	}
	if len(r.seats) >= maxSeats {
		r.notes = append(r.notes, fmt.Sprintf("Only %d people are asked at once.", maxSeats))
		return
	}
	if why := r.ineligibleReason(person); why != "" {
		r.notes = append(r.notes, fmt.Sprintf("Not asked: %s, %s.", person, why))
		return
	}
	fills := person
	if delegate, isAway := r.away[person]; isAway {
		fills = delegate
		switch {
		case delegate == "":
			r.notes = append(r.notes, fmt.Sprintf("Not asked: %s, who is away.", person))
			return
		case r.ineligibleReason(delegate) != "":
			r.notes = append(r.notes, fmt.Sprintf("Not asked: %s, who is away; %s, who acts for them, may not answer: %s.", person, delegate, r.ineligibleReason(delegate)))
			return
		}
	}
	if slices.Contains(r.filling, fills) {
		r.shared = true
		r.notes = append(r.notes, fmt.Sprintf("Not asked: %s, who is away; %s acts for them and is asked already.", person, fills))
		return
	}
	r.seats, r.filling = append(r.seats, person), append(r.filling, fills)
}

// ineligibleReason is why somebody could not answer if they were asked, or empty. Delegations to them count, so that the delegate of
// the requester is not asked either.
func (r *resolver) ineligibleReason(person string) string {
	principal, _ := r.dir.Principal(person)
	candidate := access.Candidate{Actor: r.p.Actor(principal), ActsFor: r.dir.AtDeskOf(person)}
	for absent, delegate := range r.away {
		if delegate == person {
			candidate.ActsFor = append(candidate.ActsFor, absent)
		}
	}
	e := access.Eligible(candidate, access.Seats{Kind: r.in.Kind, Asked: []string{person}, Requester: r.in.Requester, SubmittedBy: r.in.OnBehalf})
	if e.Cause == access.CauseRequester && r.in.Kind == pmo.KindSponsor {
		return "who asks for it and so cannot sponsor it"
	}
	return causeText[e.Cause]
}

var causeText = map[access.Cause]string{
	access.CauseUnknown: "who is no longer known", access.CauseRequester: "whose own request it is", access.CauseSubmittedBy: "who submitted it",
	access.CauseDelegate: "the requester's delegate", access.CauseAdmin: "an administrator", access.CauseService: "a service",
}

// escalation is who joins after the first deadline: the policy's group, or the PMO when all of it is asked already.
func (r *resolver) escalation() []string {
	if r.doc.Escalate == nil || r.in.Open != nil && !r.sameRules() && r.enough() {
		return nil
	}
	for _, group := range []string{r.doc.Escalate.To, r.p.portfolio(r.in.Portfolio).Group} {
		if people := r.free(r.dir.Members(group)); len(people) > 0 {
			return people[:min(len(people), maxSeats)]
		}
	}
	return nil
}

// free are those who may answer and have no seat. Whoever is away may be back by then, so only their delegate's bar counts.
func (r *resolver) free(people []string) []string {
	var free []string
	for _, person := range people {
		delegate, isAway := r.away[person]
		barred := r.ineligibleReason(person) != "" || isAway && delegate != "" && r.ineligibleReason(delegate) != ""
		if !barred && !slices.Contains(r.seats, person) {
			free = append(free, person)
		}
	}
	return free
}

func (p *Policy) deadlines(asked *pmo.QuestionTerms, in pmo.QuestionTermsInput, doc QuestionDoc) {
	cal := p.Calendar(in.Portfolio)
	asked.DueAt, asked.DueIn = cal.Add(in.At, doc.Due), doc.Due.TimeUnit()
	if len(asked.Escalation) > 0 {
		asked.LastDueAt, asked.LastDueIn = cal.Add(asked.DueAt, doc.Escalate.Due), doc.Escalate.Due.TimeUnit()
	}
	var remind []time.Time
	for _, d := range doc.Remind.After {
		remind = append(remind, cal.Add(in.At, d))
	}
	for _, d := range doc.Remind.Before {
		remind = append(remind, cal.Sub(asked.DueAt, d))
	}
	remind = slices.DeleteFunc(remind, func(t time.Time) bool { return !t.After(in.At) || !t.Before(asked.DueAt) })
	slices.SortFunc(remind, time.Time.Compare)
	asked.Remind = slices.CompactFunc(remind, time.Time.Equal)
}

// cutGroup is the group a source names, if it names one.
func cutGroup(source string) (group string, ok bool) { return strings.CutPrefix(source, "group:") }

package policy

import (
	"fmt"
	"slices"

	"leanpmo/internal/directory"
	"leanpmo/internal/pmo"
)

// SeatsToday are the people who may answer an open question now: those whose seat still counts, and those whom the question would ask today.
// The doors call it, the inbox and what shows a question; the process learns the same by QuestionTerms a moment later.
func (p *Policy) SeatsToday(in pmo.QuestionTermsInput, dir *directory.Directory) []string {
	terms := p.QuestionTerms(in, dir, nil)
	seats := terms.People
	if in.Open.Escalated {
		for _, person := range append(slices.Clone(in.Open.Escalation), terms.Escalation...) {
			left := slices.ContainsFunc(terms.Gone, func(d pmo.Departure) bool { return d.Person == person })
			if !left && !slices.Contains(seats, person) {
				seats = append(seats, person)
			}
		}
	}
	return seats
}

// peopleToday seats those who keep their seat in an open question and those who would be asked today. When too few are left and nobody can
// be escalated to, it climbs the ladder of people.
func (r *resolver) peopleToday() {
	r.keepSeats()
	complete := len(r.gone) == 0 || r.quorum.Mode != pmo.QuorumAll
	if r.sameRules() {
		complete = r.seatAll(r.doc.From)
		if len(r.seats) == 0 && len(r.doc.Else) > 0 {
			complete = r.seatAll(r.doc.Else)
		}
	}
	if complete && (r.enough() || len(r.escalation()) > 0) {
		r.tooFew = !r.enough()
		return // enough are left, or it is escalated at once
	}
	if r.doc.Escalate != nil {
		complete = r.join(complete, r.doc.Escalate.To)
	}
	r.join(complete, r.p.portfolio(r.in.Portfolio).Group)
}

// enough reports whether those with a seat can meet the quorum. One person is not all of two.
func (r *resolver) enough() bool {
	return len(r.seats) >= r.quorum.Needed(len(r.seats)) && !(r.shared && len(r.seats) == 1 && r.quorum.Mode == pmo.QuorumAll)
}

// sameRules reports whether the question was opened by the rules in force. Otherwise who is in which group says nothing about its seats.
func (r *resolver) sameRules() bool { return !r.in.Open.Fixed && r.in.Open.Policy == r.p.Name() }

// keepSeats seats the people of the question who can still answer, or have answered.
func (r *resolver) keepSeats() {
	usual := r.sources(append(slices.Clone(r.doc.From), r.doc.Else...))
	heavier := r.sources([]string{"portfolio"})
	if r.doc.Escalate != nil {
		heavier = append(heavier, r.dir.Members(r.doc.Escalate.To)...)
	}
	usual = append(usual, heavier...)
	for _, person := range r.in.Open.People {
		if r.leaves(person, usual) {
			continue
		}
		fills := person
		if delegate := r.away[person]; delegate != "" {
			fills = delegate
		}
		r.seats, r.filling = append(r.seats, person), append(r.filling, fills)
	}
	for _, person := range r.in.Open.Escalation {
		r.leaves(person, heavier)
	}
}

// leaves reports whether nobody can fill a seat any more, and notes why.
func (r *resolver) leaves(person string, usual []string) bool {
	open := r.in.Open
	if slices.Contains(open.Answered, person) {
		return false
	}
	why := r.ineligibleReason(person)
	delegate, isAway := r.away[person]
	switch {
	case why != "":
	case isAway && delegate == "":
		why = "who is away"
	case isAway && r.ineligibleReason(delegate) != "":
		why = fmt.Sprintf("who is away; %s, who acts for them, may not answer: %s", delegate, r.ineligibleReason(delegate))
	case isAway && open.OwnSeats && r.taken(delegate):
		why = fmt.Sprintf("who is away; %s, who acts for them, fills another seat", delegate)
	case r.sameRules() && !slices.Contains(usual, person) && !slices.Contains(open.Named, person):
		why = "who is no longer among those it asks"
	default:
		return false
	}
	r.gone = append(r.gone, pmo.Departure{Person: person, Why: why})
	return true
}

// taken reports whether somebody fills a seat of the open question already: their own, or one of another who is away. A person has one answer.
func (r *resolver) taken(person string) bool {
	open := r.in.Open
	return slices.Contains(open.People, person) || open.Escalated && slices.Contains(open.Escalation, person) || slices.Contains(r.filling, person)
}

func (r *resolver) sources(names []string) []string {
	var people []string
	for _, name := range names {
		people = append(people, r.source(name)...)
	}
	return people
}

// acting are the delegates of those with a seat who are away.
func (r *resolver) acting() []pmo.Acting {
	var list []pmo.Acting
	seats := r.seats
	if r.in.Open != nil && r.in.Open.Escalated {
		seats = append(slices.Clone(seats), r.in.Open.Escalation...)
	}
	for _, person := range seats {
		if delegate := r.away[person]; delegate != "" && r.ineligibleReason(delegate) == "" {
			list = append(list, pmo.Acting{For: person, By: delegate})
		}
	}
	return list
}

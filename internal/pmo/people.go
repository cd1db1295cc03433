package pmo

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Seating is who has a seat in an open question, for the policy to compare with whom it asks today.
type Seating struct {
	People     []string `json:"people,omitempty"`
	Escalation []string `json:"escalation,omitempty"`
	Escalated  bool     `json:"escalated,omitempty"`
	Answered   []string `json:"answered,omitempty"` // seats that keep their answer, whatever became of their people
	Named      []string `json:"named,omitempty"`    // people the PMO gave a seat: they need not be in a group
	Moved      []string `json:"moved,omitempty"`    // people whose seat the PMO moved: they do not get it back
	// Fixed says that only people who can no longer answer leave: the question was opened by rules that the policy of today cannot repeat.
	Fixed bool `json:"fixed,omitempty"`
	// OwnSeats says that who fills a seat fills no other.
	OwnSeats bool   `json:"own_seats,omitempty"`
	Policy   string `json:"policy,omitempty"` // the policy it was opened by
}

// Acting is a delegate and the person with a seat whom they act for.
type Acting struct {
	For string `json:"for"`
	By  string `json:"by"`
}

// Departure is somebody whose seat nobody can fill any more, and why.
type Departure struct {
	Person string `json:"person"`
	Why    string `json:"why"`
}

// TeamLeads are the leads of a team.
type TeamLeads struct {
	Team   string   `json:"team"`
	People []string `json:"people"`
}

// meetLeads takes the leads of a team of the request as they are today: whoever leads it hears of the work and is asked.
func (r *Request) meetLeads(t *TeamLeads) {
	for _, a := range []**Assignment{&r.Assignment, &r.PreviousAssignment} {
		if t == nil || *a == nil {
			continue
		}
		if part := (*a).Part(t.Team); part != nil && !slices.Equal(part.Leads, t.People) {
			*a = (*a).withPart(t.Team, func(p *TeamPart) { p.Leads = slices.Clone(t.People) })
			r.Seq++
		}
	}
}

// maxMoved is how many people a question remembers whose seat was moved.
const maxMoved = 50

// TermsInput asks for the terms of a question of this request.
func (r *Request) TermsInput(kind Kind, round int, group string, quorum *Quorum, at time.Time) QuestionTermsInput {
	in := QuestionTermsInput{ID: r.ID, Kind: kind, Round: round, Group: group, Quorum: quorum, Portfolio: r.Portfolio, Lane: r.Lane,
		Requester: r.Requester, OnBehalf: r.SubmittedBy, Sponsor: r.SponsorFor(kind), At: at}
	if r.Calendar != nil {
		in.Calendar = r.Calendar.Name
	}
	if a := r.Assignment; a != nil {
		part := a.Parts()[0]
		if asked := a.Part(a.askedAbout(kind, group)); asked != nil {
			part = *asked
		}
		in.Team, in.Leads = part.Team, part.Leads
	}
	return in
}

// PeopleInput asks who may answer an open question at a time.
func (r *Request) PeopleInput(q *Question, at time.Time) QuestionTermsInput {
	quorum := q.Quorum
	in := r.TermsInput(q.Kind, q.Round, q.Group, &quorum, at)
	in.Open = &Seating{People: slices.Clone(q.People), Escalation: slices.Clone(q.Escalation), Escalated: q.Escalated, Named: slices.Clone(q.Named),
		Moved: slices.Clone(q.Moved), Fixed: q.Counting < CountSeats, OwnSeats: q.Counting >= CountOwnSeats, Policy: q.Policy}
	for _, a := range q.Answers {
		in.Open.Answered = append(in.Open.Answered, a.For)
	}
	return in
}

// PeopleChanged compares an open question with who may answer it today. Those whose seat nobody can fill lose it, unless they have answered;
// those who would be asked today get one; delegates who were not told are told. When too few are left, the question is escalated at once.
// Done again with the same people, it changes nothing.
func (r *Request) PeopleChanged(id string, t QuestionTerms, now time.Time) {
	q := r.Question(id)
	if q == nil || !q.Open() || r.Closed() || r.Status == StatusOnHold {
		return
	}
	r.meetLeads(t.Leads)
	gone, came := q.removeSeats(t.Gone), q.addSeats(t)
	if len(gone) > 0 {
		r.record(now, Entry{Event: EventPeople, Question: q.ID, Text: q.goneText(gone), concerned: r.concerned(q)})
	}
	if len(came) > 0 {
		r.record(now, Entry{Event: EventAsked, Question: q.ID, Policy: t.Policy, concerned: came,
			Text: fmt.Sprintf("%s is now asked too: %s; due %s.", q.ID, strings.Join(came, ", "), q.DueAt.UTC().Format("2006-01-02 15:04 MST"))})
		r.announced(q, now)
	}
	r.tellDelegates(q, t.Acting, now)
	if len(gone)+len(came) == 0 {
		return
	}
	q.Note = t.Note
	if r.tooFewLeft(q) || t.TooFew && !q.Escalated && len(q.Escalation) > 0 && q.Tally().Verdict == "" {
		if t.LastDueAt.After(t.DueAt) {
			q.LastDueAt, q.LastDueIn = r.calendar().keepLength(t.LastDueAt, t.DueAt, now, t.LastDueIn), t.LastDueIn
		} else {
			q.LastDueAt = r.calendar().keepLength(q.LastDueAt, q.DueAt, now, q.LastDueIn)
		}
		r.escalate(q, now)
		return
	}
	r.tryToSettle(q, now)
}

// concerned are those who are told that nobody is left to answer: the people whose request it is. Otherwise who left is told to nobody.
func (r *Request) concerned(q *Question) []string {
	if q.Waiting() == nil {
		return r.Followers()
	}
	return nil
}

// tooFewLeft reports whether the people who are left cannot give a verdict any more, and others can.
func (r *Request) tooFewLeft(q *Question) bool {
	t := q.Tally()
	return t.Verdict == "" && t.Yes+t.Pending < t.Needed && !q.Escalated && len(q.Escalation) > 0
}

// removeSeats takes the seats of those who are gone, and returns the seats that were taken.
func (q *Question) removeSeats(gone []Departure) []Departure {
	var removed []Departure
	for _, d := range gone {
		if q.answerFor(d.Person) != nil || !contains(q.People, d.Person) && !contains(q.Escalation, d.Person) {
			continue
		}
		if contains(q.Seats(), d.Person) {
			removed = append(removed, d)
		}
		q.People, q.Escalation, q.Named = without(q.People, d.Person), without(q.Escalation, d.Person), without(q.Named, d.Person)
	}
	return removed
}

// addSeats gives seats to those who would be asked today, and returns those who may answer at once.
func (q *Question) addSeats(t QuestionTerms) (came []string) {
	for _, person := range t.People {
		if contains(q.Seats(), person) || contains(q.Moved, person) || q.Voted(person) {
			continue
		}
		q.People, q.Escalation = append(slices.Clone(q.People), person), without(q.Escalation, person)
		came = append(came, person)
	}
	for _, person := range t.Escalation {
		if contains(q.People, person) || contains(q.Escalation, person) || contains(q.Moved, person) || q.Voted(person) {
			continue
		}
		q.Escalation = append(slices.Clone(q.Escalation), person)
		if q.Escalated {
			came = append(came, person)
		}
	}
	return came
}

func (q *Question) goneText(gone []Departure) string {
	var list []string
	for _, d := range gone {
		list = append(list, d.Person+", "+d.Why)
	}
	text := fmt.Sprintf("%s no longer asks: %s.", q.ID, strings.Join(list, "; "))
	if len(q.Waiting()) == 0 && (q.Escalated || len(q.Escalation) == 0) {
		text += " Nobody may answer it now: the PMO has to name somebody."
	}
	return text
}

// tellDelegates tells those who act for somebody the question waits on and were not told of it.
func (r *Request) tellDelegates(q *Question, acting []Acting, now time.Time) {
	var told []string
	for _, a := range acting {
		if slices.Contains(q.Acting, a) || !contains(q.Waiting(), a.For) {
			continue
		}
		told = union(told, a.By)
	}
	if len(told) == 0 {
		if len(acting) < len(q.Acting) {
			q.Acting = acting
			r.Seq++
		}
		return
	}
	q.Acting = acting
	r.record(now, Entry{Event: EventAsked, Question: q.ID, concerned: told, Text: actingText(q, acting, told)})
}

func actingText(q *Question, acting []Acting, told []string) string {
	var list []string
	for _, a := range acting {
		if contains(told, a.By) && contains(q.Waiting(), a.For) {
			list = append(list, fmt.Sprintf("%s may answer for %s", a.By, a.For))
		}
	}
	return fmt.Sprintf("%s is open until %s: %s.", q.ID, q.DueAt.UTC().Format("2006-01-02 15:04 MST"), strings.Join(list, ", "))
}

// join gives a seat to the person an answer is for, if the door has found that the question asks them today.
func (r *Request) join(q *Question, by By, now time.Time) {
	seat := by.Seat()
	if !by.Joins || contains(q.Seats(), seat) {
		return
	}
	q.People = append(slices.Clone(q.People), seat)
	q.Moved = without(q.Moved, seat)
	r.record(now, Entry{Event: EventPeople, Question: q.ID, Text: fmt.Sprintf("%s is now among those whom %s asks.", seat, q.ID)})
}

// freeSeat reports whether the PMO may move the seat of somebody: it waits for an answer. When the question waits on nobody, a seat is
// added instead, whoever is named.
func (q *Question) freeSeat(person string) bool {
	if contains(q.Seats(), person) {
		return q.answerFor(person) == nil
	}
	return len(q.Waiting()) == 0
}

// moveSeat gives the seat of one person to another, or a seat of their own when there is none to give.
func (q *Question) moveSeat(from, to string) {
	if contains(q.Seats(), from) {
		q.People, q.Escalation = replaced(q.People, from, to), replaced(q.Escalation, from, to)
		q.Moved = append(without(q.Moved, from), from)
	} else {
		q.People = append(slices.Clone(q.People), to)
	}
	q.Named, q.Moved = append(without(without(q.Named, to), from), to), without(q.Moved, to)
	q.Moved = q.Moved[max(0, len(q.Moved)-maxMoved):]
}

func reassignedText(c Reassign) string {
	if c.From == "" {
		return fmt.Sprintf("%s is asked: %s", c.To, c.Reason)
	}
	return fmt.Sprintf("%s is asked instead of %s: %s", c.To, c.From, c.Reason)
}

// without returns a new list: ledger entries and steps under way share the old one.
func without(list []string, person string) []string {
	if !contains(list, person) {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), func(p string) bool { return p == person })
}

package pmo

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Kind is what a question is about.
type Kind string

// The kinds of questions, and who is asked.
const (
	KindClarify      Kind = "clarify"       // requester: the form has gaps
	KindSponsor      Kind = "sponsor"       // sponsor: do you support this?
	KindReview       Kind = "review"        // approvers: shall we do this?
	KindDuplicate    Kind = "duplicate"     // requester: does it ask for the same as another request?
	KindReconfirm    Kind = "reconfirm"     // requester: is it still needed, and is the date still right?
	KindScore        Kind = "score"         // PMO or sponsor: inputs are missing
	KindApproach     Kind = "approach"      // delivery leads: is this the right way of working?
	KindAssignment   Kind = "assignment"    // team lead: will your team take it?
	KindPlan         Kind = "plan"          // requester and team: do we agree on the plan?
	KindChange       Kind = "change"        // requester and team: do we agree on the change?
	KindChangeReview Kind = "change_review" // approvers: shall this change of running work be taken?
	KindReport       Kind = "report"        // team: no report for a while
	KindAcceptance   Kind = "acceptance"    // requester: is the outcome reached?
	KindBenefit      Kind = "benefit"       // sponsor: did the benefit come?
	KindException    Kind = "exception"     // PMO: the request cannot go on by itself; what now?
)

// Kinds lists every kind of question.
func Kinds() []Kind {
	return []Kind{KindClarify, KindSponsor, KindReview, KindDuplicate, KindReconfirm, KindScore, KindApproach, KindAssignment, KindPlan, KindChange, KindChangeReview, KindPlanReview, KindPlace, KindReport, KindAcceptance, KindBenefit, KindException}
}

// Judges reports whether an answer decides on a request's fate or rank, which its own people may not.
func (k Kind) Judges() bool {
	return k == KindReview || k == KindChangeReview || k == KindScore || k == KindException
}

// QuestionStatus is the state of a question.
type QuestionStatus string

// Only an open question takes answers. A suspended one waits for another answer and is opened again as its next round.
const (
	QuestionOpen       QuestionStatus = "open"
	QuestionSettled    QuestionStatus = "settled"    // answered: quorum reached or a diverting answer
	QuestionTimedOut   QuestionStatus = "timed_out"  // the deadline's explicit outcome was applied
	QuestionSuperseded QuestionStatus = "superseded" // the content changed, or the request moved on
	QuestionSuspended  QuestionStatus = "suspended"
)

// Answer is one person's recorded answer to a question.
type Answer struct {
	By      string    `json:"by"`            // who acted
	For     string    `json:"for"`           // whose seat it fills: By itself, or whose delegate By is
	Via     string    `json:"via,omitempty"` // api, signal, …
	Verdict string    `json:"verdict"`
	Reason  string    `json:"reason,omitempty"`
	At      time.Time `json:"at"`
	Kept    bool      `json:"kept,omitempty"` // carried over from an earlier round
}

// Question waits, or waited, on named people.
type Question struct {
	ID         string         `json:"id"` // <kind>/<round>[/<group>]
	Kind       Kind           `json:"kind"`
	Round      int            `json:"round"`
	Group      string         `json:"group,omitempty"`
	About      string         `json:"about,omitempty"` // exception: the question or kind it is about
	Version    int            `json:"version"`         // the content's version the answers belong to
	Text       string         `json:"text"`
	People     []string       `json:"asked"`      // principal ids, resolved when it opened
	Escalation []string       `json:"escalation"` // who joins when the first deadline passes
	Options    []Option       `json:"options"`
	Quorum     Quorum         `json:"quorum"`
	Counting   Counting       `json:"counting,omitempty"`
	OpenedAt   time.Time      `json:"opened_at"`
	DueAt      time.Time      `json:"due_at"`
	LastDueAt  time.Time      `json:"last_due_at,omitzero"`  // the deadline after escalation
	DueIn      TimeUnit       `json:"due_in,omitempty"`      // what the first deadline and the reminders count in
	LastDueIn  TimeUnit       `json:"last_due_in,omitempty"` // what the deadline after escalation counts in
	Announced  Announcement   `json:"announced,omitzero"`    // the last entry of the ledger by which people are asked
	Remind     []time.Time    `json:"remind,omitempty"`      // reminders still to come
	Reminded   int            `json:"reminded,omitempty"`
	Escalated  bool           `json:"escalated,omitempty"`
	OnSilence  string         `json:"on_silence"` // the verdict when the last deadline passes
	Answers    []Answer       `json:"answers,omitempty"`
	Status     QuestionStatus `json:"status"`
	Verdict    string         `json:"verdict,omitempty"`
	Data       *Data          `json:"data,omitempty"` // what came with the answer that settled it
	SettledBy  string         `json:"settled_by,omitempty"`
	SettledAt  time.Time      `json:"settled_at,omitzero"`
	Policy     string         `json:"policy,omitempty"` // the policy version that set people and deadlines
	Note       string         `json:"note,omitempty"`   // e.g. why the people asked are not the usual ones
	Named      []string       `json:"named,omitempty"`  // people with a seat that the PMO gave them
	Moved      []string       `json:"moved,omitempty"`  // people whose seat the PMO moved to somebody else
	Acting     []Acting       `json:"acting,omitempty"` // the delegates who were told, and for whom they act
	// Remedies are the smallest changes by which a request without a team would get one, as they were when the PMO was asked. Since Process10.
	Remedies []Remedy `json:"remedies,omitempty"`
}

// QuestionID builds the id of a question.
func QuestionID(kind Kind, round int, group string) string {
	if group == "" {
		return fmt.Sprintf("%s/%d", kind, round)
	}
	return fmt.Sprintf("%s/%d/%s", kind, round, group)
}

// GroupOf names whom a question's id says was asked: the group of a review, the team of an assignment, otherwise whom its kind asks.
func GroupOf(question string) string {
	parts := strings.SplitN(question, "/", 3)
	kind := Kind(parts[0])
	if len(parts) == 3 && (kind == KindReview || kind == KindChangeReview || kind == KindAssignment) {
		return parts[2]
	}
	return kind.asks()
}

// asks names whom the kind asks when no group does.
func (k Kind) asks() string {
	switch k {
	case KindClarify, KindDuplicate, KindReconfirm, KindAcceptance:
		return "requester"
	case KindSponsor, KindBenefit:
		return "sponsor"
	case KindReview, KindChangeReview:
		return "approvers"
	case KindScore, KindException:
		return "pmo"
	case KindApproach:
		return "delivery_leads"
	case KindAssignment, KindReport:
		return "team"
	case KindPlan, KindChange, KindPlanReview, KindPlace:
		return "requester_and_team"
	}
	return string(k)
}

// Open reports whether the question takes answers.
func (q *Question) Open() bool { return q.Status == QuestionOpen }

// Voted reports whether the seat or the person has answered.
func (q *Question) Voted(person string) bool {
	return slices.ContainsFunc(q.Answers, func(a Answer) bool { return a.For == person || a.By == person })
}

// Waiting lists the people who may still answer, in the order asked.
func (q *Question) Waiting() []string {
	var waiting []string
	for _, person := range q.Seats() {
		if !q.Voted(person) {
			waiting = append(waiting, person)
		}
	}
	return waiting
}

// Seats lists everybody who may answer: the people asked and, once escalated, those who joined.
func (q *Question) Seats() []string {
	if !q.Escalated {
		return q.People
	}
	seats := slices.Clone(q.People)
	for _, person := range q.Escalation {
		if !slices.Contains(seats, person) {
			seats = append(seats, person)
		}
	}
	return seats
}

func (q *Question) close(status QuestionStatus, verdict, by string, at time.Time) {
	q.Status, q.Verdict, q.SettledBy, q.SettledAt = status, verdict, by, at
	q.Remind = nil
}

package pmo

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// QuestionSpec is a question the process wants to ask, before its terms are known.
type QuestionSpec struct {
	Kind   Kind
	Group  string
	About  string // exception: the question or kind it is about
	Quorum *Quorum
	Text   string
}

// QuestionTermsInput asks who a question goes to and by when.
type QuestionTermsInput struct {
	ID        string    `json:"id"`
	Kind      Kind      `json:"kind"`
	Round     int       `json:"round"`
	Group     string    `json:"group,omitempty"` // review: the group of the step; assignment: the team
	Portfolio string    `json:"portfolio"`
	Lane      Lane      `json:"lane"`
	Requester string    `json:"requester"`
	OnBehalf  string    `json:"on_behalf,omitempty"` // who submitted for the requester; may not judge either
	Sponsor   string    `json:"sponsor,omitempty"`
	Team      string    `json:"team,omitempty"`
	Leads     []string  `json:"leads,omitempty"`
	Quorum    *Quorum   `json:"quorum,omitempty"`   // review: the step's
	At        time.Time `json:"at"`                 // when the question opens: deadlines count from here
	Calendar  string    `json:"calendar,omitempty"` // the name of the calendar that the request carries
	Open      *Seating  `json:"open,omitempty"`     // set: the question is open, and asks who may answer it at this time
}

// QuestionTerms say who is asked, by when, and what silence leads to: the policy's answer to a QuestionSpec. The activity Ask answers it.
type QuestionTerms struct {
	People     []string    `json:"people"`
	Escalation []string    `json:"escalation,omitempty"`
	Quorum     Quorum      `json:"quorum"`
	Counting   Counting    `json:"counting,omitempty"` // 0 in terms that were recorded before seats were counted
	DueAt      time.Time   `json:"due_at"`
	LastDueAt  time.Time   `json:"last_due_at,omitzero"`  // after escalation; zero without one
	DueIn      TimeUnit    `json:"due_in,omitempty"`      // what the first deadline and the reminders count in
	LastDueIn  TimeUnit    `json:"last_due_in,omitempty"` // what the deadline after escalation counts in
	Calendar   *Calendar   `json:"calendar,omitempty"`    // the portfolio's, when the request carries another one
	Remind     []time.Time `json:"remind,omitempty"`
	OnSilence  string      `json:"on_silence"`
	Note       string      `json:"note,omitempty"` // why these people are not the usual ones
	Policy     string      `json:"policy"`
	Acting     []Acting    `json:"acting,omitempty"`  // who acts for people with a seat who are away
	Gone       []Departure `json:"gone,omitempty"`    // of an open question: whose seat nobody can fill any more
	Leads      *TeamLeads  `json:"leads,omitempty"`   // of the request's team, as they are today
	TooFew     bool        `json:"too_few,omitempty"` // of an open question: those who are left cannot meet the quorum
}

// NextRound is the round a new question of the kind belongs to. Groups of one review share a round.
func (r *Request) NextRound(a QuestionSpec) int {
	round := r.Rounds[a.Kind]
	if round == 0 {
		return 1
	}
	if a.Kind.AsksGroups() && r.Question(QuestionID(a.Kind, round, a.Group)) == nil {
		return round
	}
	return round + 1
}

// OpenQuestion opens the question on these terms. Votes of the round before are kept when nothing material has changed.
func (r *Request) OpenQuestion(a QuestionSpec, t QuestionTerms, now time.Time) *Question {
	if earlier := r.openQuestionTo(a.Kind, a.Group); earlier != nil && r.Process >= Process05 {
		r.closeSuperseded(earlier, "it is asked again", now)
	}
	r.meetCalendar(t.Calendar)
	r.meetLeads(t.Leads)
	round := r.NextRound(a)
	if r.Rounds == nil {
		r.Rounds = map[Kind]int{}
	}
	r.Rounds[a.Kind] = round
	q := Question{
		ID: QuestionID(a.Kind, round, a.Group), Kind: a.Kind, Round: round, Group: a.Group, About: a.About, Version: r.Version, Text: a.Text,
		People: t.People, Escalation: t.Escalation, Options: Options(a.Kind), Quorum: t.Quorum, Counting: t.Counting, OpenedAt: now, DueAt: t.DueAt,
		LastDueAt: t.LastDueAt, DueIn: t.DueIn, LastDueIn: t.LastDueIn, Remind: t.Remind, OnSilence: t.OnSilence, Policy: t.Policy, Note: t.Note, Acting: t.Acting, Status: QuestionOpen,
	}
	switch {
	case q.Kind == KindException:
		r.exceptionTerms(&q)
	case q.Kind == KindClarify && !r.freeQuestion():
		q.Options = slices.DeleteFunc(slices.Clone(q.Options), func(o Option) bool { return o.Verdict == VerdictAnswer })
	}
	r.planTerms(&q)
	r.conditionTerms(&q)
	if len(q.Escalation) > 0 && !q.LastDueAt.After(q.DueAt) {
		q.LastDueIn = q.DueIn
		q.LastDueAt = r.calendar().keepLength(q.DueAt, now, q.DueAt, q.DueIn) // an escalation without a deadline of its own gets as long again
	}
	if q.OnSilence == "" {
		q.OnSilence = VerdictAskAgain // no policy lets silence lead nowhere; should one slip through, it must not count as a yes
	}
	if len(q.People) == 0 {
		q.Remind = nil // there is nobody to remind
	}
	if q.Answers = r.keptVotes(q); len(q.Answers) > 0 && q.Tally().Stuck {
		q.Answers = nil // nobody would be left to ask: all are asked afresh
	}
	r.agreeToOwn(&q, now)
	r.trim(q)
	r.Questions = append(r.Questions, q)
	asked := &r.Questions[len(r.Questions)-1]
	r.record(now, Entry{Event: EventAsked, Key: EventAsked + "/" + q.ID, Question: q.ID, Text: q.openedText(), Policy: q.Policy})
	r.announced(asked, now)
	r.meetPolicy(t.Policy)
	r.tryToSettle(asked, now)
	return asked
}

// freeQuestion reports whether the requester is asked what an approver wants to know, which words answer. Gaps of the form are filled by fields.
func (r *Request) freeQuestion() bool { return r.InfoWanted != "" || r.changeAsksInfo() }

func (q *Question) openedText() string {
	who := strings.Join(q.People, ", ")
	if who == "" {
		who = "nobody who may answer"
	}
	text := fmt.Sprintf("%s Asked: %s; %s; due %s.", q.Text, who, q.Quorum, q.DueAt.UTC().Format("2006-01-02 15:04 MST"))
	if q.Note != "" {
		text += " " + q.Note
	}
	return text
}

// keptVotes carries the counted votes of the same group from the round in which it was asked last, if they were given on the same
// content by people who are still asked.
func (r *Request) keptVotes(q Question) []Answer {
	before := r.Question(QuestionID(q.Kind, q.Round-1, q.Group))
	if before == nil && q.Counting >= CountSeats {
		before = r.lastAsked(q.Kind, q.Group)
	}
	if !q.Kind.AsksGroups() || before == nil || before.Version != q.Version {
		return nil
	}
	var kept []Answer
	for _, a := range before.Answers {
		if o, ok := q.option(a.Verdict); ok && o.Effect != EffectDivert && contains(q.People, a.For) {
			a.Kept = true
			kept = append(kept, a)
		}
	}
	return kept
}

// lastAsked is the question that a group was asked last, or nil: a round may end before every group is asked.
func (r *Request) lastAsked(kind Kind, group string) *Question {
	var last *Question
	for i := range r.Questions {
		if q := &r.Questions[i]; q.Kind == kind && q.Group == group && (last == nil || q.Round > last.Round) {
			last = q
		}
	}
	return last
}

// trim removes closed questions older than the round before the new question's: the ledger has them. Those of a review stay while their
// group was not asked again, because their votes may be kept.
func (r *Request) trim(next Question) {
	latest := map[string]int{} // the last round of each group
	for _, q := range r.Questions {
		if q.Kind == next.Kind {
			latest[q.Group] = max(latest[q.Group], q.Round)
		}
	}
	r.Questions = slices.DeleteFunc(r.Questions, func(q Question) bool {
		if q.Kind != next.Kind || q.Open() || q.Round >= next.Round-1 {
			return false
		}
		keeps := next.Counting >= CountSeats && q.Kind.AsksGroups() && q.Version == next.Version
		return !keeps || latest[q.Group] > q.Round
	})
}

// supersede closes open questions without an outcome; kinds none means all.
func (r *Request) supersede(now time.Time, why string, kinds ...Kind) {
	for _, q := range r.OpenQuestions() {
		if len(kinds) > 0 && !slices.Contains(kinds, q.Kind) {
			continue
		}
		r.closeSuperseded(q, why, now)
	}
}

func (r *Request) closeSuperseded(q *Question, why string, now time.Time) {
	q.close(QuestionSuperseded, "", why, now)
	r.record(now, Entry{Event: EventSuperseded, Key: EventSuperseded + "/" + q.ID, Question: q.ID, Text: "No longer asked: " + why + "."})
}

// openQuestionTo is the open question of a kind to a group, or nil. There is at most one: nobody is asked the same twice.
func (r *Request) openQuestionTo(kind Kind, group string) *Question {
	for _, q := range r.OpenQuestions() {
		if q.Kind == kind && q.Group == group {
			return q
		}
	}
	return nil
}

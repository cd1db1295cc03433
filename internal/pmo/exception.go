package pmo

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Cause is why a request cannot go on unless the PMO decides. It is the last part of the question's id.
type Cause string

// The causes of exceptions.
const (
	CauseNoTeam     Cause = "no_team"    // no team fits, or all that fit have declined
	CauseNobody     Cause = "nobody"     // nobody may answer an open question
	CauseBlocked    Cause = "blocked"    // the team reported a blocker
	CauseUnanswered Cause = "unanswered" // repeated questions of one kind brought no answer, or no agreement
)

// exception is a state in which nobody who is asked, or nobody at all, can make the request go on.
type exception struct {
	cause Cause
	about string // the question that nobody may answer, or the kind that stays unanswered
	text  string
}

// PutOff is an exception that the PMO, or its silence, put off.
type PutOff struct {
	Cause Cause     `json:"cause"`
	About string    `json:"about,omitempty"`
	Until time.Time `json:"until"`
	// In is what Until counts in, when a hold moves it; elapsed time before Process07.
	In TimeUnit `json:"in,omitempty"`
	// Latest is the latest date that the policy allows, counted from when it was put off: a hold moves Until no further. Zero before Process07.
	Latest time.Time `json:"latest,omitzero"`
}

// NamedTeam is the team that the PMO named. It is offered the request whatever skills are recorded for it.
type NamedTeam struct {
	Team      string `json:"team"`
	By        string `json:"by"`
	Reason    string `json:"reason"`
	OverLimit bool   `json:"over_limit,omitempty"` // also over its WIP limit and load ceiling, for this request alone
}

// Returned is a slot given back because the request could not go on. A prioritization run does not pull the request before the reason is gone.
type Returned struct {
	Cause  Cause     `json:"cause"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
	Until  time.Time `json:"until,omitzero"` // not pulled before; zero: until a team could take it
}

// DefaultExceptionRounds is how many rounds may bring no answer where the policy does not say it.
const DefaultExceptionRounds = 3

// exceptionStep asks the PMO when the request cannot go on by itself, one exception after the other. A question whose cause has ended is
// superseded.
func (r *Request) exceptionStep(now time.Time) Step {
	if r.Process < Process05 || r.Status != StatusOpen {
		return Step{Action: ActionWait}
	}
	found := r.exceptions(now)
	r.endPutOffs(func(p PutOff) bool { return !has(found, p.Cause, p.About) })
	if q := r.OpenQuestionOf(KindException); q != nil {
		if has(found, Cause(q.Group), q.About) {
			return Step{Action: ActionWait}
		}
		r.supersede(now, "the request can go on", KindException)
		return Step{Action: ActionContinue}
	}
	for _, e := range found {
		if r.putOff(e.cause, e.about) == nil {
			return Step{Action: ActionOpenQuestion, Question: QuestionSpec{Kind: KindException, Group: string(e.cause), About: e.about, Text: e.text}}
		}
	}
	return Step{Action: ActionWait}
}

// exceptions lists why the request cannot go on now.
func (r *Request) exceptions(now time.Time) []exception {
	var found []exception
	if r.WaitsForTeam() && r.NoTeamReason != "" && !r.asksForTeamAt().After(now) {
		found = append(found, exception{cause: CauseNoTeam, text: fmt.Sprintf("No team for %q: %s%s What now?", r.Content.Title, sentence(r.NoTeamReason), r.declinedText())})
	}
	for _, q := range r.OpenQuestions() {
		if q.Kind != KindException && q.DueAt.After(now) && q.nobodyMayAnswer() {
			found = append(found, exception{cause: CauseNobody, about: q.ID, text: strings.TrimSpace(fmt.Sprintf("Nobody may answer %s. Who shall? %s", q.ID, q.Note))})
		}
	}
	if r.blocked() {
		found = append(found, exception{cause: CauseBlocked, text: fmt.Sprintf("The work on %q is blocked: %s The question stays until the blocker is cleared.", r.Content.Title, sentence(r.blockers()))})
	}
	for _, kind := range Kinds() {
		if n := r.Unanswered[kind]; n >= r.exceptionRounds() {
			found = append(found, exception{cause: CauseUnanswered, about: string(kind), text: fmt.Sprintf("%d rounds of %s questions on %q brought no answer or no agreement. What now?", n, kind, r.Content.Title)})
		}
	}
	return found
}

func sentence(text string) string { return strings.TrimRight(text, ". ") + "." }

// declinedText says what the last teams that declined gave as their reasons.
func (r *Request) declinedText() string {
	var text strings.Builder
	for _, d := range r.Declined[max(len(r.Declined)-3, 0):] {
		text.WriteString(fmt.Sprintf(" %s declined: %s", d.Team, sentence(d.Reason)))
	}
	return text.String()
}

// nobodyMayAnswer reports whether a question has neither people who may answer nor others who join at its next deadline.
func (q *Question) nobodyMayAnswer() bool {
	return len(q.Waiting()) == 0 && (q.Escalated || len(q.Escalation) == 0)
}

func (r *Request) blocked() bool {
	return r.Stage == StageExecution && r.DoneAt.IsZero() && r.blockers() != ""
}

func (r *Request) exceptionRounds() int {
	if r.Rules.ExceptionRounds > 0 {
		return r.Rules.ExceptionRounds
	}
	return DefaultExceptionRounds
}

func has(list []exception, cause Cause, about string) bool {
	return slices.ContainsFunc(list, func(e exception) bool { return e.cause == cause && e.about == about })
}

// putOff finds the exception among those that were put off, or nil.
func (r *Request) putOff(cause Cause, about string) *PutOff {
	for i := range r.PutOff {
		if p := &r.PutOff[i]; p.Cause == cause && p.About == about {
			return p
		}
	}
	return nil
}

// firePutOff lets the exceptions be asked about again whose time has come.
func (r *Request) firePutOff(now time.Time) {
	r.endPutOffs(func(p PutOff) bool { return !p.Until.After(now) })
}

func (r *Request) endPutOffs(ended func(PutOff) bool) {
	if slices.ContainsFunc(r.PutOff, ended) {
		r.PutOff = slices.DeleteFunc(slices.Clone(r.PutOff), ended)
		r.Seq++
	}
}

// countRounds counts the rounds in a row in which a kind of question brought no answer, or a plan no agreement.
func (r *Request) countRounds(q Question) {
	if r.Process < Process05 || q.Kind == KindException || q.Kind == KindReconfirm { // which reconfirm.rounds limits
		return
	}
	switch q.Verdict {
	case VerdictAskAgain, VerdictSilent, VerdictCounter:
		if r.Unanswered == nil {
			r.Unanswered = map[Kind]int{}
		}
		r.Unanswered[q.Kind]++
	default:
		delete(r.Unanswered, q.Kind)
	}
}

// exceptionTerms fits the terms to the cause: which verdicts are possible, and what silence leads to. The policy's verdict of silence is for a
// request that no team was found for, because it holds a slot; any other goes on as far as it can, and the PMO is asked again.
func (r *Request) exceptionTerms(q *Question) {
	stage, cause := r.Stage, Cause(q.Group)
	if cause == CauseNoTeam && r.Unplaced != nil {
		q.Remedies, r.Unplaced.Remedies = r.Unplaced.Remedies, nil
		q.Text += remediesText(q.Remedies)
	}
	q.Options = slices.DeleteFunc(slices.Clone(q.Options), func(o Option) bool {
		switch o.Verdict {
		case VerdictRemedy:
			return !slices.ContainsFunc(q.Remedies, func(m Remedy) bool { return m.Answers() })
		case VerdictNameTeam, VerdictRaiseLimit:
			return stage != StageAssignment && stage != StageExecution
		case VerdictBacklog:
			return !r.mayReturnSlot()
		case VerdictNamePerson:
			return cause != CauseNobody
		case VerdictCancel:
			return stage == StageClosure
		}
		return false
	})
	if q.OnSilence != "" && slices.Contains([]Cause{CauseNobody, CauseBlocked, CauseUnanswered}, cause) {
		q.OnSilence = VerdictWait
	}
	if stage != StageClosure {
		q.Text += " It may also be split into parts, which closes it."
	}
}

// mayReturnSlot reports whether the request holds a slot that it can give back.
func (r *Request) mayReturnSlot() bool {
	return r.Pulled() && slices.Contains([]Stage{StageApproach, StageAssignment, StageExecution}, r.Stage)
}

func (r *Request) exceptionSettled(q Question, reason string, now time.Time) {
	var data Data
	if q.Data != nil {
		data = *q.Data
	}
	by := By{Actor: settledByPerson(q)}
	switch q.Verdict {
	case VerdictNameTeam, VerdictRaiseLimit:
		named := NamedTeam{Team: data.Team, By: q.SettledBy, Reason: reason, OverLimit: q.Verdict == VerdictRaiseLimit}
		leads := r.teamLeads()
		r.lookForTeam(data.Team, "")
		r.NamedTeam = &named
		r.record(now, Entry{Event: EventReassigned, Actor: q.SettledBy, concerned: leads, Text: named.words()})
		r.supersede(now, "the PMO named a team")
		r.move(TriggerReassigned, now)
	case VerdictBacklog:
		r.returnSlot(q, reason, now)
	case VerdictNamePerson:
		r.namePerson(q, data.Person, reason, now)
	case VerdictCancel:
		r.Close(TriggerCancelled, reason, by, now)
	case VerdictRemedy:
		r.remedyChosen(q, data, reason, now)
	case VerdictWait:
		r.PutOff = append(r.PutOff, r.newPutOff(q, data, now))
	}
}

func (n NamedTeam) words() string {
	if n.OverLimit {
		return fmt.Sprintf("%s is asked next, over its limits for this request alone: %s", n.Team, n.Reason)
	}
	return fmt.Sprintf("%s is asked next, whatever skills are recorded for it: %s", n.Team, n.Reason)
}

// newPutOff puts off the exception that a question asks about.
func (r *Request) newPutOff(q Question, d Data, now time.Time) PutOff {
	p := PutOff{Cause: Cause(q.Group), About: q.About, Until: r.askAgainAt(q, d, now)}
	if r.Process < Process07 {
		return p
	}
	p.In = q.DueIn
	if d.Until != "" {
		p.In = InDays
	}
	if r.Rules.DeferAtMost > 0 {
		p.Latest = now.Add(r.Rules.DeferAtMost)
	}
	return p
}

// resume moves the end by a hold that lasted from since until now, and no further than the latest date.
func (p *PutOff) resume(c *Calendar, since, now time.Time) {
	p.Until = c.keepLength(p.Until, since, now, p.In)
	if !p.Latest.IsZero() && p.Until.After(p.Latest) {
		p.Until = p.Latest
	}
}

// askAgainAt is the date given, or so long after now as the question was open for at most: as long as the policy gives the PMO.
func (r *Request) askAgainAt(q Question, d Data, now time.Time) time.Time {
	if until, err := d.deferredTo(); err == nil && until.After(now) {
		return until
	}
	return later(r.calendar().keepLength(q.DueAt, q.OpenedAt, now, q.DueIn), now.Add(leastRetry))
}

// returnSlot gives slot and capacity back: the next projection releases both. The request waits in the backlog for another pull, with its age
// kept.
func (r *Request) returnSlot(q Question, reason string, now time.Time) {
	back := Returned{Cause: Cause(q.Group), Reason: reason, At: now}
	if q.Verdict == q.OnSilence && q.Status == QuestionTimedOut {
		back.Reason = "the PMO did not answer in time"
	}
	if back.Cause != CauseNoTeam {
		back.Until = r.askAgainAt(q, Data{}, now)
	}
	why := back.Reason
	if r.NoTeamReason != "" {
		why += "; no team: " + r.NoTeamReason
	}
	leads := r.teamLeads()
	if r.TeamConfirmed() {
		r.PreviousAssignment = r.Assignment
	}
	r.Returned = &back
	r.Pull, r.Assignment, r.NamedTeam = nil, nil, nil
	r.endSearch()
	r.record(now, Entry{Event: EventSlotReturned, Question: q.ID, Actor: settledByPerson(q), concerned: leads, Text: "Back to the backlog, and the slot is given back: " + sentence(why) + r.pulledAgain(back)})
	r.move(TriggerSlotReturned, now)
}

// settledByPerson is who settled the question; empty for silence.
func settledByPerson(q Question) string {
	if q.Status == QuestionTimedOut {
		return ""
	}
	return q.SettledBy
}

// pulledAgain says when a request that gave its slot back can be pulled again.
func (r *Request) pulledAgain(b Returned) string {
	if b.Until.IsZero() {
		return " It is pulled again when a team could take it."
	}
	return " It is not pulled again before " + string(r.dayOf(b.Until)) + "."
}

// namePerson lets one more person answer the question that nobody may answer.
func (r *Request) namePerson(exception Question, person, reason string, now time.Time) {
	q := r.Question(exception.About)
	if q == nil || !q.Open() || contains(q.Seats(), person) || q.Kind.Judges() && r.isOwn(person) {
		return
	}
	q.People = append(slices.Clone(q.People), person)
	r.record(now, Entry{Event: EventReassigned, Question: q.ID, Actor: exception.SettledBy, concerned: []string{person},
		Text: fmt.Sprintf("%s is asked: %s", person, reason)})
	r.announced(q, now)
}

// checkNamed returns why the team, person or change named with a verdict cannot be taken, or nil.
func (r *Request) checkNamed(q *Question, o Option, d Data) *Refusal {
	if o.Verdict == VerdictRemedy {
		return q.checkRemedy(d.Remedy)
	}
	if o.Verdict != VerdictNamePerson {
		return nil
	}
	asked := r.Question(q.About)
	switch {
	case asked == nil || !asked.Open():
		return refuse(RefusedMovedOn, "%s is no longer open", q.About)
	case contains(asked.Seats(), d.Person) || asked.Voted(d.Person):
		return invalid("/data/person", "is somebody not asked yet")
	case asked.Kind.Judges() && r.isOwn(d.Person):
		return refuse(RefusedOwnRequest, "no one judges their own request")
	}
	return nil
}

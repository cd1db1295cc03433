package pmo

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Assignment is a team with capacity held for the request: offered until ConfirmedAt is set, then confirmed. Where the request needs two teams, it is
// the first of them.
type Assignment struct {
	Team        string    `json:"team"`
	Leads       []string  `json:"leads"` // who answers for the team
	Size        float64   `json:"size"`  // capacity held, in team-weeks
	Reasons     []string  `json:"reasons"`
	OfferedAt   time.Time `json:"offer_at"`
	ConfirmedAt time.Time `json:"accepted,omitzero"` // zero while only held
	Policy      string    `json:"policy"`
	Pace        float64   `json:"pace,omitempty"` // of the team when it was chosen: Size is the request's size divided by it; 0: 1
	// OverLimit: the PMO put the team over its limits for this request alone.
	OverLimit bool `json:"over_limit,omitempty"`
	// Second is the team that does the other part at the same time; nil: one team does it all.
	Second *TeamPart `json:"second,omitempty"`
	// NoRoom: the team has no room for it any more; nil while it has.
	NoRoom *NoRoom `json:"no_room,omitempty"`
}

// Decline is a team's no, with its reason.
type Decline struct {
	Team   string `json:"team"`
	Reason string `json:"reason"`
}

// assignmentStep finds the best team with skills and capacity, and asks its lead; where two teams are needed, both of them and both leads. A decline
// goes to the next best.
func (r *Request) assignmentStep(now time.Time) Step {
	if r.offerOutdated() {
		r.withdrawOffer("It needs another number of teams now", "another number of teams is needed", now)
	}
	if r.WaitsForTeam() && !r.RetryAt.After(now) {
		return Step{Action: ActionFindTeam}
	}
	for _, spec := range r.assignmentQuestions() {
		if r.openQuestionTo(spec.Kind, spec.Group) == nil {
			return Step{Action: ActionOpenQuestion, Question: spec}
		}
	}
	if !r.TeamConfirmed() {
		return Step{Action: ActionWait}
	}
	return r.moved(r.confirmedAs(), now)
}

// confirmedAs tells the team that goes on after a hold, which was not asked again, from one that confirmed the offer.
func (r *Request) confirmedAs() Trigger {
	if r.PreviousAssignment != nil {
		return TriggerTeamGoesOn
	}
	return TriggerTeamConfirmed
}

// WaitsForTeam reports whether the request needs a team and has no offer.
func (r *Request) WaitsForTeam() bool {
	return r.Stage == StageAssignment && r.Status == StatusOpen && r.Assignment == nil
}

// TeamConfirmed reports whether a team has taken the work; where two are needed, both.
func (r *Request) TeamConfirmed() bool { return r.Assignment.Confirmed() }

// leastRetry keeps the search for a team from turning in circles.
const leastRetry = time.Minute

// endSearch forgets what searches that found no team left behind.
func (r *Request) endSearch() { r.NoTeamReason, r.Unplaced, r.RetryAt = "", nil, time.Time{} }

// KeepUnplaced keeps what a search that found no team says beside the reason: when the PMO is asked, and what would help. Requests that began
// before Process10 ask the PMO at once.
func (r *Request) KeepUnplaced(askAt time.Time, remedies []Remedy, now time.Time) {
	if r.Process < Process10 {
		return
	}
	since := now
	if before := r.Unplaced; before != nil {
		since = before.Since
		if askAt.After(before.AskAt) {
			askAt = before.AskAt // what was asked about stays asked about
		}
	}
	r.Unplaced = &Unplaced{Since: since, AskAt: askAt, Remedies: remedies}
}

// UnplacedSince is when a search found no team first; zero where none has.
func (r *Request) UnplacedSince() time.Time {
	if r.Unplaced == nil {
		return time.Time{}
	}
	return r.Unplaced.Since
}

// WantsRemedies reports whether the PMO may be asked next what now, and with it what would help.
func (r *Request) WantsRemedies() bool {
	return r.Process >= Process10 && r.NamedTeam == nil && r.OpenQuestionOf(KindException) == nil
}

// asksForTeamAt is when the PMO is asked about a request without a team, if none is found before; zero: at once.
func (r *Request) asksForTeamAt() time.Time {
	if r.Unplaced == nil || !r.WaitsForTeam() {
		return time.Time{}
	}
	return r.Unplaced.AskAt
}

// NoTeam records that no team has room, and when to search again.
func (r *Request) NoTeam(why string, retryAt, now time.Time) {
	changed := r.NoTeamReason != why
	if least := now.Add(leastRetry); retryAt.Before(least) {
		retryAt = least
	}
	r.NoTeamReason, r.RetryAt = why, retryAt
	r.Seq++
	if changed {
		r.record(now, Entry{Event: EventNoTeam, Text: "No team yet: " + why})
	}
}

// Offer stores the team that is asked next; its capacity is held already. The team that had the work before a hold is not asked again.
func (r *Request) Offer(a Assignment, now time.Time) {
	a.OfferedAt, a.OverLimit = now, r.NamedTeam != nil && r.NamedTeam.OverLimit
	r.endSearch()
	text := fmt.Sprintf("Offered to %s: %s.", strings.Join(a.TeamIDs(), " and "), reasons(a.Reasons))
	switch before := r.PreviousAssignment; {
	case before != nil && before.Team == a.Team:
		text = a.goOn(*before, now)
		if r.Process < Process05 {
			r.PreviousAssignment = nil
		}
	case before != nil:
		r.leaveTeamBefore()
	}
	r.NamedTeam = nil
	r.Assignment = &a
	r.record(now, Entry{Event: EventOffered, Text: text, Policy: a.Policy})
}

// leaveTeamBefore forgets the team that had the work before a hold: another one is asked, which agrees on a plan and does the work itself.
func (r *Request) leaveTeamBefore() {
	r.PreviousAssignment = nil
	r.disagreePlan()
	if r.Process >= Process05 {
		reset(r, workOfTeam)
	}
}

// goOn confirms the teams that had the work before a hold, the first one at least, and says so.
func (a *Assignment) goOn(before Assignment, now time.Time) string {
	a.ConfirmedAt = now
	switch {
	case a.Second == nil:
		return fmt.Sprintf("%s has room again and goes on.", a.Team)
	case before.Second == nil || before.Second.Team != a.Second.Team:
		return fmt.Sprintf("%s has room again and goes on; %s is asked as the second team.", a.Team, a.Second.Team)
	}
	a.Second.ConfirmedAt = now
	return fmt.Sprintf("%s and %s have room again and go on.", a.Team, a.Second.Team)
}

// assignmentQuestions ask the leads of the offered teams that have not taken their part; none without an offer.
func (r *Request) assignmentQuestions() []QuestionSpec {
	a := r.Assignment
	if a == nil {
		return nil
	}
	var list []QuestionSpec
	for i, part := range a.Parts() {
		if !part.ConfirmedAt.IsZero() {
			continue
		}
		ask := fmt.Sprintf("Will %s take %q?", part.Team, r.Content.Title)
		switch {
		case a.Second == nil:
		case i == 0:
			ask = fmt.Sprintf("Will %s take %q as the first of two teams, with %s?", part.Team, r.Content.Title, a.Second.Team)
		default:
			ask = fmt.Sprintf("Will %s take its part of %q as the second team, with %s?", part.Team, r.Content.Title, a.Team)
		}
		list = append(list, QuestionSpec{Kind: KindAssignment, Group: part.Team, Text: fmt.Sprintf("%s %s.", ask, reasons(a.Reasons))})
	}
	return list
}

func (r *Request) assignmentSettled(q Question, reason string, now time.Time) {
	part := r.Assignment.Part(q.Group)
	if part == nil {
		return
	}
	if q.Verdict == VerdictAccept {
		r.Assignment = r.Assignment.withPart(part.Team, func(p *TeamPart) { p.ConfirmedAt = now })
		r.ownExpress()
		r.record(now, Entry{Event: EventAssigned, Actor: q.SettledBy, Text: part.Team + " takes " + r.partWords(part.Team) + "."})
		return
	}
	r.Declined = append(r.Declined, Decline{Team: part.Team, Reason: reason})
	said := Entry{Event: EventDeclined, Text: fmt.Sprintf("%s declines: %s. The next best team is asked.", part.Team, reason)}
	if r.Assignment.Second != nil {
		said.Text = fmt.Sprintf("%s declines %s: %s. Both places are given back, and the next best teams are asked.", part.Team, r.partWords(part.Team), reason)
		said.concerned = r.teamLeads()
	}
	r.record(now, said)
	r.Assignment = nil
	r.supersede(now, part.Team+" declined, and both teams are needed", KindAssignment)
}

// partWords are what a team is asked to take.
func (r *Request) partWords(team string) string {
	switch a := r.Assignment; {
	case a.Second == nil:
		return "it"
	case team == a.Team:
		return "its part as the first team"
	}
	return "its part as the second team"
}

// DeclinedTeams lists the teams that are not to be asked again.
func (r *Request) DeclinedTeams() []string {
	var teams []string
	for _, d := range r.Declined {
		teams = union(teams, d.Team)
	}
	return teams
}

// CheckReassign returns why a question or the work cannot be moved, or nil.
func (r *Request) CheckReassign(c Reassign) *Refusal {
	if refusal := r.checkAcceptsCommands(); refusal != nil {
		return refusal
	}
	switch {
	case c.Reason == "":
		return invalid("/reason", "says why")
	case c.Question != "" && c.Second != "":
		return invalid("/second", "is for moving the work, and not a decision")
	case c.Question != "":
		return r.checkReassignQuestion(c)
	case c.Team == "":
		return invalid("/team", "names a team, or a decision is named with from and to")
	case c.Second != "" && !r.Content.SecondTeam.Needed():
		return invalid("/second", "is for a request that needs two teams; this one needs one")
	case c.Second == c.Team:
		return invalid("/second", "is another team than the first")
	case r.Stage != StageAssignment && r.Stage != StageExecution:
		return refuse(RefusedMovedOn, "a team is chosen in assignment and execution; the request is in %s", r.Stage)
	}
	return nil
}

func (r *Request) checkReassignQuestion(c Reassign) *Refusal {
	q := r.Question(c.Question)
	switch {
	case q == nil:
		return r.unknownQuestion(c.Question)
	case !q.Open():
		return closedQuestion(q)
	case !q.freeSeat(c.From):
		return invalid("/from", "is somebody the question waits on")
	case c.To == "" || contains(q.Seats(), c.To) || q.Voted(c.To):
		return invalid("/to", "is somebody not asked yet")
	case q.Kind.Judges() && r.isOwn(c.To):
		return refuse(RefusedOwnRequest, "no one judges their own request")
	}
	return nil
}

// ApplyReassign moves a question to another person, or the work to another team.
func (r *Request) ApplyReassign(c Reassign, now time.Time) Receipt {
	if c.Question != "" {
		q := r.Question(c.Question)
		q.moveSeat(c.From, c.To)
		r.recordCommand(now, c.By, Entry{Event: EventReassigned, Question: q.ID, concerned: union(nil, c.To, c.From), Text: reassignedText(c)})
		r.announced(q, now)
		return r.receipt("reassigned")
	}
	leads := r.teamLeads()
	r.lookForTeam(c.Team, c.Second)
	wanted := c.Team + " first"
	if c.Second != "" {
		wanted = fmt.Sprintf("%s first and %s as the second", c.Team, c.Second)
	}
	r.recordCommand(now, c.By, Entry{Event: EventReassigned, concerned: leads, Text: fmt.Sprintf("Another team is looked for, %s: %s", wanted, c.Reason)})
	r.supersede(now, "another team is looked for")
	r.move(TriggerReassigned, now)
	return r.receipt("reassigned")
}

// lookForTeam makes the request look for another team, this one first, and this one as the second where two are needed; empty: none is preferred.
func (r *Request) lookForTeam(team, second string) {
	r.PreferredSecond = second
	r.Preferred, r.Assignment, r.PreviousAssignment, r.NamedTeam, r.RetryAt = team, nil, nil, nil, time.Time{}
	r.Unanswered = nil
	r.Declined = slices.DeleteFunc(r.Declined, func(d Decline) bool { return d.Team == team || d.Team == second })
	r.endReplan()
	if r.Plan != nil {
		r.Plan.AgreedAt = time.Time{}
	}
}

// LosePlace lets another team be looked for because the team that is asked had no room any more at a time. What a team has accepted, and an offer
// that came later, stay; so does every offer of a request that began before Process10.
func (r *Request) LosePlace(team, why string, at, now time.Time) {
	a := r.Assignment
	part := a.Part(team)
	if r.Process < Process10 || r.Stage != StageAssignment || part == nil || !part.ConfirmedAt.IsZero() || a.OfferedAt.After(at) {
		return
	}
	r.withdrawOffer(fmt.Sprintf("%s is no longer asked: %s", team, strings.TrimRight(why, ". ")), "the team has no room for it any more", now)
}

// withdrawOffer gives the places of an offer back and lets a team be looked for again.
func (r *Request) withdrawOffer(says, why string, now time.Time) {
	leads := r.teamLeads()
	r.Assignment, r.RetryAt = nil, time.Time{}
	r.record(now, Entry{Event: EventReassigned, concerned: leads, Text: says + ". A team is looked for again."})
	r.supersede(now, why, KindAssignment)
}

// replaced returns a new list: ledger entries and steps under way share the old one.
func replaced(list []string, from, to string) []string {
	list = slices.Clone(list)
	if i := slices.Index(list, from); i >= 0 {
		list[i] = to
	}
	return list
}

// RetryAssignment makes the request look for a team again at once: capacity may be free. It also counts while a search is under way,
// which may have missed it.
func (r *Request) RetryAssignment() {
	if r.WaitsForTeam() {
		r.RetryAt = time.Time{}
		r.Seq++
	}
}

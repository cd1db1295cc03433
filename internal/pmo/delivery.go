package pmo

import (
	"fmt"
	"strings"
	"time"
)

// Recommend takes the recommended way of working and its plan skeleton; by policy it may be taken without asking.
func (r *Request) Recommend(a Approach, p Plan, now time.Time) {
	r.Approach = &a
	r.Plan = &p
	text := fmt.Sprintf("Recommended: %s, because %s.", a.Recommended, reasons(a.Reasons))
	if r.Rules.AutoApproach {
		a.Chosen, a.ChosenBy = a.Recommended, "policy"
		r.Approach = &a
		text += " Taken without asking, as the policy says for this lane."
	}
	r.record(now, Entry{Event: EventRecommended, Text: text, Policy: a.Policy})
}

// ApproachNeeded is the question for the way of working, if one is to be put now.
func (r *Request) ApproachNeeded() (QuestionSpec, bool) {
	if r.Approach == nil || r.Approach.Chosen != "" {
		return QuestionSpec{}, false
	}
	return QuestionSpec{Kind: KindApproach, Text: fmt.Sprintf("Work as %s? %s.", r.Approach.Recommended, reasons(r.Approach.Reasons))}, true
}

func (r *Request) approachSettled(q Question, reason string, now time.Time) {
	if r.Approach == nil {
		return
	}
	r.Approach.Chosen, r.Approach.ChosenBy = r.Approach.Recommended, q.SettledBy
	if q.Verdict == VerdictChoose {
		r.choose(q.Data.Approach, q.SettledBy, reason)
	}
}

// choose takes another way of working; the plan of the old one no longer fits and is made anew.
func (r *Request) choose(approach, by, reason string) {
	r.Approach.Chosen, r.Approach.ChosenBy, r.Approach.Reason = approach, by, reason
	if r.Plan == nil || r.Plan.Approach != approach {
		r.Plan = nil
	}
}

// WaitsForTeam tells whether a team is looked for.
func (r *Request) WaitsForTeam() bool {
	return r.Stage == StageAssignment && r.Status == StatusOpen && r.Assignment == nil
}

// TeamNeeded tells whether to look for a team now: none is offered and the last look did not say to wait.
func (r *Request) TeamNeeded(now time.Time) bool {
	return r.WaitsForTeam() && !r.RetryAt.After(now)
}

// leastRetry keeps the search for a team from turning in circles.
const leastRetry = time.Minute

// NoTeam records that no team has room, and when to look again.
func (r *Request) NoTeam(why string, retryAt, now time.Time) {
	changed := r.NoTeamReason != why
	if least := now.Add(leastRetry); retryAt.Before(least) {
		retryAt = least
	}
	r.NoTeamReason, r.RetryAt = why, retryAt
	r.Seq++
	if changed {
		r.record(now, Entry{Event: EventNoTeam, Text: "No team yet: " + why, Recipients: r.followers()})
	}
}

// Offer takes the team that is to be asked. Its capacity is held already. The team that had the work before a hold is not asked again.
func (r *Request) Offer(a Assignment, now time.Time) {
	a.OfferedAt = now
	r.NoTeamReason, r.RetryAt = "", time.Time{}
	text := fmt.Sprintf("Offered to %s: %s.", a.Team, reasons(a.Reasons))
	if r.PreviousAssignment != nil && r.PreviousAssignment.Team == a.Team {
		a.ConfirmedAt = now
		text = fmt.Sprintf("%s has room again and goes on.", a.Team)
	} else if r.PreviousAssignment != nil && r.Plan != nil {
		r.Plan.AgreedAt = time.Time{} // another team agreed to it
	}
	r.PreviousAssignment = nil
	r.Assignment = &a
	r.record(now, Entry{Event: EventOffered, Text: text, Recipients: a.Leads, Policy: a.Policy})
}

// TeamAskNeeded is the question to the lead of the offered team, if one is to be put now.
func (r *Request) TeamAskNeeded() (QuestionSpec, bool) {
	a := r.Assignment
	if a == nil || !a.ConfirmedAt.IsZero() {
		return QuestionSpec{}, false
	}
	return QuestionSpec{Kind: KindAssignment, Group: a.Team, Text: fmt.Sprintf("Will %s take %q? %s.", a.Team, r.Content.Title, reasons(a.Reasons))}, true
}

func (r *Request) assignmentSettled(q Question, reason string, now time.Time) {
	if r.Assignment == nil {
		return
	}
	if q.Verdict == VerdictAccept {
		r.Assignment.ConfirmedAt = now
		r.record(now, Entry{Event: EventAssigned, Actor: q.SettledBy, Text: r.Assignment.Team + " takes it.", Recipients: r.followers()})
		return
	}
	r.Declined = append(r.Declined, Decline{Team: r.Assignment.Team, Reason: reason})
	r.record(now, Entry{Event: EventDeclined, Text: fmt.Sprintf("%s declines: %s. The next best team is asked.", r.Assignment.Team, reason)})
	r.Assignment = nil
}

// DeclinedTeams lists the teams that are not to be asked again.
func (r *Request) DeclinedTeams() []string {
	var teams []string
	for _, d := range r.Declined {
		teams = union(teams, d.Team)
	}
	return teams
}

// reasons joins sentences into one.
func reasons(list []string) string {
	trimmed := make([]string, len(list))
	for i, s := range list {
		trimmed[i] = strings.TrimRight(s, ". ")
	}
	return strings.Join(trimmed, "; ")
}

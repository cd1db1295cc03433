package pmo

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// The facts of a request are what the policy derives from its content: lane, severity, route, rules and the gaps of the form. They are derived
// at intake and again whenever the content has changed, whichever way the change came, and whenever a step was answered by another version of
// the policy. What reads the content (conditions of the policy) is known to the policy alone, so every change counts.

// factsOutdated reports whether the facts belong to another content or to another policy. Since 0.5; before, they stayed as at intake.
func (r *Request) factsOutdated() bool {
	return r.Process >= Process05 && (r.Reassess || r.weighsChange()) && !r.Delivered()
}

// outdateFacts notes that the content has changed.
func (r *Request) outdateFacts() {
	if r.Process >= Process05 && r.Number != 0 {
		r.Reassess = true
	}
}

// meetPolicy notes that a step was answered by this version of the policy: with the next step the facts are those of today's policy.
func (r *Request) meetPolicy(version string) {
	if version != "" && r.Rules.Policy != "" && version != r.Rules.Policy {
		r.outdateFacts()
	}
}

// weighsChange reports whether the facts of a proposed change are to be found: what the content would be with it.
func (r *Request) weighsChange() bool {
	return !r.Reassess && r.Change != nil && !r.Change.Weighed && !r.Change.Agreed
}

// ContentToAssess is the content whose facts are needed next.
func (r *Request) ContentToAssess() Content {
	if r.Process >= Process05 && r.weighsChange() {
		return r.Change.apply(r.Content)
	}
	return r.Content
}

// AssessedBefore is the number of a request whose facts are derived again after intake: no similar requests are searched for and no forecast
// is made. 0 at intake.
func (r *Request) AssessedBefore() int64 {
	if r.Process < Process05 || r.Stage == StageIntake {
		return 0
	}
	return r.Number
}

// assessAgain takes the facts of the content as it is now. More weight asks whom it adds: a heavier route the groups it adds, a heavier lane
// its sponsor. Less weight asks nobody twice: what was approved stays approved, and what is no longer wanted is no longer asked.
func (r *Request) assessAgain(a Admission, now time.Time) {
	r.Seq++
	if r.weighsChange() {
		r.weighChange(a)
		return
	}
	r.Reassess = false
	heavier := a.Route.heavierThan(r.Route)
	sponsorless := a.Rules.NeedsSponsor && r.Sponsored == "" && (!r.Rules.NeedsSponsor || r.Content.Sponsor == "" && !lacks(r.Missing, "sponsor"))
	if text := r.factsChanged(a); text != "" {
		r.record(now, Entry{Event: EventAdmitted, Text: text, Policy: a.Rules.Policy})
	}
	r.askNewGaps(a.Missing)
	if r.movesTo(a.Portfolio) {
		r.Portfolio = a.Portfolio
	}
	r.Lane, r.LaneReason, r.Severity, r.Missing, r.Rules = a.Lane, a.LaneReason, a.Severity, a.Missing, a.Rules
	if !r.Rules.NeedsSponsor {
		r.supersede(now, "this lane needs no sponsor", KindSponsor)
	}
	switch r.Stage {
	case StageReview:
		r.adoptRoute(a.Route, now)
		if r.InfoWanted == "" && len(r.Missing) == 0 {
			r.supersede(now, "nothing is missing any more", KindClarify)
		}
	case StagePrioritization:
		r.adoptRoute(a.Route, now)
		if (heavier || sponsorless) && !r.Pulled() {
			r.move(TriggerContentChanged, now) // the groups that approved the same content are not asked again
			r.Route = a.Route
		}
	default: // the work is under way; what changes it was weighed before it was agreed
		if a.Route != nil {
			r.Route = a.Route
		}
	}
}

// movesTo reports whether the request moves to another portfolio, as its content or the policy now says. Work under way stays where its slot
// and its team are: the doors refuse a change of the content that would move it. Since 0.6; before, the portfolio stayed as at intake.
func (r *Request) movesTo(portfolio string) bool {
	return r.Process >= Process06 && portfolio != "" && portfolio != r.Portfolio && !r.Pulled() && !r.Stage.UnderWay()
}

// weighChange notes whether a proposed change makes the request heavier, and the route that would review it.
func (r *Request) weighChange(a Admission) {
	c := *r.Change
	c.Weighed, c.Route = true, a.Route
	c.Heavier = laneWeight(a.Lane) > laneWeight(r.Lane) || a.Route.heavierThan(r.Route)
	r.Change = &c
}

// askNewGaps opens another count of rounds for gaps that the form did not have before.
func (r *Request) askNewGaps(gaps []Gap) {
	if slices.ContainsFunc(gaps, func(g Gap) bool { return !lacks(r.Missing, g.Field) }) {
		r.Waived, r.ClarifyFrom = false, r.Rounds[KindClarify]
	}
}

func lacks(gaps []Gap, field string) bool {
	return slices.ContainsFunc(gaps, func(g Gap) bool { return g.Field == field })
}

// adoptRoute changes the way through review to one for the content as it is now. Groups that have approved this content stay approved; a group
// of which more must agree is asked again in the next round, where the votes that were given count.
func (r *Request) adoptRoute(route *Route, now time.Time) {
	if route == nil {
		if r.Stage == StageReview {
			r.Route = nil // it is found by a step of its own
		}
		return
	}
	r.Route = route
	raised := false
	for _, q := range r.questionsOfRound() {
		i := slices.IndexFunc(route.Steps, func(s RouteStep) bool { return s.Group == q.Group })
		switch {
		case i < 0 && q.Open():
			q.close(QuestionSuperseded, "", "the content changed, and this group is not needed for it", now)
			r.record(now, Entry{Event: EventSuperseded, Key: EventSuperseded + "/" + q.ID, Question: q.ID, Text: "No longer asked: the way through review does not need this group."})
		case i >= 0 && route.Steps[i].Quorum.heavierThan(q.Quorum):
			raised = true
		case i >= 0 && q.Open() && q.Quorum.heavierThan(route.Steps[i].Quorum):
			q.Quorum = route.Steps[i].Quorum
			r.tryToSettle(q, now)
		}
	}
	if raised && !r.Closed() {
		r.suspendReview(now, "more people have to agree")
	}
}

// questionsOfRound are the questions of the present round of review that belong to the content as it is now.
func (r *Request) questionsOfRound() []*Question {
	var list []*Question
	for i := range r.Questions {
		if q := &r.Questions[i]; q.Kind == KindReview && q.Round == r.Rounds[KindReview] && q.Version == r.Version {
			list = append(list, q)
		}
	}
	return list
}

// heavierThan reports whether the route asks a group that the other does not ask, or more of one.
func (route *Route) heavierThan(other *Route) bool {
	if route == nil || other == nil {
		return false // not known
	}
	return slices.ContainsFunc(route.Steps, func(s RouteStep) bool {
		i := slices.IndexFunc(other.Steps, func(o RouteStep) bool { return o.Group == s.Group })
		return i < 0 || s.Quorum.heavierThan(other.Steps[i].Quorum)
	})
}

// heavierThan reports whether more people must agree than by the other quorum, for some number of people asked.
func (q Quorum) heavierThan(other Quorum) bool {
	for n := 1; n <= 12; n++ {
		if q.Needed(n) > other.Needed(n) {
			return true
		}
	}
	return false
}

func laneWeight(lane Lane) int {
	return slices.Index([]Lane{LaneExpress, LaneStandard, LaneMajor}, lane)
}

// factsChanged says in words which facts are others than before and why; empty when none is.
func (r *Request) factsChanged(a Admission) string {
	var words []string
	add := func(changed bool, format string, args ...any) {
		if changed {
			words = append(words, fmt.Sprintf(format, args...))
		}
	}
	add(r.movesTo(a.Portfolio), "portfolio %s → %s", r.Portfolio, a.Portfolio)
	add(a.Lane != r.Lane, "lane %s → %s, because %s", r.Lane, a.Lane, a.LaneReason)
	add(a.Severity != r.Severity, "severity %s → %s", orNone(r.Severity), orNone(a.Severity))
	add(a.Rules.NeedsSponsor && !r.Rules.NeedsSponsor, "a sponsor has to confirm")
	add(!a.Rules.NeedsSponsor && r.Rules.NeedsSponsor, "no sponsor has to confirm any more")
	add(a.Rules.BenefitAfter > 0 && r.Rules.BenefitAfter == 0, "the benefit will be reviewed")
	add(a.Rules.BenefitAfter == 0 && r.Rules.BenefitAfter > 0, "the benefit will not be reviewed")
	if was, is := r.Route.words(), a.Route.words(); a.Route != nil && r.Route != nil {
		add(was != is, "review by %s instead of %s, because %s", is, was, a.Route.Reason)
	} else {
		add(a.Route != nil && a.Lane != r.Lane, "review by %s, because %s", is, reasonOf(a.Route))
	}
	add(len(words) > 0 && a.Rules.Policy != r.Rules.Policy, "by policy %s", a.Rules.Policy)
	if len(words) == 0 {
		return ""
	}
	return "Assessed again: " + strings.Join(words, "; ") + "."
}

func reasonOf(route *Route) string {
	if route == nil {
		return ""
	}
	return route.Reason
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// words lists the groups of the route and how many of them must agree.
func (route *Route) words() string {
	if route == nil {
		return ""
	}
	var steps []string
	for _, s := range route.Steps {
		steps = append(steps, fmt.Sprintf("%s (%s)", s.Group, s.Quorum))
	}
	return strings.Join(steps, ", ")
}

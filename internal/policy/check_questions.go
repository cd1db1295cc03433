package policy

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"leanpmo/internal/calendar"
	"leanpmo/internal/pmo"
)

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

func (c *checker) review() {
	c.elapsed("review.defer_at_most", c.doc.Review.DeferAtMost)
	routes := c.doc.Review.Routes
	c.ids("review.routes", collect(routes, func(r RouteDoc) string { return r.ID }))
	c.cascade("review.routes", collect(routes, func(r RouteDoc) string { return r.When }), scopeRoute)
	for i, r := range routes {
		path := fmt.Sprintf("review.routes[%d]", i)
		c.that(r.Because != "", path+".because", "is missing: the reason people read")
		c.that(len(r.Steps) >= 1 && len(r.Steps) <= 10, path+".steps", "has 1 to 10 steps")
		for j, s := range r.Steps {
			c.step(fmt.Sprintf("%s.steps[%d]", path, j), s, r.Steps[:j])
		}
	}
}

func (c *checker) step(path string, s StepDoc, before []StepDoc) {
	c.that(s.Group != "", path+".group", "is missing")
	c.that(s.Order >= 0 && s.Order <= 100, path+".order", "lies between 1 and 100")
	twice := slices.ContainsFunc(before, func(b StepDoc) bool { return b.Group == s.Group })
	c.that(!twice, path+".group", "%q is asked twice on this route", s.Group)
	c.quorum(path+".quorum", s.Quorum)
	if ask := c.doc.Questions[pmo.KindReview]; ask != nil {
		escalate := ask.forGroup(s.Group).Escalate
		c.that(escalate == nil || escalate.To != s.Group, path+".group", "%q is escalated to itself: its silence leads nowhere", s.Group)
	}
}

func (c *checker) quorum(path string, q QuorumDoc) {
	switch q.Mode {
	case pmo.QuorumAny, pmo.QuorumAll:
		c.that(q.N == 0, path+".n", "has no meaning with mode %s", q.Mode)
	case pmo.QuorumCount:
		c.that(q.N >= 1, path+".n", "must be at least 1: nobody is never a quorum")
	case pmo.QuorumPercent:
		c.that(q.N >= 1 && q.N <= 100, path+".n", "lies between 1 and 100 percent")
	default:
		c.faults.Add(path+".mode", "%q is not one of any, all, n, percent", q.Mode)
	}
	switch q.Reject {
	case "", pmo.RejectAny, pmo.RejectOutOfReach:
		c.that(q.RejectN == 0, path+".reject_n", "has a meaning only with reject: n")
	case pmo.RejectCount:
		c.that(q.RejectN >= 1, path+".reject_n", "must be at least 1")
	default:
		c.faults.Add(path+".reject", "%q is not one of any, out_of_reach, n", q.Reject)
	}
}

func (c *checker) questions() {
	for _, kind := range pmo.Kinds() {
		path := "questions." + string(kind)
		if a := c.doc.Questions[kind]; a != nil {
			c.question(path, kind, *a)
		} else if kind != pmo.KindException && !slices.Contains(laterKinds, kind) { // which have a default
			c.faults.Add(path, "is missing: who is asked, by when, and what silence leads to")
		}
	}
	for _, kind := range sortedKeys(c.doc.Questions) {
		c.that(slices.Contains(pmo.Kinds(), kind), "questions."+string(kind), "is not a kind of question")
	}
}

func (c *checker) question(path string, kind pmo.Kind, a QuestionDoc) {
	c.that(len(a.From) > 0, path+".ask", "asks nobody")
	c.sources(path+".ask", kind, a.From)
	c.sources(path+".else", kind, a.Else)
	if a.Quorum != nil {
		c.quorum(path+".quorum", *a.Quorum)
		c.that(!kind.AsksGroups(), path+".quorum", "belongs to the steps of review.routes")
	}
	c.positive(path+".due", a.Due)
	for i, d := range a.Remind.After {
		c.positive(fmt.Sprintf("%s.remind.after[%d]", path, i), d)
	}
	for i, d := range a.Remind.Before {
		c.positive(fmt.Sprintf("%s.remind.before[%d]", path, i), d)
	}
	c.that(len(a.Remind.After)+len(a.Remind.Before) <= 10, path+".remind", "reminds more than 10 times")
	c.escalate(path+".escalate", a.From, a.Escalate)
	c.silence(path, kind, a)
	for i, g := range a.Groups {
		at := fmt.Sprintf("%s.groups[%d]", path, i)
		c.that(kind.AsksGroups(), at, "only review and change_review ask different groups")
		c.that(g.Group != "", at+".group", "is missing")
		if g.Due != nil {
			c.positive(at+".due", *g.Due)
		}
		c.escalate(at+".escalate", []string{"group:" + g.Group}, g.Escalate)
	}
}

// teamKinds are the questions asked when a team is known.
var teamKinds = []pmo.Kind{pmo.KindAssignment, pmo.KindPlan, pmo.KindChange, pmo.KindPlanReview, pmo.KindPlace, pmo.KindReport, pmo.KindAcceptance}

func (c *checker) sources(list string, kind pmo.Kind, sources []string) {
	for i, s := range sources {
		path := fmt.Sprintf("%s[%d]", list, i)
		group, isGroup := strings.CutPrefix(s, "group:")
		switch {
		case isGroup:
			c.that(group != "", path, "names no group")
		case s == "requester":
			judging := kind.Judges() || kind == pmo.KindSponsor
			c.that(!judging, path, "no one judges their own request")
		case s == "step":
			c.that(kind.AsksGroups(), path, "only review and change_review have steps")
		case s == "leads":
			c.that(slices.Contains(teamKinds, kind), path, "no team is known yet")
		case s != "sponsor" && s != "portfolio":
			c.faults.Add(path, "%q is not one of requester, sponsor, leads, step, portfolio, group:<id>", s)
		}
	}
	if kind.AsksGroups() && strings.HasSuffix(list, ".ask") {
		c.that(slices.Equal(sources, []string{"step"}), list, "must be [step]: review.routes says who")
	}
}

// escalate refuses an escalation to the people who did not answer.
func (c *checker) escalate(path string, asked []string, e *EscalateDoc) {
	if e == nil {
		return
	}
	c.that(e.To != "", path+".to", "is missing: a group")
	c.positive(path+".due", e.Due)
	itself := len(asked) == 1 && asked[0] == "group:"+e.To
	if len(asked) == 1 && asked[0] == "portfolio" {
		itself = slices.ContainsFunc(c.doc.Portfolios, func(p PortfolioDoc) bool { return p.Group == e.To })
	}
	c.that(!itself, path+".to", "%q is whom it was asked of: the silence leads nowhere", e.To)
}

// silence refuses a policy in which a question could stay unanswered for ever without anybody else being asked.
func (c *checker) silence(path string, kind pmo.Kind, a QuestionDoc) {
	allowed := pmo.SilenceVerdicts(kind)
	if a.OnSilence == "" {
		c.faults.Add(path+".on_silence", "is missing: one of %s", strings.Join(allowed, ", "))
		return
	}
	c.that(slices.Contains(allowed, a.OnSilence), path+".on_silence", "%q is not one of %s", a.OnSilence, strings.Join(allowed, ", "))
	again := a.OnSilence == pmo.VerdictAskAgain || a.OnSilence == pmo.VerdictDefer
	if again && kind != pmo.KindReconfirm { // which reconfirm.rounds limits
		c.that(a.Escalate != nil, path+".on_silence", "%s without escalate asks the silent for ever", a.OnSilence)
	}
}

func (c *checker) positive(path string, d calendar.Duration) {
	c.that(!d.Zero(), path, "is missing or zero")
}

// elapsed is for durations counted without a calendar.
func (c *checker) elapsed(path string, d calendar.Duration) {
	c.positive(path, d)
	c.that(!d.Working(), path, "counts elapsed time: m, h, d or w")
}

// waysOfWorking are the names of internal/approach; TestWaysOfWorking compares the two lists.
var waysOfWorking = []string{"checklist", "kanban", "scrum", "scrumban", "continuous_delivery", "exploratory", "program", "xp", "hybrid", "predictive"}

func (c *checker) numbers() {
	d := c.doc
	c.elapsed("prioritization.every", d.Replenishing.Every)
	c.elapsed("prioritization.run_at_most_every", d.Replenishing.RunAtMostEvery)
	c.that(slices.Contains([]Prerequisites{"", PrerequisitesDelivered, PrerequisitesBegun, PrerequisitesIgnored}, d.Replenishing.Prerequisites),
		"prioritization.prerequisites", "must be delivered, begun or ignored")
	c.between("intake.least_size", d.Intake.LeastSize, 0, maxSize)
	c.scoring()
	c.laneList("approach.auto_accept_lanes", d.Approach.AutoAcceptLanes)
	c.p.approach = c.approaches(&d.Approach)
	for _, kind := range sortedKeys(d.Approach.KindDefaults) {
		known := slices.ContainsFunc(d.Intake.Kinds, func(k KindDoc) bool { return k.ID == kind })
		path, name := "approach.kind_defaults."+kind, d.Approach.KindDefaults[kind]
		c.that(known, path, "is not one of the kinds of request")
		c.that(slices.Contains(waysOfWorking, name), path, "%q is not one of %s", name, strings.Join(waysOfWorking, ", "))
		c.that(!slices.Contains(practices, name), path, "%q is added to another approach", name)
	}
	c.between("assignment.wip_limit", float64(d.Assignment.WIPLimit), 1, 1000)
	c.between("assignment.load_ceiling", d.Assignment.LoadCeiling, 0.1, 1)
	c.between("assignment.assume_size", d.Assignment.AssumeSize, 0.1, maxSize)
	c.elapsed("assignment.retry_after", d.Assignment.RetryAfter)
	if share := d.Assignment.Lateness; share != nil {
		c.between("assignment.lateness", *share, 0, 1)
	}
	if share := d.Assignment.Switching; share != nil {
		c.between("assignment.switching", *share, 0, 1)
	}
	c.between("assignment.fairness", d.Assignment.Fairness, 0, 1)
	c.between("assignment.reserve", d.Assignment.Reserve, 0, 1)
	for i, kind := range d.Assignment.ReserveKinds {
		known := slices.ContainsFunc(d.Intake.Kinds, func(k KindDoc) bool { return k.ID == kind })
		c.that(known, fmt.Sprintf("assignment.reserve_kinds[%d]", i), "%q is not one of the kinds of request", kind)
	}
	c.elapsed("execution.report_every", d.Execution.ReportEvery)
	c.between("execution.tolerance", d.Execution.Tolerance, 0, 10)
	c.laneList("closure.benefit_lanes", d.Closure.BenefitLanes)
	c.elapsed("closure.benefit_after", d.Closure.BenefitAfter)
	c.elapsed("reconfirm.after", d.Reconfirm.After)
	c.between("reconfirm.rounds", float64(d.Reconfirm.Rounds), 1, 10)
	c.between("exceptions.rounds", float64(d.Exceptions.Rounds), 0, 10)
	for i, field := range d.Material {
		c.that(slices.Contains(contentFields(), field), fmt.Sprintf("material[%d]", i), "%q is not a field of a request", field)
	}
}

func (c *checker) between(path string, x, least, most float64) {
	c.that(x >= least && x <= most, path, "lies between %g and %g", least, most)
}

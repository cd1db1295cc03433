package pmo

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// VerdictKeepPlan answers a proposal that would replace an agreed plan.
const VerdictKeepPlan = "keep_plan"

// maxPlanBytes limits a plan, as JSON: the ledger keeps every plan that was agreed. Only validators ask it.
const maxPlanBytes = 48 << 10

// Replan is a plan, perhaps of another approach, that is proposed while work goes on by the agreed one.
type Replan struct {
	Plan   Plan      `json:"plan"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
}

// ProposePlan proposes a whole plan, before one is agreed or while work goes on by it. Both sides are asked.
type ProposePlan struct {
	Header
	Version  int    `json:"version"` // of the plan that it is based on: the proposed one, else the agreed one
	Approach string `json:"approach,omitempty"`
	Plan     Plan   `json:"plan"`
	Reason   string `json:"reason"`
}

// LatestPlan is the plan that requester and team are asked about, else the one in force; nil before one is drafted.
func (r *Request) LatestPlan() *Plan {
	if r.Replan != nil {
		return &r.Replan.Plan
	}
	return r.Plan
}

// PlanVersion is the version of the latest plan; 0 before one is drafted.
func (r *Request) PlanVersion() int { return r.VersionOf(r.LatestPlan()) }

// VersionOf is the version of a plan of the request. A drafted plan has none and is the first; before Process10 that was 0.
func (r *Request) VersionOf(p *Plan) int {
	switch {
	case p == nil:
		return 0
	case r.Process >= Process10:
		return max(p.Version, 1)
	}
	return p.Version
}

// CheckProposePlan returns why a plan cannot be proposed, or nil. Replay repeats it, so what it checks never changes.
func (r *Request) CheckProposePlan(c ProposePlan) *Refusal {
	if refusal := r.checkAcceptsCommands(); refusal != nil {
		return refusal
	}
	switch {
	case r.Stage != StageExecution || r.Plan == nil:
		return refuse(RefusedMovedOn, "a plan is proposed in execution; the request is in %s", r.Stage)
	case !r.DoneAt.IsZero():
		return refuse(RefusedMovedOn, "the team has said it is done")
	case c.Version != r.PlanVersion():
		return refuse(RefusedStale, "you saw version %d of the plan, it is at %d", c.Version, r.PlanVersion())
	case strings.TrimSpace(c.Reason) == "":
		return invalid("/reason", "says why the plan changes")
	case c.Approach != "" && !contains(Approaches(), c.Approach):
		return invalid("/approach", "is one of: %s", strings.Join(Approaches(), ", "))
	}
	return r.checkPlan("/plan", c.Plan, c.Plan.Conditions)
}

// ApplyProposePlan takes a plan as the one that is asked about. An agreed plan stays in force until both sides agree on the new one.
func (r *Request) ApplyProposePlan(c ProposePlan, now time.Time) Receipt {
	plan := c.Plan
	plan.Approach, plan.Version, plan.AgreedAt, plan.Clear = cmp.Or(c.Approach, r.Approach.Name()), r.PlanVersion()+1, time.Time{}, nil
	says := "Another plan is proposed: "
	switch {
	case r.Plan.Agreed():
		r.Replan = &Replan{Plan: plan, By: c.By.Actor, At: now, Reason: c.Reason}
		says = "Another plan is proposed while work goes on by the agreed one: "
	default:
		if plan.Approach != r.Approach.Name() {
			r.choose(plan.Approach, c.By.Actor, c.Reason)
		}
		r.Plan, r.PlanBy = &plan, r.proposedBy(c.By.Actor)
	}
	r.recordCommand(now, c.By, Entry{Event: EventPlanned, Text: says + c.Reason})
	r.supersede(now, "another plan is proposed", KindPlan)
	return r.receipt("plan_proposed")
}

// checkPlanSize refuses a plan that is larger than the ledger keeps.
func checkPlanSize(at string, plan *Plan) *Refusal {
	if plan == nil {
		return nil
	}
	if size := jsonBytes(plan); size > maxPlanBytes {
		return invalid(at, "the plan has %d bytes of text, and %d are the limit", size, maxPlanBytes)
	}
	return nil
}

// planTerms fit the question about a plan to one that would replace an agreed plan: that one may also be kept.
func (r *Request) planTerms(q *Question) {
	if q.Kind != KindPlan || r.Replan == nil {
		return
	}
	q.Options = append(append([]Option{}, q.Options...), Option{Verdict: VerdictKeepPlan, Effect: EffectDivert, Reason: true, Description: "stay with the agreed plan"})
}

// agreePlan makes the plan that was asked about the one in force, and keeps it in the ledger: what is agreed later is compared with it.
func (r *Request) agreePlan(now time.Time) {
	before := ""
	if next := r.Replan; next != nil {
		before = r.Approach.Name()
		if next.Plan.Approach != before {
			r.choose(next.Plan.Approach, next.By, next.Reason)
		}
		plan := next.Plan
		r.Plan, r.Replan = &plan, nil
	}
	r.Plan.AgreedAt, r.PlanBy = now, ""
	if r.StartedAt.IsZero() {
		r.StartedAt = now
	}
	r.noteFirstPlan()
	text := planAgreed + r.Plan.Summary
	if before != "" && before != r.Plan.Approach {
		text = fmt.Sprintf("%sfrom now on %s instead of %s. %s", planAgreed, r.Plan.Approach, before, r.Plan.Summary)
	}
	agreed := *r.Plan
	r.record(now, Entry{Event: EventPlanned, Text: text, Plan: &agreed})
	if r.Process >= Process10 {
		r.supersede(now, "another plan is agreed", KindPlanReview)
		r.addRisks(agreed.Risks, "", false, now)
		r.mirrorRaid()
		r.assessHealth(now)
	}
}

// proposedBy is who is noted as having proposed a plan before one is agreed; nobody was before Process10.
func (r *Request) proposedBy(person string) string {
	if r.Process < Process10 {
		return ""
	}
	return person
}

// agreeToOwn counts a proposal as the agreement of the side that made it, or of the seat that its author fills: the other side is asked. A plan that
// leaves a condition unanswered gets nobody's agreement.
func (r *Request) agreeToOwn(q *Question, now time.Time) {
	by := r.PlanBy
	if r.Replan != nil {
		by = r.Replan.By
	}
	if q.Kind != KindPlan || r.Process < Process10 || by == "" || len(r.unansweredBy(r.LatestPlan())) > 0 {
		return
	}
	seat := by
	if i := slices.IndexFunc(q.Acting, func(a Acting) bool { return a.By == by }); i >= 0 && !contains(q.People, by) {
		seat = q.Acting[i].For
	}
	if !contains(q.People, seat) {
		return
	}
	own := *q
	own.Answers = append(slices.Clone(q.Answers), Answer{By: by, For: seat, Verdict: VerdictAgree, Reason: "proposed it", At: now})
	if own.Tally().Verdict != "" && len(own.Waiting()) > 0 {
		return // one agreement is enough by the policy: whoever proposes does not decide alone
	}
	q.Answers, q.Note = own.Answers, strings.TrimSpace(q.Note+" Who proposed it, "+seat+", agrees by that.")
}

// keepPlan drops the proposal.
func (r *Request) keepPlan(q Question, reason string, now time.Time) {
	r.Replan = nil
	r.record(now, Entry{Event: EventPlanned, Actor: q.SettledBy, Text: "The agreed plan is kept: " + reason})
}

// counterPlan takes what a counter-proposal makes of the plan that was asked about.
func (r *Request) counterPlan(q Question, reason string) {
	if next := r.Replan; next != nil {
		changed := *next
		changed.By, changed.Reason = q.SettledBy, reason
		if q.Data.Plan != nil {
			changed.Plan = next.Plan.Counter(*q.Data.Plan)
		}
		changed.Plan.Approach = cmp.Or(q.Data.Approach, next.Plan.Approach)
		changed.Plan.Version++
		r.Replan = &changed
		return
	}
	version := r.PlanVersion()
	if q.Data.Approach != "" && q.Data.Approach != r.Approach.Name() {
		r.choose(q.Data.Approach, q.SettledBy, reason)
	}
	if r.Process < Process10 {
		version = r.PlanVersion() // a plan of another approach began at 0 again
	}
	if q.Data.Plan != nil {
		plan := r.Plan.Counter(*q.Data.Plan)
		plan.Approach, plan.Version = r.Approach.Name(), version+1
		r.Plan, r.PlanBy = &plan, r.proposedBy(q.SettledBy)
	}
}

// endReplan ends a proposal that no longer fits: the team or the content is another. Without an agreed plan the proposal would be the plan.
func (r *Request) endReplan() { r.Replan = nil }

// ownExpress names the team's lead as the owner of express work that has none.
func (r *Request) ownExpress() {
	if p := r.Plan; p != nil && p.Approach == "checklist" && p.Owner == "" && r.Assignment != nil && len(r.Assignment.Leads) > 0 {
		plan := *p
		plan.Owner = r.Assignment.Leads[0]
		r.Plan = &plan
	}
}

package pmo_test

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"leanpmo/internal/pmo"
)

const day = 24 * time.Hour

var start = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

// driver performs the steps of the real process (NextStep) as workflows/request.go does, with the answers of the outside world drawn at
// random. A step that needs something from outside is begun and finished apart, so that commands come between.
type driver struct {
	*pmo.Request
	now        time.Time
	draw       *rapid.T
	policy     policy
	begun      *begunStep
	handledSeq int64 // Seq when every step that follows from the state was performed
}

// begunStep is a step that waits for its answer from outside.
type begunStep struct {
	step pmo.Step
	seq  int64
	at   time.Time
}

// termsValidFor is that of workflows/steps.go.
const termsValidFor = 10 * time.Minute

// policy is what one property run works with.
type policy struct {
	rules   pmo.Rules
	gaps    int // admissions that find a gap
	groups  []pmo.RouteStep
	silence map[pmo.Kind]string
	escaped map[pmo.Kind]bool // kinds with an escalation
	teams   bool              // whether a team ever has room
}

func drawPolicy(t *rapid.T) policy {
	p := policy{silence: map[pmo.Kind]string{}, escaped: map[pmo.Kind]bool{}, gaps: rapid.IntRange(0, 2).Draw(t, "gaps"), teams: rapid.IntRange(0, 4).Draw(t, "teams") > 0}
	p.rules = pmo.Rules{Policy: "1", Material: []string{"title", "size"}, Tolerance: .2, ReconfirmAfter: 90 * day,
		ReportEvery:   time.Duration(rapid.IntRange(0, 1).Draw(t, "report")) * 14 * day,
		BenefitAfter:  time.Duration(rapid.IntRange(0, 1).Draw(t, "benefit")) * 30 * day,
		DeferAtMost:   time.Duration(rapid.IntRange(0, 1).Draw(t, "defer")) * 180 * day,
		AutoApproach:  rapid.Bool().Draw(t, "auto"),
		NeedsSponsor:  rapid.Bool().Draw(t, "sponsor"),
		WorkItems:     rapid.Bool().Draw(t, "work items"),
		ClarifyRounds: rapid.IntRange(0, 2).Draw(t, "clarify"), ReconfirmRounds: rapid.IntRange(0, 2).Draw(t, "reconfirm")}
	for _, kind := range pmo.Kinds() {
		p.silence[kind] = rapid.SampledFrom(pmo.SilenceVerdicts(kind)).Draw(t, "silence "+string(kind))
		p.escaped[kind] = rapid.Bool().Draw(t, "escalation "+string(kind))
	}
	for _, group := range []string{"business", "security", "board"}[:rapid.IntRange(1, 3).Draw(t, "groups")] {
		p.groups = append(p.groups, pmo.RouteStep{Group: group, Order: rapid.IntRange(1, 2).Draw(t, "order"), Quorum: drawQuorum(t)})
	}
	return p
}

func drawQuorum(t *rapid.T) pmo.Quorum {
	return pmo.Quorum{
		Mode:          rapid.SampledFrom([]pmo.QuorumMode{pmo.QuorumAny, pmo.QuorumAll, pmo.QuorumCount, pmo.QuorumPercent}).Draw(t, "mode"),
		N:             rapid.IntRange(1, 3).Draw(t, "n"),
		Reject:        rapid.SampledFrom([]pmo.RejectRule{"", pmo.RejectAny, pmo.RejectOutOfReach, pmo.RejectCount}).Draw(t, "reject"),
		RejectN:       rapid.IntRange(0, 3).Draw(t, "rejectn"),
		AbstainCounts: rapid.Bool().Draw(t, "abstain counts"),
	}
}

// idle reports whether every step that follows from the state was performed.
func (d *driver) idle() bool { return d.Closed() || d.begun == nil && d.handledSeq == d.Seq }

// advance performs the steps that need nothing from outside and fires what is due, until the request waits or begins another step; it
// fails if that never comes.
func (d *driver) advance() {
	for range 500 {
		if d.Closed() || d.begun != nil {
			return
		}
		switch step := d.NextStep(d.now); step.Action {
		case pmo.ActionContinue:
		case pmo.ActionWait:
			due, what := d.NextDue(d.now)
			if due.IsZero() || due.After(d.now) {
				d.handledSeq = d.Seq
				return
			}
			before := d.Seq
			d.FireDue(d.now)
			if d.Seq == before && d.NextStep(d.now).Action == pmo.ActionWait {
				d.draw.Fatalf("%q is due and nothing follows from it", what)
			}
		default:
			d.begun = &begunStep{step: step, seq: d.Seq, at: d.now}
		}
	}
	d.draw.Fatalf("the process does not come to wait in %s", d.Stage)
}

// finish takes the answer to the step that was begun, unless the request changed meanwhile.
func (d *driver) finish() {
	begun := d.begun
	d.begun = nil
	switch {
	case begun == nil:
	case d.Seq != begun.seq:
		d.BumpSeq()
	default:
		d.perform(begun)
	}
}

// settle performs steps until the request waits.
func (d *driver) settle() {
	for range 500 {
		d.finish()
		if d.advance(); d.begun == nil {
			return
		}
	}
	d.draw.Fatalf("the process does not come to wait in %s", d.Stage)
}

// perform takes a made-up answer to a step.
func (d *driver) perform(begun *begunStep) {
	switch begun.step.Action {
	case pmo.ActionAdmit:
		d.admit()
	case pmo.ActionRoute:
		d.SetRoute(pmo.Route{Policy: "1", Steps: d.policy.groups}, d.now)
	case pmo.ActionRecommend:
		d.Recommend(pmo.Approach{Recommended: "kanban", Reasons: []string{"small"}}, pmo.Plan{Approach: "kanban", Summary: "as it comes", ReviewDays: 10}, d.now)
	case pmo.ActionFindTeam:
		d.findTeam()
	case pmo.ActionDraftPlan:
		d.Draft(pmo.Plan{Approach: d.Approach.Name(), Summary: "as it comes", ReviewDays: 10})
	case pmo.ActionCheckMerge:
		d.FinishMerge(pmo.MergeCheck{Refused: rapid.SampledFrom([]string{"", "it has ended"}).Draw(d.draw, "merge")}, d.now)
	case pmo.ActionOpenQuestion:
		if d.now.Sub(begun.at) <= termsValidFor {
			d.open(begun.step.Question, begun.at)
		}
	default:
		d.draw.Fatalf("the driver does not know what action %d needs", begun.step.Action)
	}
}

func (d *driver) admit() {
	a := pmo.Admission{Number: 42, Portfolio: "core", Lane: pmo.LaneStandard, Rules: d.policy.rules}
	if d.policy.gaps > 0 {
		d.policy.gaps--
		a.Missing = []pmo.Gap{{Field: "outcome", Why: "what is better afterwards?"}}
	}
	d.Admit(a, d.now)
}

func (d *driver) findTeam() {
	var free []string
	for _, team := range teams {
		if d.policy.teams && !slices.Contains(d.DeclinedTeams(), team) && rapid.IntRange(0, 5).Draw(d.draw, "full") > 0 {
			free = append(free, team)
		}
	}
	needed := 1
	if d.Content.SecondTeam.Needed() {
		needed = 2
	}
	if len(free) >= needed {
		offer := pmo.Assignment{Team: free[0], Leads: []string{"theo"}, Size: 1}
		if needed == 2 {
			offer.Second = &pmo.TeamPart{Team: free[1], Leads: []string{"lena"}, Size: 1}
		}
		d.Offer(offer, d.now)
		return
	}
	d.NoTeam("no team has room", d.now.Add(time.Duration(rapid.IntRange(-1, 1).Draw(d.draw, "retry"))*time.Hour), d.now)
}

// open asks the people of a kind; for review those drawn, perhaps nobody, never the requester's own side. A kind not named here asks the
// PMO.
func (d *driver) open(a pmo.QuestionSpec, at time.Time) {
	people, named := map[pmo.Kind][]string{pmo.KindSponsor: {"dora"}, pmo.KindScore: {"petra", "dora"}, pmo.KindApproach: {"theo", "lena"}, pmo.KindAssignment: {"theo"},
		pmo.KindPlan: {"sam", "theo"}, pmo.KindChange: {"sam", "theo"}, pmo.KindPlanReview: {"sam", "theo"}, pmo.KindPlace: {"sam", "theo"}, pmo.KindReport: {"theo"}, pmo.KindBenefit: {"dora"},
		pmo.KindClarify: {"sam"}, pmo.KindReconfirm: {"sam"}, pmo.KindAcceptance: {"sam"}}[a.Kind]
	quorum := pmo.Quorum{Mode: pmo.QuorumAll}
	switch {
	case a.Quorum != nil:
		people, quorum = []string{"ana", "bo", "cy"}[:rapid.IntRange(0, 3).Draw(d.draw, "approvers")], *a.Quorum
	case !named:
		people = []string{"petra"}
	}
	due := time.Duration(rapid.IntRange(1, 240).Draw(d.draw, "due")) * time.Hour
	terms := pmo.QuestionTerms{People: slices.Clone(people), Quorum: quorum, Counting: pmo.Counting(rapid.IntRange(0, 1).Draw(d.draw, "counting")), DueAt: at.Add(due), Remind: []time.Time{at.Add(due / 2)}, OnSilence: d.policy.silence[a.Kind], Policy: "1"}
	if d.policy.escaped[a.Kind] {
		terms.Escalation, terms.LastDueAt = []string{"petra", "ana"}, at.Add(2*due)
	}
	d.OpenQuestion(a, terms, at)
}

package approach

import (
	"fmt"
	"math"
)

// stages are the gates of a predictive plan; the shares are a starting point.
func (p *Plan) stages() {
	p.gate("scope baseline agreed", 0.15)
	p.gate("design approved", 0.35)
	p.gate("build complete", 0.75)
	p.gate("verified", 0.9)
	p.gate("accepted", 1)
}

// shell is a hybrid plan: few gates outside, iterations inside.
func (p *Plan) shell(q PlanPolicy) {
	p.gate("scope and change budget agreed", 0.15)
	p.gate("core complete", 0.7)
	p.gate("accepted", 1)
	p.IterationWeeks = q.IterationWeeks
	p.Iterations = count(p.Weeks, q.IterationWeeks)
	p.ChangeBudget = q.ChangeBudget
}

// train is a program plan: planning intervals with iterations inside. The last
// iteration of an interval is for inspecting, adapting and planning.
func (p *Plan) train(q PlanPolicy) {
	p.IterationWeeks, p.IntervalWeeks = q.IterationWeeks, q.IntervalWeeks
	p.Intervals = count(p.Weeks, q.IntervalWeeks)
	p.Iterations = p.Intervals * (q.IntervalWeeks / q.IterationWeeks)
	for i := 1; i <= p.Intervals; i++ {
		p.Milestones = append(p.Milestones, Milestone{Name: fmt.Sprintf("planning interval %d: inspect and adapt", i), Week: i * q.IntervalWeeks})
	}
}

// experiments end in a decision on evidence; money already spent is no argument.
// Their number needs no size: not knowing it is why they are made.
func (p *Plan) experiments(q PlanPolicy) {
	p.IterationWeeks, p.Iterations = q.ExperimentWeeks, q.MaxExperiments
	if n := count(p.Weeks, q.ExperimentWeeks); n > 0 {
		p.Iterations = min(n, q.MaxExperiments)
	}
	p.Weeks = p.Iterations * q.ExperimentWeeks
	p.Milestones = []Milestone{
		{Name: "first experiment evaluated", Week: q.ExperimentWeeks},
		{Name: "pivot or persevere", Week: p.Weeks, Gate: true},
	}
}

// iterate plans whole iterations: the work ends with one, not within it.
func (p *Plan) iterate(weeks int) {
	p.IterationWeeks = weeks
	if p.Iterations = count(p.Weeks, weeks); p.Iterations == 0 {
		return
	}
	if p.Iterations > 1 {
		p.Milestones = append(p.Milestones, Milestone{Name: "first increment reviewed", Week: weeks})
	}
	p.Milestones = append(p.Milestones, Milestone{Name: "accepted", Week: p.Iterations * weeks})
}

// flow needs no milestones: an expectation and a limit on work in progress.
func (p *Plan) flow(q PlanPolicy) {
	p.WIPLimit = q.WIPLimit
	if p.Weeks > 0 {
		p.SLE = &Expectation{Days: 7 * p.Weeks, Probability: q.Probability,
			Basis: "a starting value from the size; replace it by the team's own cycle times"}
	}
}

// gate adds a decision at a share of the length; nothing without a length.
func (p *Plan) gate(name string, share float64) {
	m := Milestone{Name: name, Gate: true}
	if p.Weeks == 0 {
		p.Steps = append(p.Steps, name)
		return
	}
	m.Week = int(math.Ceil(share * float64(p.Weeks)))
	p.Milestones = append(p.Milestones, m)
}

func count(weeks, length int) int { return (weeks + length - 1) / length }

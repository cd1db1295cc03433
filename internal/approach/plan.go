package approach

import (
	"fmt"
	"math"
	"time"

	"leanpmo/internal/pmo"
)

// Numbers of plan skeletons. They are starting values for people to change, and ours: no method prescribes them, except the length of a
// planning interval (Disciplined Agile and SAFe: 8 to 12 weeks).
const (
	iterationWeeks  = 2
	intervalWeeks   = 10
	experimentWeeks = 2
	mostExperiments = 3
	startingWIP     = 3
	reviewDays      = 14
	replenishDays   = 7
	// changeShare is the part of a budget that is kept for changes.
	changeShare = 0.15
	// mostWeeks caps a plan: one of more than ten years is a mistake, and the cap keeps dates finite.
	mostWeeks = 520
	// A forecast in iterations reaches from lowSpread to highSpread times the expected length, as wide as the cone of uncertainty once
	// requirements are known (McConnell, 2006).
	lowSpread, highSpread = 0.67, 1.5
)

// ExpectedShare is the probability of a service-level expectation.
const ExpectedShare = 0.85

// CycleTimes are what the forecast says of finished work: within how many days the share of ExpectedShare of them was done.
type CycleTimes struct {
	Days     int
	Finished int // requests that it rests on
}

// enoughFinished is how many finished requests an expectation rests on at least.
const enoughFinished = 10

// Work is what a plan is made for.
type Work struct {
	Approach Approach
	// Size in team-weeks; nil or 0 is unknown: the plan then asks for it instead of inventing dates.
	Size *float64
	// Start is the first day; zero while it is unknown.
	Start time.Time
	Goal  string
	// Planned and Agile are the parts of a hybrid.
	Planned, Agile string
	// Mismatches are what speaks against the approach; they go into the plan as risks.
	Mismatches []string
	Cycles     CycleTimes
	Works      Days
}

// skeleton is a plan while it is made.
type skeleton struct {
	pmo.Plan
	work  Work
	weeks int // 0 while the size is unknown
	notes []string
}

// Skeleton makes a plan of the weight that the approach needs, for people to fill in.
func Skeleton(w Work) pmo.Plan {
	s := skeleton{Plan: pmo.Plan{Approach: string(w.Approach)}, work: w}
	if points, ok := known(w.Size); ok && points > 0 {
		s.weeks = int(math.Ceil(min(points, mostWeeks)))
	} else {
		s.notes = append(s.notes, "size unknown: estimate it before dates are given")
	}
	if w.Start.IsZero() {
		s.notes = append(s.notes, "dates follow when the start is known")
	} else {
		s.Start = dateOf(w.Start)
	}
	s.shape()
	for _, m := range w.Mismatches {
		s.Risks = append(s.Risks, pmo.Risk{Text: m})
	}
	s.Summary = s.words()
	return s.Plan
}

func (s *skeleton) shape() {
	switch s.work.Approach {
	case Predictive:
		s.phases(phases)
	case Hybrid:
		s.hybrid()
	case Program:
		s.program()
	case Exploratory:
		s.experiments()
	case Scrum, XP:
		s.iterate(iterationWeeks)
		s.DoneWhen = []string{"reviewed by somebody else", "tested", "usable by those it is for"}
	case Scrumban:
		s.iterate(iterationWeeks)
		s.flow()
	case Checklist:
		s.express()
	default:
		s.flow()
	}
}

// date is the day so many weeks after the start; none while the start is unknown.
func (s *skeleton) date(weeks int) pmo.Date {
	if s.work.Start.IsZero() {
		return ""
	}
	return dateOf(s.work.Start.AddDate(0, 0, 7*weeks))
}

func (s *skeleton) milestone(name string, week int, gate bool) {
	s.Milestones = append(s.Milestones, pmo.Milestone{Name: name, Due: s.date(week), Gate: gate})
}

// iterate plans whole iterations: the work ends with one, not within it.
func (s *skeleton) iterate(length int) {
	s.Goal, s.ReviewDays = s.work.Goal, 7*length
	if s.weeks == 0 {
		return
	}
	s.WeeksEach, s.Iterations = length, count(s.weeks, length)
	spread := func(by float64) int {
		return max(1, int(math.Ceil(math.Round(by*float64(s.weeks)*100)/100/float64(length))))
	}
	s.IterationRange = &pmo.IterationRange{Low: spread(lowSpread), High: spread(highSpread)}
	if s.Iterations > 1 {
		s.milestone("first increment reviewed", length, false)
	}
	s.milestone("accepted", s.Iterations*length, false)
}

// flow needs no milestones: an expectation, a limit on work in progress, how classes of service are treated, and a replenishment.
func (s *skeleton) flow() {
	s.WIPLimit, s.ReplenishDays = startingWIP, replenishDays
	if s.ReviewDays == 0 {
		s.ReviewDays = reviewDays
	}
	s.Classes = []pmo.ServiceClass{
		{Name: "expedite", Rule: "at once and one at a time, above the WIP limit if it must be"},
		{Name: "fixed_date", Rule: "begun early enough to be done by its date with the probability of the expectation"},
		{Name: "standard", Rule: "in the order in which it was pulled"},
		{Name: "intangible", Rule: "when nothing else waits, and never none of it for long"},
	}
	s.expect()
}

// expect sets the service-level expectation: from the forecast's cycle times, else from the size.
func (s *skeleton) expect() {
	switch c := s.work.Cycles; {
	case c.Finished >= enoughFinished && c.Days > 0:
		s.Expectation = &pmo.PlanExpectation{Days: c.Days, Probability: ExpectedShare, Basis: fmt.Sprintf("the forecast, from %d finished requests", c.Finished)}
	case s.weeks > 0:
		s.Expectation = &pmo.PlanExpectation{Days: 7 * s.weeks, Probability: ExpectedShare, Basis: "a starting value from the size; replace it by the team's own cycle times"}
	}
}

// express is an owner, a date and a check.
func (s *skeleton) express() {
	s.expect()
	s.DoneWhen = []string{"the requester has seen it and says that it does what was asked for"}
	if s.Expectation != nil && !s.work.Start.IsZero() {
		s.Due = dateOf(s.work.Start.AddDate(0, 0, s.Expectation.Days))
	}
	s.Expectation = nil
}

// experiments end in a decision on evidence; money already spent is no argument. Their number needs no size: not knowing it is why they are
// made.
func (s *skeleton) experiments() {
	s.Goal, s.WeeksEach, s.Iterations, s.ReviewDays = s.work.Goal, experimentWeeks, mostExperiments, 7*experimentWeeks
	if n := count(s.weeks, experimentWeeks); n > 0 {
		s.Iterations = min(n, mostExperiments)
	}
	s.milestone("first experiment evaluated", experimentWeeks, false)
	s.milestone("pivot or persevere", s.Iterations*experimentWeeks, true)
}

// program has planning intervals with iterations inside. The last iteration of an interval is for inspecting, adapting and planning.
func (s *skeleton) program() {
	s.Goal, s.ReviewDays = s.work.Goal, 7*intervalWeeks
	intervals := min(count(s.weeks, intervalWeeks), mostIntervals)
	if intervals == 0 {
		return
	}
	s.WeeksEach, s.Iterations = iterationWeeks, intervals*(intervalWeeks/iterationWeeks)
	for i := 1; i <= intervals; i++ {
		s.milestone(fmt.Sprintf("planning interval %d: inspect and adapt", i), i*intervalWeeks, true)
	}
}

// mostIntervals keeps the milestones of a program within what a list of a plan takes; later intervals are planned later.
const mostIntervals = 12

// hybrid has a planned shell with a change budget and iterations inside, and names where both meet.
func (s *skeleton) hybrid() {
	s.phases(shell)
	s.iterateInside()
	s.Seam = &pmo.Seam{
		Planned: orElse(s.work.Planned, "what has fixed dates, contracts or approvals"),
		Agile:   orElse(s.work.Agile, "what users see and can judge in small steps"),
		Meets:   "every iteration ends with what the planned part needs next; a gate looks at finished increments, not at reports",
	}
}

// iterateInside gives the agile part of a hybrid its iterations; the milestones are those of the planned part.
func (s *skeleton) iterateInside() {
	kept := s.Milestones
	s.iterate(iterationWeeks)
	s.Milestones = kept
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// known reads a size that may be unknown; an impossible one, negative or not finite, is unknown.
func known(v *float64) (float64, bool) {
	if v == nil || math.IsNaN(*v) || math.IsInf(*v, 0) || *v < 0 {
		return 0, false
	}
	return *v, true
}

func count(weeks, length int) int { return (weeks + length - 1) / length }

func dateOf(t time.Time) pmo.Date { return pmo.Date(t.UTC().Format(time.DateOnly)) }

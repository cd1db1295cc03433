package approach

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/pmo"
)

// workingDays are those of a week, where a size in weeks becomes days.
const workingDays = 5

// Days says which days are worked; the portfolio's calendar does, with its holidays. nil: Monday to Friday.
type Days func(day time.Time) bool

func (d Days) worked(day time.Time) bool {
	if d != nil {
		return d(day)
	}
	return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday
}

// Mean and Deviation are those of a three-point estimate (PERT).
func Mean(p pmo.WorkPackage) float64 { return (p.Optimistic + 4*p.Likely + p.Pessimistic) / 6 }

// Deviation is a sixth of the range.
func Deviation(p pmo.WorkPackage) float64 { return (p.Pessimistic - p.Optimistic) / 6 }

// Scheduled is a work package with its place in the schedule, in working days after the start.
type Scheduled struct {
	pmo.WorkPackage
	Mean, Deviation           float64
	EarlyStart, EarlyFinish   float64
	LatestStart, LatestFinish float64
	Slack                     float64
	Critical                  bool
	variance                  float64 // along the longest way to its end
	leastFinish               float64 // if all goes well
}

// Schedule is the critical path method over expected durations.
type Schedule struct {
	Packages []Scheduled // in the order of the plan
	// Duration is expected, and Deviation that of the critical path, in working days.
	Duration, Deviation float64
	Critical            []string
	// Missing are the packages without an estimate: while there are any, no dates follow.
	Missing []string
}

// ScheduleOf computes the schedule of work packages. It fails on an unknown predecessor, an id that is given twice and a circle.
func ScheduleOf(packages []pmo.WorkPackage) (Schedule, []Fault) {
	order, faults := inOrder(packages)
	if len(faults) > 0 {
		return Schedule{}, faults
	}
	var s Schedule
	at := map[string]*Scheduled{}
	s.Packages = make([]Scheduled, len(packages))
	for i, p := range packages {
		s.Packages[i] = Scheduled{WorkPackage: p, Mean: Mean(p), Deviation: Deviation(p)}
		at[p.ID] = &s.Packages[i]
		if !p.Estimated() {
			s.Missing = append(s.Missing, p.ID)
		}
	}
	s.forward(order, at)
	s.backward(order, at)
	return s, nil
}

// forward finds the earliest times and the expected duration.
func (s *Schedule) forward(order []string, at map[string]*Scheduled) {
	for _, id := range order {
		p := at[id]
		least := 0.0
		for _, before := range p.After {
			b := at[before]
			if b.EarlyFinish > p.EarlyStart || b.EarlyFinish == p.EarlyStart && b.variance > p.variance {
				p.EarlyStart, p.variance = b.EarlyFinish, b.variance
			}
			least = max(least, b.leastFinish)
		}
		p.EarlyFinish, p.leastFinish = p.EarlyStart+p.Mean, least+p.Optimistic
		p.variance += p.Deviation * p.Deviation
		if variance := s.Deviation * s.Deviation; p.EarlyFinish > s.Duration || p.EarlyFinish == s.Duration && p.variance > variance {
			s.Duration, s.Deviation = p.EarlyFinish, math.Sqrt(p.variance)
		}
	}
}

// backward finds the latest times, the slack and the critical path.
func (s *Schedule) backward(order []string, at map[string]*Scheduled) {
	for _, p := range at {
		p.LatestFinish = s.Duration
	}
	for _, id := range slices.Backward(order) {
		p := at[id]
		p.LatestStart = p.LatestFinish - p.Mean
		for _, before := range p.After {
			at[before].LatestFinish = min(at[before].LatestFinish, p.LatestStart)
		}
	}
	for _, id := range order {
		p := at[id]
		p.Slack = math.Round((p.LatestStart-p.EarlyStart)*1e6) / 1e6
		if p.Critical = p.Slack == 0; p.Critical {
			s.Critical = append(s.Critical, id)
		}
	}
}

// z85 is the point of the normal distribution with 85 % below it.
const z85 = 1.0364333894937898

// P85 is within how many working days the critical path is done in 85 % of all cases.
func (s Schedule) P85() float64 { return s.Duration + z85*s.Deviation }

// finish is when the packages are done, expected and at the earliest, in working days; false while an estimate is missing.
func (s Schedule) finish(ids []string) (expected, least float64, known bool) {
	for i := range s.Packages {
		if p := &s.Packages[i]; slices.Contains(ids, p.ID) {
			expected, least = max(expected, p.EarlyFinish), max(least, p.leastFinish)
			known = true
		}
	}
	return expected, least, known && len(s.Missing) == 0
}

// inOrder sorts the ids so that each comes after those it waits for.
func inOrder(packages []pmo.WorkPackage) ([]string, []Fault) {
	after, faults := map[string][]string{}, []Fault(nil)
	place := map[string]int{}
	for i, p := range packages {
		if _, twice := place[p.ID]; twice || strings.TrimSpace(p.ID) == "" {
			faults = append(faults, fault("work_packages/%d/id", i)("is given once and is not empty"))
		}
		place[p.ID], after[p.ID] = i, p.After
	}
	for i, p := range packages {
		for n, before := range p.After {
			if _, known := place[before]; !known {
				faults = append(faults, fault("work_packages/%d/after/%d", i, n)("%q is no work package of the plan", before))
			}
		}
	}
	if len(faults) > 0 {
		return nil, faults
	}
	var order, path []string
	done := map[string]bool{}
	var visit func(id string) []string
	visit = func(id string) []string {
		if i := slices.Index(path, id); i >= 0 {
			return append(slices.Clone(path[i:]), id)
		}
		if done[id] {
			return nil
		}
		path = append(path, id)
		for _, before := range after[id] {
			if circle := visit(before); circle != nil {
				return circle
			}
		}
		path = path[:len(path)-1]
		done[id] = true
		order = append(order, id)
		return nil
	}
	for i, p := range packages {
		if circle := visit(p.ID); circle != nil {
			return nil, []Fault{fault("work_packages/%d/after", i)("is a circle: %s", strings.Join(circle, " waits for "))}
		}
	}
	return order, nil
}

// mostCalendarDays ends the search for a working day in a calendar that has too few.
const mostCalendarDays = 20_000

// AfterWorking is the day on which so many working days after the first day are over. The first day counts.
func AfterWorking(start time.Time, days float64, works Days) time.Time {
	at, left := start, int(math.Ceil(math.Round(days*1e6)/1e6))
	for range mostCalendarDays {
		if works.worked(at) {
			left--
		}
		if left <= 0 && works.worked(at) {
			break
		}
		at = at.AddDate(0, 0, 1)
	}
	return at
}

// WithDates gives each milestone that has no date and waits for work packages the day on which these are expected to be done.
func WithDates(plan pmo.Plan, works Days) pmo.Plan {
	start, err := plan.Start.Time(time.UTC)
	schedule, faults := ScheduleOf(plan.WorkPackages)
	if err != nil || len(faults) > 0 {
		return plan
	}
	plan.Milestones = slices.Clone(plan.Milestones)
	for i := range plan.Milestones {
		m := &plan.Milestones[i]
		if days, _, known := schedule.finish(m.After); known && m.Due == "" {
			m.Due = dateOf(AfterWorking(start, days, works))
		}
	}
	return plan
}

// Fault is one thing about a plan that does not add up, with the JSON pointer of its field inside the plan.
type Fault struct{ Pointer, Detail string }

func fault(pointer string, at ...any) func(format string, args ...any) Fault {
	return func(format string, args ...any) Fault {
		return Fault{"/" + fmt.Sprintf(pointer, at...), fmt.Sprintf(format, args...)}
	}
}

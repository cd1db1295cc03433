package approach

import (
	"math"

	"leanpmo/internal/pmo"
)

// phase is a part of planned work and the gate at its end.
type phase struct {
	id, name, gate string
	share          float64 // of the work
}

// phases are those of a predictive plan, and shell those of the planned part of a hybrid. The shares are a starting point, and ours.
var (
	phases = []phase{
		{"scope", "Agree scope and baseline", "scope baseline agreed", 0.15},
		{"design", "Design", "design approved", 0.2},
		{"build", "Build", "build complete", 0.4},
		{"verify", "Verify", "verified", 0.15},
		{"hand-over", "Hand over", "accepted", 0.1},
	}
	shell = []phase{
		{"scope", "Agree scope and change budget", "scope and change budget agreed", 0.15},
		{"core", "Core", "core complete", 0.55},
		{"hand-over", "Integrate and hand over", "accepted", 0.3},
	}
)

// Where only a size is known, a phase takes its share of it, may be a quarter shorter, and may take twice as long: plans are wrong in that
// direction more often.
const optimisticShare, pessimisticShare = 0.75, 2.0

// phases plans one phase after the other with a gate at the end of each, a budget, and a part of it for changes. The dates of the gates come
// from the estimates.
func (s *skeleton) phases(list []phase) {
	s.ReviewDays = 2 * reviewDays
	for i, p := range list {
		work := pmo.WorkPackage{ID: p.id, Name: p.name}
		if s.weeks > 0 {
			likely := tenth(p.share * float64(s.weeks) * workingDays)
			work.Optimistic, work.Likely, work.Pessimistic = tenth(likely*optimisticShare), likely, tenth(likely*pessimisticShare)
		}
		if i > 0 {
			work.After = []string{list[i-1].id}
		}
		s.WorkPackages = append(s.WorkPackages, work)
		s.Milestones = append(s.Milestones, pmo.Milestone{Name: p.gate, Gate: true, After: []string{p.id}})
	}
	if s.weeks > 0 {
		s.Budget = &pmo.Budget{Unit: pmo.BudgetTeamWeeks, Total: float64(s.weeks), Change: tenth(changeShare * float64(s.weeks))}
	}
	s.Plan = WithDates(s.Plan, s.work.Works)
}

func tenth(v float64) float64 { return math.Round(v*10) / 10 }

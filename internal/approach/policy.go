package approach

import "fmt"

// Policy holds the cuts an organisation may choose. The zero value of a field
// means the default; none of the cuts is part of the methods they serve.
type Policy struct {
	// Version names this set of rules in answers and ledgers.
	Version string `json:"version"`
	// AgileCut and HybridCut separate the zones of the suitability filter's mean:
	// up to the first agile, up to the second hybrid, above predictive (3.5, 6.5).
	AgileCut  float64 `json:"agile_cut,omitempty"`
	HybridCut float64 `json:"hybrid_cut,omitempty"`
	// EnoughAnswers is how many of the nine answers the filter needs to count (5).
	EnoughAnswers int `json:"enough_answers,omitempty"`
	// FrozenChange is the change per month, in percent, up to which requirements
	// count as frozen (5).
	FrozenChange float64 `json:"frozen_change,omitempty"`
	// HighChange is the change per month, in percent, from which change counts as
	// frequent in the life-cycle grid (10).
	HighChange float64 `json:"high_change,omitempty"`
	// UnplannedShare is the share of unplanned work above which a timebox no
	// longer holds (0.25).
	UnplannedShare float64 `json:"unplanned_share,omitempty"`
	// TeamMax is the largest single team (10 people).
	TeamMax float64 `json:"team_max,omitempty"`
	// ProgramMin and ProgramMax limit one team of teams (50 and 125 people).
	ProgramMin float64 `json:"program_min,omitempty"`
	ProgramMax float64 `json:"program_max,omitempty"`
	// SmallJob is the largest job size that needs no iterations (2 points).
	SmallJob float64 `json:"small_job,omitempty"`
	// KindDefaults names the approach for kinds of request about which nothing
	// else decides.
	KindDefaults map[string]Approach `json:"kind_defaults,omitempty"`
	Plan         PlanPolicy          `json:"plan"`
}

// DefaultPolicy returns the cuts named at each field.
func DefaultPolicy() Policy {
	p := Policy{Version: "default"}.filled()
	p.Plan = p.Plan.filled()
	return p
}

// Validate reports the first cut that contradicts another or an approach that
// does not exist.
func (p Policy) Validate() error {
	f := p.filled()
	switch {
	case !(f.AgileCut > 0 && f.AgileCut < f.HybridCut && f.HybridCut < 10):
		return fmt.Errorf("agile_cut and hybrid_cut must rise between 0 and 10")
	case f.EnoughAnswers < 1 || f.EnoughAnswers > 9:
		return fmt.Errorf("enough_answers must be from 1 to 9")
	case f.FrozenChange < 0 || f.HighChange < f.FrozenChange:
		return fmt.Errorf("high_change must not be below frozen_change")
	case f.UnplannedShare < 0 || f.UnplannedShare > 1:
		return fmt.Errorf("unplanned_share must be from 0 to 1")
	case f.TeamMax < 1 || f.ProgramMin <= f.TeamMax || f.ProgramMax < f.ProgramMin:
		return fmt.Errorf("team_max, program_min and program_max must rise")
	}
	for kind, a := range p.KindDefaults {
		if !a.Valid() || a == XP {
			return fmt.Errorf("kind_defaults.%s: %q is not an approach of its own", kind, a)
		}
	}
	return p.Plan.Validate()
}

func (p Policy) filled() Policy {
	fill(&p.AgileCut, 3.5)
	fill(&p.HybridCut, 6.5)
	fill(&p.EnoughAnswers, 5)
	fill(&p.FrozenChange, 5)
	fill(&p.HighChange, 10)
	fill(&p.UnplannedShare, 0.25)
	fill(&p.TeamMax, 10)
	fill(&p.ProgramMin, 50)
	fill(&p.ProgramMax, 125)
	fill(&p.SmallJob, 2)
	return p
}

func fill[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

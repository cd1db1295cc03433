package assign

import "leanpmo/internal/pmo"

// Request is one approved request that waits for a team.
type Request struct {
	ID     string
	Number string // its name in sentences: "R-42"; the ID when empty
	Rank   int    // 1 is served first; 0 or less is unranked and comes last
	// Skills are all needed from the one team that takes the request, each at its level of Levels or, without one, of the policy.
	Skills []string
	Levels map[string]int
	// Size is in capacity units, the same as Team.Capacity (team-weeks, points).
	Size float64
	// Value weighs this request's fit against the fit of the others; 0 or less counts as 1.
	Value float64
	// Excluded are teams that declined this request.
	Excluded []string
	// Only is the one team that may take it, because it was named; empty: any.
	Only string
	// Preferred is the team that the requester or a policy would like.
	Preferred string
	// Approach is the way of working chosen for it; empty: not chosen.
	Approach string
	// Keep is the team that worked on the request before, or holds it from an earlier plan.
	Keep string
	// Urgent requests may use the reserve of the teams, see Policy.Reserve.
	Urgent bool
	// Resources are amounts of shared resources that it needs while it is worked on, by id.
	Resources map[string]float64
	// Due is in how many weeks it is wanted, above 0; 0 is no date.
	Due float64
	// Confidential requests are named in no sentence about another request: who reads that may not know of them.
	Confidential bool
	// Second is what another team does of it at the same time; nil: one team does it all. Skills, Levels, Size and Keep are then of the first team's
	// part, and so is Excluded. Both parts get a place, of two teams, or neither does.
	Second *Part

	second bool // it is the second part of a request; see Request.Parts
}

// Part is what the second team does of a request that needs two teams at once.
type Part struct {
	Skills []string
	Levels map[string]int
	Size   float64 // in capacity units
	Keep   string  // the team that did this part before; empty: none
	// Preferred is the team that the PMO would like for this part; empty: none.
	Preferred string
	// Excluded are teams that declined the request.
	Excluded []string
}

// Team is one team with what it can do and what it already carries.
type Team struct {
	ID   string
	Name string // for sentences; the ID when empty
	// Skills maps a skill to the team's level, 1 (basic) to MaxLevel (expert).
	Skills map[string]int
	// Capacity is in capacity units for the planned period.
	Capacity float64
	// Absent is the share of Capacity that is absent in the planned period, 0..1.
	Absent float64
	// Load is what is firm or held now, in capacity units, without the requests that are being placed.
	Load float64
	// UrgentLoad is the part of Load of requests that may use the reserve.
	UrgentLoad float64
	// WIPLimit is the greatest number of requests in progress; 0 is no limit.
	WIPLimit int
	WIP      int
	// LoadCeiling is the greatest sustainable share of capacity, 0..1; 0 takes the policy's.
	LoadCeiling float64
	// Paused is a reason why the team takes no new work now; empty when it does.
	Paused string
	// Approaches are the ways of working it works well in; none: it says nothing, and none is better than another.
	Approaches []string
	// Pace is the size that the team does in a week of all its capacity, against the team that sizes were estimated for: at 2 a request takes half as
	// much of it. 0 counts as 1.
	Pace float64
	// Carried is the share of its capacity that the team carried over the last weeks, for Policy.Fairness; 0 where nothing is known.
	Carried float64
	// Parallel is how many requests the team works on without switching between them; 0 is unknown.
	Parallel int
	// More is what one person more would bring, for SkillDelays.
	More Person
	// Measured says that Capacity follows from what the team finished, and is stated by nobody.
	Measured bool
	// Weeks are the weeks after this one. Without any, nothing is said about later starts.
	Weeks []Week
}

// Person is what one person more brings to a team.
type Person struct {
	Capacity float64 // in capacity units
	WIP      int     // how much its WIPLimit grows
}

// Week is what a team can hold in a later week, and what of its present work it then still holds.
type Week struct {
	From     string // its first day
	Capacity float64
	Load     float64
	WIP      int
	// UrgentLoad is the part of Load of requests that may use the reserve.
	UrgentLoad float64
}

// NobodyThere is why a team is paused that its people limit in how many requests it takes, while nobody has time for it.
const NobodyThere = "nobody has a part of the week for it"

// MaxLevel is the highest skill level.
const MaxLevel = pmo.MaxSkillLevel

// Priority says how rank enters the choice.
type Priority string

const (
	// Strict serves requests in the order of rank whenever any plan can; fit decides only by whom.
	Strict Priority = "strict"
	// Weighted ignores rank and takes the plan with the greatest value-weighted fit.
	Weighted Priority = "weighted"
)

// Policy holds the weights and limits of the choice. The zero value means the defaults, and so does each field at 0 but Lateness and Switching:
// in a policy that says anything they are as they are given, and 0 lets them not count.
type Policy struct {
	Priority Priority
	// Weights of the parts of fit; they are normalised to 1.
	Weights Weights
	// Lateness is the share of a request's value that a team loses with it by finishing Horizon weeks, or more, after the wanted date.
	Lateness float64
	// Switching is the share of a mean request's value that each request costs beyond those a team works on without switching (SwitchingLoss
	// says a fifth of the time for the second, and as much for each more).
	Switching float64
	// LoadCeiling is for teams without their own, 0..1.
	LoadCeiling float64
	// Fairness is the share of a request's value that goes off for a team that carried all of its capacity over the last weeks, and less for one that
	// carried less; see Team.Carried.
	Fairness float64
	// Reserve is the share of a team's capacity, below its ceiling, that ordinary requests leave free for urgent ones, 0..1.
	Reserve float64
	// MinLevel is the level from which a skill counts as covered.
	MinLevel int
	// Effort limits the steps of the solver, of which a core does some hundred million a second; Plan.Exact is false when it was reached before
	// the optimum was proven.
	Effort int
}

// Weights say how much each part of fit counts.
type Weights struct {
	Skill      float64 // how well the team masters the needed skills
	Balance    float64 // how much room the teams keep below their ceilings, under the whole plan
	Preference float64 // it is the preferred team
	Continuity float64 // it is the team of Request.Keep
	Approach   float64 // the team works well in the request's way of working; beside the others, where both are known
}

// DefaultPolicy returns the values used where a policy gives none. The 80 % ceiling is a rule of thumb near the
// utilisation from which waiting times rise steeply (see WaitFactor), not a theorem.
func DefaultPolicy() Policy {
	return Policy{
		Priority:    Strict,
		Weights:     Weights{Skill: 0.5, Balance: 0.2, Preference: 0.15, Continuity: 0.15, Approach: 0.1},
		Lateness:    0.1,
		Switching:   SwitchingLoss(2),
		LoadCeiling: 0.8,
		MinLevel:    1,
		Effort:      45_000_000,
	}
}

// withDefaults fills the fields that the caller left zero.
func (p Policy) withDefaults() Policy {
	d := DefaultPolicy()
	if p == (Policy{}) {
		return d
	}
	if p.Priority == "" {
		p.Priority = d.Priority
	}
	if p.Weights == (Weights{}) {
		p.Weights = d.Weights
	}
	if p.LoadCeiling == 0 {
		p.LoadCeiling = d.LoadCeiling
	}
	if p.MinLevel == 0 {
		p.MinLevel = d.MinLevel
	}
	if p.Effort <= 0 {
		p.Effort = d.Effort
	}
	return p
}

func (r Request) label() string {
	if r.second {
		return firstOf(r.Number, r.ID) + " (second team)"
	}
	return firstOf(r.Number, r.ID)
}

func (r Request) weight() float64 {
	if r.Value <= 0 {
		return 1
	}
	return r.Value
}

func (t Team) label() string { return firstOf(t.Name, t.ID) }

// capacity is the available capacity of the team, before its ceiling.
func (t Team) capacity() float64 {
	return t.Capacity * (1 - t.Absent)
}

func (t Team) ceiling(p Policy) float64 {
	if t.LoadCeiling > 0 {
		return t.LoadCeiling
	}
	return p.LoadCeiling
}

// room is the load that may still be added under the ceiling; negative when the team is already above it.
func (t Team) room(p Policy) float64 { return t.capacity()*t.ceiling(p) - t.Load }

// utilisation is the share of capacity in use with extra load; 1 means full where there is no capacity.
func (t Team) utilisation(extra float64) float64 {
	switch load := t.Load + extra; {
	case load <= 0:
		return 0
	case t.capacity() <= 0:
		return 1
	default:
		return load / t.capacity()
	}
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

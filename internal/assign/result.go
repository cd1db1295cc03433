package assign

// Plan is the outcome for all waiting requests.
type Plan struct {
	// Decisions come in the order of service: by rank, unranked last.
	Decisions []Decision `json:"decisions"`
	Loads     []TeamLoad `json:"loads"`
	// Value is the sum of value × fit over the served requests, with the balance that the whole plan leaves, less what lateness and switching cost.
	Value float64 `json:"value"`
	// Bound is proven: no plan that serves the same requests has a greater value.
	Bound float64 `json:"bound"`
	// Exact is true when the plan is proven best; otherwise Value and Bound limit how far from the best it can be.
	Exact    bool   `json:"exact"`
	Plain    Plain  `json:"plain"`
	Sentence string `json:"sentence"`
}

// Gap is the greatest possible loss against the best plan, as a share of Bound (0 when the plan is exact).
func (p Plan) Gap() float64 {
	if p.Exact || p.Bound <= 0 {
		return 0
	}
	return (p.Bound - p.Value) / p.Bound
}

// Decision is what the plan says about one request.
type Decision struct {
	Request string `json:"request"`
	Number  string `json:"number,omitempty"`
	Rank    int    `json:"rank"`
	// Position is the place in the order of service, from 0.
	Position int `json:"position"`
	// Team is empty when nobody can take the request now.
	Team  string  `json:"team,omitempty"`
	Fit   float64 `json:"fit"`
	Parts Parts   `json:"parts"`
	// RunnerUp is the next best team that could still take the request; empty when there is none.
	RunnerUp string `json:"runner_up,omitempty"`
	// Others are all teams that were not chosen, each with its reason, best fit first.
	Others []Candidate `json:"others"`
	// Binding is the limit that keeps a request without a team; nil when it has one.
	Binding  *Binding `json:"binding,omitempty"`
	Sentence string   `json:"sentence"`
	// Plain is the team that the plain order would give it; empty for none.
	Plain string `json:"plain,omitempty"`
	// Later is where it could start in a later week; nil when it has a team, or when nothing is known.
	Later *Later `json:"later,omitempty"`
	// Second is the second team of a request that needs two at once; nil where it needs one, or has none.
	Second *Second `json:"second,omitempty"`
}

// Second is what the plan says about the second team of a request that needs two at once.
type Second struct {
	Team     string      `json:"team"`
	Fit      float64     `json:"fit"`
	Parts    Parts       `json:"parts"`
	RunnerUp string      `json:"runner_up,omitempty"`
	Others   []Candidate `json:"others"`
	Sentence string      `json:"sentence"`
}

// Plain is what the plain order comes to: each request in turn to the team that suits it best on its own and has room.
type Plain struct {
	Served int     `json:"served"`
	Value  float64 `json:"value"`
}

// Later is the first week in which a team has room for a request, if work ends by its plans and this plan is carried out.
type Later struct {
	Team string `json:"team"`
	Week int    `json:"week"` // 1 is the week after this one
	From string `json:"from"`
	Text string `json:"text"`
	// Second is the second team of a request that needs two; empty where it needs one.
	Second string `json:"second,omitempty"`
}

// Parts are the components of fit, each 0..1 before weighting.
type Parts struct {
	Skill      float64 `json:"skill"`
	Balance    float64 `json:"balance"`
	Preference float64 `json:"preference"`
	Continuity float64 `json:"continuity"`
	// Approach is absent where the request has no way of working yet, or the team does not say in which it works well.
	Approach *float64 `json:"approach,omitempty"`
}

// Candidate is a team that was considered and not chosen.
type Candidate struct {
	Team string `json:"team"`
	// Able is true when the team by itself could take the request.
	Able   bool    `json:"able"`
	Fit    float64 `json:"fit"`
	Limits []Limit `json:"limits"`
	Reason string  `json:"reason"`
}

// LimitCode names a limit.
type LimitCode string

// The limits, from the most to the least lasting. Taken and LessFit are no limits of the team: they mean that its room
// went to another request of this plan, or that another team serves better.
const (
	LimitSkill    LimitCode = "skill"
	LimitDeclined LimitCode = "declined"
	LimitPaused   LimitCode = "paused"
	LimitNamed    LimitCode = "named" // another team was named
	LimitCapacity LimitCode = "capacity"
	LimitWIP      LimitCode = "wip"
	LimitResource LimitCode = "resource"
	// LimitOtherPart: it takes the other part of a request that needs two teams, or no two teams could take both parts.
	LimitOtherPart LimitCode = "other_part"
	Taken          LimitCode = "taken"
	LessFit        LimitCode = "less_fit"
)

// Limit is one reason why a team does not take a request.
type Limit struct {
	Code LimitCode `json:"code"`
	Text string    `json:"text"`
	// Short is how much is missing: skills, slots or capacity units.
	Short float64 `json:"short,omitempty"`
}

// Binding says why a request has no team and what would free one.
type Binding struct {
	Code  LimitCode `json:"code"`
	Team  string    `json:"team,omitempty"` // the team that comes closest; empty when none does
	Why   string    `json:"why"`
	Frees string    `json:"frees"`
}

// TeamLoad is a team before and after the plan.
type TeamLoad struct {
	Team      string  `json:"team"`
	Before    float64 `json:"before"` // share of capacity
	After     float64 `json:"after"`
	Ceiling   float64 `json:"ceiling"`
	Reserve   float64 `json:"reserve,omitempty"` // share of capacity, below the ceiling, that ordinary requests leave free
	Carried   float64 `json:"carried,omitempty"` // share of capacity over the last weeks, where the policy counts it
	WIPBefore int     `json:"wip_before"`
	WIPAfter  int     `json:"wip_after"`
	WIPLimit  int     `json:"wip_limit,omitempty"`
	// WaitFactor is ρ/(1−ρ) at After, see WaitFactor; nil when the queue would grow without end.
	WaitFactor *float64 `json:"wait_factor,omitempty"`
}

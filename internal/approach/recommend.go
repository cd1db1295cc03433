package approach

import (
	"slices"
	"time"
)

// Reason is why an approach is recommended.
type Reason struct {
	// Code is the rule's name, fact, filter or life_cycle.
	Code string `json:"code"`
	Text string `json:"text"`
}

// Recommendation is an offer to the delivery team with everything behind it.
type Recommendation struct {
	Approach Approach `json:"approach"`
	RunnerUp Approach `json:"runner_up"`
	// Distance is how many answers' worth of change the runner-up is away: 0.2 is
	// a number just short of a cut, 1 one contrary answer, 0.5 one open question.
	Distance float64 `json:"distance"`
	// Rule names what decided.
	Rule    string   `json:"rule"`
	Reasons []Reason `json:"reasons"`
	// Sensitivities are single answers that would change the approach, likeliest first.
	Sensitivities []Sensitivity `json:"flips"`
	// Unknown are all open questions; Decisive those whose answer alone could
	// change the approach.
	Unknown  []string `json:"unknown"`
	Decisive []string `json:"decisive"`
	// Confidence is the share, 0 to 1, of the questions that bear on this
	// recommendation and are answered; Stated puts it as high, medium or low.
	Confidence float64    `json:"confidence"`
	Stated     string     `json:"stated"`
	Practices  []Practice `json:"practices"`
	// Risks are answers that speak against the recommendation.
	Risks     []string `json:"risks"`
	Filter    Filter   `json:"filter"`
	Radar     Radar    `json:"radar"`
	Domain    Domain   `json:"domain"`
	LifeCycle string   `json:"life_cycle"`
	// Plan is the skeleton in weeks after the start; Skeleton gives it dates.
	Plan Plan `json:"plan"`
	// PolicyVersion names the cuts used.
	PolicyVersion string `json:"policy_version"`
}

// Recommend finds the approach for a context. Every context gets an answer
// with at least one reason; the policy should be valid (Policy.Validate).
func Recommend(c Context, p Policy) Recommendation {
	p = p.filled()
	all := assessments(&c, &p)
	at := winner(all)
	won := all[at]
	second, distance := runnerUp(all, won.approach)
	r := Recommendation{
		Approach: won.approach, RunnerUp: second, Distance: distance, Rule: won.name,
		Unknown: unanswered(&c), Practices: practices(&c, won.approach, &p),
		Filter: filterOf(&c, p), Radar: radarOf(&c), Domain: domainOf(&c), LifeCycle: lifeCycleOf(&c, p),
		PolicyVersion: p.Version,
	}
	r.Reasons = reasons(won, &c, &p, r.Filter, r.LifeCycle)
	found := sensitivities(&c, &p, won.approach, second)
	r.Decisive = decisive(found, &c)
	r.Sensitivities = found[:min(maxSensitivities, len(found))]
	r.Confidence, r.Stated = confidence(all, at, &c)
	r.Risks = risks(&c, r)
	r.Plan = Skeleton(won.approach, c.JobSize, time.Time{}, p.Plan)
	return r
}

// runnerUp is the other approach that the fewest answers separate from winning:
// the gaps of its own conditions, and one answer to break each rule that holds
// before it. Equal distances go to the rule of which more already holds, then
// to the earlier rule.
func runnerUp(all []assessment, won Approach) (Approach, float64) {
	best, distance, share, ahead := Approach(""), 0.0, 0.0, 0.0
	for i, s := range all {
		last := i == len(all)-1
		if s.approach != won && (!last || best == "") {
			d := s.gap + ahead
			if best == "" || d < distance || d == distance && s.share > share {
				best, distance, share = s.approach, d, s.share
			}
		}
		if s.holds {
			ahead++
		}
	}
	return best, distance
}

// reasons gives the rule's own reason, then facts, then readings that agree; at
// most three, the heaviest first.
func reasons(won assessment, c *Context, p *Policy, f Filter, lifeCycle string) []Reason {
	rs := []Reason{{won.name, won.reason}}
	for _, need := range won.needs {
		rs = append(rs, Reason{"fact", capital(need.fact(c, p))})
	}
	if won.name != "filter" && f.Zone != ZoneUnknown && byZone(f.Zone, c).Rigidity() == won.approach.Rigidity() {
		rs = append(rs, Reason{"filter", "The suitability filter agrees: mean " + num(f.Mean) + " of 10, " + string(f.Zone) + " by our cuts"})
	}
	if won.name != "life_cycle" && lifeCycle != "" && byLifeCycle(lifeCycle).Rigidity() == won.approach.Rigidity() {
		rs = append(rs, Reason{"life_cycle", "Its rate of change and frequency of delivery make it " + lifeCycle})
	}
	return rs[:min(3, len(rs))]
}

// confidence counts the questions that bear on the outcome: those of rules that
// could still have come first, the contrary answer of each that could not, and
// those of what decided. Readings after the rules rest on all questions.
func confidence(all []assessment, at int, c *Context) (float64, string) {
	bearing := map[string]bool{}
	for _, s := range all[:min(at+1, len(rules))] {
		if s.refuted {
			continue
		}
		for _, need := range s.needs {
			for _, q := range need.asks {
				bearing[q] = true
			}
		}
	}
	if at >= len(rules) {
		for _, a := range attributes {
			bearing[a.name] = true
		}
	}
	known := 0
	for q := range bearing {
		if answered(c, q) {
			known++
		}
	}
	if len(bearing) == 0 {
		return 1, "high"
	}
	share := float64(known) / float64(len(bearing))
	switch {
	case share >= 0.8:
		return share, "high"
	case share >= 0.5:
		return share, "medium"
	}
	return share, "low"
}

// risks lists what speaks against the recommendation.
func risks(c *Context, r Recommendation) []string {
	out := []string{}
	if f := r.Filter; f.Zone != ZoneUnknown && byZone(f.Zone, c).Rigidity() != r.Approach.Rigidity() {
		out = append(out, "the suitability filter points elsewhere: mean "+num(f.Mean)+" of 10, "+string(f.Zone)+" by our cuts")
	}
	if r.Approach.Rigidity() < 2 {
		for _, name := range r.Filter.Risks {
			out = append(out, words(name)+" speaks for more planning than the rest")
		}
	}
	for _, name := range r.Filter.Inner {
		out = append(out, words(name)+" would allow more agility than the rest")
	}
	if c.Criticality.lives() && r.Approach.Rigidity() == 0 {
		out = append(out, "lives are at stake: verify independently before each release")
	}
	if r.Radar.Home == "mixed" {
		out = append(out, r.Radar.Advice)
	}
	return slices.Clip(out)
}

func capital(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}

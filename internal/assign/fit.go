package assign

import "slices"

// fit scores how well a team suits a request, 0..1, with its parts. The limits are checked separately, in limitsOf.
func fit(r Request, t Team, p Policy) (float64, Parts) {
	parts := Parts{Skill: skillFit(r, t), Balance: balance(r, t, p)}
	if r.Preferred != "" && r.Preferred == t.ID {
		parts.Preference = 1
	}
	if r.Keep != "" && r.Keep == t.ID {
		parts.Continuity = 1
	}
	if r.Approach != "" && len(t.Approaches) > 0 {
		parts.Approach = new(float64)
		if slices.Contains(t.Approaches, r.Approach) {
			*parts.Approach = 1
		}
	}
	return p.Weights.mean(parts), parts
}

// mean is the weighted mean of the parts. The way of working counts where the request has one and the team says in which it works well.
func (w Weights) mean(p Parts) float64 {
	value, sum := w.Skill*p.Skill+w.Balance*p.Balance+w.Preference*p.Preference+w.Continuity*p.Continuity, w.sum()
	if p.Approach != nil {
		value, sum = value+w.Approach**p.Approach, sum+w.Approach
	}
	return value / sum
}

func (w Weights) sum() float64 { return w.Skill + w.Balance + w.Preference + w.Continuity }

// skillFit is the mean level over the needed skills as a share of MaxLevel; 1 when nothing special is needed.
func skillFit(r Request, t Team) float64 {
	if len(r.Skills) == 0 {
		return 1
	}
	sum := 0
	for _, s := range r.Skills {
		sum += min(max(t.Skills[s], 0), MaxLevel)
	}
	return float64(sum) / float64(MaxLevel*len(r.Skills))
}

// balance is the share of the team's sustainable load that stays free after this request alone: work goes to the team
// with more room. Fit ignores the other requests of the plan; the ceiling counts them all.
func balance(r Request, t Team, p Policy) float64 {
	full := t.capacity() * t.ceiling(p)
	if full <= 0 {
		return 0
	}
	return min(max((t.roomFor(r, p)-t.size(r))/full, 0), 1)
}

package assign

import "fmt"

// unfair is the share of a request's value that goes off for a team by what it carried over the last weeks: all of Fairness where it carried all of its
// capacity. It is no comparison with the other teams, so that a team more, or more capacity, never makes a plan worth less.
func (t Team) unfair(p Policy) float64 { return p.Fairness * min(t.Carried, 1) }

// carriedMore says of team j that it carried more than the teams did on average, where that counts; empty where it does not.
func (b *board) carriedMore(j int) string {
	mean := 0.0
	for _, t := range b.teams {
		mean += t.Carried / float64(len(b.teams))
	}
	if t := b.teams[j]; t.unfair(b.policy) > 0 && t.Carried > mean+eps {
		return fmt.Sprintf("carried %s of its capacity over the last weeks, more than the teams' mean of %s", above(t.Carried, mean), percent(mean))
	}
	return ""
}

// carried is what is shown of a team: what it carried, where that counts.
func (t Team) carried(p Policy) float64 {
	if p.Fairness == 0 {
		return 0
	}
	return t.Carried
}

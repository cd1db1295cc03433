package assign

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// explain turns a solution into the plan that is shown.
func (b *board) explain(sol solution) (Plan, *state) {
	s := stateOf(b.problem, sol.agent)
	plan := Plan{Decisions: []Decision{}, Value: sol.gain, Bound: sol.bound, Exact: sol.exact, Loads: b.loads(s)}
	for i := range b.requests {
		plan.Decisions = append(plan.Decisions, b.decision(s, i))
	}
	return plan, s
}

// say says the plan in a sentence.
func (p *Plan) say() {
	served := 0
	for _, d := range p.Decisions {
		if d.Team != "" {
			served++
		}
	}
	p.Sentence = fmt.Sprintf("%d of %d waiting requests have a team; ", served, len(p.Decisions))
	if p.Exact {
		p.Sentence += "no other plan fits better."
	} else {
		p.Sentence += fmt.Sprintf("a better plan may exist, its fit is at most %.1f %% higher.", 100*p.Gap())
	}
}

func (b *board) decision(s *state, i int) Decision {
	r, at := b.requests[i], s.agent[i]
	d := Decision{Request: r.ID, Number: r.Number, Rank: r.Rank, Position: i, Others: []Candidate{}}
	for j := range b.teams {
		if j == at {
			continue
		}
		c := b.candidate(s, i, j)
		d.Others = append(d.Others, c)
	}
	slices.SortStableFunc(d.Others, func(x, y Candidate) int {
		return cmp.Or(cmp.Compare(x.hard(), y.hard()), cmp.Compare(y.Fit, x.Fit))
	})
	if at == nobody {
		d.Binding = b.binding(s, i)
		d.Sentence = fmt.Sprintf("%s has no team yet: %s. %s.", r.label(), d.Binding.Why, d.Binding.Frees)
		return d
	}
	d.Team, d.Fit, d.Parts = b.teams[at].ID, b.fits[i][at], b.parts[i][at]
	d.RunnerUp = b.runnerUp(s, i)
	d.Sentence = b.chosen(s, i, d)
	return d
}

// candidate says why team j does not take request i in this plan.
func (b *board) candidate(s *state, i, j int) Candidate {
	t := b.teams[j]
	c := Candidate{Team: t.ID, Fit: b.fits[i][j], Limits: b.limits[i][j], Able: len(b.limits[i][j]) == 0}
	switch at := s.agent[i]; {
	case !c.Able:
	case at == nobody && (b.unknownResource(b.requests[i]) != "" || !s.stocked(i)):
		c.Limits = []Limit{{Code: LimitResource, Text: t.label() + " could take it, but a resource that it needs is not free"}}
	case s.otherAt(i, j):
		c.Limits = []Limit{{Code: LimitOtherPart, Text: t.label() + " takes the other part of it, and two teams are needed"}}
	case !s.fits(i, j):
		c.Limits = []Limit{{Code: Taken, Text: fmt.Sprintf("%s: the room goes to %s", t.label(), b.takers(s, j))}}
	case at != nobody && b.fits[i][j] >= b.fits[i][at]:
		c.Limits = []Limit{{Code: LessFit, Text: fmt.Sprintf("%s would suit as well: %.2f; this plan spreads the load", t.label(), c.Fit)}}
	default:
		c.Limits = []Limit{{Code: LessFit, Text: fmt.Sprintf("%s fits less: %.2f", t.label(), c.Fit)}}
	}
	if more := b.carriedMore(j); more != "" && c.Able {
		c.Limits[0].Text += "; it " + more
	}
	texts := make([]string, len(c.Limits))
	for k, l := range c.Limits {
		texts[k] = l.Text
	}
	c.Reason = strings.Join(texts, "; ")
	return c
}

// hard counts the limits that hold independently of the rest of the plan.
func (c Candidate) hard() int {
	if c.Able {
		return 0
	}
	return len(c.Limits)
}

// takers names the requests that this plan gives to team j.
func (b *board) takers(s *state, j int) string {
	var taking []Request
	for i, at := range s.agent {
		if at == j {
			taking = append(taking, b.requests[i])
		}
	}
	return named(taking)
}

// runnerUp is the best other team with room left after the plan.
func (b *board) runnerUp(s *state, i int) string {
	at := s.agent[i]
	s.take(i)
	defer s.put(i, at)
	to := nobody
	for j := range b.teams {
		if j != at && s.fits(i, j) && (to == nobody || b.fits[i][j] > b.fits[i][to]) {
			to = j
		}
	}
	if to == nobody {
		return ""
	}
	return b.teams[to].ID
}

// chosen says in one sentence why the team takes the request.
func (b *board) chosen(s *state, i int, d Decision) string {
	r, t := b.requests[i], b.teams[s.agent[i]]
	var why []string
	if len(r.Skills) > 0 {
		why = append(why, "covers "+list(r.needed(r.Skills)))
	}
	if d.Parts.Continuity > 0 {
		why = append(why, "has worked on this request before")
	}
	if d.Parts.Preference > 0 {
		why = append(why, "is the preferred team")
	}
	if d.Parts.Approach != nil && *d.Parts.Approach > 0 {
		why = append(why, "works well in "+r.Approach)
	}
	if t.Pace > 0 && t.Pace != 1 {
		why = append(why, fmt.Sprintf("needs %s of its team-weeks for the size of %s, at its pace of %s", units(t.size(r)), units(r.Size), units(t.Pace)))
	}
	if more := b.carriedMore(s.agent[i]); more != "" {
		why = append(why, more)
	}
	why = append(why, fmt.Sprintf("goes to %s of capacity by this request%s, ceiling %s", percent(t.utilisation(t.size(r))), b.together(s, i), percent(t.ceiling(b.policy))))
	out := fmt.Sprintf("%s goes to %s: it %s (fit %.2f)", r.label(), t.label(), list(why), d.Fit)
	for j, other := range b.teams {
		if len(b.limits[i][j]) == 0 && b.fits[i][j] > d.Fit+eps && !s.fits(i, j) && !s.otherAt(i, j) {
			return out + fmt.Sprintf("; %s fits better by itself, but all requests together gain more this way.", other.label())
		}
	}
	return out + "."
}

// together says how far the team of request i goes by all that this plan gives to it; empty where that is the request alone.
func (b *board) together(s *state, i int) string {
	j := s.agent[i]
	if t := b.teams[j]; s.added[j] > t.size(b.requests[i])+eps {
		return fmt.Sprintf(" and to %s by all of this plan", percent(t.utilisation(s.added[j])))
	}
	return ""
}

// loads shows every team before and after the plan.
func (b *board) loads(s *state) []TeamLoad {
	added, count := make([]float64, len(b.teams)), make([]int, len(b.teams))
	for i, j := range s.agent {
		if j != nobody {
			added[j] += b.teams[j].size(b.requests[i])
			count[j]++
		}
	}
	out := make([]TeamLoad, 0, len(b.teams))
	for j, t := range b.teams {
		l := TeamLoad{Team: t.ID, Before: t.utilisation(0), After: t.utilisation(added[j]), Ceiling: t.ceiling(b.policy), Reserve: t.reserve(b.policy), Carried: t.carried(b.policy),
			WIPBefore: t.WIP, WIPAfter: t.WIP + count[j], WIPLimit: t.WIPLimit}
		if f := WaitFactor(l.After); !math.IsInf(f, 1) {
			l.WaitFactor = &f
		}
		out = append(out, l)
	}
	return out
}

func list(xs []string) string {
	switch len(xs) {
	case 0:
		return "nobody"
	case 1:
		return xs[0]
	default:
		return strings.Join(xs[:len(xs)-1], ", ") + " and " + xs[len(xs)-1]
	}
}

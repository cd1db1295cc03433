package simulate

import (
	"context"
	"math"
	"slices"
)

// Simulate plays the weeks. It fails with a *ThinError where the past says too little, and with ErrTooMuch.
func Simulate(ctx context.Context, in Input) (Result, error) {
	in = in.normal()
	past := in.Past.arrivals()
	if err := in.check(past); err != nil {
		return Result{}, err
	}
	seed, err := in.seed()
	if err != nil {
		return Result{}, err
	}
	paces, scenarios := in.Past.paces(), in.scenarios()
	tallies, known := make([]*tally, len(scenarios)), make([]map[suit][]int, len(scenarios))
	for k := range scenarios {
		tallies[k], known[k] = newTally(&in, &scenarios[k]), map[suit][]int{}
	}
	result, work := Result{Basis: in.basis(past, paces)}, int64(0)
	for ; result.Runs < in.Runs && work < in.most(result.Runs); result.Runs++ {
		if err := ctx.Err(); err != nil {
			return Result{}, err
		}
		jobs := in.drawn(past, seed, result.Runs)
		for k := range scenarios {
			r := in.newRun(&scenarios[k], paces, jobs, known[k], tallies[k])
			if err := r.all(); err != nil {
				return Result{}, err
			}
			work += r.work
		}
	}
	if result.Runs < min(LeastRuns, in.Runs) {
		return Result{}, ErrTooMuch
	}
	result.Now = tallies[0].outcome()
	if len(tallies) > 1 {
		then := tallies[1].outcome()
		result.Then = &then
		result.Difference = &Difference{Value: change(tallies[0].values, tallies[1].values), Delivered: change(tallies[0].counts, tallies[1].counts)}
	}
	return result, nil
}

// most is how much work may be done before another run is begun.
func (in *Input) most(runs int) int64 {
	if runs < LeastRuns {
		return 2 * in.Work
	}
	return in.Work
}

func (in *Input) basis(past arrivals, p paces) Basis {
	b := Basis{From: past.from, Arrivals: len(past.of), Weeks: len(past.counts), ImportedWeeks: past.imported, Finished: len(p.all), Backlog: len(in.Backlog), ForTeam: len(in.ForTeam), Held: len(in.Held)}
	sum := 0
	for _, n := range past.counts {
		sum += n
	}
	b.PerWeek = float64(sum) / float64(len(past.counts))
	for team := range p.team {
		b.OwnPace = append(b.OwnPace, team)
	}
	slices.Sort(b.OwnPace)
	return b
}

func (t *tally) outcome() Outcome {
	runs := float64(len(t.values))
	o := Outcome{Value: good(t.values), Delivered: good(t.counts), Backlog: bad(t.backlogs), Dates: Dates{Kept: t.kept / runs, Due: t.due / runs},
		Unscored: t.unscored / runs, WIP: t.busy / runs / float64(7*len(t.weeks)), Rate: mean(t.counts) / float64(len(t.weeks)), Teams: t.teams, Resources: t.resources, Weeks: t.weeks}
	for i, c := range t.classes {
		o.Classes = append(o.Classes, ClassOutcome{Class: string(classes[i]), Start: bad(c.start), Started: float64(len(c.start)) / runs, End: bad(c.end),
			Delivered: float64(len(c.end)) / runs, Left: float64(c.left) / runs, Work: mean(c.work), MeanWait: mean(c.wait)})
	}
	for w := range o.Weeks {
		week := &o.Weeks[w]
		week.Backlog, week.WIP, week.Value = bad(week.backlog), bad(week.wip), good(week.gone)
	}
	for _, team := range o.Teams {
		for w := range team.Weeks {
			team.Weeks[w].Load = bad(team.Weeks[w].loads)
		}
	}
	for _, resource := range o.Resources {
		for w := range resource.Weeks {
			week := &resource.Weeks[w]
			week.Used, week.Waiting = bad(week.used), bad(week.waiting)
		}
	}
	return o
}

// bad is the band of what is better the less it is, good of what is better the more; both are zero without a value.
func bad(values []float64) Band { return bandOf(values, 0.85) }

func good(values []float64) Band { return bandOf(values, 0.15) }

func bandOf(values []float64, sure float64) Band {
	if len(values) == 0 {
		return Band{}
	}
	sorted := slices.Sorted(slices.Values(values))
	return Band{P50: quantile(sorted, 0.5), P85: quantile(sorted, sure)}
}

// quantile is the value at a share of ascending values, interpolated between the two next to it (type 7 of Hyndman and Fan 1996).
func quantile(sorted []float64, share float64) float64 {
	at := share * float64(len(sorted)-1)
	low := int(math.Floor(at))
	high := min(low+1, len(sorted)-1)
	return sorted[low] + (at-float64(low))*(sorted[high]-sorted[low])
}

func mean(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

// change compares runs in pairs.
func change(now, then []float64) Change {
	diffs, more := make([]float64, len(now)), 0
	for i := range now {
		if diffs[i] = then[i] - now[i]; diffs[i] > 0 {
			more++
		}
	}
	slices.Sort(diffs)
	return Change{Mean: mean(diffs), Low: quantile(diffs, 0.15), High: quantile(diffs, 0.85), More: float64(more) / float64(len(diffs))}
}

package flow

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// MinFinished is how many finished items an aging flag must rest on.
const MinFinished = 5

// Level compares the age of an item with that of the finished ones.
type Level string

// The levels, by the percentile of the finished items that the age has passed.
const (
	LevelUnknown Level = "unknown" // too few finished items to compare with
	LevelFine    Level = "fine"
	LevelP50     Level = "p50"
	LevelP70     Level = "p70"
	LevelP85     Level = "p85"
)

// Aging is one item in progress compared with the finished ones.
type Aging struct {
	ID    string  `json:"id"`
	Stage string  `json:"stage,omitempty"`
	Age   float64 `json:"age_days"`
	Level Level   `json:"level"`
	// Basis are the ages at which finished items left the same stage or, when too few did, their cycle times.
	Basis    Stats  `json:"basis"`
	AtStage  bool   `json:"at_stage"`
	Sentence string `json:"sentence"`
	// Chance is computed where an expectation is known, by whoever knows it.
	Chance *float64 `json:"chance,omitempty" doc:"How likely it still is accepted within the days of the expectation that ages are compared with (reference), given its age"`
}

// AgingFlags compares the age of every item in progress with the finished ones, oldest first. An item is flagged in a
// stage as soon as it is older than finished items were when they left that stage, long before it is late as a whole. Where the stage has
// too few, it is compared with the given cycle times.
func AgingFlags(items []Item, cycles []float64, at time.Time, o Options) []Aging {
	byStage, all := leavingAges(items, o), Summarise(cycles)
	out := []Aging{}
	for _, i := range items {
		age, ok := Age(i, at, o)
		if !ok {
			continue
		}
		a := Aging{ID: i.ID, Stage: stageAt(i, at), Age: age, Basis: all}
		if s := byStage[a.Stage]; a.Stage != "" && s.N >= MinFinished {
			a.Basis, a.AtStage = s, true
		}
		a.Level = levelOf(age, a.Basis)
		a.Sentence = a.sentence()
		out = append(out, a)
	}
	slices.SortStableFunc(out, func(a, b Aging) int { return cmp.Or(cmp.Compare(b.Age, a.Age), cmp.Compare(a.ID, b.ID)) })
	return out
}

// leavingAges are the ages of finished items on leaving each stage.
func leavingAges(items []Item, o Options) map[string]Stats {
	ages := map[string][]float64{}
	for _, i := range items {
		if i.Done == nil || i.Pulled == nil {
			continue
		}
		left := map[string]time.Time{}
		for _, s := range i.Stages {
			if s.To != nil && s.To.After(left[s.Stage]) && s.To.After(*i.Pulled) {
				left[s.Stage] = *s.To
			}
		}
		for stage, t := range left {
			ages[stage] = append(ages[stage], elapsed(*i.Pulled, t, i.Held, o))
		}
	}
	byStage := map[string]Stats{}
	for stage, days := range ages {
		byStage[stage] = Summarise(days)
	}
	return byStage
}

// stageAt is the stage that the item entered last among those it is in.
func stageAt(i Item, at time.Time) string {
	stage, since := "", time.Time{}
	for _, s := range i.Stages {
		if within([]Span{s.Span}, at) && (stage == "" || s.From.After(since)) {
			stage, since = s.Stage, s.From
		}
	}
	return stage
}

// leastAge is below which nothing is old, in days: where finished work took minutes, hours are no sign of trouble.
const leastAge = 1

func levelOf(age float64, s Stats) Level {
	switch {
	case s.N < MinFinished:
		return LevelUnknown
	case age < leastAge:
		return LevelFine
	case age > s.P85:
		return LevelP85
	case age > s.P70:
		return LevelP70
	case age > s.P50:
		return LevelP50
	default:
		return LevelFine
	}
}

func (a Aging) sentence() string {
	where := "finished items took in all"
	if a.AtStage {
		where = "finished items were when they left " + a.Stage
	}
	share := map[Level]string{LevelP50: "50", LevelP70: "70", LevelP85: "85"}[a.Level]
	switch a.Level {
	case LevelUnknown:
		return fmt.Sprintf("%s is %.1f days old; too few finished items to compare with.", a.ID, a.Age)
	case LevelFine:
		return fmt.Sprintf("%s is %.1f days old, as usual.", a.ID, a.Age)
	default:
		return fmt.Sprintf("%s is %.1f days old, older than %s %% of %s.", a.ID, a.Age, share, where)
	}
}

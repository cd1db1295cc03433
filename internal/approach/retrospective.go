package approach

import (
	"cmp"
	"fmt"
	"slices"

	"leanpmo/internal/pmo"
)

// Retrospective compares what was recommended, chosen and what came of it.
type Retrospective struct {
	Requests    int                  `json:"requests"`
	Approaches  []RetrospectiveRow   `json:"approaches" doc:"By the way of working at the end, the most frequent first"`
	Suggestions []PolicySuggestion   `json:"suggestions" doc:"Changes of the policy that this speaks for; a person proposes them"`
	Followed    []RecommendationFate `json:"recommended" doc:"By what was recommended: how often it was taken, and kept to"`
}

// RetrospectiveRow is how work in one way of working went. What nothing is known of is absent.
type RetrospectiveRow struct {
	Approach      string   `json:"approach"`
	N             int      `json:"n"`
	Days          float64  `json:"days" doc:"From the pull to the acceptance: half of them took so long at most"`
	Waiting       float64  `json:"waiting_days" doc:"From the pull until a plan was agreed: half of them waited so long at most"`
	Planned       int      `json:"planned" doc:"How many had an end in the first agreed plan"`
	ForecastError *float64 `json:"forecast_error,omitempty" doc:"How much longer than that plan said, from the pull: half of them were over by so much at most; 0.2 is 20 %"`
	Late          *float64 `json:"late,omitempty" doc:"Share that was accepted after that end"`
	Rework        float64  `json:"rework" doc:"Share that the requester sent back at least once"`
	Satisfied     float64  `json:"satisfied" doc:"Share that was accepted without remarks and never sent back"`
	Reviewed      int      `json:"reviewed" doc:"How many had a benefit review with an answer"`
	Realised      *float64 `json:"realised,omitempty" doc:"Share of these whose benefit came, in whole"`
}

// RecommendationFate is what became of the recommendations of one approach.
type RecommendationFate struct {
	Recommended string `json:"recommended"`
	N           int    `json:"n"`
	Begun       int    `json:"begun" doc:"How many began in it"`
	Kept        int    `json:"kept" doc:"How many ended in it"`
	Instead     string `json:"instead,omitempty" doc:"The way of working that most of the others ended in"`
}

// PolicySuggestion is a change of the policy with its evidence.
type PolicySuggestion struct {
	Kind     string `json:"kind" enum:"not_taken,left,rework,late"`
	Approach string `json:"approach"`
	Says     string `json:"says"`
	Evidence string `json:"evidence"`
}

// Borders of suggestions. They are our conventions: with fewer requests nothing is suggested, and below the shares nothing stands out.
const (
	leastRequests  = 5
	muchNotTaken   = 0.5
	muchLeft       = 0.3
	muchRework     = 0.3
	muchLate       = 0.5
	muchLaterThan  = 0.25
	realisedInFull = pmo.VerdictRealised
)

// Retrospect reads finished requests.
func Retrospect(all []Finished) Retrospective {
	out := Retrospective{Requests: len(all), Approaches: []RetrospectiveRow{}, Suggestions: []PolicySuggestion{}, Followed: []RecommendationFate{}}
	for name, group := range grouped(all, func(f Finished) string { return f.Approach }) {
		out.Approaches = append(out.Approaches, rowOf(name, group))
	}
	for name, group := range grouped(all, func(f Finished) string { return f.Recommended }) {
		out.Followed = append(out.Followed, fateOf(name, group))
	}
	slices.SortFunc(out.Approaches, func(a, b RetrospectiveRow) int { return cmp.Or(b.N-a.N, cmp.Compare(a.Approach, b.Approach)) })
	slices.SortFunc(out.Followed, func(a, b RecommendationFate) int { return cmp.Or(b.N-a.N, cmp.Compare(a.Recommended, b.Recommended)) })
	for _, f := range out.Followed {
		out.Suggestions = append(out.Suggestions, f.suggestions()...)
	}
	for _, r := range out.Approaches {
		out.Suggestions = append(out.Suggestions, r.suggestions()...)
	}
	return out
}

func grouped(all []Finished, by func(Finished) string) map[string][]Finished {
	groups := map[string][]Finished{}
	for _, f := range all {
		if name := by(f); name != "" {
			groups[name] = append(groups[name], f)
		}
	}
	return groups
}

func rowOf(name string, group []Finished) RetrospectiveRow {
	row := RetrospectiveRow{Approach: name, N: len(group)}
	var days, waiting, over []float64
	late, rework, satisfied, realised := 0, 0, 0, 0
	for _, f := range group {
		w := f.Worked()
		days = append(days, w.Days)
		if w.Waiting != nil {
			waiting = append(waiting, *w.Waiting)
		}
		if w.ForecastError != nil {
			over = append(over, *w.ForecastError)
			late += oneIf(w.Late)
		}
		rework += oneIf(w.Reworks > 0)
		satisfied += oneIf(w.Satisfied)
		if w.Benefit != "" {
			row.Reviewed++
			realised += oneIf(w.Realised)
		}
	}
	row.Days, row.Waiting, row.Planned = median(days), median(waiting), len(over)
	row.Rework, row.Satisfied = share(rework, row.N), share(satisfied, row.N)
	if row.Planned > 0 {
		much, part := median(over), share(late, row.Planned)
		row.ForecastError, row.Late = &much, &part
	}
	if row.Reviewed > 0 {
		part := share(realised, row.Reviewed)
		row.Realised = &part
	}
	return row
}

func fateOf(name string, group []Finished) RecommendationFate {
	fate := RecommendationFate{Recommended: name, N: len(group)}
	instead := map[string]int{}
	for _, f := range group {
		fate.Begun += oneIf(f.Worked().Taken)
		fate.Kept += oneIf(f.Approach == name)
		if f.Approach != name {
			instead[f.Approach]++
		}
	}
	for other, n := range instead {
		if most := instead[fate.Instead]; fate.Instead == "" || n > most || n == most && other < fate.Instead {
			fate.Instead = other
		}
	}
	return fate
}

func (f RecommendationFate) suggestions() []PolicySuggestion {
	if f.N < leastRequests || f.Instead == "" {
		return nil
	}
	name, instead := Approach(f.Recommended).Title(), Approach(f.Instead).Title()
	if notBegun := f.N - f.Begun; share(notBegun, f.N) >= muchNotTaken {
		return []PolicySuggestion{{Kind: "not_taken", Approach: f.Recommended, Says: fmt.Sprintf("look at the rules of the policy (approach) that lead to %s: people choose %s", name, instead),
			Evidence: fmt.Sprintf("%d of %d requests for which it was recommended began otherwise", notBegun, f.N)}}
	}
	if left := f.Begun - f.Kept; left > 0 && share(left, f.Begun) >= muchLeft {
		return []PolicySuggestion{{Kind: "left", Approach: f.Recommended, Says: fmt.Sprintf("look at the rules of the policy (approach) that lead to %s: work in it ends as %s", name, instead),
			Evidence: fmt.Sprintf("%d of %d requests that began in it changed to another way of working", left, f.Begun)}}
	}
	return nil
}

func (r RetrospectiveRow) suggestions() []PolicySuggestion {
	if r.N < leastRequests {
		return nil
	}
	var list []PolicySuggestion
	name := Approach(r.Approach).Title()
	if r.Rework >= muchRework {
		list = append(list, PolicySuggestion{Kind: "rework", Approach: r.Approach, Says: fmt.Sprintf("ask for more of the outcome at intake where %s is recommended, such as success_measure as a needed field", name),
			Evidence: fmt.Sprintf("%.0f %% of %d requests were sent back", 100*r.Rework, r.N)})
	}
	if r.Planned >= leastRequests && *r.Late >= muchLate && *r.ForecastError >= muchLaterThan {
		list = append(list, PolicySuggestion{Kind: "late", Approach: r.Approach, Says: fmt.Sprintf("let the work of %s be smaller before it is pulled, such as a lower size for its lane", name),
			Evidence: fmt.Sprintf("%.0f %% of %d plans were exceeded, half of them by %.0f %% and more", 100**r.Late, r.Planned, 100**r.ForecastError)})
	}
	return list
}

func oneIf(is bool) int {
	if is {
		return 1
	}
	return 0
}

func share(n, of int) float64 { return float64(n) / float64(of) }

// median is the middle value, of an even number the mean of the two; 0 of none.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	middle := len(values) / 2
	if len(values)%2 == 1 {
		return values[middle]
	}
	return (values[middle-1] + values[middle]) / 2
}

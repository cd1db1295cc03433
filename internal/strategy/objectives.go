package strategy

import (
	"time"

	"leanpmo/internal/pmo"
)

// KeyResult is a number that says how far an objective is.
type KeyResult struct {
	ID     string  `json:"id"`
	Name   string  `json:"name"`
	Unit   string  `json:"unit,omitempty"`
	Start  float64 `json:"start"`
	Target float64 `json:"target"`
}

// Objective is what the organization wants to reach, with its key results.
type Objective struct {
	ID         string
	Name       string
	Theme      string
	Until      pmo.Date // empty: none
	KeyResults []KeyResult
}

// Said is the value of a key result as somebody said it.
type Said struct {
	Objective string    `json:"objective"`
	KeyResult string    `json:"key_result"`
	Value     float64   `json:"value"`
	Note      string    `json:"note,omitempty"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
	Ref       string    `json:"ref,omitempty" doc:"The request that brought it; absent where none was named or you may not read it"`
}

// KeyResultNow is a key result as it stands. What nobody has said is unknown, and not the start.
type KeyResultNow struct {
	KeyResult
	Said     *Said    `json:"said,omitempty" doc:"What was said last; absent: nobody has said it, and it is unknown"`
	Progress *float64 `json:"progress,omitempty" doc:"From start to target, from 0 to 1; absent while it is unknown"`
	Stale    bool     `json:"stale,omitempty" doc:"What was said last is older than the policy wants"`
}

// ObjectiveNow is an objective as it stands.
type ObjectiveNow struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	Theme      string         `json:"theme,omitempty"`
	Until      pmo.Date       `json:"until,omitempty"`
	Progress   *float64       `json:"progress,omitempty" doc:"The mean of its key results; absent while one of them is unknown"`
	KeyResults []KeyResultNow `json:"key_results"`
}

// Standing puts together what is wanted and what was said last.
func Standing(o Objective, said []Said, staleAfter time.Duration, at time.Time) ObjectiveNow {
	out := ObjectiveNow{ID: o.ID, Name: o.Name, Theme: o.Theme, Until: o.Until, KeyResults: []KeyResultNow{}}
	sum, known := 0.0, 0
	for _, k := range o.KeyResults {
		now := KeyResultNow{KeyResult: k}
		for i := range said {
			if s := said[i]; s.Objective == o.ID && s.KeyResult == k.ID && (now.Said == nil || s.At.After(now.Said.At)) {
				now.Said = &s
			}
		}
		if now.Said != nil {
			progress := k.progress(now.Said.Value)
			now.Progress, now.Stale = &progress, at.Sub(now.Said.At) > staleAfter
			sum, known = sum+progress, known+1
		}
		out.KeyResults = append(out.KeyResults, now)
	}
	if known > 0 && known == len(o.KeyResults) {
		mean := sum / float64(known)
		out.Progress = &mean
	}
	return out
}

// progress is how far a value is from start to target. What is worse than the start counts as the start, what is better than the target as the target.
func (k KeyResult) progress(value float64) float64 {
	return min(max((value-k.Start)/(k.Target-k.Start), 0), 1)
}

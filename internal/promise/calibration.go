package promise

import (
	"fmt"
	"math"
	"slices"

	"leanpmo/internal/forecast"
	"leanpmo/internal/pmo"
)

// Judged is a promise with what came of it, as it is known on a day in its portfolio's time zone.
type Judged struct {
	Promise
	Outcome
	Today pmo.Date
}

// Level is how the days that were promised with one chance were kept.
type Level struct {
	// First judges the first promise to each request: these are independent of each other, unlike the later ones to the same request.
	First forecast.Judgement `json:"first" doc:"Of the first promise to each request: independent of each other"`
	Share float64            `json:"share" doc:"Which part of these was kept"`
	Low   float64            `json:"low" doc:"The 95 % interval of that share, by Wilson's score"`
	High  float64            `json:"high"`
	N     int                `json:"n" doc:"Of all promises: how many have a day that is over"`
	Hits  int                `json:"hits" doc:"How many of these were kept"`
}

// Sharpness is how near and how narrow promises are, in days; medians.
type Sharpness struct {
	Ahead float64 `json:"ahead_days" doc:"From the day it was told to the day of even odds"`
	To85  float64 `json:"to_p85_days" doc:"From the day of even odds to that of 85 in 100"`
	To95  float64 `json:"to_p95_days" doc:"From the day of even odds to that of 95 in 100"`
}

// Calibration is whether promises were kept as often as they said.
type Calibration struct {
	Promises  int            `json:"promises" doc:"How many were told, those without a forecast too"`
	Requests  int            `json:"requests" doc:"To how many requests"`
	Without   int            `json:"without_forecast" doc:"How many said that nothing could be forecast"`
	Pending   int            `json:"pending" doc:"The day of 85 in 100 is not over"`
	Void      int            `json:"void" doc:"The request was closed before it, without being finished"`
	Levels    []Level        `json:"levels"`
	Wanted    forecast.Score `json:"wanted" doc:"The chances that wanted dates are kept, by the Brier score: 0 is perfect, 0.25 is a coin flip"`
	Sharpness Sharpness      `json:"sharpness"`
	Words     []string       `json:"words"`
}

var levels = []struct {
	chance float64
	day    func(Days) pmo.Date
}{{.5, func(d Days) pmo.Date { return d.P50 }}, {.85, func(d Days) pmo.Date { return d.P85 }}, {.95, func(d Days) pmo.Date { return d.P95 }}}

// Calibrate judges promises.
func Calibrate(list []Judged) Calibration {
	out := Calibration{Promises: len(list)}
	first := firsts(list)
	out.Requests = len(first)
	for i := range list {
		switch list[i].Judge(list[i].Finish.P85, list[i].Today) {
		case Pending:
			out.Pending++
		case Void:
			out.Void++
		}
		if list[i].Cannot != "" {
			out.Without++
		}
	}
	for _, l := range levels {
		var one Level
		_, one.Hits, one.N = count(list, l.day)
		judged, hits, n := count(first, l.day)
		one.First = forecast.Judge(l.chance, hits, n)
		one.Low, one.High = forecast.Wilson(hits, n)
		if judged {
			one.Share = float64(hits) / float64(n)
		}
		out.Levels = append(out.Levels, one)
	}
	out.Wanted, out.Sharpness = forecast.Evaluate(wantedOf(first)), sharpnessOf(first)
	out.Words = out.words()
	return out
}

// firsts are the first promise to each request that names days; of a request that never had one, the first.
func firsts(list []Judged) []Judged {
	at := map[string]int{}
	var out []Judged
	for _, j := range slices.SortedStableFunc(slices.Values(list), func(a, b Judged) int { return a.ToldAt.Compare(b.ToldAt) }) {
		k, known := at[j.RequestID]
		switch {
		case !known:
			at[j.RequestID] = len(out)
			out = append(out, j)
		case out[k].Cannot != "" && j.Cannot == "":
			out[k] = j
		}
	}
	return out
}

func count(list []Judged, day func(Days) pmo.Date) (judged bool, hits, n int) {
	for i := range list {
		switch list[i].Judge(day(list[i].Finish), list[i].Today) {
		case Kept:
			hits, n = hits+1, n+1
		case Missed:
			n++
		}
	}
	return n > 0, hits, n
}

// wantedOf are the chances of wanted dates that are over.
func wantedOf(list []Judged) []forecast.Checked {
	var out []forecast.Checked
	for i := range list {
		state := list[i].Judge(list[i].WantedBy, list[i].Today)
		if state == Kept || state == Missed {
			out = append(out, forecast.Checked{P: list[i].Wanted, Hit: state == Kept})
		}
	}
	return out
}

func sharpnessOf(list []Judged) Sharpness {
	var ahead, to85, to95 []float64
	add := func(to *[]float64, from, until pmo.Date) {
		if days, known := daysBetween(from, until); known {
			*to = append(*to, float64(days))
		}
	}
	for i := range list {
		f := list[i].Finish
		add(&ahead, list[i].Day, f.P50)
		add(&to85, f.P50, f.P85)
		add(&to95, f.P50, f.P95)
	}
	return Sharpness{median(ahead), median(to85), median(to95)}
}

func median(days []float64) float64 {
	if len(days) == 0 {
		return 0
	}
	slices.Sort(days)
	return (days[(len(days)-1)/2] + days[len(days)/2]) / 2
}

func (c Calibration) words() []string {
	if c.Promises == 0 {
		return []string{"Nothing was promised in this time."}
	}
	words := []string{fmt.Sprintf("%d promises to %d requests; %d are not due yet, %d are void, %d said that nothing could be forecast.", c.Promises, c.Requests, c.Pending, c.Void, c.Without)}
	for _, l := range c.Levels {
		words = append(words, l.First.Sentence)
	}
	if c.Wanted.N > 0 {
		words = append(words, fmt.Sprintf("Wanted dates: %d are over, a chance of %d %% was told on average, %d %% were kept; Brier score %.3f.", c.Wanted.N,
			int(math.Round(100*c.Wanted.MeanP)), int(math.Round(100*c.Wanted.HitRate)), c.Wanted.Brier))
	}
	return words
}

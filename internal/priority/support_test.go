package priority

import (
	"fmt"
	"math/rand/v2"
	"time"

	"pgregory.net/rapid"
)

var day0 = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func ptr[T any](v T) *T { return &v }

// plain is a policy without ageing and hysteresis: the bare formula.
func plain() Policy { return Policy{Version: "plain"} }

func item(n int64, bv, tc, rr, size float64) Item {
	return Item{ID: fmt.Sprintf("id-%04d", n), Number: n, SubmittedAt: day0, Class: Standard,
		Inputs: Inputs{BusinessValue: &bv, TimeCriticality: &tc, RiskReduction: &rr, JobSize: &size}}
}

func dated(n int64, date time.Time, lead time.Duration) Item {
	return Item{ID: fmt.Sprintf("id-%04d", n), Number: n, SubmittedAt: day0, Class: FixedDate,
		FixedDate: &date, LeadP85: lead}
}

func numbers(r Ranking) []int64 {
	out := make([]int64, len(r.Entries))
	for i, e := range r.Entries {
		out[i] = e.Item.Number
	}
	return out
}

func explain(r Ranking, n int64) Explanation { return r.Explain(entryOf(r, n).Rank-1, 0) }

func entryOf(r Ranking, n int64) Entry {
	for _, e := range r.Entries {
		if e.Item.Number == n {
			return e
		}
	}
	return Entry{}
}

var points = []float64{1, 2, 3, 5, 8, 13, 20}

func drawPoints(t *rapid.T, label string) *float64 {
	if rapid.IntRange(0, 11).Draw(t, label+"?") == 0 {
		return nil
	}
	v := rapid.SampledFrom(points).Draw(t, label)
	return &v
}

// backlogs draws mixed backlogs: all classes, missing inputs, dates near and far.
func backlogs(t *rapid.T, previous bool) []Item {
	n := rapid.IntRange(0, 30).Draw(t, "n")
	items := make([]Item, n)
	for i := range items {
		items[i] = Item{
			ID: fmt.Sprintf("id-%04d", i+1), Number: int64(i + 1),
			SubmittedAt: day0.AddDate(0, 0, -rapid.IntRange(0, 100).Draw(t, "waited")),
			Class:       rapid.SampledFrom([]Class{Standard, Standard, Standard, Intangible, FixedDate, Expedite}).Draw(t, "class"),
			Inputs: Inputs{BusinessValue: drawPoints(t, "bv"), TimeCriticality: drawPoints(t, "tc"), RiskReduction: drawPoints(t, "rr"),
				JobSize: drawPoints(t, "size"), CostOfDelay: drawPoints(t, "cd"), Duration: drawPoints(t, "weeks"), Reach: drawPoints(t, "reach"),
				Impact: drawPoints(t, "impact"), Effort: drawPoints(t, "effort"), Confidence: ptr(0.8),
				MoSCoW: rapid.SampledFrom([]string{"", "must", "should", "could", "wont"}).Draw(t, "moscow")},
			LeadP85: time.Duration(rapid.IntRange(0, 40).Draw(t, "lead")) * 24 * time.Hour,
		}
		if rapid.Bool().Draw(t, "dated") {
			items[i].FixedDate = ptr(day0.AddDate(0, 0, rapid.IntRange(-10, 90).Draw(t, "date")))
		}
	}
	if previous {
		for i, p := range rapid.Permutation(indices(n)).Draw(t, "previous") {
			if rapid.IntRange(0, 4).Draw(t, "newcomer") > 0 {
				items[i].PrevRank = p + 1
			}
		}
	}
	return items
}

// tie draws prerequisites without cycles: each item may need some of those before it in a drawn order.
func tie(t *rapid.T, items []Item) []Item {
	tied := append([]Item(nil), items...)
	order := rapid.Permutation(indices(len(items))).Draw(t, "needs order")
	for at, i := range order {
		tied[i].Needs = nil
		for range rapid.IntRange(0, min(at, 3)).Draw(t, "needs") {
			tied[i].Needs = append(tied[i].Needs, tied[order[rapid.IntRange(0, at-1).Draw(t, "needs which")]].ID)
		}
	}
	return tied
}

func indices(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = i
	}
	return s
}

func drawModel(t *rapid.T, p Policy) Policy {
	p.Model = rapid.SampledFrom(Models()).Draw(t, "model")
	p.Criteria = []Criterion{{"business_value", 2}, {"reach", 1}, {"effort", -1}}
	p.Normalise = rapid.SampledFrom([]string{NormaliseBacklog, NormaliseScale}).Draw(t, "normalise")
	if p.Normalise == NormaliseScale {
		p.Scale = points
	}
	return p
}

func drawPolicy(t *rapid.T) Policy {
	return Policy{
		LongestWait:   rapid.SampledFrom([]time.Duration{0, 52 * week}).Draw(t, "longest wait"),
		Version:       "drawn",
		AgeingPerWeek: rapid.SampledFrom([]float64{0, 0.1, 2}).Draw(t, "ageing"),
		NearTie:       rapid.SampledFrom([]float64{0, 0.05, 0.3}).Draw(t, "near tie"),
		UnknownLead:   30 * 24 * time.Hour,
	}
}

// bigBacklog is a deterministic backlog of n items for benchmarks.
func bigBacklog(n int) []Item {
	r := rand.New(rand.NewPCG(1, 2))
	pick := func() *float64 { v := points[r.IntN(len(points))]; return &v }
	items := make([]Item, n)
	for i, p := range r.Perm(n) {
		items[i] = Item{ID: fmt.Sprintf("request/%08d", i), Number: int64(i + 1), PrevRank: p + 1,
			SubmittedAt: day0.Add(-time.Duration(r.IntN(365*24)) * time.Hour), Class: classes[r.IntN(4)],
			Inputs:  Inputs{BusinessValue: pick(), TimeCriticality: pick(), RiskReduction: pick(), JobSize: pick()},
			LeadP85: 20 * 24 * time.Hour, FixedDate: ptr(day0.AddDate(0, 0, r.IntN(120)))}
	}
	return items
}

// usual has equal weights, a small ageing term (about five points a year) and a near-tie threshold of 5 %.
func usual() Policy {
	return Policy{Version: "usual", Weights: Weights{BusinessValue: 1, TimeCriticality: 1, RiskReduction: 1}, AgeingPerWeek: 0.1, NearTie: 0.05, UnknownLead: 8 * week}
}

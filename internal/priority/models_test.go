package priority

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// scoreOf is the score of one request under a model.
func scoreOf(t *testing.T, m Model, in Inputs) float64 {
	t.Helper()
	r := Rank([]Item{{ID: "a", Number: 1, Inputs: in, SubmittedAt: day0}}, Policy{Model: m}, day0)
	require.True(t, r.Entries[0].Score.Known, r.Explain(0, 0).Sentence)
	return r.Entries[0].Score.Value
}

func wsjfOf(bv, tc, rr, size float64) Inputs {
	return Inputs{BusinessValue: &bv, TimeCriticality: &tc, RiskReduction: &rr, JobSize: &size}
}

func riceOf(reach, impact, confidence, effort float64) Inputs {
	return Inputs{Reach: &reach, Impact: &impact, Confidence: &confidence, Effort: &effort}
}

func cd3Of(cost, weeks float64) Inputs { return Inputs{CostOfDelay: &cost, Duration: &weeks} }

func TestModelsMatchPublishedNumbers(t *testing.T) {
	for _, c := range []struct {
		name  string
		model Model
		in    Inputs
		want  float64
	}{
		{"WSJF A", WSJF, wsjfOf(8, 5, 3, 5), 3.2},
		{"WSJF B", WSJF, wsjfOf(13, 8, 2, 13), 1.7692},
		{"WSJF C", WSJF, wsjfOf(5, 13, 1, 3), 6.3333},
		{"WSJF D", WSJF, wsjfOf(3, 1, 8, 2), 6.0},
		{"WSJF E", WSJF, wsjfOf(20, 3, 1, 20), 1.2},
		{"WSJF wide scale A", WSJF, wsjfOf(100, 50, 20, 10), 17},
		{"WSJF wide scale B", WSJF, wsjfOf(80, 30, 10, 5), 24},
		{"CD3 short", CD3, cd3Of(10, 1), 10},
		{"CD3 even", CD3, cd3Of(3, 3), 1},
		{"CD3 long", CD3, cd3Of(1, 10), 0.1},
		{"RICE Intercom scale", RICE, riceOf(2000, 2, 0.8, 4), 800},
		{"RICE 1 to 5 scale", RICE, riceOf(200, 4, 1, 5), 160},
		{"ICE", ICE, Inputs{Impact: ptr(8.0), Confidence: ptr(5.0), Ease: ptr(3.0)}, 120},
		{"value over effort", ValueEffort, Inputs{BusinessValue: ptr(8.0), Effort: ptr(5.0)}, 1.6},
	} {
		t.Run(c.name, func(t *testing.T) { require.InDelta(t, c.want, scoreOf(t, c.model, c.in), 0.00005) })
	}
}

func TestModelsNameTheInputThatIsMissingOrUnusable(t *testing.T) {
	for _, c := range []struct {
		model             Model
		in                Inputs
		missing, unusable []string
	}{
		{WSJF, wsjfOf(1, 1, 1, 0), nil, []string{"job_size"}},
		{WSJF, wsjfOf(1, 1, -1, 1), nil, []string{"risk_reduction"}},
		{WSJF, wsjfOf(1e300, 1, 1, 1e-300), nil, []string{"business_value", "job_size"}},
		{WSJF, cd3Of(1, 1), []string{"business_value", "time_criticality", "risk_reduction", "job_size"}, nil},
		{CD3, cd3Of(-1, 0), nil, []string{"cost_of_delay", "duration"}},
		{CD3, Inputs{CostOfDelay: ptr(0.0)}, []string{"duration"}, nil},
		{RICE, riceOf(1, 1, 1.2, 0), nil, []string{"confidence", "effort"}},
		{ICE, Inputs{Impact: ptr(11.0), Ease: ptr(3.0)}, []string{"confidence"}, []string{"impact"}},
		{ValueEffort, Inputs{}, []string{"business_value", "effort"}, nil},
		{MoSCoW, Inputs{MoSCoW: "perhaps", BusinessValue: ptr(1.0), TimeCriticality: ptr(1.0), RiskReduction: ptr(1.0), JobSize: ptr(1.0)}, nil, []string{"moscow"}},
		{MoSCoW, wsjfOf(1, 1, 1, 1), []string{"moscow"}, nil},
	} {
		r := Rank([]Item{{ID: "a", Inputs: c.in}}, Policy{Model: c.model}, day0)
		e := r.Entries[0]
		require.Equal(t, c.missing, e.Missing.Names())
		require.Equal(t, c.unusable, e.Unusable.Names())
		require.Equal(t, BandUnscored, e.Band)
		require.Zero(t, e.Score.Value, "unknown, not zero: it has no score")
		require.Contains(t, r.Explain(0, 0).Sentence, "cannot be scored")
	}
	require.Equal(t, []string{"reach", "impact", "confidence", "effort"}, Policy{Model: RICE}.Needs())
	require.Equal(t, []string{"business_value", "job_size"}, Policy{Weights: Weights{BusinessValue: 1}}.Needs())
}

func TestNormalise(t *testing.T) {
	for _, c := range []struct {
		name     string
		in, want []float64
	}{
		{"positive: share of the maximum", []float64{6, 3, 2}, []float64{100, 50, 100.0 / 3}},
		{"mixed: place between the extremes", []float64{5, 1, -5}, []float64{100, 60, 0}},
		{"zeros", []float64{0, 0}, []float64{0, 0}},
	} {
		b := boundsOf(c.in...)
		for i, v := range c.in {
			require.InDelta(t, c.want[i], b.normalise(v), 1e-9, c.name)
		}
	}
}

func TestWeightedScore(t *testing.T) {
	a := Item{ID: "a", Number: 1, Inputs: Inputs{BusinessValue: ptr(6.0), Reach: ptr(10.0), Effort: ptr(10.0)}}
	b := Item{ID: "b", Number: 2, Inputs: Inputs{BusinessValue: ptr(3.0), Reach: ptr(20.0), Effort: ptr(5.0)}}
	p := Policy{Model: Weighted, Normalise: NormaliseBacklog, Criteria: []Criterion{{"business_value", 3}, {"reach", 1}}}
	r := Rank([]Item{a, b}, p, day0)
	require.InDelta(t, 0.75*100+0.25*50, entryOf(r, 1).Score.Value, 1e-9)
	require.InDelta(t, 0.75*50+0.25*100, entryOf(r, 2).Score.Value, 1e-9)
	require.Equal(t, []ScorePart{{"business_value", 75}, {"reach", 12.5}}, explain(r, 1).Parts)

	// Equal value, half the effort: twice the score.
	b.Inputs.BusinessValue = ptr(6.0)
	p.Criteria = []Criterion{{"business_value", 1}, {"effort", -1}}
	r = Rank([]Item{a, b}, p, day0)
	require.InDelta(t, 1, entryOf(r, 1).Score.Value, 1e-9)
	require.InDelta(t, 2, entryOf(r, 2).Score.Value, 1e-9)

	// Against the scale nobody's score depends on others.
	p.Normalise, p.Scale, p.Criteria = NormaliseScale, points, []Criterion{{"business_value", 1}}
	alone := Rank([]Item{a}, p, day0)
	require.InDelta(t, 30, alone.Entries[0].Score.Value, 1e-9)
}

func TestMoSCoWBandsComeBeforeScores(t *testing.T) {
	of := func(n int64, word string, bv float64) Item {
		it := item(n, bv, 1, 1, 1)
		it.Inputs.MoSCoW = word
		return it
	}
	r := Rank([]Item{of(1, "wont", 20), of(2, "could", 20), of(3, "must", 1), of(4, "should", 5), of(5, "must", 3), item(6, 20, 20, 20, 1)}, Policy{Model: MoSCoW}, day0)
	require.Equal(t, []int64{5, 3, 4, 2, 1, 6}, numbers(r))
	require.Equal(t, "must goes before should", explain(r, 3).Below.Apart)
	require.Contains(t, explain(r, 4).Sentence, "It would pass R-3 as must (now should)")
	d := Pull(r, Limits{}, nil)
	require.True(t, d[3].Pulled)
	require.Equal(t, "R-1 is not pulled: it is put aside for this time (MoSCoW: won't).", d[4].Sentence())
	require.Equal(t, HeldInputs, d[5].Reason)
}

// TestLongestWait: the smallest request of the scale outranks the largest that has just come once it has waited as long as the policy says,
// and one week earlier it does not.
func TestLongestWait(t *testing.T) {
	const weeks = 104
	p := Policy{Scale: points, LongestWait: weeks * week, NearTie: 0.05}
	for _, m := range []Model{WSJF, ValueEffort} {
		p.Model = m
		small, high := item(1, 1, 1, 1, 20), item(2, 20, 20, 20, 1)
		small.Inputs.Effort, high.Inputs.Effort = ptr(20.0), ptr(1.0)
		small.PrevRank, high.PrevRank = 2, 1
		order := func(waited time.Duration) []int64 {
			high.SubmittedAt = day0.Add(waited)
			return numbers(Rank([]Item{small, high}, p, day0.Add(waited)))
		}
		require.Equal(t, []int64{2, 1}, order((weeks-1)*week))
		require.Equal(t, []int64{1, 2}, order(weeks*week))
		require.Equal(t, weeks, p.WeeksUntilFirst())
	}
	require.InDelta(t, 1.0598, Policy{Scale: points, LongestWait: weeks * week, NearTie: 0.05}.GrowthPerWeek(), 1e-4)
	p.Model = WSJF
	small := item(1, 1, 1, 1, 20)
	r := Rank([]Item{small}, p, day0.Add(52*week))
	require.Contains(t, explain(r, 1).Sentence,
		"Of its score 95 % comes from 52 weeks of waiting; the smallest score outranks the highest after at most 104 weeks.")

	// The rule of policies without a longest wait.
	require.Equal(t, 12602, Policy{Scale: points, AgeingPerWeek: 0.1, NearTie: 0.05}.WeeksUntilFirst())
}

// delayOf is what the delay of jobs in an order costs: each by its completion, or by its wait alone.
func delayOf(entries []Entry, waitOnly bool) (cost float64) {
	at := 0.0
	for _, e := range entries {
		if !waitOnly {
			at += *e.Item.Inputs.Duration
		}
		cost += *e.Item.Inputs.CostOfDelay * at
		if waitOnly {
			at += *e.Item.Inputs.Duration
		}
	}
	return cost
}

// Reinertsen's example: the order by CD3 costs 36, the reversed one 189; by waiting alone 7 instead of 160.
func TestTheOrderByCD3CostsLeast(t *testing.T) {
	var items []Item
	for n, job := range [][2]float64{{10, 1}, {1, 10}, {3, 3}} { // duration, cost of delay
		items = append(items, Item{ID: string(rune('a' + n)), Number: int64(n + 1), SubmittedAt: day0, Inputs: cd3Of(job[1], job[0])})
	}
	ranked := Rank(items, Policy{Model: CD3}, day0).Entries
	reversed := slices.Clone(ranked)
	slices.Reverse(reversed)
	require.Equal(t, []float64{36, 189, 7, 160}, []float64{delayOf(ranked, false), delayOf(reversed, false), delayOf(ranked, true), delayOf(reversed, true)})
}

// A chain: A before B, beside C. Alone A has the ratio 1 and C 4; the chain goes first all the same, because no order costs less.
func TestAChainIsRankedAsAWhole(t *testing.T) {
	job := func(id string, cost, weeks float64, needs ...string) Item {
		return Item{ID: id, SubmittedAt: day0, Inputs: cd3Of(cost, weeks), Needs: needs}
	}
	items := []Item{job("A", 2, 2), job("B", 20, 2, "A"), job("C", 12, 3)}
	costs := map[string]float64{}
	for _, order := range [][]int{{0, 1, 2}, {2, 0, 1}, {0, 2, 1}} {
		var entries []Entry
		name := ""
		for _, i := range order {
			entries, name = append(entries, Entry{Item: items[i]}), name+items[i].ID
		}
		costs[name] = delayOf(entries, false)
	}
	require.Equal(t, map[string]float64{"ABC": 168, "CAB": 186, "ACB": 204}, costs)
	ranked := Rank(items, Policy{Model: CD3}, day0).Entries
	require.Equal(t, []string{"A", "B", "C"}, []string{ranked[0].Item.ID, ranked[1].Item.ID, ranked[2].Item.ID})
}

package priority

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const oneDay = 24 * time.Hour

func TestRankByWSJF(t *testing.T) {
	a, b, c, d, e := item(1, 8, 5, 3, 5), item(2, 13, 8, 2, 13), item(3, 5, 13, 1, 3), item(4, 3, 1, 8, 2), item(5, 20, 3, 1, 20)
	r := Rank([]Item{a, b, c, d, e}, plain(), day0)
	require.Equal(t, []int64{3, 4, 1, 2, 5}, numbers(r))
	require.Equal(t, "wsjf/2", r.Model)
	require.Equal(t, 1, entryOf(r, 3).Rank)

	wide := Rank([]Item{item(1, 100, 50, 20, 10), item(2, 80, 30, 10, 5)}, plain(), day0)
	require.Equal(t, []int64{2, 1}, numbers(wide))
}

func TestTiesGoToTheEarlierThenTheLowerNumber(t *testing.T) {
	early := item(9, 2, 2, 2, 2)
	early.SubmittedAt = day0.Add(-time.Hour)
	r := Rank([]Item{item(7, 1, 1, 1, 1), item(3, 3, 3, 3, 3), early}, plain(), day0)
	require.Equal(t, []int64{9, 3, 7}, numbers(r))
}

func TestUnknownIsNotZero(t *testing.T) {
	missing := item(1, 20, 20, 20, 1)
	missing.Inputs.RiskReduction, missing.Inputs.JobSize = nil, nil
	zero := item(2, 0, 0, 0, 5)
	bad := item(3, 20, 20, 20, 0)
	r := Rank([]Item{missing, zero, bad}, plain(), day0)
	require.Equal(t, []int64{2, 1, 3}, numbers(r), "scored first, then by arrival")
	require.Equal(t, []string{"risk_reduction", "job_size"}, entryOf(r, 1).Missing.Names())
	require.Contains(t, explain(r, 1).Sentence, "cannot be scored: missing risk reduction, job size")
	require.Contains(t, explain(r, 3).Sentence, "job size must be greater than 0")
}

func TestAWeightOfZeroIsNotAskedFor(t *testing.T) {
	money := item(1, 30, 0, 0, 3)
	money.Inputs.TimeCriticality, money.Inputs.RiskReduction = nil, ptr(-1.0)
	r := Rank([]Item{money}, Policy{Weights: Weights{BusinessValue: 1}}, day0)
	require.True(t, r.Entries[0].Score.Known)
	require.Equal(t, 10.0, r.Entries[0].Score.Value)
}

func TestClassesOfService(t *testing.T) {
	expedite := Item{ID: "x", Number: 1, Class: Expedite, SubmittedAt: day0}
	due := dated(2, day0.Add(10*oneDay), 10*oneDay)
	overdue := dated(3, day0.Add(5*oneDay), 10*oneDay)
	notYet := dated(4, day0.Add(11*oneDay), 10*oneDay)
	standard := item(5, 20, 20, 20, 1)
	intangible := item(6, 1, 1, 1, 1)
	intangible.Class = Intangible
	undated := Item{ID: "u", Number: 7, Class: FixedDate, SubmittedAt: day0}
	odd := item(8, 1, 1, 1, 3)
	odd.Class = "urgent!"

	r := Rank([]Item{undated, intangible, standard, notYet, overdue, due, expedite, odd}, plain(), day0)
	require.Equal(t, []int64{1, 3, 2, 5, 6, 8, 4, 7}, numbers(r))
	require.Equal(t, BandNotYet, entryOf(r, 4).Band)
	require.Contains(t, explain(r, 4).Sentence, "not yet before 2026-03-03")
	require.Equal(t, []string{"fixed_date"}, entryOf(r, 7).Missing.Names())
	require.Equal(t, Standard, entryOf(r, 8).Class)
}

func TestUnknownLeadTimeIsAnAssumptionThatSaysSo(t *testing.T) {
	p := plain()
	p.UnknownLead = 20 * oneDay
	r := Rank([]Item{dated(1, day0.Add(30*oneDay), 0)}, p, day0)
	e := r.Entries[0]
	require.True(t, e.LeadAssumed)
	require.Equal(t, day0.Add(10*oneDay), e.NotBefore)
	require.Contains(t, explain(r, 1).Sentence, "20 days before it, which the policy assumes because too little finished work is known to forecast")
	known := Rank([]Item{dated(1, day0.Add(30*oneDay), 12*oneDay)}, p, day0)
	require.Equal(t, day0.Add(18*oneDay), known.Entries[0].NotBefore)
	require.Contains(t, explain(known, 1).Sentence, "12 days before it, in which 85 % of the finished requests were done")
}

func TestAgeingIsItsOwnTermAndEndsStarvation(t *testing.T) {
	p := plain()
	p.AgeingPerWeek = 0.5
	old := item(1, 1, 1, 1, 8)
	old.SubmittedAt = day0.AddDate(0, 0, -7*100)
	r := Rank([]Item{item(2, 5, 5, 5, 3), old}, p, day0)
	require.Equal(t, []int64{1, 2}, numbers(r))
	s := entryOf(r, 1).Score
	require.Equal(t, 50.0, s.Ageing)
	require.Equal(t, 100, s.WeeksWaited)
	require.Equal(t, 53.0, s.CostOfDelay)
	require.Zero(t, weeksWaited(day0.Add(time.Hour), day0), "a clock ahead of ours is no merit")
}

func TestNearTiesKeepTheirPreviousOrder(t *testing.T) {
	p := plain()
	p.NearTie = 0.05
	with := func(it Item, prev int) Item { it.PrevRank = prev; return it }
	for _, c := range []struct {
		name  string
		items []Item
		want  []int64
	}{
		{"under the threshold nothing swaps",
			[]Item{with(item(1, 100, 0, 0, 1), 1), with(item(2, 104, 0, 0, 1), 2)}, []int64{1, 2}},
		{"over it the score decides",
			[]Item{with(item(1, 100, 0, 0, 1), 1), with(item(2, 106, 0, 0, 1), 2)}, []int64{2, 1}},
		{"a newcomer queues behind its near-ties",
			[]Item{with(item(1, 100, 0, 0, 1), 5), item(2, 104, 0, 0, 1)}, []int64{1, 2}},
		{"newcomers among themselves go by score",
			[]Item{item(1, 100, 0, 0, 1), item(2, 104, 0, 0, 1), with(item(3, 1, 0, 0, 1), 1)}, []int64{2, 1, 3}},
		{"a chain of near-ties cannot carry the last past the first it clearly loses to",
			[]Item{with(item(1, 108, 0, 0, 1), 3), with(item(2, 104, 0, 0, 1), 2), with(item(3, 100, 0, 0, 1), 1)},
			[]int64{2, 1, 3}},
		{"no previous ranks: the scores",
			[]Item{item(1, 100, 0, 0, 1), item(2, 101, 0, 0, 1)}, []int64{2, 1}},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, numbers(Rank(c.items, p, day0))) })
	}
}

func TestFieldsInJSON(t *testing.T) {
	f := FieldJobSize | FieldBusinessValue
	b, err := json.Marshal(f)
	require.NoError(t, err)
	require.JSONEq(t, `["business_value","job_size"]`, string(b))
	var back Fields
	require.NoError(t, json.Unmarshal(b, &back))
	require.Equal(t, f, back)
	require.Error(t, json.Unmarshal([]byte(`["colour"]`), &back))
}

func BenchmarkRank100k(b *testing.B) {
	items, p := bigBacklog(100_000), usual()
	b.ReportAllocs()
	for b.Loop() {
		Rank(items, p, day0)
	}
}

func BenchmarkPull100k(b *testing.B) {
	r := Rank(bigBacklog(100_000), usual(), day0)
	b.ReportAllocs()
	for b.Loop() {
		Pull(r, Limits{Portfolio: ptr(12)}, nil)
	}
}

func BenchmarkDiff100k(b *testing.B) {
	items, p := bigBacklog(100_000), usual()
	prev, next := Rank(items[1000:], p, day0), Rank(items[:99_000], p, day0.Add(week))
	b.ReportAllocs()
	for b.Loop() {
		Diff(prev, next)
	}
}

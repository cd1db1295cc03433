package priority

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestExplainAScoredEntry(t *testing.T) {
	p := plain()
	p.Scale = points
	r := Rank([]Item{item(12, 13, 8, 0, 5), item(7, 8, 5, 3, 8), item(9, 1, 1, 1, 13)}, p, day0)
	x := explain(r, 7)
	require.Equal(t, []InputChange{{"job_size", 8, 3, 2}}, x.Up)
	require.Equal(t, "It would pass R-12 if its job size were 3 instead of 8", x.UpText)
	require.Equal(t, "R-7 is at rank 2 with score 2: cost of delay 16 ÷ job size 8. It stands behind R-12 (4.2) and ahead of R-9 (0.23). "+x.UpText+".", x.Sentence)
	require.Equal(t, []ScorePart{{"business_value", 1}, {"time_criticality", 0.625}, {"risk_reduction", 0.375}}, x.Parts)
	require.Equal(t, "cost of delay 21 against 16, job size 5 against 8", x.Above.Apart)
	require.Equal(t, "cost of delay 16 against 3, job size 8 against 13", x.Below.Apart)
	require.Empty(t, x.TopText)

	third := r.Explain(2, 1)
	require.Equal(t, "No single input can take it past R-12: its score would have to be above 4.2 (now 0.23)", third.TopText)
	require.Equal(t, InputChange{"job_size", 13, 1, 5}, third.Up[0])
}

func TestExplainAChangeWithoutAScale(t *testing.T) {
	r := Rank([]Item{item(1, 10, 0, 0, 2), item(2, 10, 0, 0, 4)}, plain(), day0)
	up := explain(r, 2).Up
	require.Equal(t, []InputChange{{"business_value", 10, 20.01, 0}, {"job_size", 4, 1.99, 0}}, []InputChange{up[0], up[1]})
}

func TestExplainNearTiesFromBothSides(t *testing.T) {
	p := plain()
	p.NearTie = 0.05
	first, second := item(1, 100, 0, 0, 1), item(2, 104, 0, 0, 1)
	first.PrevRank, second.PrevRank = 1, 2
	r := Rank([]Item{second, first}, p, day0)
	require.Contains(t, explain(r, 1).Sentence, "It stays ahead of R-2 although its score is lower by 3.85 %")
	require.Contains(t, explain(r, 2).Sentence, "It stays behind R-1 although its score is higher by 3.85 %")
	require.Equal(t, "a near-tie that keeps its previous order", explain(r, 2).Above.Apart)
}

func TestExplainTheOtherBands(t *testing.T) {
	items := []Item{
		{ID: "fire", Class: Expedite, SubmittedAt: day0},
		{ID: "fire2", Class: Expedite, SubmittedAt: day0},
		dated(2, day0, 5*oneDay), dated(3, day0.Add(oneDay), 5*oneDay),
		item(4, 1, 1, 1, 1), dated(5, day0.Add(50*oneDay), 5*oneDay), {ID: "bare", SubmittedAt: day0},
	}
	r := Rank(items, plain(), day0)
	for i, want := range []string{
		"Nothing stands ahead of it", "Expedite work keeps its order of arrival",
		"Only expedite work stands ahead of it", "It would pass R-2 if it had to start before 2026-02-25",
		"Only fixed date, due work stands ahead of it", "It joins the work that is due on 2026-04-16",
		"It will be placed by its score once business value, time criticality, risk reduction, job size is given",
	} {
		require.Equal(t, want, r.Explain(i, 0).UpText)
	}
	require.Equal(t, "expedite goes before fixed date, due", r.Explain(2, 0).Above.Apart)
	alone := Rank(items[4:5], plain(), day0)
	require.Contains(t, explain(alone, 4).Sentence, "It is alone in the backlog")
}

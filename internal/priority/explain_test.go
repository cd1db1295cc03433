package priority

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestExplainAScoredEntry(t *testing.T) {
	r := Rank([]Item{item(12, 13, 8, 0, 5), item(7, 8, 5, 3, 8), item(9, 1, 1, 1, 13)}, plain(), day0)
	x := Explain(entryOf(r, 7))
	require.Equal(t, "R-7 is at rank 2 with score 2: cost of delay 16 ÷ job size 8", x.Outcome)
	require.Equal(t, 3.0, x.Sensitivity.JobSize)
	require.InDelta(t, 33.6, x.Sensitivity.CostOfDelay, 1e-9)
	require.Equal(t, "It would pass R-12 if its job size were ≤ 3 (now 8), or if its cost of delay were above 33.6 (now 16)", x.Sensitivity.Text)
	require.Equal(t, x.Outcome+". It stands behind R-12 (4.2) and ahead of R-9 (0.23). "+x.Sensitivity.Text+".", x.Sentence)
	require.Equal(t, 0.5, x.Reasons[0].Share)
	require.Equal(t, "job_size", x.Reasons[len(x.Reasons)-1].Code)
}

func TestExplainALimitForASizeOffTheScale(t *testing.T) {
	r := Rank([]Item{item(1, 10, 0, 0, 2), item(2, 10, 0, 0, 4)}, plain(), day0)
	f := Explain(entryOf(r, 2)).Sensitivity
	require.True(t, f.SizeIsLimit)
	require.Equal(t, 2.0, f.JobSize)
}

func TestExplainNearTiesFromBothSides(t *testing.T) {
	p := plain()
	p.NearTie = 0.05
	first, second := item(1, 100, 0, 0, 1), item(2, 104, 0, 0, 1)
	first.PrevRank, second.PrevRank = 1, 2
	r := Rank([]Item{second, first}, p, day0)
	require.Contains(t, Explain(entryOf(r, 1)).Sentence, "It stays ahead of R-2 although its score is lower by 3.85 %")
	require.Contains(t, Explain(entryOf(r, 2)).Sentence, "It stays behind R-1 although its score is higher by 3.85 %")
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
		require.Equal(t, want, Explain(r.Entries[i]).Sensitivity.Text)
	}
	alone := Rank(items[4:5], plain(), day0).Entries[0]
	require.Contains(t, Explain(alone).Sentence, "It is alone in the backlog")
}

func TestCompareIsAdditive(t *testing.T) {
	r := Rank([]Item{item(1, 8, 5, 3, 5), item(2, 13, 8, 2, 13), item(3, 0, 0, 0, 1)}, plain(), day0)
	g := Compare(entryOf(r, 1), entryOf(r, 2))
	require.InDelta(t, g.Score, g.CostOfDelay+g.JobSize, 1e-12)
	require.InDelta(t, 0.5926, g.Score, 1e-4) // ln(3.2 / 1.7692)
	require.Negative(t, g.CostOfDelay)
	require.Positive(t, g.JobSize)
	require.Zero(t, Compare(entryOf(r, 1), entryOf(r, 3)))
}

package web

import (
	"html"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/priority"
	"leanpmo/internal/wire"
)

var formulaLine = regexp.MustCompile(`<strong>\(([^)]*)\) ÷ ([0-9,.]+) = ([0-9,.]+)</strong>`)

// rankedExample is a stored line: 13 + 2 × 8 + 5 and 3.4 for waiting, over 5.
func rankedExample(id string, rank int) wire.RankedRequest {
	v := func(n float64) *float64 { return &n }
	return wire.RankedRequest{ID: id, Number: 7, Ref: "R-7", Title: "<b>Lists</b>", Rank: rank, Class: "standard", Scored: true, Score: 7.48, CostOfDelay: 37.4, JobSize: 5, Ageing: 3.4,
		Why: "R-7 is at rank 2 with score 7.48", Inputs: pmo.Inputs{BusinessValue: v(13), TimeCriticality: v(8), RiskReduction: v(5), JobSize: v(5)},
		Parts: []priority.ScorePart{{Code: "business_value", Amount: 2.6}, {Code: "time_criticality", Amount: 3.2}, {Code: "risk_reduction", Amount: 1}, {Code: "ageing", Amount: 0.68}},
		Above: &priority.Neighbour{ID: "above", Number: 5, Rank: rank - 1, Apart: "more value"}}
}

// calculate computes the formula as a reader would, from what the page says.
func calculate(t *testing.T, page string) (computed, said float64) {
	t.Helper()
	found := formulaLine.FindStringSubmatch(html.UnescapeString(page))
	require.NotNil(t, found, page)
	number := func(text string) float64 {
		n, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(text), ",", "."), 64)
		require.NoError(t, err)
		return n
	}
	for _, term := range strings.Split(found[1], "+") {
		product := 1.0
		for _, factor := range strings.Split(term, "×") {
			product *= number(factor)
		}
		computed += product
	}
	return computed / number(found[2]), number(found[3])
}

// TestHowWeDecideWorksAnExampleThrough: of the first request that has a score, with numbers whose calculation gives the score, in each language.
func TestHowWeDecideWorksAnExampleThrough(t *testing.T) {
	for _, lang := range []string{"en", "de"} {
		b := newBrowser(t).signIn("sam")
		b.cookies["lang"] = lang
		b.api.answers["GET /v1/backlog"] = wire.Backlog{Page: wire.Page[wire.RankedRequest]{Items: []wire.RankedRequest{{ID: "x", Title: "Now", Rank: 1, Class: "expedite", Why: "expedite first"}, rankedExample("r7", 2)}}}
		page := b.text(b.do("GET", "/policy", nil))
		computed, said := calculate(t, page)
		require.InDelta(t, said, computed, 0.005, page)
		require.InDelta(t, 7.48, said, 0)
		t2 := &reader{Lang: lang}
		for _, want := range []string{"&lt;b&gt;Lists&lt;/b&gt;", "8 × 2", t2.Exact(37.4), t2.T("worked.rank", "n", 2), t2.T("class.standard"), t2.T("model.wsjf"), `href="/policy?request=above#h-example"`} {
			require.Contains(t, page, want, lang)
		}
		require.NotContains(t, page, "[", "every text is in the catalogue")
	}
}

// TestHowWeDecideMultipliesFactors of the models that do, and says only what the stored numbers say where the model has changed since.
func TestHowWeDecideMultipliesFactors(t *testing.T) {
	b := newBrowser(t).signIn("sam")
	d := policy.Default().Document()
	d.Scoring.Model = priority.RICE
	b.api.answers["GET /v1/policy"] = wire.Policy{Data: d}
	v := func(n float64) *float64 { return &n }
	line := wire.RankedRequest{ID: "r7", Ref: "R-7", Rank: 1, Class: "standard", Scored: true, Score: 130, CostOfDelay: 520, JobSize: 4, Ageing: 40,
		Inputs: pmo.Inputs{Reach: v(300), Impact: v(2), Confidence: v(0.8), Effort: v(4)}, Parts: []priority.ScorePart{{Code: "base", Amount: 120}, {Code: "ageing", Amount: 10}}}
	show := func() string {
		b.api.answers["GET /v1/backlog"] = wire.Backlog{Page: wire.Page[wire.RankedRequest]{Items: []wire.RankedRequest{line}}}
		return b.text(b.do("GET", "/policy", nil))
	}
	page := show()
	computed, said := calculate(t, page)
	require.InDelta(t, said, computed, 0.005)
	require.Contains(t, html.UnescapeString(page), "300 × 2 × 0.8 + 40")
	line.Inputs.Reach = v(400) // what stands there now is not what was ranked
	page = show()
	computed, said = calculate(t, page)
	require.InDelta(t, said, computed, 0.005)
	require.Contains(t, html.UnescapeString(page), "(480 + 40) ÷ 4 = 130")
}

// TestHowWeDecideShowsTheRequestThatIsAskedFor, and says why not where it cannot.
func TestHowWeDecideShowsTheRequestThatIsAskedFor(t *testing.T) {
	b := newBrowser(t).signIn("sam")
	require.Contains(t, b.text(b.do("GET", "/policy?request=R-8", nil)), "R-8 is not ranked now")
	response := b.do("GET", "/policy?request=R-9", nil)
	require.Equal(t, http.StatusNotFound, response.StatusCode)
	require.Contains(t, b.text(response), "There is no request R-9, or you may not read it.")
	line := rankedExample("r7", 4)
	b.api.answers["GET /v1/requests/R-8/explanation"] = wire.Explanation{Rank: &line}
	require.Contains(t, b.text(b.do("GET", "/policy?request=R-8", nil)), "Rank 4")
	b.api.answers["GET /v1/backlog"] = wire.Backlog{}
	require.Contains(t, b.text(b.do("GET", "/policy", nil)), "no example to work through")
	b.api.answers["GET /v1/backlog"] = wire.Backlog{Page: wire.Page[wire.RankedRequest]{Items: []wire.RankedRequest{{ID: "u", Title: "Unscored", Rank: 1, Class: "standard", Missing: []string{"job_size"}, Why: "cannot be scored"}}}}
	require.Contains(t, b.text(b.do("GET", "/policy", nil)), "Still unknown: Job size.")
}

// TestHowWeDecideFoldsExpressions: each condition stands behind a fold, and nowhere else.
func TestHowWeDecideFoldsExpressions(t *testing.T) {
	b := newBrowser(t).signIn("sam")
	rules := policy.Default().Rules()
	b.api.answers["GET /v1/policy"] = wire.Policy{Rules: rules, Data: policy.Default().Document()}
	page := b.text(b.do("GET", "/policy", nil))
	require.Contains(t, page, `<span lang="en">A request takes the express lane, because it is small and known.</span><details>`)
	folded := 0
	for _, r := range rules {
		require.NotContains(t, r.Text, "&&")
		require.NotContains(t, r.Text, "==")
		if r.When != "" {
			folded++
		}
	}
	require.Equal(t, folded, strings.Count(page, `<code class="expression"`))
	require.Greater(t, folded, 8)
}

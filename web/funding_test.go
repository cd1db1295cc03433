package web

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/selection"
	"leanpmo/internal/wire"
)

func fundingBrowser(t *testing.T) *browser {
	b := newBrowser(t)
	b.api.answers["GET /v1/teams"] = wire.Page[wire.TeamLoad]{Items: []wire.TeamLoad{{Team: pmo.Team{ID: "otter", Portfolio: "digital", Capacity: 6.5}}, {Team: pmo.Team{ID: "heron", Capacity: 3}}}}
	b.api.answers["GET /v1/funding"] = wire.Funding{Capacity: 9.5, CutLine: 2, Set: wire.FundingSum{Count: 2, Value: 52, Size: 7}, List: wire.FundingSum{Count: 2, Value: 44, Size: 9}, Gain: 8,
		Bound: 53, Gap: 0.0189, Others: 4, OneMore: wire.OneMoreTeamWeek{Gain: 3, In: []string{"R-5"}},
		Items: []wire.FundingLine{{ID: "a", Ref: "R-1", Title: "<b>Portal</b>", Rank: 1, Value: 20, Size: 4, InSet: true, InList: true, Must: true},
			{ID: "b", Ref: "R-2", Title: "Ledger", Rank: 2, Value: 24, Size: 5, InList: true, Reason: selection.ReasonLess, Rate: 4.8, OthersRate: 10.7},
			{ID: "c", Ref: "R-4", Title: "Search", Rank: 6, Value: 32, Size: 3, InSet: true, SizeAssumed: true, Reason: selection.ReasonValue, Rate: 10.7, OthersRate: 4.8}}}
	return b.signIn("petra")
}

func TestFundingPage(t *testing.T) {
	b := fundingBrowser(t)
	text := b.text(b.do("GET", "/funding", nil))
	for _, want := range []string{`value="9.5"`, "The set gains 8: R-4 instead of R-2.", "No set is worth more than 53: at most 1.9 % is missing.", "One more team-week would bring 3: R-5 too.",
		"It brings 4.8 for each team-week; what takes its place brings 10.7.", "Funded first", "assumed", "Cut line", "&lt;b&gt;Portal", "4 more are in neither."} {
		require.Contains(t, text, want)
	}
	require.Contains(t, b.text(b.do("GET", "/backlog?portfolio=digital", nil)), `href="/funding?portfolio=digital"`)
	require.Contains(t, b.text(b.do("GET", "/funding?portfolio=digital", nil)), `value="6.5"`, "what the portfolio's teams can hold")
	b.do("GET", "/funding?lang=de", nil)
	require.Contains(t, b.text(b.do("GET", "/funding?capacity=9,5", nil)), "Die Auswahl gewinnt 8: R-4 statt R-2.")
}

// A page has more requests in which set and list differ than it has room for others.
func TestFundingPageIsShort(t *testing.T) {
	var f wire.Funding
	for i := range 500 {
		f.Items = append(f.Items, wire.FundingLine{Rank: i + 1, InSet: true, InList: i%5 != 0})
	}
	rows, left := fundingRows(&reader{Lang: "en"}, f)
	require.Len(t, rows, 100+mostAgreed)
	require.Equal(t, 400-mostAgreed, left)
	require.Equal(t, 496, rows[len(rows)-1].Rank)
	for i := range f.Items {
		f.Items[i].InList = false
	}
	rows, left = fundingRows(&reader{Lang: "en"}, f)
	require.Len(t, rows, mostDiffering)
	require.Equal(t, 500-mostDiffering, left)
}

func TestFundingPageSaysWhatIsWrongBesideTheField(t *testing.T) {
	b := fundingBrowser(t)
	response := b.do("GET", "/funding?capacity=many", nil)
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
	require.Contains(t, b.text(response), "A number of team-weeks, such as 26.")
	b.api.refuse["GET /v1/funding"] = problem.InvalidField("query/needs", "the prerequisites form a cycle: R-1 needs R-2 needs R-1")
	response = b.do("GET", "/funding?capacity=5&needs=R-1:R-2+R-2:R-1", nil)
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
	text := b.text(response)
	require.Contains(t, text, "form a cycle: R-1 needs R-2 needs R-1")
	require.Contains(t, text, `value="R-1:R-2 R-2:R-1"`)
}

package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/priority"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

// englishMark begins every sentence of the domain in the answers of withDomainSentences.
const englishMark = "Domain sentence"

// withDomainSentences puts a sentence into every field whose text the domain writes, which is English in every language.
func withDomainSentences(b *browser) {
	const s = englishMark
	a := b.api.answers
	r := a["GET /v1/requests/R-8"].(wire.Request)
	r.WaitsOn, r.Quicker, r.Forecast.Words, r.Questions[0].Text = s, []string{s}, s, s
	r.Similar = []pmo.Similar{{ID: "x", Title: "Lists", Words: s}}
	r.Questions = slices.Clone(r.Questions)
	r.Questions[0].Options = slices.Clone(r.Questions[0].Options) // all questions of a kind share them
	for i := range r.Questions[0].Options {
		r.Questions[0].Options[i].Description = s
	}
	a["GET /v1/requests/R-8"], a["GET /v1/requests/"+r.ID] = r, r
	line := rankedExample("r7", 2)
	line.Why, line.LimitReason, line.Cause, line.Sensitivity, line.TopText, line.NearTie = s, s, s, s, s, s
	line.Above, line.Below = &priority.Neighbour{Apart: s}, &priority.Neighbour{Apart: s}
	a["GET /v1/backlog"] = wire.Backlog{Page: wire.Page[wire.RankedRequest]{Items: []wire.RankedRequest{line}}}
	a["GET /v1/requests/R-8/explanation"] = wire.Explanation{LaneReason: s, Route: &pmo.Route{Reason: s}, Rank: &line, Pull: &pmo.Pull{Why: s}, Approach: &pmo.Approach{Reasons: []string{s}},
		Assignment: &pmo.Assignment{Team: "otter", Reasons: []string{s}}, Waits: s}
	a["GET /v1/requests/R-8/ledger"] = wire.Page[wire.LedgerEntry]{Items: []wire.LedgerEntry{{Entry: pmo.Entry{Text: s, At: now}}}}
	inbox := a["GET /v1/inbox"].(wire.Page[wire.InboxItem])
	inbox.Items[0].Question.Text = s
	list := a["GET /v1/requests"].(wire.Page[wire.RequestItem])
	list.Items[0].WaitingOn, list.Items[0].WaitsOn, list.Items[0].Status = nil, s, pmo.StatusOpen
	a["GET /v1/digest"] = wire.Digest{Changed: []wire.DigestChange{{Entries: []wire.DigestEntry{{Text: s, At: now}}}}}
	a["GET /v1/me/decisions"] = wire.Page[wire.Decided]{Items: []wire.Decided{{Text: s, At: now}}}
	a["GET /v1/similar"] = wire.SimilarRequests{Similar: []pmo.Similar{{ID: "x", Title: "Lists", Words: s}}}
	a["GET /v1/policy"] = wire.Policy{Rules: []policy.Rule{{Text: s, When: s}}, YAML: s, Data: policy.Default().Document()}
	a["GET /v1/prioritizations/run"] = wire.Prioritization{ID: "run", Done: true, Words: s}
	b.api.refuse["GET /v1/teams/none"] = problem.New(problem.Forbidden, s)
}

// unmarked are the sentences of the domain that stand in a text whose language is not English.
func unmarked(t *testing.T, page string) (said int, wrong []string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	require.NoError(t, err)
	var walk func(n *html.Node, lang string)
	walk = func(n *html.Node, lang string) {
		for _, a := range n.Attr {
			if a.Key == "lang" {
				lang = a.Val
			} else if strings.Contains(a.Val, englishMark) && a.Key != "value" {
				wrong = append(wrong, "in the attribute "+a.Key)
			}
		}
		if n.Type == html.TextNode && strings.Contains(n.Data, englishMark) {
			said++
			if lang != "en" {
				wrong = append(wrong, n.Parent.Data+": "+n.Data)
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, lang)
		}
	}
	walk(root, "")
	return said, wrong
}

// TestGermanPagesMarkWhatIsEnglish: a screen reader reads what the domain says in its language (WCAG 3.1.2). The number is how many sentences of
// the domain a page has at least, so that one that shows none proves nothing.
func TestGermanPagesMarkWhatIsEnglish(t *testing.T) {
	b := newBrowser(t).signIn("petra")
	withDomainSentences(b)
	b.cookies["lang"] = "de"
	for page, least := range map[string]int{"/": 2, "/inbox": 1, "/decided": 1, "/requests": 1, "/board": 0, "/backlog?run=run": 8, "/policy": 7, "/requests/R-8": 14, "/report": 0, "/teams/none": 1,
		"/requests/R-8/answer?question=review/1/approvers": 2, "/requests/R-8/answer?question=review/1/approvers&verdict=reject": 2, "/requests/R-8/move?to=closed": 1, "/similar?title=Lists": 1,
		"/inbox/several?" + url.Values{"q": {requestID + " review/1/approvers bo"}}.Encode(): 1, "/requests/R-8/withdraw": 0, "/nowhere": 0} {
		response := b.do("GET", page, nil)
		text := b.text(response)
		if !strings.HasPrefix(page, "/similar") { // which is a part of a page
			require.Contains(t, text, `<html lang="de">`, page)
		}
		said, wrong := unmarked(t, text)
		require.Empty(t, wrong, page)
		require.GreaterOrEqual(t, said, least, "%s\n%s", page, text)
	}
	require.Contains(t, b.text(b.do("GET", "/nowhere", nil)), "Nicht gefunden")
}

// TestEnglishSentencesAreFound: the test above finds one that is not marked.
func TestEnglishSentencesAreFound(t *testing.T) {
	said, wrong := unmarked(t, `<html lang="de"><p>`+englishMark+`</p><p lang="en"><b>`+englishMark+`</b></p><p lang="en"><i lang="de">`+englishMark+`</i></p><p title="`+englishMark+`"></p>`)
	require.Equal(t, 3, said)
	require.Len(t, wrong, 3)
}

// TestTitlesOfProblemsAreTranslated: each kind has its title in the catalogue, and the English one is that of the API.
func TestTitlesOfProblemsAreTranslated(t *testing.T) {
	for _, kind := range problem.Kinds() {
		require.Equal(t, kind.Title(), texts["en"]["problem."+string(kind)], kind)
	}
}

// TestAnotherLanguageKeepsTheAddress: filters, pages and whatever else it has.
func TestAnotherLanguageKeepsTheAddress(t *testing.T) {
	b := newBrowser(t).signIn("petra")
	for _, address := range []string{"/requests?all=1&cursor=after&stage=review&text=a+b%26c", "/flow?days=30&team=otter", "/policy", "/requests/R-8?before=7"} {
		page := b.text(b.do("GET", address, nil))
		root, err := html.Parse(strings.NewReader(page))
		require.NoError(t, err)
		link := ""
		for n := range root.Descendants() {
			attributes := map[string]string{}
			for _, a := range n.Attr {
				attributes[a.Key] = a.Val
			}
			if attributes["data-language"] == "de" {
				link = attributes["href"]
			}
		}
		require.True(t, strings.HasPrefix(link, "?"), "%s: %q", address, link)
		path, _, _ := strings.Cut(address, "?")
		chosen := b.do("GET", path+link, nil)
		require.Equal(t, http.StatusSeeOther, chosen.StatusCode)
		want, err := url.Parse(address)
		require.NoError(t, err)
		got, err := url.Parse(chosen.Header.Get("Location"))
		require.NoError(t, err)
		require.Equal(t, want.Path, got.Path)
		require.Equal(t, want.Query(), got.Query())
		delete(b.cookies, "lang")
	}
}

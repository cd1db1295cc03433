package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

func titles(t testing.TB, s *store.Store, f store.Filter) []string {
	t.Helper()
	page, err := s.List(t.Context(), f)
	require.NoError(t, err)
	list := []string{}
	for _, r := range page.Items {
		list = append(list, r.Title)
	}
	return list
}

func submitted(at time.Time) func(*pmo.Request) {
	return func(r *pmo.Request) { r.SubmittedAt = at }
}

func TestListFilters(t *testing.T) {
	s := open(t)
	putTeam(t, s, "falcon")
	a := request("Alpha 100% done_ok", submitted(hours(1)), openQuestion(pmo.KindReview, hours(5), "ana"), func(r *pmo.Request) {
		r.Number, r.Content.Themes, r.Content.Kind = 1, []string{"growth", "cost"}, "support"
	})
	b := request("Beta", submitted(hours(2)), waiting, openQuestion(pmo.KindScore, hours(3), "petra"), func(r *pmo.Request) { r.Requester, r.Number = "sam", 2 })
	c := request("Gamma", submitted(hours(3)), inExecution("falcon"), func(r *pmo.Request) {
		r.Content.Problem, r.Number, r.Content.Class = "Manual INVOICES", 3, pmo.ClassExpedite
	})
	d := request("Delta", submitted(hours(4)), func(r *pmo.Request) {
		r.Status, r.Outcome, r.ClosedAt, r.Portfolio = pmo.StatusClosed, pmo.OutcomeRejected, hours(6), "other"
	})
	e := request("Secret", submitted(hours(5)), openQuestion(pmo.KindReview, hours(9), "bo"), func(r *pmo.Request) { r.Content.Confidential = true })
	for _, r := range []pmo.Request{a, b, c, d, e} {
		project(t, s, r)
	}
	run(t, s, "run/1", false, []store.RankedRequest{line(b, 1)})
	alpha, beta, gamma, delta, secret := "Alpha 100% done_ok", "Beta", "Gamma", "Delta", "Secret"
	for name, c := range map[string]struct {
		filter store.Filter
		want   []string
	}{
		"open, newest first":                 {store.Filter{}, []string{gamma, beta, alpha}},
		"closed too":                         {store.Filter{Closed: true}, []string{delta, gamma, beta, alpha}},
		"only closed":                        {store.Filter{Status: pmo.StatusClosed}, []string{delta}},
		"only open":                          {store.Filter{Status: pmo.StatusOpen}, []string{gamma, beta, alpha}},
		"named":                              {store.Filter{Only: []string{"R-1", c.ID, "R-99", "Beta"}, Sort: store.SortAge}, []string{alpha, gamma}},
		"named and filtered":                 {store.Filter{Only: []string{"R-1", "3"}, Class: pmo.ClassExpedite}, []string{gamma}},
		"named, for others":                  {store.Filter{Only: []string{e.ID}}, []string{}},
		"by age":                             {store.Filter{Sort: store.SortAge}, []string{alpha, beta, gamma}},
		"by due":                             {store.Filter{Sort: store.SortDue}, []string{beta, alpha, gamma}},
		"by rank":                            {store.Filter{Sort: store.SortRank}, []string{beta}},
		"by rank in a portfolio":             {store.Filter{Sort: store.SortRank, Portfolio: "other"}, []string{}},
		"stage":                              {store.Filter{Stage: pmo.StagePrioritization}, []string{beta}},
		"theme":                              {store.Filter{Theme: "cost"}, []string{alpha}},
		"kind":                               {store.Filter{Kind: "support"}, []string{alpha}},
		"team":                               {store.Filter{Team: "falcon"}, []string{gamma}},
		"class":                              {store.Filter{Class: pmo.ClassExpedite}, []string{gamma}},
		"the usual class":                    {store.Filter{Class: pmo.ClassStandard}, []string{beta, alpha}},
		"long in its stage":                  {store.Filter{StageBefore: hours(0)}, []string{gamma, alpha}},
		"requester":                          {store.Filter{Requester: "sam"}, []string{beta}},
		"portfolio":                          {store.Filter{Portfolio: "other", Closed: true}, []string{delta}},
		"waiting on":                         {store.Filter{WaitingOn: "ana"}, []string{alpha}},
		"text in title":                      {store.Filter{Text: "100%"}, []string{alpha}},
		"text with a wildcard":               {store.Filter{Text: "done_o"}, []string{alpha}},
		"wildcards are text":                 {store.Filter{Text: "d%e"}, []string{}},
		"text in problem":                    {store.Filter{Text: "invoices"}, []string{gamma}},
		"words in another order":             {store.Filter{Text: "done_ok 100% ALPHA"}, []string{alpha}},
		"every word is needed":               {store.Filter{Text: "alpha gamma"}, []string{}},
		"words of blanks":                    {store.Filter{Text: " \t"}, []string{gamma, beta, alpha}},
		"number":                             {store.Filter{Text: "R-2"}, []string{beta}},
		"all together":                       {store.Filter{Text: "a", Requester: "rita", Portfolio: "core", Team: "falcon", Stage: pmo.StageExecution}, []string{gamma}},
		"PMO sees all":                       {store.Filter{SeesAll: true}, []string{secret, gamma, beta, alpha}},
		"own confidential":                   {store.Filter{Viewer: "rita"}, []string{secret, gamma, beta, alpha}},
		"asked about a confidential request": {store.Filter{Viewer: "bo"}, []string{secret, gamma, beta, alpha}},
		"delegate of a person asked":         {store.Filter{Viewer: "sam", ActsFor: []string{"bo"}}, []string{secret, gamma, beta, alpha}},
		"a stranger":                         {store.Filter{Viewer: "sam"}, []string{gamma, beta, alpha}},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, titles(t, s, c.filter)) })
	}
	_, err := s.List(t.Context(), store.Filter{Sort: "colour"})
	require.ErrorIs(t, err, store.ErrInvalid)
	_, err = s.List(t.Context(), store.Filter{Cursor: "nonsense"})
	require.ErrorIs(t, err, store.ErrBadCursor)
}

func TestMembersSeeTheConfidentialWorkOfTheirTeam(t *testing.T) {
	s := open(t)
	putTeam(t, s, "falcon")
	project(t, s, request("Secret", inExecution("falcon"), func(r *pmo.Request) { r.Content.Confidential = true }))
	require.Equal(t, []string{"Secret"}, titles(t, s, store.Filter{Viewer: "mia"}))
	require.Empty(t, titles(t, s, store.Filter{Viewer: "kai"}))
}

// TestPagesAreStable walks every order while requests keep coming, many with equal keys: what was there is seen once.
func TestPagesAreStable(t *testing.T) {
	for _, sort := range []string{store.SortNewest, store.SortAge, store.SortDue, store.SortRank} {
		t.Run(sort, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			var lines []store.RankedRequest
			for i := range 12 {
				r := request(fmt.Sprint("Old ", i), waiting, submitted(hours(i/4)))
				if i%3 == 0 {
					openQuestion(pmo.KindScore, hours(50), "petra")(&r)
				}
				project(t, s, r)
				lines = append(lines, line(r, i+1))
			}
			run(t, s, "run/1", false, lines)
			seen := map[string]int{}
			for next, i := "", 0; ; i++ {
				page, err := s.List(t.Context(), store.Filter{Sort: sort, Limit: 5, Cursor: next})
				require.NoError(t, err)
				for _, r := range page.Items {
					seen[r.Title]++
				}
				if next = page.Next; next == "" {
					break
				}
				project(t, s, request(fmt.Sprint("New ", i), waiting, submitted(hours(i))))
			}
			for i := range 12 {
				require.Equal(t, 1, seen[fmt.Sprint("Old ", i)], i)
			}
		})
	}
}

func TestListFindsEveryFormOfAWord(t *testing.T) {
	s := open(t)
	composed, decomposed := "Größenübersicht Brücken", norm.NFD.String("Größenübersicht Brücken")
	for i, title := range []string{composed, decomposed, "ΟΔΟΣ κλειστή", "Отчёт о складе", "发票审批自动化", "İstanbul KAPI"} {
		project(t, s, request(title, submitted(hours(i))))
	}
	for text, want := range map[string][]string{
		"größenübersicht":                  {decomposed, composed},
		norm.NFD.String("größenübersicht"): {decomposed, composed},
		"GRÖSSENÜBERSICHT":                 {decomposed, composed},
		"brücken größenübersicht":          {decomposed, composed},
		"οδος":                             {"ΟΔΟΣ κλειστή"},
		"ΚΛΕΙΣΤΗ":                          {"ΟΔΟΣ κλειστή"},
		"СКЛАДЕ ОТЧЁТ":                     {"Отчёт о складе"},
		"审批":                               {"发票审批自动化"},
		"istanbul kapı":                    {"İstanbul KAPI"},
		"größe οδος":                       {},
	} {
		require.Equal(t, want, titles(t, s, store.Filter{Text: text}), text)
	}
}

// TestAWordOfATextIsNotANumber: only who asks for a number gets requests by their number.
func TestAWordOfATextIsNotANumber(t *testing.T) {
	s := open(t)
	numbered := func(n int64) func(*pmo.Request) { return func(r *pmo.Request) { r.Number = n } }
	project(t, s, request("Lists for depots", numbered(7)))
	project(t, s, request("The 7 lists", numbered(8)))
	project(t, s, request("More", numbered(17), func(r *pmo.Request) { r.Content.Problem = "lists of 70 depots" }))
	for text, want := range map[string][]string{
		"7 lists": {"More", "The 7 lists"}, "lists 7": {"More", "The 7 lists"}, "lists ７": {"More", "The 7 lists"},
		"R-7 lists": {"Lists for depots"}, "lists r-7": {"Lists for depots"}, "7": {"Lists for depots", "More", "The 7 lists"}, "R-7": {"Lists for depots"},
		"r": {"More", "Lists for depots"}, "-": {}, "lists -": {}, "8 lists": {}, "1": {"More"},
	} {
		got := titles(t, s, store.Filter{Text: text})
		require.ElementsMatch(t, want, got, text)
	}
}

// TestListShowsTheNumberFirst walks every page size: the request that is named is first, and the others follow once each.
func TestListShowsTheNumberFirst(t *testing.T) {
	s := open(t)
	var lines []store.RankedRequest
	for i := 1; i <= 19; i++ {
		r := request(fmt.Sprint("Title ", i), waiting, submitted(hours(i)), openQuestion(pmo.KindScore, hours(30-i), "petra"), func(r *pmo.Request) { r.Number = int64(i) })
		project(t, s, r)
		lines = append(lines, line(r, i))
	}
	run(t, s, "run/1", false, lines)
	for _, sort := range []string{store.SortNewest, store.SortAge, store.SortDue, store.SortRank} {
		for _, text := range []string{"R-1", "r-1", "1", "Ｒ-１"} {
			for _, size := range []int{1, 2, 50} {
				var seen []int64
				for next := ""; ; {
					page, err := s.List(t.Context(), store.Filter{Sort: sort, Text: text, Limit: size, Cursor: next})
					require.NoError(t, err)
					for _, r := range page.Items {
						seen = append(seen, r.Number)
					}
					if next = page.Next; next == "" {
						break
					}
				}
				require.Equal(t, int64(1), seen[0], "%s %s", sort, text)
				slices.Sort(seen)
				require.Equal(t, []int64{1, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19}, seen, "%s %s %d", sort, text, size)
			}
		}
	}
	require.Equal(t, []string{"Title 7"}, titles(t, s, store.Filter{Text: "R-7"}))
	require.Empty(t, titles(t, s, store.Filter{Text: "R-7", Requester: "sam"}), "the other filters hold")
}

// TestRowsOfAnOlderWorkerAreFound writes what a worker of the version before writes.
func TestRowsOfAnOlderWorkerAreFound(t *testing.T) {
	s, dsn := openDSN(t)
	r := request("Größe der Straße", func(r *pmo.Request) { r.Content.Problem, r.Number = "Überall anders", 7 })
	project(t, s, r)
	older := func() {
		_, err := testkit.Pool(t, dsn).Exec(t.Context(), `UPDATE request SET search = $1`, "r-7\ngröße der straße\nüberall anders\n")
		require.NoError(t, err)
	}
	older()
	require.Equal(t, []string{r.Content.Title}, titles(t, s, store.Filter{Text: "größe"}), "no fold yet")
	require.Equal(t, []string{r.Content.Title}, titles(t, s, store.Filter{Text: "anders über"}))
	require.NoError(t, store.Migrate(t.Context(), dsn))
	require.Equal(t, []string{r.Content.Title}, titles(t, s, store.Filter{Text: "ÜBERALL STRASSE R-7"}))
	older()
	folded, err := s.FoldSearchTexts(t.Context())
	require.NoError(t, err)
	require.Equal(t, int64(1), folded)
	require.Equal(t, []string{r.Content.Title}, titles(t, s, store.Filter{Text: "STRASSE"}))
	folded, err = s.FoldSearchTexts(t.Context())
	require.NoError(t, err)
	require.Zero(t, folded)
}

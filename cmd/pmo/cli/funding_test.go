package cli

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/selection"
	"leanpmo/internal/wire"
)

func TestFundingShowsSetAndList(t *testing.T) {
	f := &fake{answers: map[string]any{"GET /v1/funding": wire.Funding{Capacity: 10, CutLine: 2, Words: []string{"The set gains 11: R-3 instead of R-2."}, Others: 3, Unscored: 1,
		Items: []wire.FundingLine{{Ref: "R-2", Rank: 2, Title: "Ledger", Value: 24, Size: 6, InList: true, Reason: selection.ReasonLess, Why: "It brings 4."},
			{Ref: "R-3", Rank: 3, Title: "Outage", Class: "fixed_date", Value: 32, Size: 3, InSet: true, Must: true, SizeAssumed: true}}}}}
	got := run(t, f, "funding", "--capacity", "10", "--needs", "R-3:R-2", "--needs", "R-4:R-2")
	require.NoError(t, got.err)
	asked, err := url.ParseQuery(f.queries[0])
	require.NoError(t, err)
	require.Equal(t, url.Values{"capacity": {"10"}, "needs": {"R-3:R-2,R-4:R-2"}}, asked)
	shown := strings.Join(strings.Fields(got.out), " ")
	for _, want := range []string{"The set gains 11", "Ledger", "It brings 4.", "fixed date: funded first.", "assumed", "cut line is below rank 2", "3 more are in neither.", "1 more have no score"} {
		require.Contains(t, shown, want)
	}
	require.Equal(t, ExitUsage, run(t, f, "funding").code)
	require.Equal(t, ExitUsage, run(t, f, "funding", "--capacity", "many").code)
}

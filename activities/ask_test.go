package activities

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// TestAskNamesTheLeadsOfToday: the request still knows who led the team at its assignment.
func TestAskNamesTheLeadsOfToday(t *testing.T) {
	b := newBench(t)
	b.team("falcon", 4, 2, "web") // led by theo
	in := pmo.QuestionTermsInput{Kind: pmo.KindReport, Round: 1, Portfolio: portfolio, Requester: "sam", Team: "falcon", Leads: []string{"kai"}, At: day}
	terms, err := b.Ask(t.Context(), in)
	require.NoError(t, err)
	require.Equal(t, []string{"theo"}, terms.People)
	require.Equal(t, &pmo.TeamLeads{Team: "falcon", People: []string{"theo"}}, terms.Leads)
	in.Team = "dissolved"
	terms, err = b.Ask(t.Context(), in)
	require.NoError(t, err)
	require.Equal(t, []string{"kai"}, terms.People)
}

package activities

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
)

// TestAdmitDerivesTheFactsAgain needs no database: the number is known, and nothing is searched.
func TestAdmitDerivesTheFactsAgain(t *testing.T) {
	a := New(Deps{Policy: policy.Default()})
	content := pmo.Content{Title: "Small form tweak", Kind: "programme", Problem: "p is bad", Outcome: "o is good", Size: 40,
		Baseline: pmo.Baseline{MoneyPerYear: 900000, People: 900}}
	got, err := a.Admit(context.Background(), contract.AdmitInput{ID: "r1", Requester: "sam", Content: content, Number: 42})
	require.NoError(t, err)
	require.Equal(t, int64(42), got.Number)
	require.Equal(t, pmo.LaneMajor, got.Lane)
	require.Equal(t, "severe", got.Severity)
	require.True(t, got.Rules.NeedsSponsor)
	require.Empty(t, got.Forecast)
	var groups []string
	for _, step := range got.Route.Steps {
		groups = append(groups, step.Group)
	}
	require.Equal(t, []string{"approvers", "architecture", "finance"}, groups)
	require.Equal(t, 2, got.Route.Steps[0].Quorum.N)
}

package policy_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
)

// TestWorkUnderWayStaysInItsPortfolio: the fields that would move it are named.
func TestWorkUnderWayStaysInItsPortfolio(t *testing.T) {
	p, err := policy.Parse(edit(t, "portfolios:\n", "portfolios:\n  - {id: roads, name: Roads, time_zone: UTC, calendar: office, group: pmo, wip_limit: 3, themes: [{id: paving, name: Paving}], "+
		"when: '\"paving\" in themes || kind == \"bug\" && size > 10.0'}\n"))
	require.NoError(t, err)
	content := pmo.Content{Title: "Holes", Kind: "support", Size: 4}
	themes := pmo.Patch{Themes: &[]string{"paving"}, Users: ptr("drivers")}
	faults := p.PortfolioFaults(content, themes, "digital", pmo.StageExecution, "/patch")
	require.Len(t, faults, 1)
	require.Equal(t, "/patch/themes", faults[0].Pointer)
	require.Contains(t, faults[0].Problem, "moves the request to portfolio roads, but the work is under way in digital")
	require.Empty(t, p.PortfolioFaults(content, themes, "digital", pmo.StagePrioritization, "/patch"), "it moves")
	require.Empty(t, p.PortfolioFaults(content, pmo.Patch{Users: ptr("drivers")}, "digital", pmo.StageExecution, "/patch"))
	require.Empty(t, p.PortfolioFaults(content, pmo.Patch{Users: ptr("drivers")}, "roads", pmo.StageExecution, "/patch"), "the policy moved it, not the patch")
	both := pmo.Patch{Kind: ptr("bug"), Size: ptr(20.0)}
	require.Equal(t, "/patch/kind", p.PortfolioFaults(content, both, "digital", pmo.StageAssignment, "/patch")[0].Pointer, "only together")
}

func ptr[T any](v T) *T { return &v }

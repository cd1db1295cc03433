package access_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/access"
)

// Whoever proposes a policy never decides on it; another of the PMO does, and only the proposer takes it back.
func TestAnotherDecidesOnAProposal(t *testing.T) {
	petra := access.Actor{ID: "petra", Roles: []string{"pmo"}}
	require.True(t, access.Can(petra, access.DecidePolicy, access.Object{}).Allowed)
	require.False(t, access.Can(petra, access.DecidePolicy, access.Object{Relation: access.Proposer}).Allowed)
	require.True(t, access.Can(petra, access.WithdrawPolicy, access.Object{Relation: access.Proposer}).Allowed)
	require.False(t, access.Can(petra, access.WithdrawPolicy, access.Object{}).Allowed)
	for _, role := range []string{"requester", "approver", "team", "auditor", "admin"} {
		for _, action := range []access.Action{access.ProposePolicy, access.DecidePolicy} {
			require.False(t, access.Can(access.Actor{ID: "x", Roles: []string{role}}, action, access.Object{}).Allowed, "%s %s", role, action)
		}
	}
}

package pmo_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// TestThePMOWishesForASecondTeam only where two are needed, and for two that differ; either may have declined before.
func TestThePMOWishesForASecondTeam(t *testing.T) {
	two := func() *pmo.Request {
		r := working()
		r.Content.SecondTeam.Skills = []string{"design"}
		r.Declined = []pmo.Decline{{Team: "lynx", Reason: "full"}, {Team: "kite", Reason: "full"}}
		return r
	}
	move := pmo.Reassign{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Reason: "they know it", Team: "otter", Second: "lynx"}
	for name, c := range map[string]struct {
		r      *pmo.Request
		change func(*pmo.Reassign)
	}{
		"one team is needed": {working(), func(*pmo.Reassign) {}},
		"the same team":      {two(), func(c *pmo.Reassign) { c.Second = "otter" }},
		"a decision":         {two(), func(c *pmo.Reassign) { c.Team, c.Question = "", "review/1/approvers" }},
	} {
		wrong := move
		c.change(&wrong)
		refusal := c.r.CheckReassign(wrong)
		require.NotNil(t, refusal, name)
		require.Equal(t, "/second", refusal.Field, name)
	}
	r := two()
	require.Nil(t, r.CheckReassign(move))
	r.ApplyReassign(move, start)
	require.Equal(t, "otter", r.Preferred)
	require.Equal(t, "lynx", r.PreferredSecond)
	require.Equal(t, []string{"kite"}, r.DeclinedTeams())
	require.True(t, slices.ContainsFunc(r.Ledger, func(e pmo.Entry) bool {
		return e.Text == "Another team is looked for, otter first and lynx as the second: they know it"
	}))

	move.Second = ""
	require.Nil(t, r.CheckReassign(move))
	r.ApplyReassign(move, start)
	require.Empty(t, r.PreferredSecond, "the next wish says nothing of it")
}

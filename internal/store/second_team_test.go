package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

func withSecond(team string) func(*pmo.Request) {
	return func(r *pmo.Request) {
		inExecution("falcon")(r)
		r.Assignment.Second = &pmo.TeamPart{Team: team, Leads: []string{"lena"}, Size: 2, ConfirmedAt: hours(4)}
	}
}

// TestASecondTeamHoldsItsPart: in its load, its list of work and what it finished, and its people read the request though it is confidential.
func TestASecondTeamHoldsItsPart(t *testing.T) {
	s := open(t)
	putTeam(t, s, "falcon")
	putTeam(t, s, "otter")
	r := request("Both", withSecond("otter"), func(r *pmo.Request) { r.Content.Confidential = true })
	project(t, s, r)
	require.InDelta(t, 3, team(t, s, "falcon").Load, 1e-9)
	require.InDelta(t, 2, team(t, s, "otter").Load, 1e-9)
	require.Equal(t, 1, team(t, s, "otter").WIP)
	found, err := s.List(t.Context(), store.Filter{Team: "otter", SeesAll: true})
	require.NoError(t, err)
	require.Len(t, found.Items, 1)
	seen, err := s.List(t.Context(), store.Filter{Viewer: "mia"})
	require.NoError(t, err)
	require.Len(t, seen.Items, 1, "mia is in the team")
	inPortfolio(t, s, func(tx *store.PortfolioTx) {
		holds, err := tx.Holds(t.Context())
		require.NoError(t, err)
		require.Len(t, holds, 2)
		require.True(t, holds[1].Second && holds[1].Firm)
	})

	declined := request("Both", inAssignment, func(r *pmo.Request) { r.Declined = []pmo.Decline{{Team: "otter"}} })
	declined.ID, declined.Seq = r.ID, r.Seq+1
	inPortfolio(t, s, func(tx *store.PortfolioTx) {
		require.NoError(t, tx.HoldCapacity(t.Context(), r.ID, store.AssignmentPlace{Team: "falcon", Size: 3, SecondTeam: "otter", SecondSize: 2}, hours(5), 0))
	})
	project(t, s, declined, entry(1, pmo.EventOffered), entry(2, pmo.EventDeclined))
	require.Zero(t, team(t, s, "falcon").WIP+team(t, s, "otter").WIP, "a decline of the second gives both back")
}

// TestWhatASecondTeamFinished counts with its own part.
func TestWhatASecondTeamFinished(t *testing.T) {
	s := open(t)
	putTeam(t, s, "otter")
	r := request("Both", withSecond("otter"), func(r *pmo.Request) {
		r.Stage, r.StartedAt, r.AcceptedAt = pmo.StageClosure, hours(4), hours(100)
	})
	project(t, s, r)
	finished, err := s.TeamFinished(t.Context(), r.Portfolio, "otter", hours(0), 1)
	require.NoError(t, err)
	require.Len(t, finished, 1)
	require.InDelta(t, 2, finished[0].Size, 1e-9)
	inPortfolio(t, s, func(tx *store.PortfolioTx) {
		carried, err := tx.Carried(t.Context(), hours(0), hours(200))
		require.NoError(t, err)
		require.InDelta(t, 2*97.0/168, carried["otter"], 1e-3, "team-weeks times weeks")
	})
}

// TestMoreIsWantedByTheFirstTeam: what a request with two teams needs of the shared resources is on the place of the first, whichever name sorts first.
func TestMoreIsWantedByTheFirstTeam(t *testing.T) {
	s := open(t)
	putTeam(t, s, "falcon")
	putTeam(t, s, "ant")
	r := request("Both", withSecond("ant"), func(r *pmo.Request) { r.Content.Resources = []string{"lab:4"} })
	project(t, s, r)
	require.NoError(t, s.WantResources(t.Context(), r.ID, r.Portfolio, []string{"staging:2"}, func(own store.TeamHold, _ []store.TeamHold, _ []pmo.Resource) error {
		require.Equal(t, "falcon", own.Team)
		require.Equal(t, []string{"lab:4"}, own.Resources)
		return nil
	}))
	inPortfolio(t, s, func(tx *store.PortfolioTx) {
		holds, err := tx.Holds(t.Context())
		require.NoError(t, err)
		require.Len(t, holds, 2)
		require.Equal(t, map[string]float64{"lab": 4, "staging": 2}, pmo.ResourceNeeds(holds[1].Resources), "what it needed before it still holds")
	})
}

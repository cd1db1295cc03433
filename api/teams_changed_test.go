package api

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// TestAChangedTeamStartsTheRunThatItMakesWanted, of the page, of the API and of an import alike; a run that cannot be started is left to the next
// projection or the schedule, and the change stands.
func TestAChangedTeamStartsTheRunThatItMakesWanted(t *testing.T) {
	b := setup(t)
	b.store.teams = []store.TeamLoad{{Team: pmo.Team{ID: "heron", Name: "Heron", Portfolio: "digital", Leads: []string{"kai"}, Skills: []string{"data"}, Capacity: 4, Revision: 3}}}
	put := func() int {
		status, _, _ := b.call(t, "kai", "PUT", "/v1/teams/heron", `{"name":"Heron","portfolio":"digital","leads":["kai"],"skills":[],"capacity":4,"revision":3}`)
		return status
	}
	require.Equal(t, 200, put())
	require.Empty(t, b.engine.ran, "none is wanted")
	b.store.wantedCause = "capacity"
	require.Equal(t, 200, put())
	require.Equal(t, []contract.PrioritizationInput{{Portfolio: "digital", Cause: "capacity"}}, b.engine.ran)
	b.store.wantedCause = "capacity"
	status, _ := b.supply(t, "petra", wire.ImportSupply{Format: "csv", File: "team,skills\nheron,gis:2\n", NewSkills: true})
	require.Equal(t, 200, status)
	require.Len(t, b.engine.ran, 2)
	b.store.wantedCause, b.engine.err = "capacity", errors.New("away")
	require.Equal(t, 200, put())
	require.Equal(t, []string{"digital"}, b.store.notRequested)
}

package cli

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// TestTeamsSayTheMeasuredPace: as a proposal where another one is stated, and as a fault of the sizes where no pace can be so.
func TestTeamsSayTheMeasuredPace(t *testing.T) {
	team := func(id string, stated, measured float64) wire.TeamLoad {
		return wire.TeamLoad{Team: pmo.Team{ID: id, Pace: stated, Finished: &pmo.Finished{Pace: &pmo.MeasuredPace{Pace: measured, Requests: 12, Estimated: 30, Used: 24.5}}}}
	}
	f := &fake{answers: map[string]any{"GET /v1/teams": wire.Page[wire.TeamLoad]{Items: []wire.TeamLoad{team("falcon", 0, 1.25), team("otter", 1.25, 1.25), team("heron", 0, 7)}}}}
	got := run(t, f, "teams")
	require.NoError(t, got.err)
	require.Contains(t, got.out, "The measured pace of falcon is 1.25, the median of 12 finished requests with an estimated size: 30 team-weeks were estimated and 24.5 used. It is stated as 1; what another one would change: pmo what-if team falcon --pace 1.25")
	require.NotContains(t, got.out, "pace of otter", "it fits")
	require.Contains(t, got.out, "The measured pace of heron is 7")
	require.Contains(t, got.out, "its sizes are estimated wrongly")
}

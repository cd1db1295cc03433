package pmo_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// ofTwoTeams is a request in execution that falcon and otter have accepted.
func ofTwoTeams() *pmo.Request {
	r := pmo.New("r1", "d1", pmo.Submission{Content: pmo.Content{Title: "Booking", Size: 4, SecondTeam: pmo.SecondTeam{Share: 0.25}}, Requester: "sam", SubmittedBy: "sam", At: start})
	r.Stage, r.Status, r.Pull = pmo.StageAssignment, pmo.StatusOpen, &pmo.Pull{Run: "run", At: start}
	r.Offer(pmo.Assignment{Team: "falcon", Leads: []string{"theo"}, Size: 3, Second: &pmo.TeamPart{Team: "otter", Leads: []string{"lena"}, Size: 2, Pace: 0.5}}, start)
	accepted := *r.Assignment.Second
	accepted.ConfirmedAt = start
	r.Assignment.ConfirmedAt, r.Assignment.Second, r.Stage = start, &accepted, pmo.StageExecution
	return r
}

// TestThePartsOfASize are the shares of both teams; a share out of its bounds is named.
func TestThePartsOfASize(t *testing.T) {
	for _, c := range []struct {
		need          pmo.SecondTeam
		first, second float64
	}{{pmo.SecondTeam{}, 6, 0}, {pmo.SecondTeam{Skills: []string{"design"}}, 3, 3}, {pmo.SecondTeam{Share: 0.25}, 4.5, 1.5}} {
		first, second := c.need.Sizes(6)
		require.Equal(t, []float64{c.first, c.second}, []float64{first, second})
		require.Empty(t, c.need.ShareFault())
	}
	for _, share := range []float64{-0.1, 0.01, 0.96, 1, math.NaN(), math.Inf(1)} {
		require.NotEmpty(t, pmo.SecondTeam{Share: share}.ShareFault(), share)
	}
}

// TestASecondTeamWithoutRoomIsAskedItself: the requester and the lead of that team; the first team is asked again, with another second one, once it moves.
func TestASecondTeamWithoutRoomIsAskedItself(t *testing.T) {
	r := ofTwoTeams()
	r.LoseRoom(pmo.NoRoom{Team: "otter", Why: "Otter has less from now on.", Next: "heron", At: start.Add(time.Hour)}, start.Add(time.Hour))
	require.NotNil(t, r.Assignment.NoRoom)
	in := r.TermsInput(pmo.KindPlace, 1, "", nil, start)
	require.Equal(t, "otter", in.Team)
	require.Equal(t, []string{"lena"}, in.Leads)
	require.Equal(t, "falcon", r.TermsInput(pmo.KindPlan, 1, "", nil, start).Team, "the first team leads the work")
}

// TestAChangedSizeChangesBothParts, at the pace of each team; a second team that is no longer needed gives its place back.
func TestAChangedSizeChangesBothParts(t *testing.T) {
	r := ofTwoTeams()
	before := r.Assignment.Second
	r.Content.Size = 8
	r.ResizeForTest(start)
	require.InDelta(t, 6, r.Assignment.Size, 1e-9)
	require.InDelta(t, 4, r.Assignment.Second.Size, 1e-9, "a quarter of 8 at half the pace")
	require.InDelta(t, 2, before.Size, 1e-9, "what was shared before stays")
	r.Content.SecondTeam = pmo.SecondTeam{}
	r.ResizeForTest(start)
	require.Nil(t, r.Assignment.Second)
	require.InDelta(t, 8, r.Assignment.Size, 1e-9)
	require.Contains(t, r.Ledger[len(r.Ledger)-1].Text, "otter gives its place back")
}

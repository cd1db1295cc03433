package activities

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// withSecond is a request of a size of which a second team with the skill design does a half.
func (b *bench) withSecond(title string, size float64) contract.AssignInput {
	r := b.waiting(title, 5, size)
	r.Content.SecondTeam = pmo.SecondTeam{Skills: []string{"design"}}
	return b.searching(r)
}

// TestTwoTeamsAreHeldTogether: each takes its part, two calls hold once, and a team that declined is asked for neither part again.
func TestTwoTeamsAreHeldTogether(t *testing.T) {
	b := newBench(t)
	b.team("falcon", 10, 0, "web")
	b.team("heron", 10, 0, "design")
	b.team("otter", 10, 0, "design", "web")
	in := b.withSecond("Both", 4)
	got := b.assign(in)
	require.Equal(t, got, b.assign(in))
	require.NotNil(t, got.Second)
	require.NotEqual(t, got.Team, got.Second.Team)
	require.InDelta(t, 2, b.load(got.Team), 1e-9)
	require.InDelta(t, 2, b.load(got.Second.Team), 1e-9)
	require.Contains(t, got.Reasons[1], "(second team) goes to")

	in.Declined = []string{got.Second.Team}
	next := b.assign(in)
	require.NotNil(t, next.Second)
	require.NotContains(t, []string{next.Team, next.Second.Team}, got.Second.Team)
	require.Zero(t, b.load(got.Second.Team), "its place is given back")

	in.Declined = []string{"heron", "otter"}
	none := b.assign(in)
	require.Empty(t, none.Team)
	require.Contains(t, none.Waits, "of its second team: heron and otter declined, and nobody else has the skills")
	require.Zero(t, b.load("falcon")+b.load("heron")+b.load("otter"), "no place is held for one part alone")
}

// TestTwoWorkersNeverGiveOnePlaceOfTwo: eight requests need two teams of which one has room for three.
func TestTwoWorkersNeverGiveOnePlaceOfTwo(t *testing.T) {
	b := newBench(t)
	b.team("falcon", 20, 9, "web")
	b.team("heron", 3.75, 9, "design")
	var all []contract.AssignInput
	for range 8 {
		all = append(all, b.withSecond("Crowded", 2))
	}
	b.searchByTwo(all)
	require.InDelta(t, 3, b.load("falcon"), 1e-9)
	require.InDelta(t, 3, b.load("heron"), 1e-9, "ceiling 80 % of 3.75")
	var whole int
	require.NoError(t, b.pool.QueryRow(t.Context(), `SELECT count(*) FROM capacity_hold WHERE team = 'falcon' AND second_team = 'heron'`).Scan(&whole))
	require.Equal(t, 3, whole)
}

// TestASecondTeamBesideOneOverItsLimits: the PMO puts the first team over its limits, and the second is planned within its own.
func TestASecondTeamBesideOneOverItsLimits(t *testing.T) {
	b := newBench(t)
	b.team("falcon", 1, 0, "web")
	b.team("heron", 10, 0, "design")
	in := b.withSecond("Both", 4)
	require.Empty(t, b.assign(in).Team)
	in.Named, in.OverLimit = "falcon", true
	got := b.assign(in)
	require.Equal(t, "falcon", got.Team)
	require.Equal(t, "heron", got.Second.Team)
	require.InDelta(t, 2, b.load("falcon"), 1e-9)
	require.InDelta(t, 2, b.load("heron"), 1e-9)
	in.Declined = []string{"heron"}
	require.Contains(t, b.assign(in).Waits, "of its second team: ")
	require.Zero(t, b.load("falcon"))
}

// TestTwoTeamsWouldHelp where neither has all the skills; with the answer they are held.
func TestTwoTeamsWouldHelp(t *testing.T) {
	b := newBench(t)
	b.team("falcon", 10, 0, "web")
	b.team("heron", 10, 0, "design")
	r := b.waiting("Both skills", 5, 4)
	r.Content.Skills = []string{"web", "design"}
	in := b.searching(r)
	in.Remedies = true
	found := b.assign(in)
	require.Empty(t, found.Team)
	require.Contains(t, found.Waits, "together cover all, so a split or a second team would fit")
	var second *pmo.Remedy
	for i := range found.Remedies {
		if found.Remedies[i].ID == pmo.RemedySecond {
			second = &found.Remedies[i]
		}
	}
	require.NotNil(t, second)
	in.Content.Skills, in.Content.SecondTeam = []string{"web"}, pmo.SecondTeam{Skills: second.Second}
	got := b.assign(in)
	require.Equal(t, "falcon", got.Team)
	require.Equal(t, "heron", got.Second.Team)
}

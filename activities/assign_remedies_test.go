package activities

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// TestASearchThatFindsNoTeamSaysWhatWouldHelp and when the PMO is asked: after the time of the policy, counted from the first such search.
func TestASearchThatFindsNoTeamSaysWhatWouldHelp(t *testing.T) {
	b := newBench(t)
	b.team("falcon", 10, 1, "web")
	b.team("otter", 10, 0, "gis")
	require.Equal(t, "falcon", b.assign(b.forTeam("First", 1)).Team)
	in := b.forTeam("Second", 1)
	require.Empty(t, b.assign(in).Remedies, "nobody asked for them")
	in.Remedies = true
	out := b.assign(in)
	require.Empty(t, out.Team)
	var texts []string
	for _, m := range out.Remedies {
		texts = append(texts, m.Text)
	}
	require.Equal(t, []string{"Raise the WIP limit of falcon from 1 to 2.", "Let otter learn or borrow web:1."}, texts)
	after := b.Policy.Now().AskForTeamAt(portfolio, day)
	require.Equal(t, after, out.AskAt)
	require.Equal(t, 33*time.Hour, after.Sub(day), "the end of the second working day, from a Monday at eight")
	in.Since = day.AddDate(0, 0, -7)
	require.Equal(t, b.Policy.Now().AskForTeamAt(portfolio, in.Since), b.assign(in).AskAt)

	team, err := b.store.Team(t.Context(), "falcon")
	require.NoError(t, err)
	_, err = b.store.PutTeam(t.Context(), out.Remedies[0].Apply(team.Team, 4, 0.8), "petra", day)
	require.NoError(t, err)
	require.Equal(t, "falcon", b.assign(in).Team, "with the change it has a team")
}

// TestThePMOIsAskedAtOnceWhereNoTeamCouldEver: there is nothing to wait for.
func TestThePMOIsAskedAtOnceWhereNoTeamCouldEver(t *testing.T) {
	b := newBench(t)
	b.team("falcon", 10, 0, "web")
	cobol, large, refused, named := b.forTeam("Skill", 1), b.forTeam("Size", 9), b.forTeam("Declined", 1), b.forTeam("Named", 9)
	cobol.Content.Skills = []string{"cobol"}
	refused.Declined = []string{"falcon"}
	named.Named = "falcon"
	for _, in := range []contract.AssignInput{cobol, large, refused, named} {
		out := b.assign(in)
		require.Empty(t, out.Team)
		require.Zero(t, out.AskAt)
	}
}

// TestWhatWouldHelpALargeRequest: more of the team's capacity for it, or a part that fits.
func TestWhatWouldHelpALargeRequest(t *testing.T) {
	b := newBench(t)
	b.team("falcon", 10, 0, "web")
	large := b.forTeam("Large", 9)
	large.Remedies = true
	out := b.assign(large)
	require.Zero(t, out.AskAt, "it is too large even for an idle team")
	require.Equal(t, "Raise the load ceiling of falcon from 80 % to 90 %.", out.Remedies[0].Text)
	require.Equal(t, "Split it: falcon has room for a part of at most 8 team-weeks now.", out.Remedies[1].Text)
}

// TestAWeekWithRoomIsNamed: the work of the other ends by its plan.
func TestAWeekWithRoomIsNamed(t *testing.T) {
	b := newBench(t)
	b.team("falcon", 10, 1, "web")
	first := b.forTeam("First", 1)
	require.Equal(t, "falcon", b.assign(first).Team)
	row, err := b.store.Request(t.Context(), first.ID)
	require.NoError(t, err)
	r := row.Request
	r.Stage, r.Seq = pmo.StageExecution, r.Seq+1
	r.Assignment = &pmo.Assignment{Team: "falcon", Leads: []string{"theo"}, Size: 1, ConfirmedAt: day}
	r.Plan = &pmo.Plan{Approach: "kanban", AgreedAt: day, Milestones: []pmo.Milestone{{Name: "done", Due: pmo.Date(day.AddDate(0, 0, 10).Format(time.DateOnly))}}}
	b.project(r)
	in := b.forTeam("Second", 1)
	in.Remedies = true
	out := b.assign(in)
	last := out.Remedies[len(out.Remedies)-1]
	require.Equal(t, pmo.RemedyWait, last.ID)
	require.Equal(t, pmo.Date(day.AddDate(0, 0, 14).Format(time.DateOnly)), last.Until)
}

package activities

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/testkit"
)

func (b *bench) forTeam(title string, size float64) contract.AssignInput {
	return b.searching(b.waiting(title, 5, size))
}

// searching brings a request to where it looks for a team.
func (b *bench) searching(r pmo.Request) contract.AssignInput {
	r.Stage, r.Pull, r.PulledAt, r.Seq = pmo.StageAssignment, &pmo.Pull{Run: "run", At: day}, day, r.Seq+1
	b.project(r)
	return contract.AssignInput{ID: r.ID, Number: r.Number, Portfolio: portfolio, Content: r.Content, At: day}
}

func (b *bench) assign(in contract.AssignInput) contract.AssignResult {
	b.t.Helper()
	out, err := b.Assign(b.t.Context(), in)
	require.NoError(b.t, err)
	return out
}

func (b *bench) load(team string) float64 {
	b.t.Helper()
	found, err := b.store.Team(b.t.Context(), team)
	require.NoError(b.t, err)
	return found.Load
}

func TestAssignHoldsCapacityOnce(t *testing.T) {
	b := newBench(t)
	b.team("falcon", 10, 0, "web")
	b.team("heron", 10, 0, "mobile")
	in := b.forTeam("Fits", 3)
	first := b.assign(in)
	require.Equal(t, "falcon", first.Team)
	require.Equal(t, []string{"theo"}, first.Leads)
	require.Contains(t, first.Reasons[0], "R-1")
	require.Contains(t, first.Reasons[1], "heron", "it gives the reason against the others")
	require.Equal(t, first.Team, b.assign(in).Team)
	require.InDelta(t, 3, b.load("falcon"), 1e-9, "two calls, one hold")
}

func TestAssignSaysWhatBinds(t *testing.T) {
	b := newBench(t)
	b.team("falcon", 10, 0, "web")
	require.Equal(t, "falcon", b.assign(b.forTeam("First", 7)).Team)
	full := b.assign(b.forTeam("Second", 4))
	require.Empty(t, full.Team)
	require.Contains(t, full.Waits, "80 %")
	require.True(t, full.RetryAt.After(day))

	in := b.forTeam("Declined", 1)
	in.Declined = []string{"falcon"}
	require.Contains(t, b.assign(in).Waits, "declined")
}

func TestAssignWithoutTeams(t *testing.T) {
	b := newBench(t)
	out := b.assign(b.forTeam("Alone", 1))
	require.Empty(t, out.Team)
	require.NotEmpty(t, out.Waits)
}

// TestAssignOfACancelledRequestHoldsNothing: its search was still under way when its workflow was cancelled and its row closed.
func TestAssignOfACancelledRequestHoldsNothing(t *testing.T) {
	b := newBench(t)
	b.team("falcon", 10, 0, "web")
	in := b.forTeam("Cancelled", 3)
	row, err := b.store.Request(t.Context(), in.ID)
	require.NoError(t, err)
	row.Status, row.Outcome, row.ClosedAt, row.Seq = pmo.StatusClosed, pmo.OutcomeCancelled, day, row.Seq+1
	const execution = "default-test-run-id" // of the test environment
	_, _, err = b.store.Project(t.Context(), execution, row.Request, nil)
	require.NoError(t, err)

	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	env.SetTestTimeout(testkit.Patience) // three seconds are the default
	env.RegisterActivity(b.Assign)
	value, err := env.ExecuteActivity(b.Assign, in)
	require.NoError(t, err)
	var out contract.AssignResult
	require.NoError(t, value.Get(&out))
	require.Empty(t, out.Team)
	require.Zero(t, b.load("falcon"))
	require.Equal(t, "falcon", b.assign(in).Team, "an execution after a reset may go on")
}

// TestATeamThatThePMONamed is offered whatever its skills, within its limits; over them only when the PMO raises them for the request.
func TestATeamThatThePMONamed(t *testing.T) {
	b := newBench(t)
	b.team("falcon", 10, 0, "mobile")
	b.team("heron", 10, 0, "web")
	in := b.forTeam("Named", 3)
	in.Named, in.Declined = "falcon", []string{"falcon"}
	named := b.assign(in)
	require.Equal(t, "falcon", named.Team, "it lacks the skill, and the PMO knows")
	require.Equal(t, "The PMO named falcon", named.Reasons[0])

	large := b.forTeam("Too large", 7)
	large.Named = "falcon"
	require.Contains(t, b.assign(large).Waits, "80 %", "its limits stand")
	require.InDelta(t, 3, b.load("falcon"), 1e-9)
	large.OverLimit = true
	over := b.assign(large)
	require.Equal(t, "falcon", over.Team)
	require.Contains(t, over.Reasons[0], "over its limits for this request alone")
	require.InDelta(t, 10, b.load("falcon"), 1e-9, "its capacity is held all the same")

	in.Named = "nowhere"
	require.Contains(t, b.assign(in).Waits, `"nowhere", which this portfolio does not have`)
}

// TestAssignLeavesAnAbsentTeamAlone: what is absent in the seven days from the search counts, in working days; later absences do not yet.
func TestAssignLeavesAnAbsentTeamAlone(t *testing.T) {
	b := newBench(t)
	b.team("falcon", 10, 0, "web")
	team, err := b.store.Team(t.Context(), "falcon")
	require.NoError(t, err)
	on := func(days int) pmo.Date { return pmo.Date(day.AddDate(0, 0, days).Format("2006-01-02")) }
	absent := func(list ...pmo.Absence) {
		t.Helper()
		team.Absences = list
		saved, err := b.store.PutTeam(t.Context(), team.Team, "theo", day)
		require.NoError(t, err)
		team.Team = saved
	}
	absent(pmo.Absence{From: on(0), Until: on(6), WholeTeam: true})
	in := b.forTeam("Fits", 3)
	out := b.assign(in)
	require.Empty(t, out.Team)
	require.Contains(t, out.Waits, "is absent")
	absent(pmo.Absence{From: on(0), Until: on(6), Amount: 7})
	require.Contains(t, b.assign(in).Waits, "70 % of it is absent now")
	absent(pmo.Absence{From: on(7), Until: on(30), WholeTeam: true})
	require.Equal(t, "falcon", b.assign(in).Team)
}

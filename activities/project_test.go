package activities

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// A projection that frees a slot somebody waits for asks for a run, and goes on asking until one was made: the wish is on file.
func TestProjectAsksForARunUntilThereWasOne(t *testing.T) {
	b := newBench(t)
	held := b.waiting("Holds a slot", 5, 1)
	waits := b.waiting("Waits", 5, 1)
	held.Stage, held.Pull, held.PulledAt, held.Seq = pmo.StageApproach, &pmo.Pull{Run: "override", At: day}, day, 2
	b.project(held)
	b.fails = errAway
	held.Status, held.Outcome, held.Reason, held.ClosedAt, held.Seq = pmo.StatusClosed, pmo.OutcomeCancelled, "not needed", day, 3
	project := func(r pmo.Request) {
		var suite testsuite.WorkflowTestSuite
		env := suite.NewTestActivityEnvironment()
		env.RegisterActivity(b.Project)
		_, err := env.ExecuteActivity(b.Project, contract.ProjectInput{Snapshot: r})
		require.NoError(t, err, "a run that cannot be started holds no projection up")
	}
	project(held)
	require.Equal(t, 1, b.soon)
	b.fails = nil
	again := func() {
		waits.Seq++
		project(waits)
	}
	again()
	require.Equal(t, 2, b.soon, "the wish is still on file")
	again()
	require.Equal(t, 2, b.soon, "it has been asked for")
	b.rank("run-1", false)
	again()
	require.Equal(t, 2, b.soon, "a run has looked")
}

// TestARunNobodyCouldAskForIsAskedForByTheNext: the step ran out of time before Temporal answered.
func TestARunNobodyCouldAskForIsAskedForByTheNext(t *testing.T) {
	b := newBench(t)
	burning := b.waiting("Burning", 5, 1)
	burning.Content.Class, burning.Seq = pmo.ClassExpedite, 2
	wants := func() bool {
		_, wants, err := b.store.Project(t.Context(), "run-of-"+burning.ID, burning, nil)
		require.NoError(t, err)
		burning.Seq++
		return wants
	}
	require.True(t, wants())
	require.False(t, wants(), "one asks")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	b.fails = ctx.Err()
	b.askForRun(ctx, portfolio)
	require.True(t, wants())
}

func TestAdmitGivesTheSameNumberAgain(t *testing.T) {
	b := newBench(t)
	in := contract.AdmitInput{ID: "7f3c2a10-0000-4000-8000-000000000001", Requester: "sam", SubmittedAt: day, Content: pmo.Content{Title: "Half told", Kind: "enhancement"}}
	first, err := b.Admit(context.Background(), in)
	require.NoError(t, err)
	again, err := b.Admit(context.Background(), in)
	require.NoError(t, err)
	require.Equal(t, first.Number, again.Number)
	require.Equal(t, portfolio, first.Portfolio)
	require.NotEmpty(t, first.Missing)
	require.Contains(t, first.Forecast, "annot forecast", "there is no history yet")
}

package activities

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
	"leanpmo/internal/wanted"
)

// execute runs the activity Project as a worker does.
func (b *bench) execute(r pmo.Request) {
	b.t.Helper()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	env.SetTestTimeout(testkit.Patience) // three seconds are the default
	env.RegisterActivity(b.Project)
	_, err := env.ExecuteActivity(b.Project, contract.ProjectInput{Snapshot: r})
	require.NoError(b.t, err, "a prioritization that cannot be started fails no projection")
}

// A projection that frees a slot another request waits for requests a prioritization, and later ones repeat that until one has happened.
func TestProjectRequestsAPrioritizationUntilItHappens(t *testing.T) {
	b := newBench(t)
	held := b.waiting("Holds a slot", 5, 1)
	waits := b.waiting("Waits", 5, 1)
	held.Stage, held.Pull, held.PulledAt, held.Seq = pmo.StageApproach, &pmo.Pull{Run: "override", At: day}, day, 2
	b.project(held)
	b.fails = errDown
	held.Status, held.Outcome, held.Reason, held.ClosedAt, held.Seq = pmo.StatusClosed, pmo.OutcomeCancelled, "not needed", day, 3
	b.execute(held)
	require.Equal(t, []string{store.CauseCapacity}, b.causes)
	b.fails = nil
	again := func() {
		waits.Seq++
		b.execute(waits)
	}
	again()
	require.Len(t, b.causes, 2, "it is still wanted")
	again()
	require.Len(t, b.causes, 2, "it has been requested")
	b.rank("run-1", false)
	again()
	require.Len(t, b.causes, 2, "it has happened")
}

// TestExpediteRequestIsTheCause: the prioritization records that an expedite request caused it, not freed capacity.
func TestExpediteRequestIsTheCause(t *testing.T) {
	b := newBench(t)
	burning := b.waiting("Burning", 5, 1)
	burning.Content.Class, burning.Seq = pmo.ClassExpedite, 2
	b.execute(burning)
	require.Equal(t, []string{store.CauseExpedite}, b.causes)
}

// TestFailedRequestIsRepeatedByTheNextProjection: the activity's time was over before Temporal replied.
func TestFailedRequestIsRepeatedByTheNextProjection(t *testing.T) {
	b := newBench(t)
	burning := b.waiting("Burning", 5, 1)
	burning.Content.Class, burning.Seq = pmo.ClassExpedite, 2
	project := func() string {
		_, cause, err := b.store.Project(t.Context(), "run-of-"+burning.ID, burning, nil)
		require.NoError(t, err)
		burning.Seq++
		return cause
	}
	require.Equal(t, store.CauseExpedite, project())
	require.Empty(t, project(), "one caller requests it")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	b.fails = ctx.Err()
	wanted.Start(ctx, b.store, b.PrioritizeSoon, b.Policy.Now(), b.Log, portfolio, store.CauseExpedite, time.Now())
	require.Equal(t, store.CauseExpedite, project())
}

func TestAdmitIsIdempotent(t *testing.T) {
	b := newBench(t)
	in := contract.AdmitInput{ID: "7f3c2a10-0000-4000-8000-000000000001", Requester: "sam", SubmittedAt: day, Content: pmo.Content{Title: "Incomplete", Kind: "enhancement"}}
	first, err := b.Admit(context.Background(), in)
	require.NoError(t, err)
	again, err := b.Admit(context.Background(), in)
	require.NoError(t, err)
	require.Equal(t, first.Number, again.Number)
	require.Equal(t, portfolio, first.Portfolio)
	require.NotEmpty(t, first.Missing)
	require.Contains(t, first.Forecast, "annot forecast", "there is no history yet")
}

package activities

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/priority"
	"leanpmo/internal/store"
)

// needing makes a request need others since a day.
func (b *bench) needing(r pmo.Request, days int, others ...pmo.Request) pmo.Request {
	b.t.Helper()
	r.Content.Needs, r.NeededSince = nil, map[string]time.Time{}
	for _, o := range others {
		r.Content.Needs = append(r.Content.Needs, pmo.Ref(o.Number))
		r.NeededSince[pmo.Ref(o.Number)] = day.AddDate(0, 0, days)
	}
	r.Seq++
	b.project(r)
	return r
}

func (b *bench) line(r pmo.Request) store.RankedRequest {
	b.t.Helper()
	line, err := b.store.RankOf(b.t.Context(), r.ID)
	require.NoError(b.t, err)
	return line
}

func TestRankPutsWhatIsNeededFirstAndPullsNothingBeforeIt(t *testing.T) {
	b := newBench(t)
	needed, wanted, other := b.waiting("Needed", 2, 2), b.waiting("Wanted", 20, 2), b.waiting("Other", 12, 3)
	require.Equal(t, []string{wanted.ID, other.ID, needed.ID}, b.rank("without", true).Pulled)
	wanted = b.needing(wanted, 0, needed)
	done := b.rank("with", false)
	require.Equal(t, []string{needed.ID, other.ID}, done.Pulled)
	line := b.line(wanted)
	require.Equal(t, 2, line.Rank, "directly behind what it needs")
	require.Equal(t, fmt.Sprintf("it needs R-%d, which is not delivered (in prioritization)", needed.Number), line.LimitReason)
	require.Equal(t, []int64{needed.Number}, line.Prerequisites)
	require.Equal(t, []priority.Ref{{ID: wanted.ID, Number: wanted.Number}}, b.line(needed).Detail.Unblocks)

	// It is begun, and then delivered.
	b.rank("begun", false)
	require.Contains(t, b.line(wanted).LimitReason, fmt.Sprintf("it needs R-%d, which is not delivered", needed.Number))
	b.Policy.Take(withPrerequisites(t, "begun"))
	require.Equal(t, []string{wanted.ID}, b.rank("begun is enough", true).Pulled)
	b.Policy.Take(withPrerequisites(t, "delivered"))
	needed.Stage, needed.Pull, needed.AcceptedAt = pmo.StageClosure, &pmo.Pull{Run: "with", At: day}, day
	needed.Seq++
	b.project(needed)
	require.Equal(t, []string{wanted.ID}, b.rank("delivered", false).Pulled)
}

func withPrerequisites(t *testing.T, rule string) *policy.Policy {
	t.Helper()
	p, err := policy.Parse(bytes.Replace(policy.Default().Source(), []byte("\nprioritization:\n"), []byte("\nprioritization:\n  prerequisites: "+rule+"\n"), 1))
	require.NoError(t, err)
	require.Equal(t, policy.Prerequisites(rule), p.Prerequisites())
	return p
}

func TestRankNamesACycleAndGoesOn(t *testing.T) {
	b := newBench(t)
	first, second := b.waiting("First", 5, 1), b.waiting("Second", 20, 1)
	first = b.needing(first, 1, second)
	second = b.needing(second, 2, first)
	done := b.rank("cycle", false)
	cycle := fmt.Sprintf("A cycle: R-%d needs R-%d needs R-%d. It is ranked as if R-%d did not need R-%d, which came last.", first.Number, second.Number, first.Number, second.Number, first.Number)
	require.Contains(t, done.Words, cycle)
	require.Equal(t, []string{second.ID}, done.Pulled, "the older edge holds")
	require.Equal(t, cycle, b.line(first).Detail.Problem)
}

func TestWhatEndsWithoutBeingDeliveredHoldsNothingBack(t *testing.T) {
	b := newBench(t)
	gone, wanted := b.waiting("Gone", 2, 2), b.waiting("Wanted", 20, 2)
	wanted = b.needing(wanted, 0, gone)
	gone.Status, gone.Outcome, gone.ClosedAt = pmo.StatusClosed, pmo.OutcomeWithdrawn, day
	gone.Seq++
	b.project(gone)
	gone.Seq++
	b.project(gone)
	entries, err := b.store.Ledger(t.Context(), wanted.ID, 0, 50)
	require.NoError(t, err)
	require.Len(t, entries.Items, 1, "told once")
	entry := entries.Items[0]
	require.Equal(t, pmo.EventPrerequisiteLost, entry.Event)
	require.Equal(t, []string{wanted.Requester}, entry.Recipients)
	require.Equal(t, fmt.Sprintf("Of what this request needs, R-%d ended as withdrawn. It holds this one back no longer: take it out, or ask for it again.", gone.Number), entry.Text)
	require.Equal(t, []string{wanted.ID}, b.rank("lost", false).Pulled)
	require.Contains(t, b.line(wanted).Detail.Problem, fmt.Sprintf("It needs R-%d, which ended as withdrawn", gone.Number))
}

func TestDependenciesOfARunAreACauseInTheNext(t *testing.T) {
	b := newBench(t)
	for i := range 12 {
		b.waiting(fmt.Sprintf("Pulled first %d", i), 20, 1)
	}
	require.Len(t, b.rank("full", false).Pulled, 12)
	needed, wanted := b.waiting("Needed", 2, 2), b.waiting("Wanted", 18, 2)
	b.rank("before", false)
	wanted = b.needing(wanted, 0, needed)
	b.rank("tied", false)
	require.Equal(t, "what needs what changed (+1)", b.cause(needed))
	b.rank("unchanged", false)
	require.Empty(t, b.cause(needed), "what needed what is recorded")
	needed.Status, needed.Outcome, needed.ClosedAt = pmo.StatusClosed, pmo.OutcomeRejected, day
	needed.Seq++
	b.project(needed)
	b.rank("departed", false)
	require.Equal(t, "requests left (+1)", b.cause(wanted))
}

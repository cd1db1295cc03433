package activities

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

func (b *bench) rank(run string, dry bool) contract.PrioritizationResult {
	b.t.Helper()
	done, err := b.Rank(b.t.Context(), contract.RankInput{PrioritizationInput: contract.PrioritizationInput{Portfolio: portfolio, Cause: "now", Actor: "petra", Dry: dry}, ID: run, At: day})
	require.NoError(b.t, err)
	return done
}

func TestRankPullsTheBestWithinTheLimits(t *testing.T) {
	b := newBench(t)
	best := b.waiting("Best", 20, 1)
	for i := range 14 {
		b.waiting(fmt.Sprintf("Ordinary %d", i), 3, 5)
	}
	dry := b.rank("dry", true)
	require.Contains(t, dry.Pulled, best.ID)
	row, err := b.store.Request(t.Context(), best.ID)
	require.NoError(t, err)
	require.Nil(t, row.Slot, "a dry run takes no slot")

	done := b.rank("run-1", false)
	require.Equal(t, 15, done.Count)
	require.Equal(t, best.ID, done.Pulled[0])
	require.Len(t, done.Pulled, 12, "the default policy's WIP limit")
	require.Equal(t, done, b.rank("run-1", false), "a repeated run answers as the first time")
	require.Empty(t, b.rank("run-2", false).Pulled, "the slots are taken")

	lines, err := b.store.Prioritization(t.Context(), "run-1")
	require.NoError(t, err)
	require.Contains(t, lines.Words, "15 requests")
}

func TestRankSaysWhyNotPulled(t *testing.T) {
	b := newBench(t)
	r := b.waiting("Unscored", 5, 1)
	r.Content.Inputs = pmo.Inputs{}
	r.Seq++
	b.project(r)
	require.Empty(t, b.rank("run-1", false).Pulled)
	line, err := b.store.RankOf(t.Context(), r.ID)
	require.NoError(t, err)
	require.NotEmpty(t, line.LimitReason)
	require.Len(t, line.Missing, 4)
	require.False(t, line.Scored)
}

func TestReturnSlot(t *testing.T) {
	b := newBench(t)
	r := b.waiting("Gone", 5, 1)
	require.Equal(t, []string{r.ID}, b.rank("run-1", false).Pulled)
	require.NoError(t, b.ReturnSlot(t.Context(), contract.SlotInput{Portfolio: portfolio, RequestID: r.ID, PrioritizationID: "another run"}))
	row, err := b.store.Request(t.Context(), r.ID)
	require.NoError(t, err)
	require.NotNil(t, row.Slot, "a slot another run gave is not this one's to give back")
	require.NoError(t, b.ReturnSlot(t.Context(), contract.SlotInput{Portfolio: portfolio, RequestID: r.ID, PrioritizationID: "run-1"}))
	row, err = b.store.Request(t.Context(), r.ID)
	require.NoError(t, err)
	require.Nil(t, row.Slot)
}

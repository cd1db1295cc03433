package activities

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// TestWhatGaveItsSlotBackWaitsForATeam: its slot is free for others, and it is not pulled again only to give it back again.
func TestWhatGaveItsSlotBackWaitsForATeam(t *testing.T) {
	b := newBench(t)
	b.team("falcon", 10, 0, "mobile")
	r := b.waiting("Needs web", 20, 1)
	require.Equal(t, []string{r.ID}, b.rank("run-1", false).Pulled)
	r.Stage, r.Pull, r.PulledAt, r.Seq = pmo.StageAssignment, &pmo.Pull{Run: "run-1", At: day}, day, r.Seq+1
	b.project(r)
	require.Equal(t, 1, b.slots())

	r.Stage, r.Pull, r.Returned, r.Seq = pmo.StagePrioritization, nil, &pmo.Returned{Cause: pmo.CauseNoTeam, Reason: "nobody knows web", At: day}, r.Seq+1
	b.project(r)
	require.Zero(t, b.slots(), "the slot is given back")
	require.Empty(t, b.rank("run-2", false).Pulled)
	lines, err := b.store.PrioritizationLines(t.Context(), "run-2", store.View{SeesAll: true})
	require.NoError(t, err)
	require.Contains(t, lines.Items[0].LimitReason, "it gave its slot back and no team could take it now: no team covers web")

	b.team("heron", 10, 0, "web")
	require.Equal(t, []string{r.ID}, b.rank("run-3", false).Pulled, "a team could take it")
}

// TestABlockerIsNotPulledAtOnce: a team would fit, so time has to pass.
func TestABlockerIsNotPulledAtOnce(t *testing.T) {
	b := newBench(t)
	b.team("falcon", 10, 0, "web")
	r := b.waiting("Blocked", 20, 1)
	other := b.waiting("Other", 1, 1)
	r.PulledAt, r.Seq = day, r.Seq+1
	r.Returned = &pmo.Returned{Cause: pmo.CauseBlocked, Reason: "no licence", At: day, Until: day.Add(7 * 24 * time.Hour)}
	b.project(r)
	require.Equal(t, []string{other.ID}, b.rank("run-1", false).Pulled)
	lines, err := b.store.PrioritizationLines(t.Context(), "run-1", store.View{SeesAll: true})
	require.NoError(t, err)
	require.Equal(t, "it gave its slot back (no licence) and is not pulled before 2027-03-08", lines.Items[0].LimitReason)
	require.Equal(t, []string{r.ID}, b.rankAt("run-2", false, day.Add(8*24*time.Hour)).Pulled)
}

// TestAnAnswerAboutTheFormComesBeforeThePull: the request keeps its rank, and the next one gets the slot.
func TestAnAnswerAboutTheFormComesBeforeThePull(t *testing.T) {
	b := newBench(t)
	r, other := b.waiting("Sponsor swapped", 20, 1), b.waiting("Other", 1, 1)
	r.Process, r.Seq = pmo.LatestProcess, r.Seq+1
	r.Questions = []pmo.Question{{ID: "sponsor/2", Kind: pmo.KindSponsor, Round: 2, People: []string{"rita"}, Status: pmo.QuestionOpen}}
	b.project(r)
	require.Equal(t, []string{other.ID}, b.rank("run-1", false).Pulled)
	lines, err := b.store.PrioritizationLines(t.Context(), "run-1", store.View{SeesAll: true})
	require.NoError(t, err)
	require.Equal(t, r.ID, lines.Items[0].ID)
	require.Equal(t, "it is not pulled before sponsor/2 is answered", lines.Items[0].LimitReason)

	r.Questions[0].Status, r.Seq = pmo.QuestionSettled, r.Seq+1
	b.project(r)
	require.Equal(t, []string{r.ID}, b.rank("run-2", false).Pulled)
}

// slots counts the slots that are taken.
func (b *bench) slots() (n int) {
	b.t.Helper()
	require.NoError(b.t, b.store.InPortfolio(b.t.Context(), portfolio, func(tx *store.PortfolioTx) error {
		taken, err := tx.Occupancy(b.t.Context())
		n = taken.Total
		return err
	}))
	return n
}

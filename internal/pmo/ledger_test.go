package pmo_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// keysOf are the keys of the entries of a request, sorted.
func keysOf(r *pmo.Request) []string {
	var keys []string
	for _, e := range r.UnprojectedEntries() {
		keys = append(keys, e.Key)
	}
	slices.Sort(keys)
	return keys
}

// inWork is a request in execution that counts its lines, as every new one does.
func inWork(t *testing.T) *pmo.Request {
	t.Helper()
	r := pmo.New("7f3c2a10-0000-4000-8000-000000000001", "d", pmo.Submission{Requester: "sam", SubmittedBy: "sam", At: start, Content: pmo.Content{Title: "Lists"}})
	r.StartEntryCounts()
	r.Stage, r.Status, r.Pull = pmo.StageExecution, pmo.StatusOpen, &pmo.Pull{Run: "override", At: start}
	r.Assignment = &pmo.Assignment{Team: "falcon", Leads: []string{"theo"}, ConfirmedAt: start}
	r.Plan = &pmo.Plan{Approach: "kanban", AgreedAt: start}
	return r
}

// TestATaskDoneAgainInAnotherOrderTellsTheSameLines: after a crash the server may hand over the same commands in another order and at
// other moments. Entries that are stored by then are recognised by their key: none is stored twice, and none is lost.
func TestATaskDoneAgainInAnotherOrderTellsTheSameLines(t *testing.T) {
	commands := []func(*pmo.Request, time.Time){
		func(r *pmo.Request, now time.Time) {
			r.ApplyReport(pmo.Report{Header: pmo.Header{By: pmo.By{Actor: "theo", Key: "k1"}}, Note: "the first"}, now)
		},
		func(r *pmo.Request, now time.Time) {
			r.ApplyReport(pmo.Report{Header: pmo.Header{By: pmo.By{Actor: "theo", Key: "k2"}}, Note: "the second"}, now)
		},
		func(r *pmo.Request, now time.Time) {
			r.ApplyWatch(pmo.Watch{Header: pmo.Header{By: pmo.By{Actor: "mia", Key: "k3"}}, Add: []string{"mia"}}, now)
		},
		func(r *pmo.Request, now time.Time) {
			r.ApplyReassign(pmo.Reassign{Header: pmo.Header{By: pmo.By{Actor: "petra", Key: "k4"}}, Team: "otter", Reason: "has room"}, now)
		},
	}
	lost, again := inWork(t), inWork(t)
	for i, command := range commands {
		command(lost, start.Add(time.Duration(i)*time.Second))
	}
	for _, i := range []int{2, 1, 0, 3} {
		commands[i](again, start.Add(time.Hour))
	}
	require.Equal(t, keysOf(lost), keysOf(again))
	require.Len(t, slices.Compact(keysOf(again)), int(again.LedgerSeq), "each line has a key of its own")
}

// TestLinesOfTheSameKindAreToldApart: twice the same is two lines; another text under the same count is another line.
func TestLinesOfTheSameKindAreToldApart(t *testing.T) {
	r := inWork(t)
	r.EnterForTest(pmo.StageReview, start)
	r.EnterForTest(pmo.StageExecution, start)
	r.EnterForTest(pmo.StageReview, start)
	require.Len(t, slices.Compact(keysOf(r)), 3)

	none := func(why string) string {
		r := inWork(t)
		r.Stage, r.Assignment = pmo.StageAssignment, nil
		r.NoTeam(why, time.Time{}, start)
		return r.UnprojectedEntries()[0].Key
	}
	require.Equal(t, none("nobody has the skill"), none("nobody has the skill"))
	require.NotEqual(t, none("nobody has the skill"), none("nobody has room"))
}

// TestOldRequestsKeepTheirKeys: their entries are stored under their position in the ledger.
func TestOldRequestsKeepTheirKeys(t *testing.T) {
	r := inWork(t)
	r.EntryCounts = nil
	r.EnterForTest(pmo.StageReview, start)
	r.ApplyReport(pmo.Report{Header: pmo.Header{By: pmo.By{Actor: "theo", Key: "k1"}}}, start)
	require.Equal(t, "stage_entered/review/#1", r.UnprojectedEntries()[0].Key)
	require.Equal(t, "reported/review/#2", r.UnprojectedEntries()[1].Key)
}

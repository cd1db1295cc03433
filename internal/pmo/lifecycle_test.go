package pmo_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

func TestHoldAfterThePull(t *testing.T) {
	r := working()
	r.NoTeamReason, r.RetryAt, r.ReconfirmBy = "otter is full", start.Add(day), start.Add(90*day)
	r.ApplyHold(pmo.Stop{Reason: "audit"}, start.Add(100*day))
	require.Nil(t, r.Pull)
	require.Nil(t, r.Assignment)
	require.Equal(t, "falcon", r.PreviousAssignment.Team)
	require.Empty(t, r.NoTeamReason, "what it waited for is over")
	require.Zero(t, r.RetryAt)
}

// TestPulledWorkDoesNotCool: whoever comes back to the backlog is asked about the need after the full time, not at once.
func TestPulledWorkDoesNotCool(t *testing.T) {
	r := submitted()
	r.EnterForTest(pmo.StagePrioritization, start)
	r.NextStep(start)
	require.Equal(t, start.Add(90*day), r.ReconfirmDue())
	require.True(t, r.TakeSlot(pmo.Pull{Run: "run"}, start.Add(80*day)))
	r.ApplyHold(pmo.Stop{Reason: "audit"}, start.Add(200*day))
	r.ApplyResume(pmo.Stop{}, start.Add(300*day))
	r.NextStep(start.Add(300 * day))
	require.Equal(t, start.Add(390*day), r.ReconfirmDue())
	require.Equal(t, start.Add(80*day), r.PulledAt, "its age is kept")
}

// TestAnswerThatChangesWhatIsJudged: the way through review is found anew, and the votes start anew.
func TestAnswerThatChangesWhatIsJudged(t *testing.T) {
	for name, c := range map[string]struct {
		patch pmo.Patch
		route bool
	}{
		"material": {pmo.Patch{Size: ptr(20.0)}, false},
		"detail":   {pmo.Patch{Users: ptr("drivers")}, true},
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana", "bo")
			r.ApplyDecide(vote("ana", pmo.VerdictNeedInfo), start)
			a := r.NextStep(start).Question
			require.Equal(t, pmo.KindClarify, a.Kind, "the requester comes first")
			q := openAt(r, a, terms(start, "sam"))
			r.ApplyDecide(pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: "sam"}}, Question: q.ID, Verdict: pmo.VerdictProvide, Data: pmo.Data{Patch: &c.patch}}, start)
			require.Equal(t, c.route, r.Route != nil)
			require.Equal(t, pmo.EventAmended, r.Ledger[len(r.Ledger)-1].Event)
		})
	}
}

func TestStops(t *testing.T) {
	stop := pmo.Stop{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Reason: "because"}
	split := pmo.Stop{Reason: "split", Into: []string{"r2", "r3"}}
	r := submitted()
	require.Equal(t, pmo.RefusedInvalid, kind(r.CheckCancel(pmo.Stop{})))
	require.Equal(t, pmo.RefusedInvalid, kind(r.CheckCancel(pmo.Stop{Reason: "split", Into: []string{"r2", "r1"}})), "not into itself")
	require.Equal(t, pmo.RefusedMovedOn, kind(r.CheckResume(stop)))
	require.Equal(t, pmo.RefusedMovedOn, kind(r.CheckWake(stop)))
	require.Nil(t, r.CheckCancel(split))
	receipt := r.ApplyCancel(split, start)
	r.FinishMerge(pmo.MergeCheck{}, start)
	require.Equal(t, "merged", r.WithOpenQuestions(receipt).Result)
	require.Equal(t, []string{"r2", "r3"}, r.MergedInto)
	closed := r.Snapshot()
	for name, refusal := range map[string]*pmo.Refusal{"withdraw": r.CheckWithdraw(stop), "cancel": r.CheckCancel(stop), "hold": r.CheckHold(stop), "resume": r.CheckResume(stop),
		"amend": r.CheckAmend(pmo.Amend{}), "report": r.CheckReport(pmo.Report{}, start), "decide": r.CheckDecide(pmo.Decide{}, start), "pull": r.CheckPull(pmo.OverridePull{Reason: "x"})} {
		require.Equal(t, pmo.RefusedClosed, kind(refusal), name)
	}
	r.Close(pmo.TriggerEndedInTemporal, "too late", pmo.By{}, start)
	require.Equal(t, closed, r.Snapshot(), "it is closed once")
}

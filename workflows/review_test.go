package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

const first = "review/1/approvers"

func TestReviewVerdictsThatEndTheRequest(t *testing.T) {
	cases := map[string]struct {
		act     func(*harness)
		outcome pmo.Outcome
		reason  string
	}{
		"reject": {func(s *harness) { s.decide("ana", first, pmo.VerdictReject, because("too dear")) }, pmo.OutcomeRejected, "Review said no: too dear"},
		"duplicate": {func(s *harness) {
			s.refused(pmo.RefusedInvalid, "ana", first, pmo.VerdictDuplicate).
				refused(pmo.RefusedInvalid, "ana", first, pmo.VerdictDuplicate, with(pmo.Data{Of: requestID})).
				decide("ana", first, pmo.VerdictDuplicate, with(pmo.Data{Of: "other"})).
				refused(pmo.RefusedDecided, "bo", first, pmo.VerdictApprove).
				decide("sam", "duplicate/1", pmo.VerdictSame)
		}, pmo.OutcomeMerged, "Goes on in another request."},
		"answered": {func(s *harness) { s.decide("bo", first, pmo.VerdictAnswered, because("use the pool car app")) }, pmo.OutcomeAnswered, "use the pool car app"},
		"approve, then reject": {func(s *harness) {
			s.decide("ana", first, pmo.VerdictApprove).decide("bo", first, pmo.VerdictReject, because("no"))
		}, pmo.OutcomeRejected, "Review said no: no"},
		"everybody abstains: escalated at once, and the escalation decides alone": {func(s *harness) {
			s.decide("ana", first, pmo.VerdictAbstain).refused(pmo.RefusedNotAsked, "petra", first, pmo.VerdictApprove).
				decide("bo", first, pmo.VerdictAbstain).decide("petra", first, pmo.VerdictReject, because("nobody wants it"))
		}, pmo.OutcomeRejected, "Review said no: nobody wants it"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := newHarness(t, newActivitiesFake())
			s.OnSignalExternalWorkflow("default-test-namespace", "request/other", "", contract.SignalWatch, anyWatch).Return(nil).Maybe()
			c.act(s)
			end := s.run(input())
			require.NoError(t, s.GetWorkflowError())
			require.Equal(t, c.outcome, end.Outcome)
			require.Contains(t, end.Reason, c.reason)
		})
	}
}

func TestReviewRefusals(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	s.refused(pmo.RefusedOwnRequest, "sam", first, pmo.VerdictApprove).
		refused(pmo.RefusedOwnRequest, "lea", first, pmo.VerdictApprove). // typed it in for sam
		refused(pmo.RefusedOwnRequest, "sam", first, pmo.VerdictApprove, onBehalf("ana")).
		refused(pmo.RefusedNotAsked, "theo", first, pmo.VerdictApprove).
		refused(pmo.RefusedInvalid, "ana", first, "perhaps").
		refused(pmo.RefusedInvalid, "ana", first, pmo.VerdictReject).
		refused(pmo.RefusedInvalid, "ana", first, pmo.VerdictDefer, because("later"), with(pmo.Data{Until: "2026-11-01"})).
		refused(pmo.RefusedInvalid, "ana", first, pmo.VerdictDefer, because("later"), with(pmo.Data{Until: "2028-01-01"})).
		refused(pmo.RefusedNoSuchQuestion, "ana", "review/7/approvers", pmo.VerdictApprove).
		decide("kim", first, pmo.VerdictApprove, onBehalf("ana")).
		refused(pmo.RefusedDecided, "ana", first, pmo.VerdictApprove). // her seat is taken
		refused(pmo.RefusedDecided, "kim", first, pmo.VerdictApprove, onBehalf("bo")).
		decide("bo", first, pmo.VerdictApprove).
		refused(pmo.RefusedDecided, "bo", first, pmo.VerdictApprove).
		stop(contract.UpdateWithdraw, "sam", "")
	in := input()
	in.Submission.SubmittedBy = "lea"
	end := s.run(in)
	require.Equal(t, pmo.OutcomeWithdrawn, end.Outcome)
}

func onBehalf(seat string) func(*pmo.Decide) { return func(c *pmo.Decide) { c.By.For = seat } }

func TestVotesAreKeptWhenNothingMaterialChanged(t *testing.T) {
	cases := map[string]struct {
		patch pmo.Patch
		kept  bool
	}{
		"not material": {*users.Patch, true},
		"material":     {pmo.Patch{Outcome: ptr("bookings take a second")}, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := newHarness(t, newActivitiesFake())
			s.decide("ana", first, pmo.VerdictApprove).
				decide("bo", first, pmo.VerdictNeedInfo, because("who uses it?")).
				refused(pmo.RefusedDecided, "ana", first, pmo.VerdictApprove).
				decide("sam", "clarify/1", pmo.VerdictProvide, with(pmo.Data{Patch: &c.patch}))
			s.check(func(state pmo.Request) {
				q := state.OpenQuestionOf(pmo.KindReview)
				require.Equal(t, "review/2/approvers", q.ID)
				require.Equal(t, c.kept, q.Voted("ana"))
			})
			s.decide("bo", "review/2/approvers", pmo.VerdictApprove)
			if !c.kept {
				s.decide("ana", "review/2/approvers", pmo.VerdictApprove)
			}
			s.fromBacklog()
			require.Equal(t, pmo.OutcomeDelivered, s.run(input()).Outcome)
		})
	}
}

func TestGroupsAreAskedInOrder(t *testing.T) {
	w := newActivitiesFake()
	all := pmo.Quorum{Mode: pmo.QuorumAny}
	w.route.Steps = []pmo.RouteStep{{Group: "business", Order: 1, Quorum: all}, {Group: "security", Order: 1, Quorum: all}, {Group: "board", Order: 2, Quorum: all}}
	s := newHarness(t, w)
	open := func(want ...string) {
		s.check(func(state pmo.Request) { require.Equal(t, want, ids(state.OpenQuestions())) })
	}
	open("review/1/business", "review/1/security")
	s.decide("ana", "review/1/business", pmo.VerdictApprove)
	open("review/1/security")
	s.decide("bo", "review/1/security", pmo.VerdictApprove)
	open("review/1/board")
	// The board asks back: those who had agreed carry their votes over and are not asked again.
	s.decide("bo", "review/1/board", pmo.VerdictNeedInfo, because("what does it cost?")).decide("sam", "clarify/1", pmo.VerdictProvide, with(users))
	open("review/2/board")
	s.decide("bo", "review/2/board", pmo.VerdictApprove).fromBacklog()
	require.Equal(t, pmo.OutcomeDelivered, s.run(input()).Outcome)
}

func TestMaterialAmendmentOpensTheNextRound(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	s.decide("ana", first, pmo.VerdictApprove).
		then(func() {
			s.update(contract.UpdateAmend, pmo.Amend{Revision: 9, Patch: *users.Patch}, pmo.RefusedStale)
		}).
		amend("sam", 1, *users.Patch).
		check(func(state pmo.Request) {
			require.True(t, state.Question(first).Open(), "a small change leaves the round alone")
		}).
		amend("sam", 2, pmo.Patch{Title: ptr("Vehicle and room booking")}).
		refused(pmo.RefusedSuperseded, "bo", first, pmo.VerdictApprove).
		reviewRound(2).
		amend("sam", 3, pmo.Patch{Title: ptr("Booking")}). // in the backlog: back to review
		check(func(state pmo.Request) { require.Equal(t, pmo.StageReview, state.Stage) }).
		reviewRound(3).fromBacklog()
	require.Equal(t, pmo.OutcomeDelivered, s.run(input()).Outcome)
}

func TestDeferralEndsOnItsDate(t *testing.T) {
	s := newHarness(t, newActivitiesFake())
	s.decide("ana", first, pmo.VerdictDefer, because("after the audit"), with(pmo.Data{Until: "2026-11-20"})).
		stopped(contract.UpdateResume, "sam", "", pmo.RefusedMovedOn)
	s.at(begin.AddDate(0, 0, 17).Sub(begin), func() { require.Equal(t, pmo.StatusDeferred, s.snapshot().Status) })
	s.next = 17*day + 15*time.Hour // midnight of the day
	s.pass(60*1e9).reviewRound(2).stopped(contract.UpdateWake, "sam", "", pmo.RefusedMovedOn).fromBacklog()
	require.Equal(t, pmo.OutcomeDelivered, s.run(input()).Outcome)
	require.Contains(t, s.activities.events(), pmo.EventWoken)
}

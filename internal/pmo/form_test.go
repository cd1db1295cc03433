package pmo_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// TestNoPullBeforeTheNewSponsorConfirms: whoever names another sponsor in the backlog does not get round their confirmation.
func TestNoPullBeforeTheNewSponsorConfirms(t *testing.T) {
	o := sponsored(t).toBacklog().scored().patch(pmo.Patch{Sponsor: ptr("rita")})
	require.Equal(t, []string{"sponsor/2"}, o.asks())
	require.True(t, o.WaitsForPull(), "it stays in the backlog, with its rank")
	override := pmo.OverridePull{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Reason: "now"}
	require.Equal(t, pmo.RefusedMovedOn, kind(o.CheckPull(override)))
	seq := o.Seq
	require.False(t, o.TakeSlot(pmo.Pull{Run: "run", At: o.now}, o.now))
	require.Greater(t, o.Seq, seq, "the projection gives the slot back")
	o.answer("rita", "sponsor/2", pmo.VerdictConfirm)
	require.Nil(t, o.CheckPull(override))
	require.True(t, o.TakeSlot(pmo.Pull{Run: "run", At: o.now}, o.now))
}

func TestRequestsOfEarlierRulesArePulledWhileTheSponsorIsAsked(t *testing.T) {
	o := sponsored(t)
	o.Process = pmo.Process05
	o.toBacklog().scored().patch(pmo.Patch{Sponsor: ptr("rita")})
	require.True(t, o.TakeSlot(pmo.Pull{Run: "run", At: o.now}, o.now))
}

// lacks makes the policy find a gap: as of now it wants to know how success is measured.
func (o *office) lacks(field string) *office {
	o.missing = field
	o.Reassess = true
	return o.rest()
}

// TestGapsOpenedLaterAreAskedAbout: a change of the content or of the policy opens a gap in any stage before closure.
func TestGapsOpenedLaterAreAskedAbout(t *testing.T) {
	pulled := func(o *office) *office {
		require.True(o.t, o.TakeSlot(pmo.Pull{Run: "run", At: o.now}, o.now))
		return o.rest()
	}
	for name, c := range map[string]struct {
		reach func() *office
		stage pmo.Stage
	}{
		"review":     {func() *office { return small(t) }, pmo.StageReview},
		"backlog":    {func() *office { return small(t).inBacklog() }, pmo.StagePrioritization},
		"assignment": {func() *office { return pulled(small(t).inBacklog()) }, pmo.StageAssignment},
		"execution": {func() *office {
			return pulled(small(t).inBacklog()).answer("theo", "assignment/1/falcon", pmo.VerdictAccept)
		}, pmo.StageExecution},
	} {
		t.Run(name, func(t *testing.T) {
			o := c.reach().lacks("success_measure")
			require.Equal(t, c.stage, o.Stage)
			require.Contains(t, o.asks(), "clarify/1")
			require.False(t, o.MayTakeSlot())
			o.missing = ""
			o.answer("sam", "clarify/1", pmo.VerdictProvide, pmo.Data{Patch: &pmo.Patch{SuccessMeasure: ptr("calls")}})
			require.Equal(t, "calls", o.Content.SuccessMeasure)
			require.NotContains(t, o.asks(), "clarify/2")
			require.Equal(t, c.stage, o.Stage)
		})
	}
}

func TestEarlierRulesAskAboutGapsInReviewAlone(t *testing.T) {
	o := small(t)
	o.Process = pmo.Process05
	require.Empty(t, o.inBacklog().lacks("success_measure").asks())
}

// TestAMaterialAnswerToAGap: in the backlog it opens review, after the pull both sides agree first.
func TestAMaterialAnswerToAGap(t *testing.T) {
	o := small(t).inBacklog().lacks("baseline")
	o.missing = ""
	o.answer("sam", "clarify/1", pmo.VerdictProvide, pmo.Data{Patch: &pmo.Patch{Baseline: &pmo.Baseline{People: 9}}})
	require.Equal(t, []string{"review/2/approvers"}, o.asks())

	o = small(t).inBacklog()
	require.True(t, o.TakeSlot(pmo.Pull{Run: "run", At: o.now}, o.now))
	o.rest().answer("theo", "assignment/1/falcon", pmo.VerdictAccept).lacks("baseline")
	fill := pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: "sam"}}, Question: "clarify/1", Verdict: pmo.VerdictProvide, Data: pmo.Data{Patch: &pmo.Patch{Baseline: &pmo.Baseline{People: 9}}}}
	o.patch(pmo.Patch{Size: ptr(2.0)})
	require.Equal(t, pmo.RefusedDecided, kind(o.CheckDecide(fill, o.now)), "another change waits for an answer")
	o.answer("theo", "change/1", pmo.VerdictRefuse)
	o.answer("sam", "clarify/1", pmo.VerdictProvide, fill.Data)
	require.Zero(t, o.Content.Baseline.People)
	require.Equal(t, &pmo.Baseline{People: 9}, o.Change.Patch.Baseline)
	require.Contains(t, o.asks(), "change/2")
	o.missing = ""
	o.answer("theo", "change/2", pmo.VerdictAgree).answer("sam", "change/2", pmo.VerdictAgree)
	require.Equal(t, pmo.StageExecution, o.Stage)
}

// TestSilenceAboutAGapDoesNotEndWork: the policy ends a request whose form stays incomplete, but not one that is worked on.
func TestSilenceAboutAGapDoesNotEndWork(t *testing.T) {
	o := small(t).inBacklog()
	require.True(t, o.TakeSlot(pmo.Pull{Run: "run", At: o.now}, o.now))
	o.rest().lacks("success_measure")
	o.Question("clarify/1").OnSilence = pmo.VerdictExpire
	o.answer("theo", "assignment/1/falcon", pmo.VerdictAccept)
	require.Contains(t, o.asks(), "clarify/1", "it is asked on in the next stage")
	o.now = o.now.Add(8 * day)
	fire(o.Request, o.now)
	o.rest()
	require.Equal(t, pmo.StatusOpen, o.Status)
	require.True(t, o.Waived)
}

// TestTheRequestMovesToAnotherPortfolio while it is not worked on.
func TestTheRequestMovesToAnotherPortfolio(t *testing.T) {
	o := small(t)
	o.portfolio = "roads"
	o.patch(pmo.Patch{Users: ptr("drivers")})
	require.Equal(t, "roads", o.Portfolio)
	require.Contains(t, o.Ledger[len(o.Ledger)-1].Text, "portfolio core → roads")
	o.inBacklog()
	o.portfolio = "core"
	o.patch(pmo.Patch{Users: ptr("all")})
	require.Equal(t, "core", o.Portfolio)
	require.Equal(t, pmo.StagePrioritization, o.Stage)
	require.True(t, o.TakeSlot(pmo.Pull{Run: "run", At: o.now}, o.now))
	o.rest()
	o.portfolio = "roads"
	o.patch(pmo.Patch{Users: ptr("drivers")})
	require.Equal(t, "core", o.Portfolio, "slot and team are there")

	before := small(t)
	before.Process, before.portfolio = pmo.Process05, "roads"
	require.Equal(t, "core", before.patch(pmo.Patch{Users: ptr("drivers")}).Portfolio)
}

func TestOnlyIsThePartAboutOneField(t *testing.T) {
	p, err := pmo.MergePatch([]byte(`{"title":"T","users":null,"baseline":{"people":null,"minutes_each":3}}`))
	require.NoError(t, err)
	require.Equal(t, []string{"title"}, p.Only("title").Fields())
	require.Equal(t, pmo.Patch{Merge: &pmo.Merge{Clear: []string{"users"}}}, p.Only("users"))
	require.Equal(t, pmo.Patch{Baseline: &pmo.Baseline{MinutesEach: 3}, Merge: &pmo.Merge{Clear: []string{"baseline.people"}}}, p.Only("baseline"))
}

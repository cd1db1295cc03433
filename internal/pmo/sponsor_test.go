package pmo_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// sponsored is a major request in review, whose sponsor bo has confirmed.
func sponsored(t *testing.T) *office {
	r := pmo.New("r1", "d1", pmo.Submission{Requester: "sam", SubmittedBy: "lea", At: start, Content: pmo.Content{Title: "Coin meters", Kind: "programme", Size: 4, Sponsor: "bo"}})
	o := (&office{Request: r, t: t, now: start}).rest()
	require.Equal(t, []string{"sponsor/1"}, o.asks())
	o.answer("bo", "sponsor/1", pmo.VerdictConfirm)
	require.Equal(t, "bo", o.ConfirmedSponsor())
	require.Equal(t, []string{"review/1/approvers"}, o.asks())
	return o
}

func (o *office) toBacklog() *office {
	o.answer("ana", "review/1/approvers", pmo.VerdictApprove).answer("cy", "review/1/approvers", pmo.VerdictApprove).answer("fay", "review/1/finance", pmo.VerdictApprove)
	require.Equal(o.t, pmo.StagePrioritization, o.Stage)
	return o
}

func (o *office) scored() *office {
	five := 5.0
	o.answer("petra", "score/1", pmo.VerdictScore, pmo.Data{Inputs: &pmo.Inputs{BusinessValue: &five, TimeCriticality: &five, RiskReduction: &five, JobSize: &five}})
	return o
}

func TestAnotherSponsorIsAskedInEveryStageBeforeClosure(t *testing.T) {
	pulled := func(o *office) *office {
		require.True(o.t, o.TakeSlot(pmo.Pull{Run: "run", At: o.now}, o.now))
		return o.rest()
	}
	for name, c := range map[string]struct {
		reach func(*office) *office
		stage pmo.Stage
	}{
		"review":     {func(o *office) *office { return o }, pmo.StageReview},
		"backlog":    {func(o *office) *office { return o.toBacklog() }, pmo.StagePrioritization},
		"assignment": {func(o *office) *office { return pulled(o.toBacklog().scored()) }, pmo.StageAssignment},
		"execution": {func(o *office) *office {
			return pulled(o.toBacklog().scored()).answer("theo", "assignment/1/falcon", pmo.VerdictAccept)
		}, pmo.StageExecution},
	} {
		t.Run(name, func(t *testing.T) {
			o := c.reach(sponsored(t))
			o.patch(pmo.Patch{Sponsor: ptr("rita")})
			require.Equal(t, c.stage, o.Stage)
			require.Contains(t, o.asks(), "sponsor/2")
			require.Equal(t, []string{"rita"}, o.Question("sponsor/2").People)
			require.Empty(t, o.Sponsored, "bo does not speak for it any more")
			require.Empty(t, o.ConfirmedSponsor())
			o.answer("rita", "sponsor/2", pmo.VerdictConfirm)
			require.Equal(t, "rita", o.Sponsored)
			require.Equal(t, c.stage, o.Stage)
		})
	}
}

// TestReviewWaitsForTheSponsor: votes may still be given, and the request goes on when the sponsor has confirmed.
func TestReviewWaitsForTheSponsor(t *testing.T) {
	o := sponsored(t).patch(pmo.Patch{Sponsor: ptr("rita")})
	o.answer("ana", "review/1/approvers", pmo.VerdictApprove).answer("cy", "review/1/approvers", pmo.VerdictApprove)
	require.Equal(t, []string{"sponsor/2"}, o.asks())
	o.answer("rita", "sponsor/2", pmo.VerdictConfirm)
	require.Equal(t, []string{"review/1/finance"}, o.asks())
}

func TestASponsorWhoDeclinesAfterIntake(t *testing.T) {
	o := sponsored(t).toBacklog().scored().patch(pmo.Patch{Sponsor: ptr("rita")})
	o.answer("rita", "sponsor/2", pmo.VerdictDecline)
	require.Equal(t, []string{"clarify/1"}, o.asks(), "the requester names another one")
	require.Equal(t, pmo.StageReview, o.Stage)
	o.answer("sam", "clarify/1", pmo.VerdictProvide, pmo.Data{Patch: &pmo.Patch{Sponsor: ptr("theo")}})
	require.Equal(t, []string{"sponsor/3"}, o.asks())
	o.answer("theo", "sponsor/3", pmo.VerdictConfirm)
	require.Equal(t, pmo.StagePrioritization, o.Stage, "the approvals of the same content stand")
	require.Equal(t, 1, o.Rounds[pmo.KindReview])
}

func TestWorkUnderWayDoesNotEndForWantOfASponsor(t *testing.T) {
	o := sponsored(t).toBacklog().scored()
	require.True(t, o.TakeSlot(pmo.Pull{Run: "run", At: o.now}, o.now))
	o.rest().patch(pmo.Patch{Sponsor: ptr("rita")})
	o.Question("sponsor/2").OnSilence = pmo.VerdictExpire
	o.now = o.now.Add(8 * day)
	fire(o.Request, o.now)
	o.rest()
	require.Equal(t, pmo.StatusOpen, o.Status)
	require.Empty(t, o.Content.Sponsor)
}

func TestNoOneSponsorsTheirOwnRequest(t *testing.T) {
	o := sponsored(t)
	for _, person := range []string{"sam", "lea"} {
		p := pmo.Patch{Sponsor: &person, Merge: &pmo.Merge{}}
		refusal := o.CheckAmend(pmo.Amend{Header: pmo.Header{By: pmo.By{Actor: "sam"}}, Revision: o.Revision, Patch: p})
		require.Equal(t, pmo.RefusedInvalid, kind(refusal))
		require.Equal(t, "/patch/sponsor", refusal.Field)
		o.answer("ana", "review/"+string(rune('0'+max(o.Rounds[pmo.KindReview], 1)))+"/approvers", pmo.VerdictNeedInfo)
		clarify := o.asks()[0]
		refusal = o.CheckDecide(pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: "sam", Via: "signal"}}, Question: clarify, Verdict: pmo.VerdictProvide, Data: pmo.Data{Patch: &pmo.Patch{Sponsor: &person}}}, o.now)
		require.Equal(t, "/data/patch/sponsor", refusal.Field)
		o.answer("sam", clarify, pmo.VerdictProvide, pmo.Data{Patch: &pmo.Patch{Users: ptr("all")}})
		o.patch(pmo.Patch{Users: ptr("drivers")})
	}
}

func TestInputsStayOnceTheRankCountsNoMore(t *testing.T) {
	o := sponsored(t).toBacklog().scored()
	require.True(t, o.TakeSlot(pmo.Pull{Run: "run", At: o.now}, o.now))
	one := 1.0
	amend := pmo.Amend{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Revision: o.Revision, Patch: pmo.Patch{Inputs: &pmo.Inputs{JobSize: &one}}}
	require.Equal(t, pmo.RefusedMovedOn, kind(o.CheckAmend(amend)), "as POST inputs refuses it")
}

func TestOwnInputsBySignalAreRefused(t *testing.T) {
	o := small(t).inBacklog()
	o.now = o.now.Add(91 * day)
	o.rest()
	one := 1.0
	c := pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: "sam", Via: "signal"}}, Question: "reconfirm/1", Verdict: pmo.VerdictStillNeed, Data: pmo.Data{Patch: &pmo.Patch{Inputs: &pmo.Inputs{JobSize: &one}}}}
	require.Equal(t, pmo.RefusedOwnRequest, kind(o.CheckDecide(c, o.now)))
}

func TestAJobSizeThatNoScoreBearsIsRefused(t *testing.T) {
	o := small(t)
	tiny := 1e-300
	in := pmo.Inputs{JobSize: &tiny}
	require.Equal(t, "/inputs/job_size", o.CheckInputs(pmo.SetInputs{Inputs: in}).Field)
	require.Equal(t, "/patch/inputs/job_size", o.CheckAmend(pmo.Amend{Revision: o.Revision, Patch: pmo.Patch{Inputs: &in}}).Field)
	o.Process = -1
	require.Nil(t, o.CheckInputs(pmo.SetInputs{Inputs: in}), "a history holds what was accepted before")
}

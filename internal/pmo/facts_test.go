package pmo_test

import (
	"cmp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// sameFacts answers a wish for the facts with those the request has.
func sameFacts(r *pmo.Request) {
	for r.NextStep(start).Action == pmo.ActionAdmit {
		r.Admit(pmo.Admission{Number: r.Number, Portfolio: r.Portfolio, Lane: r.Lane, Severity: r.Severity, Rules: r.Rules, Route: r.Route}, start)
	}
}

var (
	anyOne    = pmo.Quorum{Mode: pmo.QuorumAny}
	two       = pmo.Quorum{Mode: pmo.QuorumCount, N: 2}
	express   = pmo.Route{Reason: "small", Steps: []pmo.RouteStep{{Group: "approvers", Order: 1, Quorum: anyOne}}}
	standard  = pmo.Route{Reason: "ordinary", Steps: []pmo.RouteStep{{Group: "approvers", Order: 1, Quorum: two}}}
	withMoney = pmo.Route{Reason: "money", Steps: []pmo.RouteStep{{Group: "approvers", Order: 1, Quorum: anyOne}, {Group: "finance", Order: 2, Quorum: anyOne}}}
	major     = pmo.Route{Reason: "large", Steps: []pmo.RouteStep{{Group: "approvers", Order: 1, Quorum: two}, {Group: "finance", Order: 2, Quorum: anyOne}}}
)

// office derives facts as a policy does: from size and from what is confidential.
type office struct {
	*pmo.Request
	t   *testing.T
	now time.Time
	as  int // how often facts were derived

	missing   string // a field that the policy finds missing
	portfolio string // empty: core
}

func (o *office) admit() pmo.Admission {
	o.as++
	c := o.ContentToAssess()
	rules := pmo.Rules{Policy: "1", Material: []string{"size", "class", "baseline", "kind"}, Tolerance: .25, ReconfirmAfter: 90 * day, ClarifyRounds: 2}
	a := pmo.Admission{Number: 42, Portfolio: "core", Lane: pmo.LaneStandard, LaneReason: "it is neither", Severity: "minor", Rules: rules}
	route := standard
	switch {
	case c.Size > 12 || c.Kind == "programme":
		a.Lane, a.LaneReason, a.Severity, a.Rules.NeedsSponsor, a.Rules.BenefitAfter, route = pmo.LaneMajor, "it is large", "severe", true, 90*day, major
		if c.Sponsor == "" {
			a.Missing = []pmo.Gap{{Field: "sponsor", Why: "who stands behind it?"}}
		}
	case c.Confidential:
		route = withMoney
	case c.Size <= 2:
		a.Lane, a.LaneReason, route = pmo.LaneExpress, "it is small", express
	}
	if o.missing != "" {
		a.Missing = append(a.Missing, pmo.Gap{Field: o.missing, Why: "by policy"})
	}
	a.Portfolio = cmp.Or(o.portfolio, a.Portfolio)
	if o.AssessedBefore() != 0 {
		a.Route = &route
	}
	return a
}

// rest performs the steps until the request waits.
func (o *office) rest() *office {
	o.t.Helper()
	for range 50 {
		step := o.NextStep(o.now)
		switch step.Action {
		case pmo.ActionWait:
			return o
		case pmo.ActionAdmit:
			o.Admit(o.admit(), o.now)
		case pmo.ActionRoute:
			at := o.admit()
			o.as--
			route := map[pmo.Lane]pmo.Route{pmo.LaneExpress: express, pmo.LaneStandard: standard, pmo.LaneMajor: major}[at.Lane]
			o.SetRoute(route, o.now)
		case pmo.ActionRecommend:
			o.Recommend(pmo.Approach{Recommended: "kanban", Chosen: "kanban"}, pmo.Plan{Approach: "kanban"}, o.now)
		case pmo.ActionFindTeam:
			o.Offer(pmo.Assignment{Team: "falcon", Leads: []string{"theo"}, Size: o.Content.Size}, o.now)
		case pmo.ActionOpenQuestion:
			o.open(step.Question)
		}
	}
	o.t.Fatal("the request does not come to rest")
	return o
}

func (o *office) open(spec pmo.QuestionSpec) {
	people := map[pmo.Kind][]string{pmo.KindSponsor: {o.Content.Sponsor}, pmo.KindClarify: {"sam"}, pmo.KindScore: {"petra"}, pmo.KindReconfirm: {"sam"}}[spec.Kind]
	quorum := pmo.Quorum{Mode: pmo.QuorumAll}
	switch spec.Kind {
	case pmo.KindReview:
		people, quorum = map[string][]string{"approvers": {"ana", "bo", "cy"}, "finance": {"fay"}}[spec.Group], *spec.Quorum
	case pmo.KindAssignment:
		people = []string{"theo"}
	case pmo.KindPlan, pmo.KindChange:
		people = []string{"sam", "theo"}
	}
	o.OpenQuestion(spec, pmo.QuestionTerms{People: people, Quorum: quorum, Counting: pmo.CountSeats, DueAt: o.now.Add(7 * day), OnSilence: pmo.VerdictAskAgain, Policy: "1"}, o.now)
}

func (o *office) answer(person, question, verdict string, data ...pmo.Data) *office {
	o.t.Helper()
	c := pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: person}}, Question: question, Verdict: verdict, Reason: "because"}
	if len(data) > 0 {
		c.Data = data[0]
	}
	require.Nil(o.t, o.CheckDecide(c, o.now))
	o.ApplyDecide(c, o.now)
	return o.rest()
}

func (o *office) patch(p pmo.Patch) *office {
	o.t.Helper()
	p.Merge = &pmo.Merge{}
	c := pmo.Amend{Header: pmo.Header{By: pmo.By{Actor: "sam"}}, Revision: o.Revision, Patch: p, Reason: "it is bigger than thought"}
	require.Nil(o.t, o.CheckAmend(c))
	o.ApplyAmend(c, o.now)
	return o.rest()
}

func (o *office) asks() []string {
	ids := []string{}
	for _, q := range o.OpenQuestions() {
		ids = append(ids, q.ID)
	}
	return ids
}

// small is an express request in review.
func small(t *testing.T) *office {
	five := 5.0
	r := pmo.New("r1", "d1", pmo.Submission{Requester: "sam", SubmittedBy: "sam", At: start, Content: pmo.Content{Title: "Small form tweak", Kind: "enhancement", Size: 1,
		Inputs: pmo.Inputs{BusinessValue: &five, TimeCriticality: &five, RiskReduction: &five, JobSize: &five}}})
	return (&office{Request: r, t: t, now: start}).rest()
}

func (o *office) inBacklog() *office {
	o.answer("ana", "review/1/approvers", pmo.VerdictApprove)
	require.Equal(o.t, pmo.StagePrioritization, o.Stage)
	return o
}

func (o *office) atWork() *office {
	o.inBacklog()
	require.True(o.t, o.TakeSlot(pmo.Pull{Run: "run", At: o.now}, o.now))
	o.rest().answer("theo", "assignment/1/falcon", pmo.VerdictAccept)
	o.answer("sam", "plan/1", pmo.VerdictAgree).answer("theo", "plan/1", pmo.VerdictAgree)
	require.Equal(o.t, pmo.StageExecution, o.Stage)
	return o
}

// isMajor is what a request of this size is when it is freshly submitted.
func (o *office) isMajor() {
	o.t.Helper()
	require.Equal(o.t, pmo.LaneMajor, o.Lane)
	require.Equal(o.t, "severe", o.Severity)
	require.Equal(o.t, major.Steps, o.Route.Steps)
	require.True(o.t, o.Rules.NeedsSponsor)
	require.Equal(o.t, 90*day, o.Rules.BenefitAfter)
	text := ""
	for _, e := range o.Ledger {
		text += e.Text + "\n"
	}
	require.Contains(o.t, text, "lane express → major, because it is large")
}

// approvedAsMajor answers what a heavier request is asked, one after the other.
func (o *office) approvedAsMajor(round string) {
	o.t.Helper()
	require.Equal(o.t, []string{"clarify/1"}, o.asks(), "a sponsor first")
	dora := "dora"
	o.answer("sam", "clarify/1", pmo.VerdictProvide, pmo.Data{Patch: &pmo.Patch{Sponsor: &dora, Merge: &pmo.Merge{}}})
	require.Equal(o.t, []string{"sponsor/1"}, o.asks())
	o.answer("dora", "sponsor/1", pmo.VerdictConfirm)
	approvers := "review/" + round + "/approvers"
	require.Equal(o.t, []string{approvers}, o.asks())
	o.answer("ana", approvers, pmo.VerdictApprove)
	require.Equal(o.t, pmo.StageReview, o.Stage, "one yes is not enough")
	o.answer("bo", approvers, pmo.VerdictApprove)
	require.Equal(o.t, []string{"review/" + round + "/finance"}, o.asks())
	o.answer("fay", "review/"+round+"/finance", pmo.VerdictApprove)
	require.Equal(o.t, pmo.StagePrioritization, o.Stage)
	require.Equal(o.t, "dora", o.Sponsored)
}

func TestAmendmentThatGrowsIsReviewedAsAFreshRequest(t *testing.T) {
	o := small(t)
	require.Equal(t, pmo.LaneExpress, o.Lane)
	o.patch(pmo.Patch{Size: ptr(40.0)}).isMajor()
	o.approvedAsMajor("2")
}

func TestGrowingInTheBacklogIsReviewedAsAFreshRequest(t *testing.T) {
	o := small(t).inBacklog()
	o.patch(pmo.Patch{Size: ptr(40.0)}).isMajor()
	require.Equal(t, pmo.StageReview, o.Stage)
	o.approvedAsMajor("2")
}

func TestGrowingByAnAnswerIsReviewedAsAFreshRequest(t *testing.T) {
	o := small(t).answer("ana", "review/1/approvers", pmo.VerdictNeedInfo)
	require.Equal(t, []string{"clarify/1"}, o.asks())
	dora := "dora"
	o.answer("sam", "clarify/1", pmo.VerdictProvide, pmo.Data{Patch: &pmo.Patch{Size: ptr(40.0), Sponsor: &dora, Merge: &pmo.Merge{}}}).isMajor()
	require.Equal(t, []string{"sponsor/1"}, o.asks())
	o.answer("dora", "sponsor/1", pmo.VerdictConfirm)
	require.Equal(t, []string{"review/2/approvers"}, o.asks())
	require.Equal(t, two, o.Question("review/2/approvers").Quorum)
}

func TestGrowingInAReconfirmationIsReviewedAsAFreshRequest(t *testing.T) {
	o := small(t).inBacklog()
	o.now = o.now.Add(91 * day)
	o.rest().answer("sam", "reconfirm/1", pmo.VerdictStillNeed, pmo.Data{Patch: &pmo.Patch{Size: ptr(40.0), Merge: &pmo.Merge{}}}).isMajor()
	require.Equal(t, pmo.StageReview, o.Stage)
}

func TestAClassSetWithTheInputsIsReviewed(t *testing.T) {
	o := small(t).inBacklog()
	class := pmo.ClassExpedite
	o.ApplyInputs(pmo.SetInputs{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Class: &class}, o.now)
	o.rest()
	require.Equal(t, pmo.StageReview, o.Stage)
	require.Equal(t, []string{"review/2/approvers"}, o.asks())
	require.Equal(t, class, o.Content.Class)

	at := o.as
	o.ApplyInputs(pmo.SetInputs{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Class: &class}, o.now)
	require.Equal(t, []string{"review/2/approvers"}, o.rest().asks(), "the same class changes nothing")
	require.Equal(t, at+1, o.as)
}

// TestMoreWeightAsksOnlyWhomItAdds: a change that is not material asks the groups it adds; the votes on the same content stay.
func TestMoreWeightAsksOnlyWhomItAdds(t *testing.T) {
	o := small(t).inBacklog()
	o.patch(pmo.Patch{Confidential: ptr(true)})
	require.Equal(t, pmo.StageReview, o.Stage)
	require.Equal(t, []string{"review/1/finance"}, o.asks(), "the approvers have agreed to this content")
	o.answer("fay", "review/1/finance", pmo.VerdictApprove)
	require.Equal(t, pmo.StagePrioritization, o.Stage)
}

func TestAHigherQuorumKeepsTheVotesGiven(t *testing.T) {
	o := small(t).inBacklog()
	o.Reassess = true
	step := o.NextStep(o.now)
	require.Equal(t, pmo.ActionAdmit, step.Action)
	a := o.admit()
	a.Lane, a.LaneReason, a.Route = pmo.LaneStandard, "the policy has changed", &standard
	o.Admit(a, o.now)
	o.rest()
	require.Equal(t, []string{"review/2/approvers"}, o.asks())
	require.Equal(t, []string{"bo", "cy"}, o.Question("review/2/approvers").Waiting(), "ana's yes counts")
	o.answer("bo", "review/2/approvers", pmo.VerdictApprove)
	require.Equal(t, pmo.StagePrioritization, o.Stage)
}

func TestLessWeightAsksNobodyTwice(t *testing.T) {
	o := small(t).patch(pmo.Patch{Size: ptr(5.0)})
	require.Equal(t, pmo.LaneStandard, o.Lane)
	o.answer("ana", "review/2/approvers", pmo.VerdictApprove)
	require.Equal(t, pmo.StageReview, o.Stage)
	o.Reassess = true
	require.Equal(t, pmo.ActionAdmit, o.NextStep(o.now).Action)
	a := o.admit()
	a.Lane, a.Route = pmo.LaneExpress, &express
	o.Admit(a, o.now)
	require.Equal(t, pmo.StagePrioritization, o.rest().Stage, "ana's yes is enough now")
	require.Equal(t, 2, o.Rounds[pmo.KindReview])
}

func TestARequestThatShrinksIsReviewedByFewer(t *testing.T) {
	o := small(t).patch(pmo.Patch{Size: ptr(40.0)})
	o.patch(pmo.Patch{Size: ptr(1.0)})
	require.Equal(t, pmo.LaneExpress, o.Lane)
	require.Equal(t, []string{"review/3/approvers"}, o.asks(), "no sponsor is asked for")
	require.Equal(t, pmo.StagePrioritization, o.answer("bo", "review/3/approvers", pmo.VerdictApprove).Stage)
}

func TestTheToleranceLooksAtEveryMaterialField(t *testing.T) {
	for name, c := range map[string]struct {
		patch    pmo.Patch
		reviewed bool
	}{
		"a little larger":      {pmo.Patch{Size: ptr(1.2)}, false},
		"smaller":              {pmo.Patch{Size: ptr(.5)}, false},
		"a text":               {pmo.Patch{Title: ptr("Form")}, false},
		"another kind":         {pmo.Patch{Kind: ptr("bug"), Size: ptr(1.2)}, true},
		"another class":        {pmo.Patch{Class: ptr(pmo.ClassExpedite)}, true},
		"money":                {pmo.Patch{Baseline: &pmo.Baseline{MoneyPerYear: 900000}}, true},
		"just over the border": {pmo.Patch{Kind: ptr("programme")}, true},
	} {
		t.Run(name, func(t *testing.T) {
			o := small(t).atWork()
			o.patch(c.patch)
			if c.patch.Title != nil {
				require.Nil(t, o.Change)
				return
			}
			o.answer("sam", "change/1", pmo.VerdictAgree).answer("theo", "change/1", pmo.VerdictAgree)
			require.Equal(t, c.reviewed, o.Change != nil, "a change waits for review")
			if c.reviewed {
				require.Equal(t, 1.0, o.Content.Size, "nothing is changed yet")
				require.Empty(t, o.Content.Class)
			}
		})
	}
}

// TestAChangeThatMakesTheRouteHeavierIsReviewedByIt: within the tolerance of every number, and over the border of a lane.
func TestAChangeThatMakesTheRouteHeavierIsReviewedByIt(t *testing.T) {
	o := small(t)
	o.patch(pmo.Patch{Size: ptr(11.0)}).answer("ana", "review/2/approvers", pmo.VerdictApprove).answer("bo", "review/2/approvers", pmo.VerdictApprove)
	require.True(t, o.TakeSlot(pmo.Pull{Run: "run", At: o.now}, o.now))
	o.rest().answer("theo", "assignment/1/falcon", pmo.VerdictAccept).answer("sam", "plan/1", pmo.VerdictAgree).answer("theo", "plan/1", pmo.VerdictAgree)
	o.patch(pmo.Patch{Size: ptr(13.0)})
	o.answer("sam", "change/1", pmo.VerdictAgree).answer("theo", "change/1", pmo.VerdictAgree)
	require.NotNil(t, o.Change, "it waits for review")
	require.Equal(t, 11.0, o.Content.Size)
	require.Equal(t, major.Steps, o.Change.Route.Steps)
}

func TestFactsOfAnotherPolicyAreDerivedAgain(t *testing.T) {
	o := small(t)
	require.Equal(t, 1, o.as)
	o.Rules.Policy = "0"
	o.answer("ana", "review/1/approvers", pmo.VerdictNeedInfo)
	require.Equal(t, 2, o.as, "the question was answered by another version of the policy")
	require.Equal(t, "1", o.Rules.Policy)
}

func TestARequestBegunBeforeKeepsTheFactsOfIntake(t *testing.T) {
	o := small(t)
	o.Process = -1
	o.patch(pmo.Patch{Size: ptr(40.0)})
	require.Equal(t, pmo.LaneExpress, o.Lane)
	require.Equal(t, 1, o.as)
}

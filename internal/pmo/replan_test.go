package pmo_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

func proposes(plan pmo.Plan, version int, approach string) pmo.ProposePlan {
	return pmo.ProposePlan{Header: pmo.Header{By: pmo.By{Actor: "sam"}}, Version: version, Approach: approach, Plan: plan, Reason: "we learned"}
}

func settle(t *testing.T, r *pmo.Request, verdict string) {
	t.Helper()
	step := r.NextStep(start)
	require.Equal(t, pmo.ActionOpenQuestion, step.Action)
	require.Equal(t, pmo.KindPlan, step.Question.Kind)
	q := r.OpenQuestion(step.Question, terms(start, "theo"), start)
	c := pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: "theo"}}, Question: q.ID, Verdict: verdict, Reason: "r", Data: pmo.Data{Plan: &pmo.Plan{WIPLimit: 2}}}
	if verdict != pmo.VerdictCounter {
		c.Data = pmo.Data{}
	}
	require.Nil(t, r.CheckDecide(c, start))
	r.ApplyDecide(c, start)
}

// agreedRequest works by an agreed plan.
func agreedRequest(t *testing.T) *pmo.Request {
	t.Helper()
	r := working()
	r.Plan = &pmo.Plan{Approach: "kanban", Summary: "flow", Version: 1}
	settle(t, r, pmo.VerdictAgree)
	return r
}

func TestAnAgreedPlanStaysInForceUntilBothAgreeOnAnother(t *testing.T) {
	r := agreedRequest(t)
	c := proposes(pmo.Plan{Summary: "in iterations", Goal: "g", Iterations: 3, WeeksEach: 2}, 1, "scrum")
	require.Nil(t, r.CheckProposePlan(c))
	require.Equal(t, "plan_proposed", r.ApplyProposePlan(c, start).Result)
	require.Equal(t, "flow", r.Plan.Summary)
	require.True(t, r.Plan.Agreed())
	require.Nil(t, r.CheckReport(pmo.Report{Note: "goes on"}, start), "work goes on by the agreed plan")
	require.Equal(t, pmo.RefusedStale, r.CheckProposePlan(c).Kind, "somebody proposed meanwhile")

	settle(t, r, pmo.VerdictCounter)
	require.Equal(t, 2, r.Replan.Plan.WIPLimit)
	require.Equal(t, 3, r.PlanVersion())
	require.Zero(t, r.Plan.WIPLimit)

	began := r.StartedAt
	r.OpenQuestion(r.NextStep(start).Question, terms(start, "theo"), start) // the only one who is asked proposed it
	require.Nil(t, r.Replan)
	require.Equal(t, "in iterations", r.Plan.Summary)
	require.Equal(t, "scrum", r.Approach.Name())
	require.Equal(t, "r", r.Approach.Reason, "that of the counter-proposal")
	require.Equal(t, began, r.StartedAt, "work goes on: its times stay")
	last := r.Ledger[len(r.Ledger)-1]
	require.Equal(t, "in iterations", last.Plan.Summary, "the ledger keeps the plan as a baseline")
	require.Contains(t, last.Text, "from now on scrum instead of kanban")
}

func TestAProposalMayBeRefusedForTheAgreedPlan(t *testing.T) {
	r := agreedRequest(t)
	r.ApplyProposePlan(proposes(pmo.Plan{Summary: "other"}, 1, ""), start)
	settle(t, r, pmo.VerdictKeepPlan)
	require.Nil(t, r.Replan)
	require.Equal(t, "flow", r.Plan.Summary)
	require.Equal(t, pmo.ActionWait, r.NextStep(start).Action)

	first := working()
	first.Plan = &pmo.Plan{Approach: "kanban", Summary: "flow"}
	q := first.OpenQuestion(first.NextStep(start).Question, terms(start, "theo"), start)
	for _, o := range q.Options {
		require.NotEqual(t, pmo.VerdictKeepPlan, o.Verdict, "nothing is agreed that could be kept")
	}
}

func TestBeforeAgreementAProposalIsThePlan(t *testing.T) {
	r := working()
	r.Plan = &pmo.Plan{Approach: "kanban", Summary: "flow"}
	r.OpenQuestion(r.NextStep(start).Question, terms(start, "theo"), start)
	require.Equal(t, 1, r.PlanVersion(), "the drafted plan is the first")
	require.Equal(t, pmo.RefusedStale, r.CheckProposePlan(proposes(pmo.Plan{Summary: "in phases"}, 0, "predictive")).Kind)
	r.ApplyProposePlan(proposes(pmo.Plan{Summary: "in phases"}, 1, "predictive"), start)
	require.Equal(t, "predictive", r.Approach.Name())
	require.Equal(t, pmo.Plan{Approach: "predictive", Summary: "in phases", Version: 2}, *r.Plan)
	require.Equal(t, "sam", r.PlanBy)
	require.Nil(t, r.OpenQuestionOf(pmo.KindPlan), "it is asked anew")
	settle(t, r, pmo.VerdictAgree)
	require.True(t, r.Plan.Agreed())
}

func TestAProposalEndsWithWhatItWasMadeFor(t *testing.T) {
	for name, end := range map[string]func(*pmo.Request){
		"the work is done": done, "another team": anotherTeam,
	} {
		r := agreedRequest(t)
		r.ApplyProposePlan(proposes(pmo.Plan{Summary: "other"}, 1, ""), start)
		r.OpenQuestion(r.NextStep(start).Question, terms(start, "theo"), start)
		end(r)
		for r.NextStep(start).Action == pmo.ActionContinue {
			continue
		}
		require.Nil(t, r.Replan, name)
		require.Nil(t, r.OpenQuestionOf(pmo.KindPlan), name)
	}
}

func TestWhatIsNoProposalIsRefused(t *testing.T) {
	r := agreedRequest(t)
	whole := pmo.Plan{Summary: "other"}
	for field, c := range map[string]pmo.ProposePlan{
		"/reason":                {Version: 1, Plan: whole},
		"/approach":              proposes(whole, 1, "waterfall"),
		"/plan/summary":          proposes(pmo.Plan{}, 1, ""),
		"/plan/weeks_each":       proposes(pmo.Plan{Summary: "s", Iterations: 3}, 1, ""),
		"/plan/milestones/0/due": proposes(pmo.Plan{Summary: "s", Milestones: []pmo.Milestone{{Name: "m", Due: "soon"}}}, 1, ""),
	} {
		refusal := r.CheckProposePlan(c)
		require.NotNil(t, refusal, field)
		require.Equal(t, field, refusal.Field)
	}
	big := proposes(whole, 1, "")
	for range 50 {
		big.Plan.Risks = append(big.Plan.Risks, pmo.Risk{Text: strings.Repeat("x", 1000)})
	}
	require.Equal(t, "/plan", r.CheckLimits(big).Field, "the ledger keeps every agreed plan, so it is bounded")
	done(r)
	require.Equal(t, pmo.RefusedMovedOn, r.CheckProposePlan(proposes(whole, 1, "")).Kind)
	before := working()
	before.Plan = nil
	require.Equal(t, pmo.RefusedMovedOn, before.CheckProposePlan(proposes(whole, 0, "")).Kind)
}

func TestEarnedValueIsMeasuredAgainstTheBudget(t *testing.T) {
	r := agreedRequest(t)
	measured := pmo.Report{Note: "n", EarnedValue: &pmo.EarnedValue{Planned: 50, Earned: 40, Spent: 50}}
	require.Equal(t, "/earned_value", r.CheckReport(measured, start).Field, "there is no budget")
	r.Plan.Budget = &pmo.Budget{Unit: pmo.BudgetMoney, Total: 100}
	require.Nil(t, r.CheckReport(measured, start))
	for field, v := range map[string]pmo.EarnedValue{"earned": {Earned: 101}, "planned": {Planned: 101}, "spent": {Spent: -1}} {
		require.Equal(t, "/earned_value/"+field, r.CheckReport(pmo.Report{EarnedValue: &v}, start).Field)
	}
	r.ApplyReport(measured, start)
	r.ApplyReport(pmo.Report{Note: "later"}, start)
	require.Equal(t, measured.EarnedValue, r.Progress.EarnedValue, "it stays until the next measurement")
}

func TestExpressWorkIsOwnedByTheLeadOfItsTeam(t *testing.T) {
	r := working()
	r.Plan = &pmo.Plan{Approach: "checklist", Summary: "s"}
	anotherTeam(r)
	r.Offer(pmo.Assignment{Team: "otter", Leads: []string{"lena"}}, start)
	answerNext(t, r, pmo.KindAssignment, pmo.VerdictAccept)
	require.Equal(t, "lena", r.Plan.Owner)
}

// TestWhoProposesAPlanAgreesByThat: the other side is asked, before an agreement and after it, for a counter-proposal as for a proposal.
func TestWhoProposesAPlanAgreesByThat(t *testing.T) {
	ask := func(r *pmo.Request, people ...string) *pmo.Question {
		step := r.NextStep(start)
		require.Equal(t, pmo.KindPlan, step.Question.Kind)
		return r.OpenQuestion(step.Question, terms(start, people...), start)
	}
	answer := func(r *pmo.Request, by, verdict string) *pmo.Refusal {
		q := r.OpenQuestionOf(pmo.KindPlan)
		c := pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: by}}, Question: q.ID, Verdict: verdict, Reason: "sooner"}
		if verdict == pmo.VerdictCounter {
			c.Data.Plan = &pmo.Plan{WIPLimit: 2}
		}
		refusal := r.CheckDecide(c, start)
		if refusal == nil {
			r.ApplyDecide(c, start)
		}
		return refusal
	}
	r := working()
	r.Plan = &pmo.Plan{Approach: "kanban", Summary: "flow"}
	require.Equal(t, []string{"sam", "theo"}, ask(r, "sam", "theo").Waiting(), "nobody proposed a drafted plan")
	require.Nil(t, answer(r, "theo", pmo.VerdictCounter))
	require.Equal(t, []string{"sam"}, ask(r, "sam", "theo").Waiting(), "the counter-proposal is theo's")
	require.Equal(t, pmo.RefusedDecided, answer(r, "theo", pmo.VerdictAgree).Kind)
	require.Nil(t, answer(r, "sam", pmo.VerdictCounter))
	require.Equal(t, []string{"theo"}, ask(r, "sam", "theo").Waiting())
	require.Nil(t, answer(r, "theo", pmo.VerdictAgree))
	require.True(t, r.Plan.Agreed())
	require.Empty(t, r.PlanBy)

	r.ApplyProposePlan(proposes(pmo.Plan{Summary: "other"}, r.PlanVersion(), ""), start)
	q := ask(r, "sam", "theo")
	require.Equal(t, []string{"theo"}, q.Waiting())
	require.Contains(t, q.Note, "Who proposed it, sam, agrees by that.")
	require.Equal(t, []string{"theo"}, r.Ledger[len(r.Ledger)-1].Recipients, "who has answered is not told that they are asked")
	require.Nil(t, answer(r, "theo", pmo.VerdictAgree))
	require.Equal(t, "other", r.Plan.Summary)

	r.ApplyProposePlan(proposes(pmo.Plan{Summary: "third"}, r.PlanVersion(), ""), start)
	anyOf := terms(start, "sam", "theo")
	anyOf.Quorum = pmo.Quorum{Mode: pmo.QuorumAny}
	q = r.OpenQuestion(r.NextStep(start).Question, anyOf, start)
	require.Equal(t, []string{"sam", "theo"}, q.Waiting(), "one agreement is enough: whoever proposes does not decide alone")

	before := working()
	before.Process = pmo.Process09
	before.Plan = &pmo.Plan{Approach: "kanban", Summary: "flow"}
	before.ApplyProposePlan(proposes(pmo.Plan{Summary: "other"}, 0, ""), start)
	require.Equal(t, []string{"sam", "theo"}, ask(before, "sam", "theo").Waiting())
}

// TestTheFirstAgreedPlanIsKept with the end that it said; another plan does not change it.
func TestTheFirstAgreedPlanIsKept(t *testing.T) {
	for name, c := range map[string]struct {
		plan pmo.Plan
		ends time.Time
	}{
		"the last day":    {pmo.Plan{Due: "2027-03-04", Milestones: []pmo.Milestone{{Name: "a", Due: "2027-03-09"}, {Name: "b", Due: "2027-03-05"}}}, time.Date(2027, 3, 10, 0, 0, 0, 0, time.UTC)},
		"its iterations":  {pmo.Plan{Iterations: 3, WeeksEach: 2}, start.AddDate(0, 0, 42)},
		"its expectation": {pmo.Plan{Expectation: &pmo.PlanExpectation{Days: 10, Probability: .85}}, start.AddDate(0, 0, 10)},
		"nothing":         {pmo.Plan{}, time.Time{}},
	} {
		r := working()
		c.plan.Approach, c.plan.Summary = "kanban", "flow"
		r.Plan, r.PulledAt = &c.plan, start
		settle(t, r, pmo.VerdictAgree)
		require.Equal(t, &pmo.FirstPlan{Approach: "kanban", EndsAt: c.ends}, r.FirstPlan, name)
		r.ApplyProposePlan(proposes(pmo.Plan{Summary: "other", Due: "2027-12-01"}, 1, "predictive"), start)
		settle(t, r, pmo.VerdictAgree)
		require.Equal(t, "predictive", r.Plan.Approach)
		require.Equal(t, &pmo.FirstPlan{Approach: "kanban", EndsAt: c.ends}, r.FirstPlan, name)
	}
}

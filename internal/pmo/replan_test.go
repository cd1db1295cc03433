package pmo_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

func proposes(plan pmo.Plan, version int, approach string) pmo.ProposePlan {
	return pmo.ProposePlan{Header: pmo.Header{By: pmo.By{Actor: "theo"}}, Version: version, Approach: approach, Plan: plan, Reason: "we learned"}
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
	settle(t, r, pmo.VerdictAgree)
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
	r.ApplyProposePlan(proposes(pmo.Plan{Summary: "in phases"}, 0, "predictive"), start)
	require.Equal(t, "predictive", r.Approach.Name())
	require.Equal(t, pmo.Plan{Approach: "predictive", Summary: "in phases", Version: 1}, *r.Plan)
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

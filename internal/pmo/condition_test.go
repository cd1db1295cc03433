package pmo_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

const board = "review/1/board"

func wants(texts ...string) pmo.Data {
	var d pmo.Data
	for _, text := range texts {
		d.Conditions = append(d.Conditions, pmo.ConditionData{Text: text})
	}
	return d
}

func field(refusal *pmo.Refusal) string {
	if refusal == nil {
		return ""
	}
	return refusal.Field
}

// onConditions is running work that ana approved on two conditions; its plan is proposed, and requester and team are asked.
func onConditions(t *testing.T) *pmo.Request {
	r := working()
	r.Plan = &pmo.Plan{Approach: "kanban", Summary: "flow", Milestones: []pmo.Milestone{{Name: "pilot"}}}
	r.Conditions = []pmo.Condition{{ID: "c1", Text: "A pilot first", By: "ana", At: start}, {ID: "c2", Text: "No second login", By: "kim", For: "bo", At: start}}
	openPlan(t, r)
	return r
}

func openPlan(t *testing.T, r *pmo.Request) *pmo.Question {
	step := r.NextStep(start)
	require.Equal(t, pmo.KindPlan, step.Question.Kind)
	asked := terms(start, "sam", "theo")
	asked.OnSilence, asked.Escalation = pmo.VerdictAgree, nil
	return openAt(r, step.Question, asked)
}

// openAcceptance asks for the acceptance of work whose plan answers its conditions.
func openAcceptance(t *testing.T, r *pmo.Request) *pmo.Question {
	r.Plan.AgreedAt, r.DoneAt = start, start
	r.EnterForTest(pmo.StageClosure, start)
	step := r.NextStep(start)
	require.Equal(t, pmo.KindAcceptance, step.Question.Kind)
	asked := terms(start, "sam")
	asked.OnSilence, asked.Escalation = pmo.VerdictAutoAccept, nil
	return openAt(r, step.Question, asked)
}

func TestAnApprovalWithConditionsIsAnApproval(t *testing.T) {
	r, q := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana", "bo")
	require.Nil(t, answer(r, "ana", board, pmo.VerdictApproveConditions, wants("A pilot first", "No second login")))
	require.Equal(t, []pmo.Condition{{ID: "c1", Text: "A pilot first", By: "ana", At: start, Question: board},
		{ID: "c2", Text: "No second login", By: "ana", At: start, Question: board}}, r.Conditions)
	last := r.Ledger[len(r.Ledger)-1]
	require.Equal(t, pmo.EventCondition, last.Event)
	require.Equal(t, "Condition c2: No second login", last.Text)
	require.Equal(t, "ana", last.Actor)
	require.Contains(t, last.Recipients, "sam")
	require.True(t, q.Open(), "bo is still asked")
	c := pmo.Decide{Header: pmo.Header{By: pmo.By{Actor: "kim", For: "bo"}}, Question: board, Verdict: pmo.VerdictApproveConditions, Data: wants("Ask the union")}
	require.Nil(t, r.CheckDecide(c, start))
	r.ApplyDecide(c, start)
	require.Equal(t, pmo.Condition{ID: "c3", Text: "Ask the union", By: "kim", For: "bo", At: start, Question: board}, r.Conditions[2])
	require.Equal(t, pmo.VerdictApproveConditions, r.Question(board).Verdict)
	require.Nil(t, r.Question(board).Data, "the request keeps them, not the question too")
	require.Equal(t, pmo.ActionContinue, r.NextStep(start).Action)
	require.Equal(t, pmo.StagePrioritization, r.Stage)
}

func TestConditionsHaveLimits(t *testing.T) {
	r, _ := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana", "bo", "cy")
	yes := true
	for name, c := range map[string]struct {
		verdict string
		data    pmo.Data
		field   string
	}{
		"none":            {pmo.VerdictApproveConditions, pmo.Data{}, "/data/conditions"},
		"eleven":          {pmo.VerdictApproveConditions, wants(strings.Split("abcdefghijk", "")...), "/data/conditions"},
		"blank":           {pmo.VerdictApproveConditions, wants("a", " "), "/data/conditions/1/text"},
		"too long":        {pmo.VerdictApproveConditions, wants(strings.Repeat("ä", 501)), "/data/conditions/0/text"},
		"with an id":      {pmo.VerdictApproveConditions, pmo.Data{Conditions: []pmo.ConditionData{{ID: "c9", Text: "a"}}}, "/data/conditions/0"},
		"judged":          {pmo.VerdictApproveConditions, pmo.Data{Conditions: []pmo.ConditionData{{Text: "a", Met: &yes}}}, "/data/conditions/0"},
		"with an approve": {pmo.VerdictApprove, wants("a"), "/data/conditions"},
		"with a no":       {pmo.VerdictReject, wants("a"), "/data/conditions"},
	} {
		require.Equal(t, c.field, field(answer(r, "ana", board, c.verdict, c.data)), name)
	}
	require.Empty(t, r.Conditions)
	for i := range 25 {
		r.Conditions = append(r.Conditions, pmo.Condition{ID: fmt.Sprintf("c%d", i+1), Text: "a", By: "dee"})
	}
	require.Equal(t, "/data/conditions", field(answer(r, "ana", board, pmo.VerdictApproveConditions, wants("1", "2", "3", "4", "5", "6"))), "30 in all")
	require.Nil(t, answer(r, "ana", board, pmo.VerdictApproveConditions, wants("1", "2", "3", "4", strings.Repeat("ä", 500))))
}

func TestConditionsStay(t *testing.T) {
	t.Run("in another round with the votes kept", func(t *testing.T) {
		r, _ := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana", "bo")
		require.Nil(t, answer(r, "ana", board, pmo.VerdictApproveConditions, wants("A pilot first")))
		require.Nil(t, answer(r, "bo", board, pmo.VerdictDuplicate, pmo.Data{Of: "r2"}))
		asked := terms(start, "sam")
		openAt(r, r.NextStep(start).Question, asked)
		require.Nil(t, answer(r, "sam", "duplicate/1", pmo.VerdictNotSame))
		q := openAt(r, r.NextStep(start).Question, terms(start, "ana", "bo"))
		require.Equal(t, []string{"bo"}, q.Waiting())
		require.Contains(t, q.Text, "Conditions so far: c1.")
		require.Nil(t, answer(r, "bo", "review/2/board", pmo.VerdictApprove))
		require.Equal(t, pmo.VerdictApproveConditions, r.Question("review/2/board").Verdict)
		require.Len(t, r.Conditions, 1)
	})
	t.Run("when the content changes, and are not asked for twice", func(t *testing.T) {
		r, _ := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana")
		r.Rules.Material = []string{"size"}
		require.Nil(t, answer(r, "ana", board, pmo.VerdictApproveConditions, wants("A pilot first")))
		amend(r, pmo.Patch{Size: ptr(3.0)})
		require.Len(t, r.ConditionsInForce(), 1)
		sameFacts(r)
		r.SetRoute(pmo.Route{Steps: []pmo.RouteStep{{Group: "board", Order: 1, Quorum: pmo.Quorum{Mode: pmo.QuorumAll}}}}, start)
		q := openAt(r, r.NextStep(start).Question, terms(start, "ana"))
		require.Empty(t, q.Answers, "she judges the changed content")
		require.Nil(t, answer(r, "ana", q.ID, pmo.VerdictApproveConditions, wants("A pilot first", "And a second one")))
		require.Len(t, r.Conditions, 2)
		require.Equal(t, "c2", r.Conditions[1].ID)
	})
	t.Run("when who asked for them has left", func(t *testing.T) {
		r, q := reviewed(pmo.Quorum{Mode: pmo.QuorumAll}, "ana", "bo")
		require.Nil(t, answer(r, "ana", board, pmo.VerdictApproveConditions, wants("A pilot first")))
		r.PeopleChanged(q.ID, pmo.QuestionTerms{People: []string{"bo"}, Gone: []pmo.Departure{{Person: "ana", Why: "who is no longer known"}}}, start)
		require.Len(t, r.ConditionsInForce(), 1)
	})
}

func TestThePlanAnswersEachCondition(t *testing.T) {
	r := onConditions(t)
	q := r.OpenQuestionOf(pmo.KindPlan)
	require.Equal(t, pmo.VerdictAskAgain, q.OnSilence, "silence answers no condition")
	require.Contains(t, q.Text, "c1, c2")
	refusal := answer(r, "sam", "plan/1", pmo.VerdictAgree)
	require.Equal(t, "/data/conditions", field(refusal))
	require.Contains(t, refusal.Detail, "condition c1 of ana (A pilot first) is not answered by the plan")
	counter := func(conditions ...pmo.PlanCondition) pmo.Data {
		return pmo.Data{Plan: &pmo.Plan{Conditions: conditions}}
	}
	for name, c := range map[string]struct {
		data  pmo.Data
		field string
	}{
		"unknown":         {counter(pmo.PlanCondition{ID: "c3", Note: "n"}), "/data/plan/conditions/0/id"},
		"neither":         {counter(pmo.PlanCondition{ID: "c1"}), "/data/plan/conditions/0"},
		"blank":           {counter(pmo.PlanCondition{ID: "c1", Note: " "}), "/data/plan/conditions/0"},
		"no milestone":    {counter(pmo.PlanCondition{ID: "c1", Milestone: "launch"}), "/data/plan/conditions/0/milestone"},
		"too long":        {counter(pmo.PlanCondition{ID: "c1", Note: strings.Repeat("x", 501)}), "/data/plan/conditions/0/note"},
		"not in the plan": {wants("a"), "/data/conditions"},
	} {
		require.Equal(t, c.field, field(answer(r, "sam", "plan/1", pmo.VerdictCounter, c.data)), name)
	}
	require.Nil(t, answer(r, "theo", "plan/1", pmo.VerdictCounter, counter(pmo.PlanCondition{ID: "c1", Milestone: "pilot"})))
	openPlan(t, r)
	require.Contains(t, answer(r, "sam", "plan/2", pmo.VerdictAgree).Detail, "condition c2 of kim")
	require.Nil(t, answer(r, "theo", "plan/2", pmo.VerdictCounter, counter(pmo.PlanCondition{ID: "c2", Note: "the portal's login"})))
	require.Equal(t, []pmo.PlanCondition{{ID: "c1", Milestone: "pilot"}, {ID: "c2", Note: "the portal's login"}}, r.Plan.Conditions, "what it does not mention stays")
	q = openPlan(t, r)
	require.Equal(t, pmo.VerdictAgree, q.OnSilence)
	require.Equal(t, "/data/plan/conditions", field(answer(r, "sam", "plan/3", pmo.VerdictCounter, pmo.Data{Plan: &pmo.Plan{Milestones: []pmo.Milestone{{Name: "launch"}}}})),
		"the milestone that answers c1 would be gone")
	require.Nil(t, answer(r, "sam", "plan/3", pmo.VerdictAgree))
	require.True(t, r.Plan.Agreed(), "theo proposed it")
}

func TestSilenceAgreesOnNoPlanThatLeavesAConditionUnanswered(t *testing.T) {
	r := onConditions(t)
	passTo(r, start.Add(30*day))
	require.False(t, r.Plan.Agreed())
	openPlan(t, r)

	r = working()
	r.Plan = &pmo.Plan{Approach: "kanban", Summary: "flow"}
	openPlan(t, r)
	r.TakeConditions(pmo.Watch{Conditions: []pmo.Condition{{Text: "A pilot first", By: "ana", From: "R-7/c1"}}}, start)
	passTo(r, start.Add(30*day))
	require.False(t, r.Plan.Agreed(), "a condition came after it was asked")
}

func TestTheAcceptanceJudgesEachCondition(t *testing.T) {
	r := onConditions(t)
	q := openAcceptance(t, r)
	require.Equal(t, pmo.VerdictAskAgain, q.OnSilence, "silence judges no condition")
	require.Equal(t, []string{"conditions"}, q.Options[0].Needs)
	yes, no := true, false
	said := func(list ...pmo.ConditionData) pmo.Data { return pmo.Data{Conditions: list} }
	for name, c := range map[string]struct {
		data  pmo.Data
		field string
	}{
		"nothing":       {pmo.Data{}, "/data/conditions"},
		"one of two":    {said(pmo.ConditionData{ID: "c1", Met: &yes}), "/data/conditions"},
		"no reason":     {said(pmo.ConditionData{ID: "c1", Met: &no}, pmo.ConditionData{ID: "c2", Met: &yes}), "/data/conditions/0/reason"},
		"blank reason":  {said(pmo.ConditionData{ID: "c1", Reason: " "}, pmo.ConditionData{ID: "c2", Met: &yes}), "/data/conditions/0/reason"},
		"neither":       {said(pmo.ConditionData{ID: "c1"}, pmo.ConditionData{ID: "c2", Met: &yes}), "/data/conditions/0/reason"},
		"unknown":       {said(pmo.ConditionData{ID: "c7", Met: &yes}), "/data/conditions/0/id"},
		"twice":         {said(pmo.ConditionData{ID: "c1", Met: &yes}, pmo.ConditionData{ID: "c1", Met: &yes}), "/data/conditions/1/id"},
		"a long reason": {said(pmo.ConditionData{ID: "c1", Met: &yes}, pmo.ConditionData{ID: "c2", Reason: strings.Repeat("x", 501)}), "/data/conditions/1/reason"},
	} {
		for _, verdict := range []string{pmo.VerdictAccept, pmo.VerdictRemarks} {
			require.Equal(t, c.field, field(answer(r, "sam", "acceptance/1", verdict, c.data)), name)
		}
	}
	require.Contains(t, answer(r, "sam", "acceptance/1", pmo.VerdictAccept).Detail, "condition c1 of ana (A pilot first) is neither met")
	require.Nil(t, answer(r, "sam", "acceptance/1", pmo.VerdictRemarks, said(pmo.ConditionData{ID: "c2", Reason: "the vendor has none"}, pmo.ConditionData{ID: "c1", Met: &yes})))
	require.True(t, r.Delivered())
	require.True(t, *r.Conditions[0].Met)
	require.False(t, *r.Conditions[1].Met)
	require.Equal(t, "the vendor has none", r.Conditions[1].Reason)
	told := map[string][]string{}
	for _, e := range r.Ledger {
		if e.Event == pmo.EventCondition {
			told[e.Text] = e.Recipients
		}
	}
	require.Equal(t, map[string][]string{"Met: condition c1 of ana (A pilot first).": {"ana"},
		"Not met: condition c2 of kim (No second login). Why: the vendor has none": {"kim", "bo"}}, told)
	require.Equal(t, pmo.ActionContinue, r.NextStep(start).Action)
	require.Equal(t, "Accepted by the requester. 1 of 2 conditions met; not met: c2.", r.Reason)
}

func TestSilenceAcceptsNothingThatHasConditions(t *testing.T) {
	r := onConditions(t)
	openAcceptance(t, r)
	passTo(r, start.Add(30*day))
	require.False(t, r.Delivered())
	require.Equal(t, pmo.KindAcceptance, r.NextStep(start.Add(30*day)).Question.Kind, "it is asked again")
	r = onConditions(t)
	r.Conditions = nil
	openAcceptance(t, r)
	passTo(r, start.Add(30*day))
	require.True(t, r.Delivered(), "without conditions as before")
}

func TestReworkJudgesNoCondition(t *testing.T) {
	r := onConditions(t)
	openAcceptance(t, r)
	require.Nil(t, answer(r, "sam", "acceptance/1", pmo.VerdictRework))
	require.Nil(t, r.Conditions[0].Met)
}

func TestConditionsOnAChange(t *testing.T) {
	const change = "change_review/1/board"
	t.Run("count once it is taken", func(t *testing.T) {
		r := underReview(t)
		require.Nil(t, answer(r, "ana", change, pmo.VerdictApproveConditions, wants("No overtime")))
		require.True(t, r.Conditions[0].Change)
		require.Nil(t, answer(r, "bo", change, pmo.VerdictApprove))
		require.Equal(t, pmo.ActionContinue, r.NextStep(start).Action)
		require.Nil(t, r.Change)
		require.False(t, r.Conditions[0].Change)
		require.False(t, r.Plan.Agreed())
		sameFacts(r)
		openPlan(t, r)
		require.Contains(t, answer(r, "sam", "plan/1", pmo.VerdictAgree).Detail, "condition c1 of ana (No overtime)")
	})
	t.Run("are void when it is not", func(t *testing.T) {
		r := underReview(t)
		require.Nil(t, answer(r, "ana", change, pmo.VerdictApproveConditions, wants("No overtime")))
		require.Nil(t, answer(r, "bo", change, pmo.VerdictRefuse))
		goesOn(t, r)
		require.Equal(t, "the change it was on is not taken", r.Conditions[0].Void)
		require.Empty(t, r.ConditionsInForce())
	})
}

func TestConditionsGoOnWhereTheRequestGoesOn(t *testing.T) {
	merged := onConditions(t)
	merged.Number = 7
	merged.Conditions = append(merged.Conditions, pmo.Condition{ID: "c3", Text: "x", By: "bo", Void: "not taken"})
	notice := merged.MergeNotice()
	require.Len(t, notice.Conditions, 2, "what is void is not handed over")
	for name, c := range map[string]struct {
		target, source bool // confidential
		delivered      bool
		have, taken    int
		says           string
	}{
		"open into open":                 {taken: 2, says: "Condition c2, of R-7/c2: No second login"},
		"open into confidential":         {target: true, taken: 2, says: "Condition c2, of R-7/c2: No second login"},
		"confidential into confidential": {target: true, source: true, taken: 2, says: "Condition c2, of R-7/c2: No second login"},
		"confidential into open":         {source: true, says: "2 conditions of a confidential request that goes on here are not taken over."},
		"into what is accepted":          {delivered: true, says: "Not taken over, because this request is accepted already: the conditions R-7/c1, R-7/c2."},
		"into one with 29":               {have: 29, taken: 1, says: "Not taken over, because a request has at most 30 conditions: R-7/c2."},
	} {
		t.Run(name, func(t *testing.T) {
			r := submitted()
			r.Content.Confidential = c.target
			if c.delivered {
				r.AcceptedAt = start
			}
			for i := range c.have {
				r.Conditions = append(r.Conditions, pmo.Condition{ID: fmt.Sprintf("c%d", i+1), Text: "a", By: "dee"})
			}
			told := notice
			told.Confidential = c.source
			r.TakeConditions(told, start)
			require.Len(t, r.Conditions, c.have+c.taken)
			require.Contains(t, lastText(r), c.says)
			seq := r.Seq
			if c.says[0] == 'C' {
				r.TakeConditions(told, start)
				require.Equal(t, seq, r.Seq, "the same notice again changes nothing")
				require.Equal(t, "ana", r.Conditions[0].By)
			}
		})
	}
	r := submitted()
	r.TakeConditions(pmo.Watch{Conditions: []pmo.Condition{{Text: strings.Repeat("x", 501), By: "a", From: "R-7/c1"}, {Text: "a", By: strings.Repeat("x", 301)}}}, start)
	require.Empty(t, r.Conditions, "no request hands these over")
}

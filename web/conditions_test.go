package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

const (
	requestID = "018f0000-0000-7000-8000-00000000000a"
	decisions = "POST /v1/requests/" + requestID + "/decisions"
)

// asked is a browser of somebody whose request R-8 has conditions and one open question.
func asked(t *testing.T, q pmo.Question, change func(*wire.Request)) *browser {
	b := newBrowser(t).signIn("ana")
	request := b.api.answers["GET /v1/requests/R-8"].(wire.Request)
	request.Questions = []wire.OpenQuestion{{Question: q, MayAnswer: true}}
	request.Conditions = []pmo.Condition{{ID: "c1", Text: "A pilot first", By: "bo"}, {ID: "c2", Text: "Dropped", By: "bo", Void: "the change it was on is not taken"},
		{ID: "c3", Text: "No second login", By: "petra"}, {ID: "c4", Text: "Green", By: "bo", Change: true}}
	change(&request)
	b.api.answers["GET /v1/requests/R-8"], b.api.answers["GET /v1/requests/"+requestID] = request, request
	return b
}

func plan() *pmo.Plan {
	return &pmo.Plan{Summary: "s", Milestones: []pmo.Milestone{{Name: "pilot"}, {Name: "roll-out"}}, Conditions: []pmo.PlanCondition{{ID: "c1", Milestone: "pilot"}}}
}

func TestApproveOnConditions(t *testing.T) {
	b := newBrowser(t).signIn("ana")
	const page = "/requests/R-8/answer?question=review/1/approvers"
	require.Contains(t, b.text(b.do("GET", page, nil)), "Approve on conditions")
	require.Contains(t, b.text(b.do("GET", page+"&verdict=approve_with_conditions", nil)), `<textarea id="f-conditions"`)
	answer := url.Values{"question": {"review/1/approvers"}, "verdict": {"approve_with_conditions"}, "conditions": {" \n\n"}}
	response := b.do("POST", "/requests/R-8/answer", answer)
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode, "a condition is needed")
	require.Contains(t, b.text(response), "This is needed.")
	answer.Set("conditions", "A pilot, first\r\n\r\n  No second login \r\n")
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/requests/R-8/answer", answer).StatusCode)
	require.JSONEq(t, `{"decision":"review/1/approvers","verdict":"approve_with_conditions","data":{"conditions":[{"text":"A pilot, first"},{"text":"No second login"}]}}`,
		string(b.api.sent[decisions]))
	b.api.refuse[decisions] = problem.InvalidField("/data/conditions/1/text", "is longer than 500 characters")
	response = b.do("POST", "/requests/R-8/answer", answer)
	require.Contains(t, b.text(response), `<p class="error" id="f-conditions-error"><span lang="en">Is longer than 500 characters</span></p>`)
}

func TestAPlanAnswersConditions(t *testing.T) {
	b := asked(t, pmo.Question{ID: "plan/1", Kind: pmo.KindPlan, Text: "Is the plan fine?", Options: pmo.Options(pmo.KindPlan)}, func(r *wire.Request) { r.Plan = plan() })
	text := b.text(b.do("GET", "/requests/R-8/answer?question=plan/1&verdict=counter", nil))
	require.Contains(t, text, `<option value="pilot" selected>`, "as it is answered now")
	require.Contains(t, text, `name="plan.conditions.c3.note"`)
	for _, id := range []string{"c2", "c4"} {
		require.NotContains(t, text, "plan.conditions."+id, "it is not to be answered")
	}
	answer := url.Values{"question": {"plan/1"}, "verdict": {"counter"}, "reason": {"r"}, "plan.iterations": {"3"},
		"plan.conditions.c1.milestone": {"roll-out"}, "plan.conditions.c3.note": {"The portal's login"}}
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/requests/R-8/answer", answer).StatusCode)
	require.JSONEq(t, `{"decision":"plan/1","verdict":"counter","reason":"r","data":{"plan":{"iterations":3,
		"conditions":[{"id":"c1","milestone":"roll-out"},{"id":"c3","note":"The portal's login"}]}}}`, string(b.api.sent[decisions]))
	b.api.refuse[decisions] = problem.InvalidField("/data/plan/conditions/1/note", "is longer than 500 characters")
	require.Contains(t, b.text(b.do("POST", "/requests/R-8/answer", answer)), `id="f-plan-conditions-c3-note-error"><span lang="en">Is longer`)
	answer = url.Values{"question": {"plan/1"}, "verdict": {"counter"}, "reason": {"r"}, "plan.conditions.c3.note": {"n"}}
	delete(b.api.refuse, decisions)
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/requests/R-8/answer", answer).StatusCode)
	require.Contains(t, string(b.api.sent[decisions]), `"conditions":[{"id":"c3","note":"n"}]`, "without another field of the plan")
}

func TestAPlanWithoutMilestonesAnswersConditionsInNotes(t *testing.T) {
	b := asked(t, pmo.Question{ID: "plan/1", Kind: pmo.KindPlan, Text: "Is the plan fine?", Options: pmo.Options(pmo.KindPlan)}, func(*wire.Request) {})
	text := b.text(b.do("GET", "/requests/R-8/answer?question=plan/1&verdict=counter", nil))
	require.NotContains(t, text, "plan.conditions.c1.milestone")
	require.Contains(t, text, "A pilot first")
}

func TestTheAcceptanceJudgesConditions(t *testing.T) {
	options := []pmo.Option{{Verdict: pmo.VerdictAccept, Needs: []string{"conditions"}, Description: "the agreed outcome is reached"}, {Verdict: pmo.VerdictRework, Reason: true}}
	b := asked(t, pmo.Question{ID: "acceptance/1", Kind: pmo.KindAcceptance, Text: "Is it done?", Options: options}, func(r *wire.Request) { r.Plan = plan() })
	require.NotContains(t, b.text(b.do("GET", "/requests/R-8/answer?question=acceptance/1&verdict=rework", nil)), "conditions.c1.met")
	text := b.text(b.do("GET", "/requests/R-8/answer?question=acceptance/1&verdict=accept", nil))
	require.Contains(t, text, "Condition c3: No second login")
	require.NotContains(t, text, "conditions.c4.met")
	answer := url.Values{"question": {"acceptance/1"}, "verdict": {"accept"}, "conditions.c1.met": {"yes"}}
	response := b.do("POST", "/requests/R-8/answer", answer)
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
	require.Contains(t, b.text(response), `id="f-conditions-c3-met-error">This is needed.`)
	answer.Set("conditions.c3.met", "no")
	response = b.do("POST", "/requests/R-8/answer", answer)
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
	require.Contains(t, b.text(response), `id="f-conditions-c3-reason-error">This is needed.`)
	require.Empty(t, b.api.sent)
	answer.Set("conditions.c3.reason", "The vendor has none")
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/requests/R-8/answer", answer).StatusCode)
	require.JSONEq(t, `{"decision":"acceptance/1","verdict":"accept","data":{"conditions":[{"id":"c1","met":true},{"id":"c3","met":false,"reason":"The vendor has none"}]}}`,
		string(b.api.sent[decisions]))
	b.api.refuse[decisions] = problem.InvalidField("/data/conditions/1/reason", "is longer than 500 characters")
	require.Contains(t, b.text(b.do("POST", "/requests/R-8/answer", answer)), `id="f-conditions-c3-reason-error"><span lang="en">Is longer`)
}

// TestPagesShowConditions: what became of each is on the page of the request and where it is answered.
func TestPagesShowConditions(t *testing.T) {
	no := false
	b := asked(t, pmo.Question{ID: "review/2/board", Kind: pmo.KindReview, Text: "Shall we?", Options: pmo.Options(pmo.KindReview)}, func(r *wire.Request) {
		r.Plan = plan()
		r.Plan.Conditions = append(r.Plan.Conditions, pmo.PlanCondition{ID: "c6", Note: "as in the portal"})
		r.Conditions = append(r.Conditions, pmo.Condition{ID: "c5", Text: "Cheap", By: "bo", Met: new(true)}, pmo.Condition{ID: "c6", Text: "<b>Known</b>", By: "bo"},
			pmo.Condition{ID: "c7", Text: "Quick", By: "bo", Met: &no, Reason: "somebody was ill"})
		r.Quicker = []string{"It would take the express lane: with a size of at most 2 team-weeks."}
	})
	for page, quicker := range map[string]bool{"/requests/R-8": true, "/requests/R-8/answer?question=review/2/board": false,
		"/requests/R-8/answer?question=review/2/board&verdict=approve": false} {
		text := b.text(b.do("GET", page, nil))
		for _, says := range []string{"A pilot first", "by the milestone “pilot”", "no longer counts: the change it was on is not taken", "not answered by the plan yet",
			"on the change under review", "met</span>", "not met: somebody was ill", "in the plan: as in the portal", "&lt;b&gt;Known&lt;/b&gt;", "Petra"} {
			require.Contains(t, text, says, page)
		}
		require.Equal(t, quicker, strings.Contains(text, "with a size of at most 2 team-weeks"), page)
	}
	require.NotContains(t, b.text(newBrowser(t).signIn("ana").do("GET", "/requests/R-8", nil)), "h-conditions", "a request without any")
}

// TestAnotherPlanHasMilestones: one a line, with its day or without.
func TestAnotherPlanHasMilestones(t *testing.T) {
	q := pmo.Question{ID: "plan/1", Kind: pmo.KindPlan, Text: "Is this the plan?", People: []string{"ana"}, Options: pmo.Options(pmo.KindPlan)}
	b := asked(t, q, func(r *wire.Request) { r.Conditions = nil })
	require.Contains(t, b.text(b.do("GET", "/requests/R-8/answer?question=plan/1&verdict=counter", nil)), `id="f-plan-milestones"`)
	form := url.Values{"question": {"plan/1"}, "verdict": {"counter"}, "reason": {"a pilot first"}, "plan.summary": {"slowly"},
		"plan.milestones": {"Pilot in the north, 2027-05-01\n\n Roll-out\nEnd of 2027-2028-2029 phase"}}
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/requests/R-8/answer", form).StatusCode)
	require.JSONEq(t, `{"decision":"plan/1","verdict":"counter","reason":"a pilot first","data":{"plan":{"summary":"slowly",
		"milestones":[{"name":"Pilot in the north","due":"2027-05-01"},{"name":"Roll-out"},{"name":"End of 2027-2028-2029 phase"}]}}}`, string(b.api.sent[decisions]))
	b.api.refuse[decisions] = problem.InvalidField("/data/plan/milestones/0/due", "is no day")
	require.Contains(t, b.text(b.do("POST", "/requests/R-8/answer", form)), "Is no day")
}

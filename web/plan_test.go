package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/approach"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

const plans = "POST /v1/requests/x/plan"

// planBrowser is a browser of somebody who may propose another plan for R-7.
func planBrowser(t *testing.T) (*browser, *wire.PlanView) {
	b := newBrowser(t)
	size := 6.0
	plan := approach.Skeleton(approach.Work{Approach: approach.Predictive, Size: &size, Start: time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC), Mismatches: []string{"nobody has experience"}})
	plan.Version, plan.AgreedAt = 2, time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC)
	index := 0.8
	view := &wire.PlanView{Agreed: true, Plan: plan, Version: 2, Measured: &wire.PlanEarnedValue{CostIndex: &index}, Changes: []wire.PlanChange{{What: "end", Was: "2027-04-01", Is: "2027-04-09", Days: 8}},
		Schedule: &wire.PlanSchedule{Duration: 30, Deviation: 2, Packages: []wire.PlanPackage{{Name: "Build", Mean: 13.5, Deviation: 2.5, Critical: true}}},
		Signs:    []wire.PlanSign{{Kind: "unplanned", Says: "40 % of the work comes unplanned", Suggests: "scrumban"}},
		Lacks:    []wire.PlanFault{{Pointer: "/work_packages/0/likely", Detail: "is not there"}}}
	request := wire.Request{Ref: "R-7", State: wire.State{ID: "x", Number: 7, Revision: 3}, Commands: []string{"plan"}}
	request.Conditions = []pmo.Condition{{ID: "c1", Text: "A pilot first", By: "bo"}}
	b.api.answers["GET /v1/requests/R-7"] = request
	b.api.answers["GET /v1/requests/R-7/plan"] = *view
	b.api.answers["GET /v1/requests/R-7/plan/draft"] = wire.PlanDraft{Version: 2, Plan: pmo.Plan{Approach: "scrum", Summary: "sprints", Goal: "a goal", Iterations: 3, WeeksEach: 2}}
	b.api.answers[plans] = pmo.Receipt{ID: "x", Number: 7, Says: "proposed"}
	b.signIn("theo")
	return b, view
}

func TestThePlanPageShowsWhatFollowsFromThePlan(t *testing.T) {
	b, _ := planBrowser(t)
	text := b.text(b.do("GET", "/requests/R-7/plan", nil))
	for _, want := range []string{"The plan, agreed: Predictive", "scope baseline agreed", "gate", "Expected: 30 working days, ± 2.", `<span class="chip warn">critical</span>`, "13.5 ± 2.5", "CPI", "0.8",
		"End: ", "(8 days later)", "Nobody has experience", "Work packages: ", "40 % of the work comes unplanned.", `href="/requests/x/plan?approach=scrumban#propose">It speaks for: Scrumban`, "A pilot first", "6 team-weeks, 0.9 of it for changes"} {
		require.Contains(t, text, want)
	}
	require.NotContains(t, text, `class="radar"`, "nothing is known of the nine attributes")
	view := b.api.answers["GET /v1/requests/R-7/plan"].(wire.PlanView)
	one := 1.0
	view.Suitability = wire.ApproachFilter{Known: 1, Mean: 1, Max: 1, Answers: []wire.ApproachFilterMark{{Question: "buy_in", Score: &one}}}
	b.api.answers["GET /v1/requests/R-7/plan"] = view
	text = b.text(b.do("GET", "/requests/R-7/plan", nil))
	require.Contains(t, text, `<svg class="radar"`)
	require.Contains(t, text, `<dl class="radar-table">`, "the same in words")
	b.do("GET", "/requests/R-7/plan?lang=de", nil)
	require.Contains(t, b.text(b.do("GET", "/requests/R-7/plan", nil)), "Terminplan und kritischer Pfad")
}

// TestAReviewAsksItsThreeQuestionsAndLeadsToAPlan: each is answered; a wish for another plan stands on the page of the plan until one is proposed.
func TestAReviewAsksItsThreeQuestionsAndLeadsToAPlan(t *testing.T) {
	b, view := planBrowser(t)
	request := b.api.answers["GET /v1/requests/R-7"].(wire.Request)
	request.Stage, request.Status, request.Plan = pmo.StageExecution, pmo.StatusOpen, &view.Plan
	request.LastReview = &pmo.PlanReview{At: now, Verdict: pmo.VerdictReplan, Version: 2}
	b.api.answers["GET /v1/requests/R-7"] = request
	require.Contains(t, b.text(b.do("GET", "/requests/R-7/plan", nil)), "Another plan is wanted")

	asked := b.api.answers["GET /v1/requests/R-8"].(wire.Request)
	asked.Questions = []wire.OpenQuestion{{Question: pmo.Question{ID: "plan_review/1", Kind: pmo.KindPlanReview, Text: "Review of the plan", Options: pmo.Options(pmo.KindPlanReview)}, MayAnswer: true}}
	b.api.answers["GET /v1/requests/R-8"] = asked
	call := "POST /v1/requests/" + asked.ID + "/decisions"
	b.api.answers[call] = pmo.Receipt{ID: asked.ID, Number: 8, Says: "answered"}
	answer := b.text(b.do("GET", "/requests/R-8/answer?question=plan_review/1&verdict=replan", nil))
	for _, want := range []string{"What has changed?", "What did we learn?", "What do we do differently?"} {
		require.Contains(t, answer, want)
	}
	sent := url.Values{"question": {"plan_review/1"}, "verdict": {"replan"}, "review.changed": {"the vendor left"}, "review.learned": {"vendors leave"}}
	require.Equal(t, http.StatusUnprocessableEntity, b.do("POST", "/requests/R-8/answer", sent).StatusCode)
	sent.Set("review.differently", "ask weekly")
	response := b.do("POST", "/requests/R-8/answer", sent)
	require.Equal(t, http.StatusSeeOther, response.StatusCode)
	require.Equal(t, "/requests/R-8/plan#propose", response.Header.Get("Location"), "whoever wants another plan comes to its form")
	var decision wire.Decision
	require.NoError(t, json.Unmarshal(b.api.sent[call], &decision))
	require.Equal(t, &pmo.ReviewAnswers{Changed: "the vendor left", Learned: "vendors leave", Differently: "ask weekly"}, decision.Data.Review)
}

// formOfPage is what a browser would send for the form, unchanged.
func formOfPage(plan *pmo.Plan, name string) url.Values {
	sent := url.Values{"version": {"2"}, "approach": {name}, "form": {"fields"}, "key": {"k"}}
	for field, value := range planValues(plan) {
		sent.Set(field, value)
	}
	return sent
}

// TestAFormThatIsSentAsItCameProposesThePlanAsItIs, for the plan of every approach: no field is lost between plan and form.
func TestAFormThatIsSentAsItCameProposesThePlanAsItIs(t *testing.T) {
	size := 12.0
	for _, name := range pmo.Approaches() {
		plan := approach.Skeleton(approach.Work{Approach: approach.Approach(name), Size: &size, Start: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), Goal: "goal", Mismatches: []string{"a risk"},
			Cycles: approach.CycleTimes{Days: 9, Finished: 12}})
		plan.Owner = strings.Repeat("theo", min(1, len(plan.Due)))
		controls := fill(planForm(&reader{Lang: "en"}, &plan, name), formOfPage(&plan, name))
		read, ok := planFrom(plan, controls)
		require.True(t, ok, name)
		require.Equal(t, plan, read, name)
	}
}

func TestAnotherPlanIsProposed(t *testing.T) {
	b, view := planBrowser(t)
	sent := formOfPage(&view.Plan, "predictive")
	sent.Set("milestones", "Pilot | 2027-04-01 | gate | after build\nLaunch, 2027-05-01")
	response := b.do("POST", "/requests/R-7/plan", sent)
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode, "a reason is needed")
	sent.Set("reason", "we learned")
	sent.Set("plan.conditions.c1.note", "the pilot")
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/requests/R-7/plan", sent).StatusCode)
	body := string(b.api.sent[plans])
	require.Contains(t, body, `"milestones":[{"name":"Pilot","due":"2027-04-01","gate":true,"after":["build"]},{"name":"Launch","due":"2027-05-01"}]`)
	require.Contains(t, body, `"conditions":[{"id":"c1","note":"the pilot"}]`)
	require.Contains(t, body, `"version":2,"approach":"predictive"`)

	sent.Set("work_packages", "build | Build | soon")
	require.Contains(t, b.text(b.do("POST", "/requests/R-7/plan", sent)), "A line cannot be read")
	sent.Set("work_packages", "build | Build | 1/2/3")
	b.api.refuse[plans] = problem.InvalidField("/plan/milestones/0/due", "lies before the start")
	require.Contains(t, b.text(b.do("POST", "/requests/R-7/plan", sent)), `id="f-milestones-error"><span lang="en">Lies before the start`)
}

func TestAnotherApproachBeginsWithItsPlan(t *testing.T) {
	b, _ := planBrowser(t)
	text := b.text(b.do("GET", "/requests/R-7/plan?approach=scrum", nil))
	require.Contains(t, text, `name="goal"`)
	require.Contains(t, text, "a goal")
	require.NotContains(t, text, `name="work_packages"`, "the form has what Scrum needs")
	sent := url.Values{"version": {"2"}, "approach": {"scrum"}, "form": {"fields"}, "key": {"k"}, "summary": {"sprints"}, "goal": {"a goal"}, "iterations": {"3"}, "weeks_each": {"2"}, "reason": {"the scope moves"}}
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/requests/R-7/plan", sent).StatusCode)
	require.JSONEq(t, `{"version":2,"approach":"scrum","reason":"the scope moves","plan":{"approach":"scrum","summary":"sprints","goal":"a goal","iterations":3,"weeks_each":2}}`, string(b.api.sent[plans]))
}

func TestAPlanIsProposedAsADocument(t *testing.T) {
	b, _ := planBrowser(t)
	sent := url.Values{"version": {"2"}, "form": {"yaml"}, "key": {"k"}, "reason": {"r"}, "yaml": {"approach: kanban\nsummary: flow\nwip_limit: 3\ncolour: red\n"}}
	require.Contains(t, b.text(b.do("POST", "/requests/R-7/plan", sent)), "colour")
	sent.Set("yaml", "approach: kanban\nsummary: flow\nwip_limit: 3\n")
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/requests/R-7/plan", sent).StatusCode)
	require.JSONEq(t, `{"version":2,"approach":"kanban","reason":"r","plan":{"approach":"kanban","summary":"flow","wip_limit":3}}`, string(b.api.sent[plans]))
}

func TestTheRequestShowsTheAdviceThatMattersNow(t *testing.T) {
	b, _ := planBrowser(t)
	request := b.api.answers["GET /v1/requests/R-8"].(wire.Request)
	request.Stage = pmo.StageExecution
	advice := wire.Playbook{Approach: "scrum", Title: "Scrum", Moment: "review", Sections: []wire.PlaybookSection{{Name: "cadence", Items: []string{"A <short> look"}}}}
	b.api.answers["GET /v1/requests/R-8"], b.api.answers["GET /v1/requests/"+request.ID+"/playbook"], b.api.answers["GET /v1/playbooks/scrum"] = request, advice, advice
	text := b.text(b.do("GET", "/requests/R-8", nil))
	require.Contains(t, text, "Before the review")
	require.Contains(t, text, "A &lt;short&gt; look")
	require.Contains(t, text, `href="/playbooks/scrum"`)
	require.Contains(t, b.text(b.do("GET", "/playbooks/scrum", nil)), "Other ways of working")
	delete(b.api.answers, "GET /v1/requests/"+request.ID+"/playbook")
	b.api.refuse["GET /v1/requests/"+request.ID+"/playbook"] = problem.New(problem.NotFound, "no advice is due")
	require.NotContains(t, b.text(b.do("GET", "/requests/R-8", nil)), "Before the review")
}

package browser

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/testkit"
	"leanpmo/tests/harness"
)

// TestTheWayOfWorkingIsAskedAndThePlanAgreed: a requester answers the questions about the work one at a time until none can change the recommendation.
// While work goes on, the lead proposes another plan in its page; what does not add up is marked there; the plan that both agree on is in force and kept.
func TestTheWayOfWorkingIsAskedAndThePlanAgreed(t *testing.T) {
	chrome := program(t)
	e := harness.Start(t, harness.Options{Mode: harness.Local, AsShipped: true})
	root := open(t, chrome, e.Stack.HTTP)
	sam, theo := openWindow(t, root, e.Stack.HTTP, "sam", look{}), openWindow(t, root, e.Stack.HTTP, "theo", look{})
	const title = "Sort the parking lists by street"
	asksFor := form(title)
	asksFor["size"] = 5 // no express work, whose way is not asked about
	r := e.API.Submit("sam", asksFor)
	r.Approve()

	page := "/requests/" + r.Ref + "/approach"
	sam.reads("/requests/"+r.Ref, "Which way of working fits")
	sam.visit(page)
	asked := map[string]bool{}
	for question := sam.nextQuestion(); question != ""; {
		require.False(t, asked[question], "%s is asked twice", question)
		asked[question] = true
		answer := "0"
		if len(asked) == 1 {
			answer = "dont_know"
		}
		sam.fill(map[string]string{"answer": answer})
		sam.press(`main form[action$="/approach"] button`)
		testkit.Eventually(t, "the answer is there", func() error {
			if next := sam.nextQuestion(); next != question {
				question = next
				return nil
			}
			sam.visit(page)
			return fmt.Errorf("%s is still asked", question)
		})
	}
	require.NotEmpty(t, asked)
	require.Contains(t, sam.text(), "No further answer can change it.")
	sam.requireFits()

	r.Pull().ToExecution()
	plan := "/requests/" + r.Ref + "/plan"
	theo.reads(plan, "The plan, agreed")
	theo.fill(map[string]string{"summary": "street by street", "reason": "the streets are known now", "review_days": "-1"})
	theo.press(`main form[action$="/plan"] .actions button.button`)
	require.NotZero(t, run[int](theo, `document.querySelectorAll(".field.wrong").length`), theo.text())
	theo.fill(map[string]string{"review_days": "10"})
	theo.press(`main form[action$="/plan"] .actions button.button`)
	sam.reads(plan, "the streets are known now")
	sam.answer(title, "agree", nil) // theo proposed it
	theo.reads(plan, "street by street", "Agreed plans", "Version 2")
	theo.requireFits()
	sam.requireQuiet()
	theo.requireQuiet()
}

// TestThePlanIsReviewed: when the cadence of the plan has passed, requester and lead are asked the three questions on their pages. What is left out is
// marked; one wish for another plan leads its author to the proposal, stands on the page of the plan until one is proposed, and what was learned is kept.
func TestThePlanIsReviewed(t *testing.T) {
	chrome := program(t)
	e := harness.Start(t, harness.Options{Mode: harness.Local, AsShipped: true})
	source := axe(t)
	root := open(t, chrome, e.Stack.HTTP)
	sam, theo := openWindow(t, root, e.Stack.HTTP, "sam", look{}), openWindow(t, root, e.Stack.HTTP, "theo", look{language: "de"})
	const title = "Number the meters of the car parks"
	asksFor := form(title)
	asksFor["size"] = 5
	r := e.API.Submit("sam", asksFor)
	r.Approve().Pull().ToExecution()
	request, plan := "/requests/"+r.Ref, "/requests/"+r.Ref+"/plan"
	theo.visit(plan)
	theo.fill(map[string]string{"summary": "car park by car park", "reason": "sooner", "review_days": "10"})
	theo.press(`main form[action$="/plan"] .actions button.button`)
	sam.answer(title, "agree", nil)
	sam.reads(plan, "car park by car park", "every 10 days")

	e.PassTimeOfWork(t, r.ID, 11*24*time.Hour)
	r.AwaitOpen("plan_review/1")
	ask := request + "/answer?question=plan_review/1&verdict=keep_on"
	sam.visit(ask)
	sam.requireAccessible(source)
	sam.requireFits()
	sam.fill(map[string]string{"review.changed": "Two car parks were closed", "review.learned": "Signs are missing"})
	run[int](sam, `document.querySelectorAll("main form").forEach(f => f.noValidate = true) ?? 0`)
	sam.press(`main form button.button`)
	require.NotZero(t, run[int](sam, `document.querySelectorAll(".field.wrong").length`), sam.text())
	sam.fill(map[string]string{"review.differently": "Order the signs first"})
	sam.press(`main form button.button`)
	require.NotContains(t, sam.path(), "/answer", sam.text())
	theo.answer(title, "replan", map[string]string{"review.changed": "Zwei Parkhäuser sind zu", "review.learned": "Schilder fehlen", "review.differently": "Schilder zuerst"})
	require.Contains(t, theo.path(), "/plan", "who wants another plan proposes it")
	sam.reads(plan, "Another plan is wanted")
	theo.fill(map[string]string{"summary": "signs first", "reason": "the review", "review_days": "10"})
	theo.press(`main form[action$="/plan"] .actions button.button`)
	sam.reads(plan, "the review")
	require.NotContains(t, sam.text(), "Another plan is wanted")
	require.Contains(t, string(r.Read().Raw), "Schilder fehlen", "what was learned is a lesson of the request")
	sam.requireQuiet()
	theo.requireQuiet()
}

// nextQuestion is the question that the page about the way of working asks now; empty when it asks none.
func (w *window) nextQuestion() string {
	return run[string](w, `document.querySelector("main input[name=question]")?.value ?? ""`)
}

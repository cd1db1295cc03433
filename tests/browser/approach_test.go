package browser

import (
	"fmt"
	"testing"

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
	sam.answer(title, "agree", nil)
	theo.answer(title, "agree", nil)
	theo.reads(plan, "street by street", "Agreed plans")
	theo.requireFits()
	sam.requireQuiet()
	theo.requireQuiet()
}

// nextQuestion is the question that the page about the way of working asks now; empty when it asks none.
func (w *window) nextQuestion() string {
	return run[string](w, `document.querySelector("main input[name=question]")?.value ?? ""`)
}

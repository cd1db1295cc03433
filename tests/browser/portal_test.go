package browser

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/testkit"
	"leanpmo/tests/harness"
)

// TestEachRoleDoesItsMainJob brings requests from submission to acceptance in browsers, without the API: as people usually look, without
// JavaScript, on a narrow phone in dark, and in German.
func TestEachRoleDoesItsMainJob(t *testing.T) {
	chrome := program(t)
	e := harness.Start(t, harness.Options{Mode: harness.Local, AsShipped: true})
	root := open(t, chrome, e.Stack.HTTP)
	for name, l := range map[string]look{"as usual": {}, "without JavaScript": {noScript: true}, "on a phone in dark": {wide: 360, high: 740, dark: true},
		"at 200 percent": {wide: 1280, high: 900, zoom: 2}, "in German": {language: "de"}} {
		t.Run(name, func(t *testing.T) {
			c := &cast{t: t, root: root, base: e.Stack.HTTP, look: l, open: map[string]*window{}}
			c.wholeRequest("Type the district lists once, " + name)
			for _, w := range c.open {
				w.requireQuiet()
			}
		})
	}
	t.Run("with the keyboard alone", func(t *testing.T) { keyboard(t, root, e.Stack.HTTP) })
}

// cast is the people of the local stack, each with a window of their own.
type cast struct {
	t    *testing.T
	root *browser
	base string
	look look
	open map[string]*window
}

func (c *cast) as(who string) *window {
	if c.open[who] == nil {
		c.open[who] = openWindow(c.t, c.root, c.base, who, c.look)
	}
	return c.open[who]
}

// wholeRequest is the main job of every role, in the order in which the process needs them.
func (c *cast) wholeRequest(title string) {
	request := c.submit(title)
	c.as("ana").answer(title, "approve", nil)
	c.as("bo").answer(title, "approve", nil)
	petra := c.as("petra")
	petra.answer(title, "score", map[string]string{"inputs.business_value": "8", "inputs.time_criticality": "5", "inputs.risk_reduction": "3", "inputs.job_size": "2"})
	petra.visit("/backlog")
	petra.fill(map[string]string{"reason": "the half-yearly planning"})
	petra.press(`form[action="/backlog/run"] button`)
	petra.reads(request, "Kanban")
	petra.requireFits()
	c.as("theo").answer(title, "accept", nil) // the way of working
	c.as("theo").answer(title, "accept", nil) // the work
	c.as("sam").answer(title, "agree", nil)
	c.as("theo").answer(title, "agree", nil)
	c.report(request, map[string]string{"percent": "60", "note": "half of the lists are typed once"})
	c.report(request, map[string]string{"percent": "100", "done": "yes"})
	c.as("sam").answer(title, "accept", nil)
	c.as("sam").reads(request, "Sam Okafor")
	require.NotEmpty(c.t, run[string](c.as("sam"), `document.querySelector(".track .ended")?.className ?? ""`), "the track shows the end: %s", c.as("sam").text())
}

// submit fills the form, checks the answers and sends them; it returns the request's page.
func (c *cast) submit(title string) string {
	sam := c.as("sam")
	sam.visit("/requests/new/enhancement")
	sam.press(`main form button[value="check"]`)
	require.NotZero(c.t, run[int](sam, `document.querySelectorAll("#faults a").length`), "an empty form is refused and says why")
	sam.fill(map[string]string{"title": title, "problem": "District lists are typed into two systems every month", "outcome": "A list is typed once and appears in both",
		"baseline.volume_per_month": "4", "baseline.minutes_each": "300", "size": "3", "skills": "web"})
	sam.requireFits()
	sam.press(`main form button[value="check"]`)
	require.Contains(c.t, sam.text(), title, "the answers are shown again")
	sam.press(`main form button[value="send"]`)
	sam.requireFits()
	require.Contains(c.t, sam.text(), title)
	return run[string](sam, `location.pathname`)
}

func (c *cast) report(request string, values map[string]string) {
	theo := c.as("theo")
	testkit.Eventually(c.t, "theo may report", func() error {
		theo.visit(request + "/progress")
		if !run[bool](theo, `document.querySelector("main form") !== null`) {
			return fmt.Errorf("not yet: %s", theo.text())
		}
		return nil
	})
	theo.fill(values)
	theo.press("main form button.button")
	require.NotContains(c.t, theo.path(), "/progress", "%s", theo.text())
}

// keyboard signs in, finds a question and answers it with Tab, Enter and typing alone.
func keyboard(t *testing.T, root *browser, base string) {
	title := "Show the bus lines on the map"
	c := &cast{t: t, root: root, base: base, open: map[string]*window{}}
	request := c.submit(title)
	ana := openWindow(t, root, base, "", look{})
	ana.tabTo("Continue to sign in")
	ana.enter()
	ana.tabTo(`Ana Moreau`)
	ana.enter()
	require.Contains(t, ana.text(), "Ana Moreau")
	ana.tabTo("Inbox")
	ana.enter()
	testkit.Eventually(t, "ana is asked", func() error {
		ana.visit("/inbox")
		if !run[bool](ana, `document.body.innerText.includes(`+quoted(title)+`)`) {
			return fmt.Errorf("not yet")
		}
		return nil
	})
	ana.tabTo("Read and answer: " + title)
	ana.enter()
	ana.tabTo("Approve")
	ana.enter()
	ana.tabTo("Confirm: Approve")
	ana.enter()
	ana.reads(request, "Ana: approve")
}

// tabTo presses Tab until the focus is on what begins with a text; the focus is always visible.
func (w *window) tabTo(text string) {
	w.t.Helper()
	for range 80 {
		w.do(chromedp.KeyEvent(kb.Tab))
		if run[bool](w, `document.activeElement !== document.body && getComputedStyle(document.activeElement).outlineStyle === "none"`) {
			require.Fail(w.t, "the focus cannot be seen", "on %s", run[string](w, `document.activeElement.outerHTML.slice(0, 200)`))
		}
		if run[bool](w, `document.activeElement.textContent?.trim().replace(/\s+/g, " ").replace(/^[A-Z]{2}(?=[A-Z])/, "").startsWith(`+quoted(text)+`) ?? false`) {
			return
		}
	}
	require.Fail(w.t, "Tab never reaches it", "%q on %s", text, w.path())
}

// enter presses Enter and waits for the page that follows.
func (w *window) enter() {
	w.t.Helper()
	run[bool](w, `window.leftBehind = true`)
	w.do(chromedp.KeyEvent(kb.Enter))
	w.settle()
}

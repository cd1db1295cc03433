package browser

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/publicform"
	"leanpmo/tests/harness"
)

// TestSomebodyWithoutAnAccountAsks fills in the public form from the sign-in page to the status link, in every look; axe-core finds nothing on the
// way, nothing is wider than the window, and the front desk and the PMO see who asked. With PMO_TOUR it writes pictures for docs/tour.md.
func TestSomebodyWithoutAnAccountAsks(t *testing.T) {
	chrome := program(t)
	e := harness.Start(t, harness.Options{Mode: harness.Local, AsShipped: true})
	source, root := axe(t), open(t, chrome, e.Stack.HTTP)
	ref := ""
	for name, l := range map[string]look{"light": {}, "dark": {dark: true}, "phone": {wide: 360, high: 740}, "phone-dark-german": {wide: 360, high: 740, dark: true, language: "de"},
		"without-script": {noScript: true}} {
		t.Run(name, func(t *testing.T) {
			w := openWindow(t, root, e.Stack.HTTP, "", l)
			look := func(page string) {
				t.Helper()
				if !l.noScript {
					w.requireAccessible(source)
				}
				w.requireFits()
				if name == "light" && slices.Contains([]string{"start", "start-form", "status"}, page) { // those of docs/tour.md
					w.shot(page + "-" + name)
				}
			}
			w.press(`main a[href="/start"]`)
			look("start")
			w.press(`main a[href="/start/support"]`)
			look("start-form")
			w.press(`main form button[value="check"]`)
			require.Equal(t, 3, run[int](w, `document.querySelectorAll("#faults a").length`), "title, name and contact are missing")
			look("start-faults")
			w.fill(map[string]string{"title": "The printer is silent, " + name, "problem": "Nothing comes out of it, and the light blinks red", "asker_name": "Ida Larsen", "asker_contact": "ida@example.net"})
			w.press(`main form button[value="check"]`)
			look("start-check")
			time.Sleep(publicform.LeastTime + time.Second)
			w.press(`main form button[value="send"]`)
			require.Contains(t, w.text(), "R-", "the receipt has the number")
			require.NotContains(t, w.text(), "Ida")
			look("status")
			require.Equal(t, run[string](w, `location.origin + location.pathname`), run[string](w, `document.querySelector("#status-link").value`))
			ref = run[string](w, `document.querySelector(".eyebrow").textContent.match(/R-[0-9]+/)[0]`)
			w.requireQuiet()
		})
	}
	for _, who := range []string{"petra", "rita"} {
		for _, l := range []look{{}, {dark: true}, {wide: 360, high: 740, dark: true, language: "de"}} {
			w := openWindow(t, root, e.Stack.HTTP, who, l)
			w.reads("/requests/"+ref, "Ida Larsen", "ida@example.net", "Public form")
			w.unfold()
			w.requireFits()
			w.requireAccessible(source)
			require.Equal(t, who == "petra", run[bool](w, `document.querySelector('form[action$="/status-link/end"]') !== null`))
			w.requireQuiet()
		}
	}
	w := openWindow(t, root, e.Stack.HTTP, "sam", look{})
	w.reads("/requests/"+ref, "Public form")
	require.NotContains(t, w.text(), "Ida Larsen")
}

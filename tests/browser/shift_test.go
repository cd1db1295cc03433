package browser

import (
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/testkit"
	"leanpmo/tests/harness"
)

// mostShift is how much of a page may move while it loads, as the cumulative layout shift: below 0.1 is called good, and our pages have all their
// sizes before anything is drawn.
const mostShift = 0.02

// observeShifts collects what has moved and what will: how much, and which elements.
const observeShifts = `(() => { window.shifts = []; new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) window.shifts.push({Value: e.value,
	Moved: e.sources.map(s => s.node ? s.node.nodeName + '#' + (s.node.id || '') + '.' + (s.node.className?.baseVal ?? s.node.className ?? '') : 'a node that is gone')}) })
	.observe({type: 'layout-shift', buffered: true}); return true })()`

// shift is one move of a page.
type shift struct {
	Value float64
	Moved []string
}

// TestNothingMovesWhileAPageLoads: on every page, wide and narrow, with an empty cache for the first of them.
func TestNothingMovesWhileAPageLoads(t *testing.T) {
	chrome := program(t)
	e := harness.Start(t, harness.Options{Mode: harness.Local, AsShipped: true, Args: []string{"--demo"}})
	root := open(t, chrome, e.Stack.HTTP)
	refs := refsOf(e)
	stops, _ := rest(t)
	refs["comment"] = comment(e, refs)
	for name, l := range map[string]look{"wide": {}, "narrow": {wide: 360, high: 740}} {
		t.Run(name, func(t *testing.T) {
			windows := map[string]*window{}
			for _, s := range slices.Concat(tour, stops) {
				if windows[s.who] == nil {
					windows[s.who] = openWindow(t, root, e.Stack.HTTP, s.who, l)
				}
				t.Run(s.name, func(t *testing.T) {
					w := windows[s.who].in(t)
					w.visit(s.in(refs))
					all, sum := w.shifts()
					require.LessOrEqual(t, sum, mostShift, "%s moves: %+v", s.path, all)
				})
			}
		})
	}
	t.Run("a page that moves is found", func(t *testing.T) {
		w := openWindow(t, root, e.Stack.HTTP, "petra", look{})
		w.visit("/backlog")
		run[bool](w, `(() => { const e = document.createElement('div'); e.style.height = '300px'; document.querySelector('main').prepend(e); return true })()`)
		_, sum := w.shifts()
		require.Greater(t, sum, mostShift)
	})
}

// shifts are the moves of the page that is open, once it and its font are there and nothing has happened for a while, and their sum.
func (w *window) shifts() (all []shift, sum float64) {
	w.t.Helper()
	run[bool](w, observeShifts)
	testkit.Eventually(w.t, "the page is loaded", func() error {
		if !run[bool](w, `document.readyState == 'complete' && document.fonts.status == 'loaded' && performance.now() - performance.timing.loadEventEnd + performance.timeOrigin > 400`) {
			return errors.New("it loads")
		}
		return nil
	})
	all = run[[]shift](w, `window.shifts`)
	for _, s := range all {
		sum += s.Value
	}
	return all, sum
}

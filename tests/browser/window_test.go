package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/testkit"
)

// look is how a person looks at the pages.
type look struct {
	wide, high int64
	zoom       float64 // 2 is 200 %; 0 is 100 %
	dark       bool
	noScript   bool
	language   string // empty: English
}

// window is a browser window of one person: its cookies are its own, and it keeps what went wrong on its pages.
type window struct {
	*browser
	look look
	who  string

	mu      sync.Mutex
	faults  []string
	dragged chan *input.DragData // what a drag that begins has; nil: none is awaited
}

// openWindow signs somebody in, in a window of their own.
func openWindow(t *testing.T, root *browser, base, who string, l look) *window {
	t.Helper()
	w := &window{browser: &browser{t: t, ui: base}, look: l, who: who}
	ctx, closeWindow := chromedp.NewContext(root.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(w.listen))
	t.Cleanup(closeWindow)
	w.ctx = ctx
	require.NoError(t, chromedp.Do(ctx, w.prepare()...))
	w.visit("/sign-in?lang=" + cmpOr(l.language, "en"))
	if who != "" {
		w.signIn(who)
	}
	return w
}

// signIn goes to the provider of the local stack, from the page that is open, and chooses somebody there.
func (w *window) signIn(who string) {
	w.t.Helper()
	w.press(`main a[href^="/sign-in/provider/"]`)
	w.press(`button[name="subject"][value="` + who + `"]`)
	require.Equal(w.t, w.ui, run[string](w, `location.origin`), "%s is back at the pages: %s", who, w.text())
}

func cmpOr(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// in is the window for a part of a test.
func (w *window) in(t *testing.T) *window {
	part := *w.browser
	part.t = t
	return &window{browser: &part, look: w.look, who: w.who}
}

func (w *window) prepare() []chromedp.Action[chromedp.Void] {
	l := w.look
	wide, high := l.wide, l.high
	if wide == 0 {
		wide, high = 1280, 900
	}
	scale := 1.0
	if l.zoom > 0 { // a zoomed page has fewer of its own pixels
		wide, high, scale = int64(float64(wide)/l.zoom), int64(float64(high)/l.zoom), l.zoom
	}
	theme := "light"
	if l.dark {
		theme = "dark"
	}
	return []chromedp.Action[chromedp.Void]{chromedp.EmulateViewport(wide, high, chromedp.EmulateScale(scale)),
		call(log.Enable, cdp.Empty{}),
		call(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}, {Name: "prefers-reduced-motion", Value: "reduce"}}}),
		call(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: l.noScript})}
}

func call[P, R any](command cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, command, params)
		return err
	})
}

// listen keeps what the browser complains of: exceptions, errors on the console, and what the content security policy refused.
func (w *window) listen(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *input.EventDragIntercepted:
		if w.dragged != nil {
			w.dragged <- e.Data
			w.dragged = nil
		}
	case *log.EventEntryAdded:
		// A form with faults and a page that is not there are answered so, which is no fault of the page.
		if e.Entry != nil && e.Entry.Level == log.EntryLevelError && !expected(e.Entry.Text) {
			w.faults = append(w.faults, fmt.Sprintf("%s (%s)", e.Entry.Text, e.Entry.URL))
		}
	case *runtime.EventExceptionThrown:
		w.faults = append(w.faults, fmt.Sprintf("exception: %s", e.ExceptionDetails.Text))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError {
			w.faults = append(w.faults, "console.error")
		}
	}
}

// requireQuiet requires that the browser had nothing to complain of.
func (w *window) requireQuiet() {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	require.Empty(w.t, w.faults, "what %s's browser complains of", w.who)
}

// visit opens a page and waits until it is there.
func (w *window) visit(path string) {
	w.t.Helper()
	if strings.HasPrefix(path, "/") {
		path = w.ui + path
	}
	w.do(chromedp.Navigate(path))
	w.settle()
}

const settled = `window.leftBehind !== true && document.readyState === "complete" && document.fonts.status === "loaded" &&
	performance.getEntriesByType("navigation")[0]?.loadEventEnd > 0`

func (w *window) settle() {
	w.t.Helper()
	testkit.Eventually(w.t, "the page is there", func() error {
		ready, err := evaluate[bool](w.browser, settled)
		if err == nil && !ready {
			err = fmt.Errorf("not yet")
		}
		return err
	})
}

// run evaluates an expression in the page, which must succeed.
func run[T any](w *window, expression string) T {
	w.t.Helper()
	value, err := evaluate[T](w.browser, expression)
	require.NoError(w.t, err, expression)
	return value
}

func quoted(text string) string {
	encoded, _ := json.Marshal(text) // a string can always be encoded
	return string(encoded)
}

// press clicks what a selector names and waits for the page that follows.
func (w *window) press(selector string) {
	w.t.Helper()
	before := w.path()
	require.True(w.t, run[bool](w, `(() => { const e = document.querySelector(`+quoted(selector)+`); if (!e) return false; window.leftBehind = true; e.click(); return true })()`),
		"%s finds no %s on %s", w.who, selector, before)
	w.settle()
}

// fill puts values into the controls of the form.
func (w *window) fill(values map[string]string) {
	w.t.Helper()
	for name, value := range values {
		done := run[bool](w, `((name, value) => {
			document.querySelectorAll("main details").forEach(d => d.open = true);
			const all = [...document.querySelectorAll("main [name]")].filter(e => e.name === name && e.type !== "hidden");
			if (!all.length) return false;
			for (const e of all) {
				if (e.type === "checkbox" || e.type === "radio") { if (e.value === value) e.checked = true; continue }
				e.value = value;
				e.dispatchEvent(new Event("input", {bubbles: true}));
			}
			return true })(`+quoted(name)+`,`+quoted(value)+`)`)
		require.True(w.t, done, "%s finds no control %s on %s", w.who, name, w.path())
	}
}

func (w *window) path() string { return run[string](w, `location.pathname + location.search`) }

// text is what the page shows.
func (w *window) text() string {
	return strings.Join(strings.Fields(run[string](w, `document.body.innerText`)), " ")
}

// reads waits until a page shows all of the texts; the page is opened again until it does.
func (w *window) reads(path string, texts ...string) {
	w.t.Helper()
	testkit.Eventually(w.t, fmt.Sprintf("%s reads %q on %s", w.who, texts, path), func() error {
		w.visit(path)
		shown := w.text()
		for _, text := range texts {
			if !strings.Contains(shown, text) {
				return fmt.Errorf("no %q in:\n%s", text, shown)
			}
		}
		return nil
	})
}

// answer answers the question about a request in the person's inbox.
func (w *window) answer(title, verdict string, values map[string]string) {
	w.t.Helper()
	link := `article.ask a[href*="/answer?"]`
	var href string
	testkit.Eventually(w.t, fmt.Sprintf("%s is asked about %q", w.who, title), func() error {
		w.visit("/inbox")
		href = run[string](w, `((title) => [...document.querySelectorAll("article.ask")].find(a => a.innerText.includes(title))?.querySelector('`+strings.TrimPrefix(link, "article.ask ")+`')?.getAttribute("href") ?? "")(`+quoted(title)+`)`)
		if href == "" {
			return fmt.Errorf("not in:\n%s", w.text())
		}
		return nil
	})
	w.visit(href)
	w.press(`main a[href*="verdict=` + verdict + `"]`)
	w.fill(values)
	w.press(`main form button.button`)
	require.NotContains(w.t, w.path(), "/answer", "%s could not answer %s: %s", w.who, verdict, w.text())
}

// requireFits requires that nothing is wider than the window.
func (w *window) requireFits() {
	w.t.Helper()
	wide := run[[]string](w, `document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
		.filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest("[role=region], pre, .scrolls")).slice(0, 5).map(e => e.outerHTML.slice(0, 160))`)
	require.Empty(w.t, wide, "%s is wider than the window of %d", w.path(), w.look.wide)
}

// axe is the source of axe-core, which `make browser` fetches; empty where it is missing.
func axe(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile(cmpOr(os.Getenv("PMO_AXE"), "../../bin/axe.min.js"))
	if err != nil && os.Getenv("CI") != "" {
		require.NoError(t, err, "axe-core is missing: make browser fetches it with npm")
	}
	if err != nil {
		t.Log("left out: the pages are not checked with axe-core, which make browser fetches with npm")
	}
	return string(source)
}

// violation is a rule of accessibility that a page breaks.
type violation struct {
	ID    string   `json:"id"`
	Help  string   `json:"help"`
	Nodes []string `json:"nodes"`
}

// requireAccessible requires that axe-core finds nothing on the page.
func (w *window) requireAccessible(source string) {
	w.t.Helper()
	if source == "" {
		return
	}
	_, err := evaluate[any](w.browser, source+"; 0")
	require.NoError(w.t, err)
	found := run[string](w, `window.axeFound = ""; axe.run(document, {resultTypes: ["violations"]}).then(r => { window.axeFound = JSON.stringify(r.violations.map(v => ({
		id: v.id, help: v.help, nodes: v.nodes.slice(0, 4).map(n => n.html.slice(0, 200) + " " + (n.any[0]?.message ?? n.all[0]?.message ?? ""))}))) }); ""`)
	testkit.Eventually(w.t, "axe-core has looked at the page", func() error {
		if found = run[string](w, `window.axeFound`); found == "" {
			return fmt.Errorf("not yet")
		}
		return nil
	})
	var violations []violation
	require.NoError(w.t, json.Unmarshal([]byte(found), &violations))
	require.Empty(w.t, violations, "what axe-core finds on %s, dark %v, in %s", w.path(), w.look.dark, cmpOr(w.look.language, "en"))
}

func expected(text string) bool {
	return strings.Contains(text, "status of 422") || strings.Contains(text, "status of 404")
}

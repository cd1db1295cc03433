package browser

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/testkit"
)

// The window that the pictures show.
const width, height = 1500, 900

// userAgent is that of a browser with a window: sessions are listed with it.
const userAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"

// browser is one tab of a browser without a window.
type browser struct {
	t   *testing.T
	ctx context.Context
	ui  string // where the Temporal UI is, with the namespace
}

// program finds the browser. Where none is, the test is left out with a reason; in CI it fails.
func program(t *testing.T) string {
	t.Helper()
	names := []string{"chromium", "chromium-browser", "google-chrome"}
	if chrome := os.Getenv("CHROME"); chrome != "" {
		names = []string{chrome}
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	missing := fmt.Sprintf("no browser: none of %s is on PATH. Install chromium, or name another with CHROME", strings.Join(names, ", "))
	if os.Getenv("CI") != "" {
		require.Fail(t, missing)
	}
	t.Skip(missing)
	return ""
}

func open(t *testing.T, chrome, ui string) *browser {
	t.Helper()
	allocator, stop := chromedp.NewExecAllocator(t.Context(), chromedp.ExecPath(chrome), chromedp.Headless, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.DisableGPU, chromedp.UserAgent(userAgent), chromedp.WindowSize(width, height), chromedp.UserDataDir(testkit.Dir(t)),
		chromedp.NoSandbox) // the sandbox of chromium cannot be used by root, as which CI runs; the only pages are our own
	t.Cleanup(stop)
	ctx, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(closeTab)
	// The browser ends with the context of its first action, which therefore has no limit of its own.
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(width, height)))
	return &browser{t: t, ctx: ctx, ui: ui}
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, testkit.Patience)
	defer cancel()
	require.NoError(b.t, chromedp.Do(ctx, steps...))
}

// evaluate is the value of an expression in the page.
func evaluate[T any](b *browser, expression string) (T, error) {
	ctx, cancel := context.WithTimeout(b.ctx, 10*time.Second)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression))
}

// see opens an address and waits until the page shows all of the texts.
func (b *browser) see(address string, texts ...string) string {
	b.t.Helper()
	b.do(chromedp.Navigate(address))
	return b.await(texts...)
}

// await waits until the page that is open shows all of the texts, and returns what it shows.
func (b *browser) await(texts ...string) string {
	b.t.Helper()
	var shown string
	testkit.Eventually(b.t, fmt.Sprintf("the page shows %q", texts), func() error {
		var err error
		if shown, err = evaluate[string](b, words+`words(document.body)`); err != nil {
			return err
		}
		shown = strings.Join(strings.Fields(shown), " ")
		for _, text := range texts {
			if !strings.Contains(shown, text) {
				return fmt.Errorf("no %q in:\n%s", text, shown)
			}
		}
		return nil
	})
	return shown
}

// row is a line of the compact event history: its first event, its kind, and what is written beside it.
type row struct {
	Event   int
	Kind    string
	Details string
}

// words is what a person reads of a part of a page: the UI shows each summary in a frame of its own.
const words = `var words = n => n.tagName == 'IFRAME' ? (n.contentDocument?.body?.innerText ?? '') :
	['TITLE', 'SCRIPT', 'STYLE'].includes(n.tagName?.toUpperCase()) ? '' :
	n.nodeType == Node.TEXT_NODE ? n.textContent : [...n.childNodes].map(words).join(' ');`

// frameWithin is how long the UI may take to show a summary before its page is opened again.
const frameWithin = 30 * time.Second

// rows reads the compact event history, oldest first, once all of the texts are in it and every summary is there.
func (b *browser) rows(texts ...string) []row {
	b.t.Helper()
	var read []row
	opened := time.Now()
	testkit.Eventually(b.t, fmt.Sprintf("the compact history shows %q", texts), func() error {
		var err error
		read, err = evaluate[[]row](b, words+`[...document.querySelectorAll('[data-testid="event-summary-row"]')].map(r => ({
			Event: parseInt(r.dataset.eventid), Kind: words(r.cells[3]), Details: words(r.cells[4])})).sort((a, b) => a.Event - b.Event)`)
		if err != nil {
			return err
		}
		var all strings.Builder
		for i, r := range read {
			read[i].Kind, read[i].Details = strings.TrimSpace(r.Kind), strings.Join(strings.Fields(r.Details), " ")
			if strings.HasSuffix(read[i].Details, "Summary") {
				if time.Since(opened) > frameWithin { // now and then the UI never fills a frame; a person opens the page again
					b.do(chromedp.Reload())
					opened = time.Now()
				}
				return fmt.Errorf("a summary is not loaded: %+v", r)
			}
			all.WriteString(read[i].Details + "\n")
		}
		for _, text := range texts {
			if !strings.Contains(all.String(), text) {
				return fmt.Errorf("no %q in\n%s", text, &all)
			}
		}
		return nil
	})
	return read
}

// oldestFirst lets the event history be read from top to bottom.
func (b *browser) oldestFirst() {
	b.t.Helper()
	_, err := evaluate[any](b, `[...document.querySelectorAll('button')].find(b => b.innerText.trim() == 'Descending')?.click()`)
	require.NoError(b.t, err)
	b.await("Ascending")
}

// remember sets what the UI keeps in the browser: our columns, and the compact view. A person does it once by hand, as
// docs/operations.md says.
func (b *browser) remember() {
	b.t.Helper()
	b.see(b.ui+"/workflows", "Workflows")
	var columns []string
	for _, name := range columnsOfTheList {
		columns = append(columns, fmt.Sprintf(`{label: %q}`, name))
	}
	_, err := evaluate[any](b, `localStorage.setItem("namespace-workflow-table-columns", JSON.stringify({pmo: [`+strings.Join(columns, ",")+`]}));
		localStorage.setItem("eventView", JSON.stringify("compact"))`)
	require.NoError(b.t, err)
}

// picture writes what the window shows as PNG into the folder of PMO_PICTURES, when there is one.
func (b *browser) picture(name string, high int64) {
	b.t.Helper()
	folder := os.Getenv("PMO_PICTURES")
	if folder == "" {
		return
	}
	b.do(chromedp.EmulateViewport(width, high))
	ctx, cancel := context.WithTimeout(b.ctx, testkit.Patience)
	defer cancel()
	shot, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	require.NoError(b.t, err)
	require.NoError(b.t, os.MkdirAll(folder, 0o755))
	small, err := fewColours(shot)
	require.NoError(b.t, err)
	require.Less(b.t, len(small), 150_000, "a picture of the documentation is small: %s", name)
	require.NoError(b.t, os.WriteFile(filepath.Join(folder, name+".png"), small, 0o644))
}

// fewColours draws a picture with the colours it has most: a page of text has few, and is then a quarter as large.
func fewColours(shot []byte) ([]byte, error) {
	full, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		return nil, fmt.Errorf("read picture: %w", err)
	}
	area, counts := full.Bounds(), map[color.RGBA]int{}
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			counts[color.RGBAModel.Convert(full.At(x, y)).(color.RGBA)]++
		}
	}
	byCount := slices.SortedFunc(maps.Keys(counts), func(a, b color.RGBA) int { return counts[b] - counts[a] })
	var most color.Palette
	for _, c := range byCount[:min(len(byCount), 96)] {
		most = append(most, c)
	}
	few, nearest := image.NewPaletted(area, most), map[color.Color]uint8{}
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			c := full.At(x, y)
			index, known := nearest[c]
			if !known {
				index = uint8(most.Index(c))
				nearest[c] = index
			}
			few.SetColorIndex(x, y, index)
		}
	}
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&out, few); err != nil {
		return nil, fmt.Errorf("write picture: %w", err)
	}
	return out.Bytes(), nil
}

package browser

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"leanpmo/internal/testkit"
	"leanpmo/tests/harness"
)

// stop is a page of the tour: who looks at it, where it is, and what it must show. A path may hold {…} with a title of the demo.
type stop struct {
	name, who, path string
	shows           string
}

// tour is every page, with the person it is for. docs/tour.md walks through them in this order.
var tour = []stop{
	{"sign-in", "", "/sign-in", "Continue to sign in"},
	{"sign-in-local", "", "/sign-in/provider/oidc", "Sam Okafor"},
	{"home", "sam", "/", "What you asked for"},
	{"home-pmo", "petra", "/", "Due next"},
	{"kinds", "sam", "/requests/new", "Enhancement"},
	{"submit", "sam", "/requests/new/enhancement", "The problem"},
	{"request", "rita", "/requests/{Bridge report in the form the state wants}", "Where it stands"},
	{"request-waiting", "sam", "/requests/{Renew valet permits}", "Ana Moreau"},
	{"amend", "sam", "/requests/{Renew valet permits}/amend", "Change the form"},
	{"reassign", "petra", "/requests/{Bridge report in the form the state wants}/reassign", "Move to another team"},
	{"withdraw", "sam", "/requests/{Renew valet permits}/withdraw", "Withdraw"},
	{"inbox", "ana", "/inbox", "Read and answer"},
	{"answer", "ana", "/requests/{Renew valet permits}/answer?question=review/1/approvers", "Approve"},
	{"confirm", "ana", "/requests/{Renew valet permits}/answer?question=review/1/approvers&verdict=approve", "Confirm"},
	{"several", "ana", "/inbox/several", ""},
	{"decided", "ana", "/decided", "What I decided"},
	{"requests", "petra", "/requests", "R-1"},
	{"board", "petra", "/board", "Execution"},
	{"backlog", "petra", "/backlog", "rank 1"},
	{"funding", "petra", "/funding", ""},
	{"teams", "theo", "/teams", "Falcon"},
	{"team", "theo", "/teams/falcon", "team-weeks"},
	{"assignments", "petra", "/assignments", "How long new work waits"},
	{"resources", "petra", "/resources", "Test environments"},
	{"skills", "petra", "/skills", "Skills that are missing"},
	{"what-if-teams", "petra", "/what-if/teams", "What if a team changes"},
	{"half-year", "petra", "/what-if/portfolio?ask=1&weeks=8", "The next half year"},
	{"flow", "petra", "/flow", "Delivered a week"},
	{"calibration", "petra", "/calibration", ""},
	{"retrospective", "petra", "/retrospective", "What came of ways of working"},
	{"report", "petra", "/report", "Next in the backlog"},
	{"policy", "petra", "/policy", "How we decide"},
	{"proposal", "petra", "/policy/proposals/{proposal}", "Too much is in progress"},
	{"access", "ada", "/access", "Ada Silva"},
	{"audit", "ada", "/access/audit", ""},
	{"access-own", "sam", "/access", "Sam Okafor"},
	{"notifications", "sam", "/me/notifications", "What you hear of"},
	{"chat", "sam", "/chat", "Your chat"},
	{"channels", "ada", "/channels", "Last success"},
	{"mails", "theo", "/mails?to=theo@example.test", "Theo Adeyemi"},
	{"missing", "sam", "/requests/R-9999", "404"},
}

// shownInEveryLook are the pages of which the tour has a picture in every look; of the others it has one in light.
var shownInEveryLook = []string{"home-pmo", "request"}

// TestTour looks at every page as the person it is for: in light and dark, wide and on a phone, in English and German. axe-core finds
// nothing, nothing is wider than the window, and the browser complains of nothing. With PMO_TOUR it writes a picture of each.
func TestTour(t *testing.T) {
	chrome := program(t)
	e := harness.Start(t, harness.Options{Mode: harness.Local, AsShipped: true, Args: []string{"--demo"}})
	source := axe(t)
	root := open(t, chrome, e.Stack.HTTP)
	refs := refsOf(e)
	stops, commands := rest(t)
	refs["comment"], refs["proposal"] = comment(e, refs), proposal(e)
	shareResource(e)
	further := slices.Concat(stops, offeredTo(t, e.API, commands))
	for name, l := range map[string]look{"light": {}, "dark": {dark: true}, "phone": {wide: 360, high: 740}, "phone-dark-german": {wide: 360, high: 740, dark: true, language: "de"}} {
		t.Run(name, func(t *testing.T) {
			windows := map[string]*window{}
			stops := slices.Concat(tour, further)
			if name == "phone" { // the other phone shows that they fit
				stops = tour
			}
			for _, s := range stops {
				w := windows[s.who]
				if w == nil {
					w = openWindow(t, root, e.Stack.HTTP, s.who, l)
					windows[s.who] = w
				}
				t.Run(s.name, func(t *testing.T) {
					w := w.in(t)
					w.visit(s.in(refs))
					if name == "light" && slices.Contains(tour, s) || slices.Contains(shownInEveryLook, s.name) {
						w.shot(s.name + "-" + name)
					}
					if l.language == "" {
						shown := w.text()
						require.True(t, strings.Contains(shown, s.shows), "no %q in: %.400s", s.shows, shown)
					}
					w.unfold()
					w.requireFits()
					w.requireAccessible(source)
				})
			}
			for _, w := range windows {
				w.requireQuiet()
			}
		})
	}
	t.Run("every link of every role leads somewhere", func(t *testing.T) { walkLinks(t, e.Stack.HTTP) })
}

// refsOf are the numbers of the demo's requests by their titles.
func refsOf(e *harness.Environment) map[string]string {
	refs := map[string]string{}
	for _, item := range e.API.As("petra").Get("/v1/requests?limit=200").List("items") {
		row, _ := item.(map[string]any)
		title, _ := row["title"].(string)
		refs[title], _ = row["ref"].(string)
	}
	return refs
}

// comment is the id of a comment on the request of the demo that the pages for comments are looked at with.
func comment(e *harness.Environment, refs map[string]string) string {
	path := stop{path: "/v1/requests/{Renew valet permits}/comments"}.in(refs)
	return e.API.As("petra").Call(http.StatusCreated, http.MethodPost, path, map[string]any{"text": "Which of the two offices prints them?"}).Text("id")
}

// proposal is the id of a proposed policy: fewer requests at once.
func proposal(e *harness.Environment) string {
	petra := e.API.As("petra")
	rules := strings.Replace(petra.Get("/v1/policy").Text("yaml"), "wip_limit: 12", "wip_limit: 10", 1)
	return petra.Call(http.StatusCreated, http.MethodPost, "/v1/policy", map[string]any{"yaml": rules, "reason": "Too much is in progress at once"}).Text("id")
}

// shareResource adds a resource that requests share, of which there will be more.
func shareResource(e *harness.Environment) {
	e.API.As("petra").Call(http.StatusOK, http.MethodPut, "/v1/resources/test-environment", map[string]any{"name": "Test environments", "portfolio": "digital",
		"amounts": []any{map[string]any{"from": "2026-01-01", "until": "2027-06-30", "amount": 2}, map[string]any{"from": "2027-07-01", "amount": 3}}})
}

// unfold opens what a page folds, so that it is looked at too.
func (w *window) unfold() {
	w.t.Helper()
	run[int](w, `(() => { const all = document.querySelectorAll("main details"); all.forEach(d => d.open = true); return all.length })()`)
}

// in is the path with numbers of requests for the titles in it.
func (s stop) in(refs map[string]string) string {
	return titleInPath.ReplaceAllStringFunc(s.path, func(title string) string {
		for known, ref := range refs {
			if strings.HasPrefix(known, strings.Trim(title, "{}")) {
				return ref
			}
		}
		return title
	})
}

var titleInPath = regexp.MustCompile(`\{[^}]*\}`)

// shot writes a picture of the whole page into the folder of PMO_TOUR, when there is one.
func (w *window) shot(name string) {
	w.t.Helper()
	folder := os.Getenv("PMO_TOUR")
	if folder == "" {
		return
	}
	ctx, cancel := context.WithTimeout(w.ctx, testkit.Patience)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	require.NoError(w.t, err)
	require.NoError(w.t, os.MkdirAll(folder, 0o755))
	small, err := fewColours(picture)
	require.NoError(w.t, err)
	require.NoError(w.t, os.WriteFile(filepath.Join(folder, name+".png"), small, 0o644))
}

// walkLinks follows every link that a person of each role finds, from page to page, without JavaScript. None may end in an error, and
// none may leave the site but for the Temporal UI and what people wrote.
func walkLinks(t *testing.T, base string) {
	for _, who := range []string{"sam", "ana", "petra", "theo", "ada"} {
		t.Run(who, func(t *testing.T) {
			jar, err := cookiejar.New(nil)
			require.NoError(t, err)
			c := &crawler{t: t, base: base, client: &http.Client{Jar: jar, Timeout: testkit.Patience}, seen: map[string]bool{}}
			testkit.SignIn(t, c.client, base, who)
			c.walk("/")
			t.Logf("%s: %d pages, the largest %s with %d bytes", who, len(c.seen), c.largest, c.size)
			require.Greater(t, len(c.seen), 20)
			require.Less(t, c.size, 150_000, "%s is too large a page", c.largest)
		})
	}
}

// crawler reads the pages that one person can reach.
type crawler struct {
	t       *testing.T
	base    string
	client  *http.Client
	seen    map[string]bool
	largest string
	size    int
}

// mostPages bounds the walk: lists lead on to further pages of themselves.
const mostPages = 600

func (c *crawler) walk(start string) {
	c.t.Helper()
	from := map[string]string{start: "the beginning"}
	for queue := []string{start}; len(queue) > 0 && len(c.seen) < mostPages; queue = queue[1:] {
		path := queue[0]
		if c.seen[path] {
			continue
		}
		c.seen[path] = true
		for _, link := range c.read(path, from[path]) {
			if from[link] == "" {
				from[link] = path
				queue = append(queue, link)
			}
		}
	}
}

// read opens a page and returns the pages it links to.
func (c *crawler) read(path, from string) []string {
	c.t.Helper()
	response, err := c.client.Get(c.base + path)
	require.NoError(c.t, err)
	defer response.Body.Close()
	require.Equal(c.t, http.StatusOK, response.StatusCode, "%s, linked from %s", path, from)
	if !strings.HasPrefix(response.Header.Get("Content-Type"), "text/html") {
		return nil
	}
	doc, err := html.Parse(response.Body)
	require.NoError(c.t, err)
	var links []string
	var size strings.Builder
	require.NoError(c.t, html.Render(&size, doc))
	if size.Len() > c.size {
		c.largest, c.size = path, size.Len()
	}
	for node := range doc.Descendants() {
		if node.Type != html.ElementNode || node.Data != "a" {
			continue
		}
		if link, ours := c.target(path, attribute(node, "href")); ours {
			links = append(links, link)
		}
	}
	slices.Sort(links)
	return slices.Compact(links)
}

// target is the path that a link of a page leads to, without what only chooses the language.
func (c *crawler) target(page, href string) (path string, ours bool) {
	c.t.Helper()
	at, err := url.Parse(c.base + page)
	require.NoError(c.t, err)
	to, err := at.Parse(href)
	require.NoError(c.t, err, "on %s", page)
	q := to.Query()
	if q.Has("lang") || to.Host != at.Host || strings.HasPrefix(to.Path, "/sign-out") {
		return "", false
	}
	require.NotEmpty(c.t, href, "a link on %s leads nowhere", page)
	return (&url.URL{Path: to.Path, RawQuery: q.Encode()}).String(), true
}

func attribute(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

package bench

import (
	"context"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/localstack"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
	"leanpmo/tests/harness/stock"
)

// pageSize is what a scale measures of the pages.
type pageSize struct {
	stock.Size
	calls int // of each page, by all its readers together
}

// page is what one page took, by all its readers together. Milliseconds as the browser waits for the server, on one machine.
type page struct {
	Page          string
	Calls         int
	P50, P95, Max float64
	Bytes         int     // the longest, before compression
	First         float64 // the first call: nothing is read yet
	Refused       int     // readers who may not open it
	Failed        int     // calls that ended in neither a page nor a refusal
}

// pages is what was measured of the pages.
type pages struct {
	stock.Size
	Filled     string
	Pages      []page
	Pooled     page
	Yardstick  latency // one query and one template, on the same machine
	CPU        float64 // processor time of the server for one page, milliseconds
	Memory     float64 // of the server, MiB, after all pages
	ColdMemory float64 // before the first one
}

const (
	callBarePage = "bare page: one query of 50 rows and one template"
	// redmine is the list page of Redmine on the machine of two cores that the figures of docs/performance.md are from.
	redmine = 85.0
)

// site is a server of the product, without workers and without Temporal: pages only read.
type site struct {
	filled
	url     string
	server  *testkit.Part
	clients map[string]*http.Client
}

// startSite fills a database and starts a server for it. The database is as good as new: what is measured is what the server and Postgres do.
func startSite(t *testing.T, size stock.Size) *site {
	t.Helper()
	dsn := testkit.Database(t, store.Migrate)
	pool := testkit.Pool(t, dsn)
	return serveSite(t, dsn, stock.Fill(t, pool, size, time.Now()))
}

func serveSite(t *testing.T, dsn string, filledWith stock.Stock) *site {
	t.Helper()
	s := &site{filled: filled{t: t, pool: testkit.Pool(t, dsn), stock: filledWith}, clients: map[string]*http.Client{}}
	dir := testkit.Dir(t)
	database := filepath.Join(dir, "database.url")
	require.NoError(t, os.WriteFile(database, []byte(dsn), 0o600))
	addr := localstack.Loopback(testkit.Ports(t, 1)[0])
	s.url = "http://" + addr
	provider := startProvider(t, s.url, filledWith.People)
	s.server = testkit.StartPart(t, testkit.PartConfig{Name: "server", Path: testkit.Program(t, "pmo"), Args: []string{"server"}, Ready: testkit.HTTPReady(s.url + "/sign-in"),
		Env: []string{"PMO_HTTP_ADDR=" + addr, "PMO_DATABASE_URL_FILE=" + database, "PMO_DIRECTORY_FILE=" + provider.people, "PMO_PUBLIC_URL=" + s.url, "PMO_OIDC_ISSUER=" + provider.issuer,
			"PMO_OIDC_CLIENT_ID=" + provider.client, "PMO_OIDC_CLIENT_SECRET=" + provider.secret, "PMO_LOG_LEVEL=warn", "TEMPORAL_ADDRESS=127.0.0.1:1"}})
	return s
}

// client is a browser that somebody has signed in with.
func (s *site) client(who string) *http.Client {
	s.t.Helper()
	if c := s.clients[who]; c != nil {
		return c
	}
	jar, err := cookiejar.New(nil)
	require.NoError(s.t, err)
	c := &http.Client{Jar: jar, Timeout: testkit.Patience, Transport: &http.Transport{DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	testkit.SignIn(s.t, c, s.url, who)
	s.clients[who] = c
	return c
}

// open opens a page and returns its status, how long it took and how long it is.
func (s *site) open(a address) (status int, took time.Duration, length int) {
	s.t.Helper()
	c, began := s.client(a.Who), time.Now()
	response, err := c.Get(s.url + a.Path)
	require.NoError(s.t, err, a.Path)
	n, err := io.Copy(io.Discard, response.Body)
	took = time.Since(began)
	require.NoError(s.t, err, a.Path)
	require.NoError(s.t, response.Body.Close())
	return response.StatusCode, took, int(n)
}

// visit opens each page and returns what its readers waited. Who may not open it is counted, and what is neither a page nor a refusal.
func (s *site) visit(name string, list []address, calls int) (page, []time.Duration) {
	s.t.Helper()
	p := page{Page: name}
	var readable []address
	for _, a := range list {
		status, took, length := s.open(a)
		switch status {
		case http.StatusOK:
			readable = append(readable, a)
			p.Bytes = max(p.Bytes, length)
			if p.First == 0 {
				p.First = float64(took.Microseconds()) / 1000
			}
		case http.StatusForbidden, http.StatusNotFound, http.StatusConflict:
			p.Refused++
		default:
			p.Failed++
			s.t.Logf("%s as %s: %d after %s", a.Path, a.Who, status, took)
		}
	}
	if len(readable) == 0 {
		return p, nil
	}
	var times []time.Duration
	for i := range calls {
		a := readable[i%len(readable)]
		status, took, length := s.open(a)
		if status != http.StatusOK {
			p.Failed++
		}
		p.Bytes = max(p.Bytes, length)
		times = append(times, took)
	}
	slices.Sort(times)
	p.Calls, p.P50, p.P95, p.Max = len(times), quantile(times, 0.5), quantile(times, 0.95), quantile(times, 1)
	return p, times
}

// measurePages opens every page.
func (s *site) measurePages(calls int) pages {
	s.t.Helper()
	found := pages{Size: s.stock.Size, ColdMemory: resident(s.server.PID())}
	byPage := map[string][]address{}
	var order []string
	for _, a := range s.all() {
		if byPage[a.Page] == nil {
			order = append(order, a.Page)
		}
		byPage[a.Page] = append(byPage[a.Page], a)
	}
	before, opened := used(s.server.PID(), false), 0
	var all []time.Duration
	for _, name := range order {
		p, times := s.visit(name, byPage[name], calls)
		found.Pages = append(found.Pages, p)
		if !isFile(name) {
			all = append(all, times...)
		}
		opened += len(times) + len(byPage[name])
	}
	found.CPU = (used(s.server.PID(), false) - before) / float64(max(1, opened))
	slices.Sort(all)
	found.Pooled = page{Page: "all of them", Calls: len(all), P50: quantile(all, 0.5), P95: quantile(all, 0.95), Max: quantile(all, 1)}
	for _, p := range found.Pages {
		found.Pooled.Bytes = max(found.Pooled.Bytes, p.Bytes)
	}
	found.Memory = resident(s.server.PID())
	found.Yardstick = barePages(s.t, s.pool, calls)
	return found
}

var barePage = template.Must(template.New("").Parse(`<!doctype html><title>Bare</title><table>{{range .}}<tr><td>{{.Ref}}<td><a href="/{{.Ref}}">{{.Title}}</a><td>{{.Stage}}<td>{{.At}}</tr>{{end}}</table>`))

// barePages is the yardstick: a handler with one query of 50 rows and one template, called over HTTP as pages are.
func barePages(t testing.TB, pool *pgxpool.Pool, calls int) latency {
	t.Helper()
	type row struct {
		Ref, Title, Stage string
		At                time.Time
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rows, err := pool.Query(r.Context(), `SELECT 'R-' || number, title, stage, submitted_at FROM request WHERE status <> 'closed' ORDER BY submitted_at DESC, id DESC LIMIT 50`)
		if err == nil {
			var list []row
			if list, err = pgx.CollectRows(rows, pgx.RowToStructByPos[row]); err == nil {
				err = barePage.Execute(w, list)
			}
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	}))
	defer server.Close()
	times, _, err := spread(1, max(calls, callsForP99), func(int) error {
		response, err := server.Client().Get(server.URL)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusOK {
			return fmt.Errorf("%s", response.Status)
		}
		_, err = io.Copy(io.Discard, response.Body)
		return err
	})
	require.NoError(t, err)
	return latency{What: callBarePage, Clients: 1, Calls: len(times), P50: quantile(times, 0.5), P99: quantile(times, 0.99)}
}

// judgePages says of the aims of the pages whether this run met them.
func (r *report) judgePages() []aim {
	var l aims
	for _, p := range r.Pages.Pages {
		if !isFile(p.Page) {
			l.most("p95 of "+p.Page+", ms", p.P95, 50)
		}
	}
	l.most("p95 of all pages, ms", r.Pages.Pooled.P95, 50)
	failed := 0.0
	for _, p := range r.Pages.Pages {
		failed += float64(p.Failed)
	}
	if r.Pages.Pooled.Calls > 0 {
		l = append(l, aim{Aim: "calls that did not end in a page: none", Found: short(failed), Met: failed == 0})
	}
	l.most("longest page before compression, kB", float64(r.longestPage())/1000, 150)
	l.most("p50 of all pages ÷ list page of Redmine (85 ms)", r.Pages.Pooled.P50/redmine, 1)
	return l
}

// longestPage is that of the longest page; a file for a spreadsheet is none.
func (r *report) longestPage() int {
	longest := 0
	for _, p := range r.Pages.Pages {
		if !isFile(p.Page) {
			longest = max(longest, p.Bytes)
		}
	}
	return longest
}

func isFile(page string) bool { return filepath.Ext(firstWord(page)) == ".csv" }

func firstWord(s string) string {
	for i := range s {
		if s[i] == ' ' {
			return s[:i]
		}
	}
	return s
}

func (r *report) pagesText() string {
	p := r.Pages
	t := newTable(fmt.Sprintf("Pages with %d requests and %d ledger lines (%s), one client; p95 of the yardstick's %s: %s ms at p50", p.Requests, p.Lines, p.Filled, callBarePage, short(p.Yardstick.P50)),
		"page", "calls", "p50", "p95", "max", "first", "kB", "p50 ÷ yardstick", "refused", "failed")
	for _, one := range append(slices.Clone(p.Pages), p.Pooled) {
		t.row(one.Page, one.Calls, known(one.P50), known(one.P95), known(one.Max), known(one.First), float64(one.Bytes)/1000, known(ratio(one.P50, p.Yardstick.P50)), one.Refused, one.Failed)
	}
	return t.String() + fmt.Sprintf("\nServer: %s ms of processor time a page; %s MiB before the first page, %s after the last. Not measured: %d routes that are no pages.\n",
		short(p.CPU), short(p.ColdMemory), short(p.Memory), len(notMeasured))
}

// phasesOfPages are the phases of the scale that measures pages.
func phasesOfPages(t *testing.T, size pageSize, r *report) []phase {
	var s *site
	var began time.Time
	return []phase{
		{"fill a database", func() {
			began = time.Now()
			s = startSite(t, size.Size)
			r.Machine += ", " + postgresSettings(t, s.pool)
			r.Pages.Size, r.Pages.Filled = size.Size, "filled in "+time.Since(began).Round(time.Second).String()
		}},
		{"pages", func() {
			filled := r.Pages.Filled
			r.Pages = s.measurePages(size.calls)
			r.Pages.Filled = filled
		}},
	}
}

// postgresSettings are those that a reader has to know to compare.
func postgresSettings(t testing.TB, pool *pgxpool.Pool) string {
	t.Helper()
	var settings string
	require.NoError(t, pool.QueryRow(context.Background(),
		`SELECT string_agg(name || ' ' || setting, ', ' ORDER BY name) FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')`).Scan(&settings))
	return "Postgres with " + settings
}

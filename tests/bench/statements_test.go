package bench

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/app"
	"leanpmo/internal/localstack"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
	"leanpmo/tests/harness/stock"
)

// roundTrips is how many answers of Postgres a page may wait for, its session included. A page that is not here has otherPages.
var roundTrips = map[string]int{
	"/":        13,
	"/backlog": 10, "/board": 17, "/teams/{id}": 9, "/access": 8, "/me/notifications": 9, "/chat": 9, "/assignments": 11, "/resources": 9, "/what-if/teams": 12, "/what-if/portfolio": 11, "/what-if/portfolio.csv": 26, "/skills": 10, "/skills.csv": 10, "/report": 12, "/requests/{ref}": 25, "/requests/{ref}/answer": 16, "/requests/{ref}/points": 9, "/requests/{ref}/comments/{id}": 10,
}

const otherPages = 8

// serveInProcess runs the server in this process, with all its statements counted. Temporal is away: no page needs it.
func serveInProcess(t *testing.T, dsn string, filledWith stock.Stock) (*site, *meter) {
	t.Helper()
	parsed, err := url.Parse(dsn)
	require.NoError(t, err)
	m := startMeter(t, parsed.Host)
	parsed.Host = m.Addr()
	s := &site{filled: filled{t: t, pool: testkit.Pool(t, dsn), stock: filledWith}, clients: map[string]*http.Client{}}
	addr := localstack.Loopback(testkit.Ports(t, 1)[0])
	s.url = "http://" + addr
	provider := startProvider(t, s.url, filledWith.People)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- app.Serve(ctx, app.Config{HTTPAddr: addr, DatabaseURL: parsed.String(), DirectoryFile: provider.people, PublicURL: s.url,
			OIDCIssuer: provider.issuer, OIDCClientID: provider.client, OIDCClientSecret: provider.secret, TemporalAddress: "127.0.0.1:1"}, slog.New(slog.DiscardHandler))
	}()
	t.Cleanup(func() { stop(); require.NoError(t, <-ended) })
	require.Eventually(t, func() bool {
		response, err := http.Get(s.url + "/sign-in")
		if err != nil {
			return false
		}
		return response.Body.Close() == nil && response.StatusCode == http.StatusOK
	}, testkit.Patience, 20*time.Millisecond)
	return s, m
}

// awaitQuiet waits until what the server measures in the background after the first page is read: it would count as statements of a page.
func (m *meter) awaitQuiet(t *testing.T) {
	t.Helper()
	const quiet = 700 * time.Millisecond
	for last, until := int64(-1), time.Now().Add(testkit.Patience); int64(m.trips.Load()) != last; {
		require.True(t, time.Now().Before(until), "the server goes on reading")
		last = int64(m.trips.Load())
		time.Sleep(quiet)
	}
}

// TestPagesWaitForFewStatements: the number of statements of a page does not depend on how many rows it shows, so that one for each row
// cannot come back unseen; and no page is longer than 150 kB.
func TestPagesWaitForFewStatements(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: starts Postgres")
	}
	dsn := testkit.Database(t, store.Migrate)
	filledWith := stock.Fill(t, testkit.Pool(t, dsn), stock.Size{Requests: 1_000, Lines: 30_000, People: 60}, time.Now())
	s, m := serveInProcess(t, dsn, filledWith)
	most, seen := map[string]int{}, map[string]bool{}
	s.open(s.all()[0])
	m.awaitQuiet(t)
	for _, a := range s.all() {
		least := 1 << 30
		for range 8 { // the first one prepares statements, and the server asks for news of its own meanwhile: the least counts
			before := m.trips.Load()
			status, _, length := s.open(a)
			if status != http.StatusOK {
				break
			}
			seen[a.Page] = true
			least = min(least, int(m.trips.Load()-before))
			if !isFile(a.Page) {
				require.LessOrEqual(t, length, 150_000, "%s as %s is too long", a.Page, a.Who)
			}
		}
		if least < 1<<30 {
			most[a.Page] = max(most[a.Page], least)
		}
	}
	t.Log(fmt.Sprint(most))
	for page, n := range most {
		bound, named := roundTrips[firstWord(page)]
		if !named {
			bound = otherPages
		}
		require.LessOrEqual(t, n, bound, "%s waits for %d statements", page, n)
	}
	require.Greater(t, len(seen), 45)
}

package bench

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/tests/harness/stock"
)

// readers are one person of each role, as whom every page is opened.
var readers = []struct{ role, who string }{{"requester", "sam"}, {"approver", "ana"}, {"team", "theo"}, {"pmo", "petra"}, {"admin", "ada"}, {"auditor", "aud"}}

// address is a page as one person opens it.
type address struct {
	Page string // the route, and what is special about the address
	Who  string
	Path string
}

// notMeasured are the routes that are no pages, with the reason.
var notMeasured = map[string]string{
	"GET /assets/{name}":               "a file of the binary, kept by browsers",
	"GET /access/audit.csv":            "a file to keep, of the whole office ledger",
	"GET /events":                      "a stream without an end; tests/load has 500 readers of it",
	"GET /sign-in/provider/{provider}": "leads to the provider",
	"GET /sign-in/callback":            "comes from a provider",
	"GET /sign-in/callback/{provider}": "comes from a provider",
}

// filled is what addresses are made from.
type filled struct {
	t     testing.TB
	pool  *pgxpool.Pool
	stock stock.Stock
}

// text reads one value; the test fails where there is none.
func (f filled) text(sql string, args ...any) string {
	f.t.Helper()
	var found string
	require.NoError(f.t, f.pool.QueryRow(context.Background(), sql, args...).Scan(&found), sql)
	return found
}

// ref is a request in a stage whose ledger is as long as half of all are at most.
func (f filled) ref(where string) string {
	f.t.Helper()
	return f.text(`SELECT 'R-' || number FROM request r WHERE NOT confidential AND ` + where + ` ORDER BY number LIMIT 1 OFFSET 1`)
}

// addresses are those of a route for a person. A route that is not here fails the bench: a new page is measured from its first day on.
func (f filled) addresses(route, who string) []address {
	f.t.Helper()
	var list []address
	add := func(what, path string) {
		list = append(list, address{Page: strings.TrimSpace(strings.TrimPrefix(route, "GET ") + " " + what), Who: who, Path: path})
	}
	switch route {
	case "GET /skills", "GET /skills.csv", "GET /calibration", "GET /retrospective", "GET /imports", "GET /calibration.csv", "GET /", "GET /inbox", "GET /board", "GET /teams", "GET /resources", "GET /access", "GET /access/audit", "GET /me/notifications", "GET /funding", "GET /decided", "GET /what-if", "GET /what-if/teams", "GET /what-if/portfolio", "GET /policy/proposals", "GET /policy/propose", "GET /requests/new", "GET /sign-in":
		add("", strings.TrimPrefix(route, "GET "))
	case "GET /channels/{endpoint}", "GET /channels/{endpoint}/{step:redeliver|enable}":
		add("", strings.NewReplacer("GET ", "", "{endpoint}", "person:ana", "{step:redeliver|enable}", "redeliver").Replace(route))
	case "GET /what-if/portfolio.csv":
		add("", "/what-if/portfolio.csv?weeks=4") // what it reads is the same, and it takes less of the time of others
	case "GET /strategy", "GET /assignments", "GET /channels", "GET /chat":
		add("", strings.TrimPrefix(route, "GET "))
	case "GET /forecast":
		add("of a team", "/forecast?team=falcon&stage=closure")
		add("of some", "/forecast?requests=R-417,R-418,R-419&by=2030-01-01")
	case "GET /policy":
		add("", "/policy")
		add("with a request", "/policy?request="+f.ref(`status = 'open' AND stage = 'prioritization'`))
	case "GET /inbox/several":
		add("", "/inbox/several?"+f.asked(who))
	case "GET /requests":
		f.lists(add, who)
	case "GET /similar":
		add("", "/similar?title="+strings.ReplaceAll(f.text(`SELECT title FROM request WHERE NOT confidential LIMIT 1`), " ", "+"))
	case "GET /requests/new/{kind}":
		add("", "/requests/new/enhancement")
	case "GET /requests/{ref}":
		for _, stage := range pmo.Stages() {
			add(string(stage), "/requests/"+f.ref(`status = 'open' AND stage = '`+string(stage)+`'`))
		}
		add("closed", "/requests/"+f.ref(`status = 'closed' AND outcome = 'delivered'`))
		add("longest ledger", "/requests/"+f.stock.Longest)
	case "GET /requests/{ref}/answer":
		add("", "/requests/"+f.ref(`status = 'open' AND stage = 'review'`)+"/answer?question=review/1/approvers&verdict=approve")
	case "GET /requests/{ref}/comments/{id}":
		add("", f.text(`SELECT '/requests/' || c.request_id || '/comments/' || c.id FROM comment c JOIN request r ON r.id = c.request_id WHERE NOT r.confidential LIMIT 1`))
	case "GET /teams/{id}":
		add("", "/teams/falcon")
	case "GET /flow", "GET /report", "GET /flow.csv":
		for _, days := range []int{30, 90, 365} {
			add(fmt.Sprint(days), fmt.Sprintf("%s?days=%d", strings.TrimPrefix(route, "GET "), days))
		}
	case "GET /points":
		add("", "/points")
	case "GET /backlog":
		add("", "/backlog")
	case "GET /requests/{ref}/move", "GET /requests/{ref}/approach", "GET /requests/{ref}/scoring", "GET /requests/{ref}/points":
		add("", strings.NewReplacer("GET ", "", "{ref}", f.ref(`status = 'open' AND stage = 'prioritization'`)).Replace(route))
	case "GET /playbooks/{approach}":
		add("", "/playbooks/kanban")
	case "GET /requests/{ref}/plan":
		add("", "/requests/"+f.ref(`status = 'open' AND stage = 'execution'`)+"/plan")
	case "GET /policy/proposals/{id}", "GET /policy/versions/{version}", // nobody has proposed a version, so that these are unmeasured
		"GET /policy/proposals/{id}/{step:accept|reject|withdraw}":
		add("", strings.NewReplacer("GET ", "", "{id}", "018f0000-0000-7000-8000-000000000001", "{step:accept|reject|withdraw}", "accept", "{version}", "1").Replace(route))
	case "GET /start", "GET /start/{kind}", "GET /status/{token}", // refused, and so unmeasured, where the policy opens no kind to everybody
		"GET /unsubscribe/{token}": // and where nobody got such a link
		add("", strings.NewReplacer("GET ", "", "{kind}", "enhancement", "{token}", "none").Replace(route))
	default:
		if _, after, ok := strings.Cut(route, "{command:"); ok {
			f.commands(add, strings.Split(strings.TrimSuffix(after, "}"), "|"))
			break
		}
		require.Fail(f.t, "a page without an address", "say in addresses_test.go where %s is, or in notMeasured why it is none", route)
	}
	return list
}

// lists are what people look for among all requests.
func (f filled) lists(add func(what, path string), who string) {
	add("newest", "/requests")
	add("due", "/requests?sort=due")
	add("rank", "/requests?sort=rank")
	add("stage", "/requests?stage=execution&sort=age")
	add("closed", "/requests?closed=yes")
	add("own", "/requests?requester="+who)
	add("team", "/requests?team=falcon")
	add("frequent words", "/requests?closed=yes&text=the+request")
	add("number", "/requests?text=R-417")
	add("no match", "/requests?closed=yes&text=zeppelinkh")
}

// commands are the forms of the commands, each of a request that takes it.
func (f filled) commands(add func(what, path string), commands []string) {
	open := map[string]string{"amend": `stage = 'review'`, "progress": `stage = 'execution'`, "raid": `stage = 'execution'`, "pull": `stage = 'prioritization'`}
	for _, c := range commands {
		where := open[c]
		if where == "" {
			where = `stage = 'prioritization'`
		}
		add(c, "/requests/"+f.ref(`status = 'open' AND `+where)+"/"+c)
	}
}

// asked are the first questions that wait on a person, as the page for several takes them.
func (f filled) asked(who string) string {
	f.t.Helper()
	rows, err := f.pool.Query(context.Background(), `SELECT 'q=' || request_id || '+' || id FROM question WHERE $1 = ANY (waiting) ORDER BY due_at LIMIT 20`, who)
	require.NoError(f.t, err)
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(f.t, err)
	if len(list) == 0 { // nothing waits on them: the page says so
		return "q=" + uuid.Nil.String() + "+review/1"
	}
	return strings.Join(list, "&")
}

// routes reads the pages and the roles that may open them from the golden file of their rights, which a test of the pages keeps complete.
func routes(t testing.TB) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("../../web/testdata/rights.golden")
	require.NoError(t, err)
	roles := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "GET ") {
			continue
		}
		route, rest, _ := strings.Cut(strings.TrimPrefix(line, "GET "), " ")
		_, who, _ := strings.Cut(strings.TrimSpace(rest), " ")
		who = strings.TrimPrefix(strings.TrimSpace(who), "sign-in) ")
		for _, r := range readers {
			if strings.TrimSpace(who) == "everybody" || strings.Contains(who, r.role) || strings.Contains(who, "a relation is needed") {
				if !slices.Contains(roles["GET "+route], r.who) {
					roles["GET "+route] = append(roles["GET "+route], r.who)
				}
			}
		}
	}
	return roles
}

// all are the addresses of every page, for every reader who may open it.
func (f filled) all() []address {
	f.t.Helper()
	var list []address
	known := routes(f.t)
	require.Greater(f.t, len(known), 20, "the golden file lists the pages")
	var sorted []string
	for route := range known {
		sorted = append(sorted, route)
	}
	slices.Sort(sorted)
	for _, route := range sorted {
		if notMeasured[route] != "" {
			continue
		}
		for _, who := range known[route] {
			list = append(list, f.addresses(route, who)...)
		}
	}
	return list
}

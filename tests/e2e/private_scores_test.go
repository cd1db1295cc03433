package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/tests/drive"
	"leanpmo/tests/harness"
)

// What ana gives privately: words and a number that stand nowhere else. Six digits would now and then stand in the microseconds of a time.
const (
	privateReason = "only ana knows this sentence"
	privateNumber = "976543218"
)

// noPrivateScores asks every route that reads, as everybody but the one who scored, for what somebody gave privately, before it is revealed. Then it
// looks through every table: nothing but the scores themselves has it, so that no export, notification, ledger line or event made from them does.
func noPrivateScores(t *testing.T, api *drive.API, pool *pgxpool.Pool) {
	form := harness.Ordinary("Scored privately")
	form.Class, form.WantedCause = pmo.ClassFixedDate, "a law" // far away, so that it stays in the backlog
	form.WantedBy = pmo.Date(time.Now().AddDate(2, 0, 0).Format(time.DateOnly))
	r := api.Submit("sam", form)
	r.ToBacklog()
	api.Prioritize(portfolio)
	api.As("petra").Call(http.StatusCreated, http.MethodPost, r.Path("/scoring"), object{"people": []string{"ana", "bo"}, "inputs": []string{"cost_of_delay"}})
	score := object{"inputs": object{"cost_of_delay": json.Number(privateNumber)}, "sure": "low", "reason": privateReason}
	mine := api.As("ana").Call(http.StatusOK, http.MethodPut, r.Path("/scoring/mine"), score)
	require.Contains(t, string(mine.Raw), privateReason, "who scored sees it")
	api.Prioritize(portfolio)

	answered := 0
	for _, path := range readRoutes(t, api, r) {
		for _, who := range []string{"sam", "bo", "petra", "ada"} {
			answer := must(api.As(who).Try(http.MethodGet, path, nil))
			hides(t, who+" GET "+path, string(answer.Raw))
			if answer.Status == http.StatusOK {
				answered++
			}
		}
	}
	require.Greater(t, answered, 120, "most routes answer")
	for path, body := range map[string]object{
		"/v1/what-if/prioritization": {"scenarios": []any{object{"model": "cd3"}, object{"value": 3, "without": []string{r.Ref}}}, "capacity": 20},
		"/v1/what-if/assignment":     {"changes": []any{object{"capacity": 4, "skills": []string{"web"}}}},
		"/v1/what-if/portfolio":      {"weeks": 4, "wip_limit": 9},
		"/v1/what-if/policy":         {"yaml": api.As("petra").Get("/v1/policy").Text("yaml")},
		"/v1/what-if/approach":       {"kind": "enhancement"},
	} {
		hides(t, path, string(must(api.As("petra").Try(http.MethodPost, path, body)).Raw))
	}
	hides(t, "events", events(t, api))
	require.Equal(t, []string{"private_score"}, tablesWith(t, pool, privateReason))
	require.Equal(t, []string{"private_score"}, tablesWith(t, pool, privateNumber))

	api.As("petra").Call(http.StatusOK, http.MethodPost, r.Path("/scoring/reveal"), nil)
	require.Contains(t, string(api.As("sam").Get(r.Path("/scoring")).Raw), privateReason, "revealed, everybody who may read the request sees it")
}

func hides(t *testing.T, what, answer string) {
	t.Helper()
	require.NotContains(t, answer, privateReason, what)
	require.NotContains(t, answer, privateNumber, what)
}

// readRoutes are the addresses of all routes that read, as the OpenAPI document lists them, about the request where they are about one.
func readRoutes(t *testing.T, api *drive.API, r *drive.Request) (paths []string) {
	run := api.As("petra").Get("/v1/prioritizations?portfolio=" + portfolio).Text("items.0.id")
	const none = "018f0000-0000-7000-8000-000000000001"
	ids := map[string]string{"/v1/prioritizations/{id}": run, "/v1/teams/{id}": "falcon", "/v1/playbooks/{approach}": "kanban", "/v1/policy/versions/{version}": "1"}
	for path, item := range api.As("sam").Get("/openapi.json").At("paths").(object) {
		if _, reads := item.(object)["get"]; !reads || path == "/v1/events" {
			continue
		}
		id := none
		if known := ids[path]; known != "" {
			id = known
		}
		path = strings.ReplaceAll(path, "{ref}", r.ID)
		for strings.Contains(path, "{") {
			a, b := strings.Index(path, "{"), strings.Index(path, "}")
			path = path[:a] + strings.ReplaceAll(id, "/", "%2F") + path[b+1:]
		}
		paths = append(paths, path)
	}
	sort.Strings(paths)
	require.Greater(t, len(paths), 50)
	return append(paths, "/v1/requests?text=Scored&forecast=true", "/v1/requests/"+r.ID+"?burn_up=true", "/v1/backlog?portfolio="+portfolio, "/v1/funding?capacity=40&portfolio="+portfolio,
		"/metrics", "/readyz")
}

// events is what the stream of events tells the PMO of the past, in two seconds.
func events(t *testing.T, api *drive.API) string {
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Second)
	defer stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, api.URL+"/v1/events", nil)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer dev-petra")
	req.Header.Set("Last-Event-ID", "0")
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	text, _ := io.ReadAll(res.Body) // it ends with the time
	return string(text)
}

// tablesWith names the tables of the product in which a text stands.
func tablesWith(t *testing.T, pool *pgxpool.Pool, text string) (found []string) {
	rows, err := pool.Query(t.Context(), `SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace ORDER BY 1`)
	require.NoError(t, err)
	var tables []string
	for rows.Next() {
		var name string
		require.NoError(t, rows.Scan(&name))
		tables = append(tables, name)
	}
	require.NoError(t, rows.Err())
	require.Greater(t, len(tables), 30)
	for _, table := range tables {
		var has bool
		require.NoError(t, pool.QueryRow(t.Context(), fmt.Sprintf(`SELECT EXISTS (SELECT FROM %s t WHERE t::text LIKE '%%' || $1 || '%%')`, table), text).Scan(&has))
		if has {
			found = append(found, table)
		}
	}
	return found
}

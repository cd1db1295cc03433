package api

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/access"
	"leanpmo/internal/problem"
	"leanpmo/internal/version"
)

var update = flag.Bool("update", false, "write the golden files")

// open are the routes anybody may call; every other one has a right. That of a calendar is judged by the token in its address; the tools of
// agents want a token, and each call that they make of the API has its right.
var open = []string{"GET /livez", "GET /readyz", "GET /metrics", "GET /openapi.json", "GET /docs", "GET /docs/docs.js", "GET /docs/docs.css",
	"GET /problems", "GET /problems/{kind}", "GET /delivery/openapi.json", "GET /calendar/{token}", "POST /mcp"}

func TestEveryRouteHasARight(t *testing.T) {
	b := setup(t)
	var routes []string
	err := chi.Walk(b.api.router, func(method, path string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		route := method + " " + path
		routes = append(routes, route)
		if !slices.Contains(open, route) {
			action, declared := b.api.Actions()[route]
			require.True(t, declared, "%s has no right", route)
			require.Contains(t, access.Actions(), action, route)
			require.True(t, !access.OnRequest(action) || strings.Contains(path, "{ref}"), "%s acts on a request and names none", route)
		}
		return nil
	})
	require.NoError(t, err)
	require.Len(t, routes, len(open)+len(b.api.Actions()))
}

func TestEveryRouteNeedsAToken(t *testing.T) {
	b := setup(t)
	for route := range b.api.Actions() {
		method, path, _ := strings.Cut(route, " ")
		path = strings.NewReplacer("{ref}", requestA, "{id}", "falcon").Replace(path)
		status, doc, header := b.call(t, "", method, path, "")
		require.Equal(t, 401, status, route)
		require.Equal(t, "unauthenticated", doc["kind"])
		require.NotEmpty(t, header.Get("WWW-Authenticate"))
		status, _, _ = b.call(t, "nobody", method, path, "")
		require.Equal(t, 401, status, route)
	}
}

func TestOpenAPI(t *testing.T) {
	b := setup(t)
	status, doc, _ := b.call(t, "", "GET", "/openapi.json", "")
	require.Equal(t, 200, status)
	require.Equal(t, "3.1.0", doc["openapi"])
	require.Equal(t, version.Number, doc["info"].(map[string]any)["version"])
	var lines []string
	for path, item := range doc["paths"].(map[string]any) {
		for method, operation := range item.(map[string]any) {
			var statuses []string
			for status, response := range operation.(map[string]any)["responses"].(map[string]any) {
				statuses = append(statuses, status)
				if status >= "4" {
					content := response.(map[string]any)["content"].(map[string]any)
					require.Contains(t, content, problem.MediaType, "%s %s %s", method, path, status)
				}
			}
			slices.Sort(statuses)
			text, err := json.Marshal(operation)
			require.NoError(t, err)
			id, _ := operation.(map[string]any)["operationId"].(string)
			require.Equal(t, method != "get" && !slices.Contains(readsByPost, id), strings.Contains(string(text), keyHeader), "%s %s takes a key when it writes", method, path)
			require.Equal(t, strings.Contains(path, "{"), strings.Contains(string(text), `"in":"path"`), "%s %s", method, path)
			lines = append(lines, strings.ToUpper(method)+" "+path+" "+operation.(map[string]any)["operationId"].(string)+" "+strings.Join(statuses, ","))
		}
	}
	slices.Sort(lines)
	require.Len(t, lines, len(b.api.Actions()), "every route is documented")
	golden(t, "testdata/operations.txt", strings.Join(lines, "\n")+"\n")
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "run with -update if this is meant")
}

func TestDocsNeedNoNetwork(t *testing.T) {
	b := setup(t)
	status, _, header := b.call(t, "", "GET", "/docs", "")
	require.Equal(t, 200, status)
	require.Contains(t, header.Get("Content-Security-Policy"), "script-src 'self'")
	for _, file := range [][]byte{docsHTML, docsJS, docsCSS} {
		require.NotContains(t, string(file), "://")
	}
	for _, path := range []string{"/docs/docs.js", "/docs/docs.css"} {
		status, _, _ := b.call(t, "", "GET", path, "")
		require.Equal(t, 200, status)
	}
}

func TestOutsideTheRoutes(t *testing.T) {
	b := setup(t)
	status, doc, header := b.call(t, "sam", "GET", "/v2/requests", "")
	require.Equal(t, 404, status)
	require.Equal(t, "not_found", doc["kind"])
	require.Equal(t, "nosniff", header.Get("X-Content-Type-Options"))
	require.Equal(t, "no-store", header.Get("Cache-Control"))

	status, doc, header = b.call(t, "sam", "DELETE", "/v1/requests", "")
	require.Equal(t, 405, status)
	require.Equal(t, "method_not_allowed", doc["kind"])
	require.Equal(t, []string{"GET", "POST"}, header.Values("Allow"))

	b.api.router.Get("/boom", func(http.ResponseWriter, *http.Request) { panic("secret") })
	status, doc, _ = b.call(t, "", "GET", "/boom", "")
	require.Equal(t, 500, status)
	require.Equal(t, "internal", doc["kind"])
	require.Contains(t, b.log.String(), "handler panicked")
}

func TestHealth(t *testing.T) {
	b := setup(t)
	status, doc, _ := b.call(t, "", "GET", "/livez", "")
	require.Equal(t, 200, status)
	require.Equal(t, version.Number, doc["version"])
	status, _, _ = b.call(t, "", "GET", "/readyz", "")
	require.Equal(t, 200, status)

	b.api.DirectoryFault = func() error { return errors.New("line 7: token s3cret") }
	r := get(b, "/readyz")
	require.Equal(t, 200, r.Code)
	require.Contains(t, r.Body.String(), "the newest directory file is not valid")
	require.NotContains(t, r.Body.String(), "s3cret")
	b.api.DirectoryFault = func() error { return nil }
	require.NotContains(t, get(b, "/readyz").Body.String(), "directory")

	require.NotContains(t, get(b, "/readyz").Body.String(), "ledgers")
	b.store.owner = true
	r = get(b, "/readyz")
	require.Equal(t, 200, r.Code)
	require.Contains(t, r.Body.String(), `"degraded":true`)
	require.Contains(t, r.Body.String(), "may change the ledgers")

	b.store.down = true
	r = get(b, "/readyz")
	require.Equal(t, 503, r.Code)
	var body readiness
	require.NoError(t, json.Unmarshal(r.Body.Bytes(), &body))
	require.True(t, body.Checks["temporal"].OK)
	require.False(t, body.Checks["postgres"].OK)
}

func TestRequestsThatDoNotGoOnAreShown(t *testing.T) {
	b := setup(t)
	require.NotContains(t, get(b, "/readyz").Body.String(), "requests", "nobody has counted")
	ended, failing, err := 2, 1, error(nil)
	b.api.CountBroken = func(context.Context) (int, int, error) { return ended, failing, err }
	b.api.countBroken(t.Context())
	r := get(b, "/readyz")
	require.Equal(t, 200, r.Code, "another server would not help")
	var body readiness
	require.NoError(t, json.Unmarshal(r.Body.Bytes(), &body))
	require.True(t, body.Ready && body.Degraded)
	require.Equal(t, check{Detail: "requests that do not go on by themselves: 2 open whose workflow was ended in Temporal, 1 whose workflow tasks fail; run pmo reconcile"},
		body.Checks["requests"])
	text := get(b, "/metrics").Body.String()
	require.Contains(t, text, `pmo_requests_broken{cause="ended"} 2`)
	require.Contains(t, text, `pmo_requests_broken{cause="failing"} 1`)
	require.Contains(t, b.log.String(), "requests do not go on by themselves")

	ended, failing, err = 0, 0, errors.New("away")
	b.api.countBroken(t.Context())
	require.Contains(t, get(b, "/metrics").Body.String(), `pmo_requests_broken{cause="ended"} 2`, "the count before stays")
	err = nil
	b.api.countBroken(t.Context())
	require.Contains(t, get(b, "/readyz").Body.String(), `"requests":{"ok":true}`)
	require.NotContains(t, get(b, "/readyz").Body.String(), "degraded")
}

func TestMetricsCountByRoute(t *testing.T) {
	b := setup(t)
	b.call(t, "sam", "GET", "/v1/requests/R-1", "")
	b.call(t, "sam", "GET", "/v1/requests/R-2", "")
	text := get(b, "/metrics").Body.String()
	require.Contains(t, text, `pmo_http_requests_total{method="GET",route="/v1/requests/{ref}",status="200"} 1`)
	require.Contains(t, text, `pmo_http_problems_total{kind="not_found",route="/v1/requests/{ref}"} 1`)
}

func TestLogHoldsNoSecrets(t *testing.T) {
	b := setup(t)
	b.call(t, "sam", "GET", "/v1/requests?text=verysecret", "")
	b.call(t, "bo", "POST", "/v1/requests/R-1/withdraw", `{"reason":"verysecret"}`)
	require.NotContains(t, b.log.String(), "verysecret")
	require.NotContains(t, b.log.String(), "dev-")
	require.Regexp(t, `request refused.*actor=bo kind=forbidden.*reason=`, b.log.String())
}

// A read deadline that passes while a handler works cancels the connection's context, for this call and all after it on the same
// connection. So no operation may set one: a command waits up to eight seconds for its answer.
func TestNoOperationSetsAReadDeadline(t *testing.T) {
	b := setup(t)
	seen := 0
	for path, item := range b.api.huma.OpenAPI().Paths {
		for _, o := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if o != nil {
				seen++
				require.Negative(t, o.BodyReadTimeout, "%s %s", o.Method, path)
			}
		}
	}
	require.Positive(t, seen)
}

// The address in a problem document is one of the server that sent it.
func TestEveryProblemsTypeAnswers(t *testing.T) {
	b := setup(t)
	for _, kind := range problem.Kinds() {
		rec := get(b, kind.Type())
		require.Equal(t, 200, rec.Code, kind)
		require.Contains(t, rec.Body.String(), kind.Title())
	}
	_, doc, _ := b.call(t, "sam", "GET", "/v1/requests/R-99", "")
	require.Equal(t, 200, get(b, doc["type"].(string)).Code)
}

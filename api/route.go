package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"leanpmo/internal/access"
)

// op describes a route for the table of routes.
type op struct {
	method, path string
	action       access.Action
	id           string // operation id of the OpenAPI document
	summary      string
	status       int   // of success; 200 when 0
	also         []int // further statuses of success
	fails        []int // further statuses of refusal
}

// add registers a route: its right, its place in the OpenAPI document with every status it can answer, and its handler.
func add[I, O any](a *API, o op, handler func(*API, context.Context, *I) (*O, error)) {
	operation := huma.Operation{
		OperationID: o.id, Method: o.method, Path: o.path, Summary: o.summary, Tags: []string{tagOf(o.path)},
		DefaultStatus: o.status, Errors: o.errors(), MaxBodyBytes: maxBody + 1, // the guard has counted before
		Security: []map[string][]string{{"bearer": {}}}, Middlewares: huma.Middlewares{a.gate(o.action)},
		Description: "Needs the right `" + string(o.action) + "`.",
		// The guard has read the body, under the server's own limit. A deadline for reading it again would pass while a command waits
		// for its answer, and net/http then gives up this connection's context for good: every later call on it would be cancelled.
		BodyReadTimeout: -1,
	}
	a.actions[o.method+" "+o.path] = o.action
	huma.Register(a.huma, operation, func(ctx context.Context, in *I) (*O, error) {
		out, err := handler(a, ctx, in)
		if err != nil {
			return nil, a.answerProblem(ctx, pathOf(ctx), err)
		}
		return out, nil
	})
	a.document(o)
}

// errors lists the statuses of refusal the route can answer.
func (o op) errors() []int {
	list := []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusServiceUnavailable}
	list = append(list, o.fails...)
	if strings.Contains(o.path, "{") {
		list = append(list, http.StatusNotFound)
	}
	if o.method != http.MethodGet {
		list = append(list, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	slices.Sort(list)
	return list
}

// document adds what huma does not: success has more than one status.
func (a *API) document(o op) {
	item := a.huma.OpenAPI().Paths[o.path]
	registered := map[string]*huma.Operation{http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put,
		http.MethodPatch: item.Patch, http.MethodDelete: item.Delete}[o.method]
	usual := registered.Responses[fmt.Sprint(registered.DefaultStatus)]
	for _, status := range o.also {
		registered.Responses[fmt.Sprint(status)] = &huma.Response{Description: http.StatusText(status), Headers: usual.Headers, Content: usual.Content}
	}
}

func tagOf(path string) string {
	part, _, _ := strings.Cut(strings.TrimPrefix(path, "/v1/"), "/")
	return part
}

type pathKey struct{}

func pathOf(ctx context.Context) string {
	path, _ := ctx.Value(pathKey{}).(string)
	return path
}

// withPath lets handlers name the path in a problem without seeing the request.
func withPath(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), pathKey{}, r.URL.Path)))
	})
}

// Actions is the table of rights: "METHOD /path" to the action of internal/access.
func (a *API) Actions() map[string]access.Action { return a.actions }

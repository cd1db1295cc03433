package delivery

import (
	"encoding/json"
	"net/http"
	"reflect"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"leanpmo/internal/problem"
)

// OpenAPI is the published description, generated from the Go types.
func OpenAPI() *huma.OpenAPI {
	doc := &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info: &huma.Info{Title: "Lean PMO delivery API", Version: "1", Description: "Implemented by a tool or its adapter, so that the PMO can open work " +
			"items in it; and the signed webhook for its progress reports. Errors are problem documents (RFC 9457)."},
		Paths: map[string]*huma.PathItem{},
		Components: &huma.Components{
			Schemas:         huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
			SecuritySchemes: map[string]*huma.SecurityScheme{"bearer": {Type: "http", Scheme: "bearer"}},
		},
	}
	d := describer{doc.Components.Schemas}
	bearer := []map[string][]string{{"bearer": {}}}
	id := &huma.Param{Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: "string"}}
	key := &huma.Param{Name: "Idempotency-Key", In: "header", Required: true, Schema: &huma.Schema{Type: "string"}, Description: "Identifies the item: the same key is the same item"}
	doc.Paths[Prefix+"/work-items"] = &huma.PathItem{
		Post: &huma.Operation{OperationID: "open-work-item", Summary: "Open a work item; idempotent by key", Security: bearer, Parameters: []*huma.Param{key},
			RequestBody: d.body(New{}), Responses: d.responses(Item{}, "201", "200")},
		Get: &huma.Operation{OperationID: "find-work-item", Summary: "The item opened under a key, if there is one", Security: bearer,
			Parameters: []*huma.Param{{Name: "key", In: "query", Required: true, Schema: &huma.Schema{Type: "string"}}}, Responses: d.responses(List{}, "200")},
	}
	doc.Paths[Prefix+"/work-items/{id}"] = &huma.PathItem{
		Get: &huma.Operation{OperationID: "read-work-item", Summary: "One work item", Security: bearer, Parameters: []*huma.Param{id}, Responses: d.responses(Item{}, "200")},
		Patch: &huma.Operation{OperationID: "change-work-item", Summary: "Change a work item; absent fields stay unchanged", Security: bearer, Parameters: []*huma.Param{id},
			RequestBody: d.body(Patch{}), Responses: d.responses(Item{}, "200")},
	}
	doc.Paths[Prefix+"/webhooks/{source}"] = &huma.PathItem{Post: &huma.Operation{OperationID: "report", Summary: "On the PMO's server: a tool reports progress, signed",
		Description: "Standard Webhooks: webhook-id, webhook-timestamp and webhook-signature (v1, HMAC-SHA256). The same id is the same report.",
		Parameters: []*huma.Param{
			{Name: "source", In: "path", Required: true, Schema: &huma.Schema{Type: "string"}}, d.header(HeaderID), d.header(HeaderTimestamp), d.header(HeaderSignature)},
		RequestBody: d.body(Event{}), Responses: d.responses(struct {
			Result string `json:"result"`
		}{}, "200")}}
	return doc
}

type describer struct{ schemas huma.Registry }

func (d describer) header(name string) *huma.Param {
	return &huma.Param{Name: name, In: "header", Required: true, Schema: &huma.Schema{Type: "string"}}
}

func (d describer) content(media string, v any) map[string]*huma.MediaType {
	return map[string]*huma.MediaType{media: {Schema: d.schemas.Schema(reflect.TypeOf(v), true, "Answer")}}
}

func (d describer) body(v any) *huma.RequestBody {
	return &huma.RequestBody{Required: true, Content: d.content("application/json", v)}
}

func (d describer) responses(v any, statuses ...string) map[string]*huma.Response {
	all := map[string]*huma.Response{"default": {Description: "A problem", Content: d.content(problem.MediaType, problem.Problem{})}}
	for _, status := range statuses {
		all[status] = &huma.Response{Description: "Done", Content: d.content("application/json", v)}
	}
	return all
}

var openAPI = sync.OnceValues(func() ([]byte, error) { return json.MarshalIndent(OpenAPI(), "", "  ") })

// ServeOpenAPI writes the published description.
func ServeOpenAPI(w http.ResponseWriter, _ *http.Request) {
	text, err := openAPI()
	if err != nil {
		problem.Write(w, problem.From(err))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(text) // the status is already sent, so an error cannot be reported
}

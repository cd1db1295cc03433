package tools

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// fakeAzure behaves like Azure DevOps: fields are changed by JSON Patch, and the date of closing follows the state's category.
func fakeAzure(t *testing.T) *fake {
	const base = "/Delivery/_apis/wit/"
	f := newFake(t)
	fields := func(o object) object { return o["fields"].(object) }
	states := list(f.shape("azure_states")["value"])
	patch := func(o object, r *http.Request) {
		require.Equal(t, "application/json-patch+json", r.Header.Get("Content-Type"))
		for _, c := range sentList(r) {
			require.Equal(t, "add", c["op"])
			name := strings.TrimPrefix(fmt.Sprint(c["path"]), "/fields/")
			fields(o)[name] = c["value"]
			if name != "System.State" {
				continue
			}
			delete(fields(o), "Microsoft.VSTS.Common.ClosedDate")
			for _, s := range states {
				if s.(object)["name"] == c["value"] && s.(object)["category"] == "Completed" {
					fields(o)["Microsoft.VSTS.Common.ClosedDate"] = "2026-03-02T08:00:00.5Z"
				}
			}
		}
	}
	f.mux.HandleFunc("POST "+base+"wiql", func(w http.ResponseWriter, r *http.Request) {
		query, found := fmt.Sprint(sentBy(r)["query"]), []object{}
		if strings.Contains(query, "ClosedDate") {
			for _, i := range list(f.shape("azure_finished")["value"]) {
				found = append(found, object{"id": i.(object)["id"]})
			}
		}
		for _, i := range f.issues {
			for tag := range strings.SplitSeq(fmt.Sprint(fields(i)["System.Tags"]), "; ") {
				if strings.Contains(query, "'"+tag+"'") {
					found = append(found, object{"id": i["id"], "url": i["url"]})
				}
			}
		}
		answer(w, 200, object{"queryType": "flat", "queryResultType": "workItem", "workItems": found})
	})
	f.mux.HandleFunc("POST "+base+"workitems/$Task", func(w http.ResponseWriter, r *http.Request) {
		created := f.shape("azure_item")
		created["id"] = len(f.issues) + 1
		patch(created, r)
		f.issues = append(f.issues, created)
		answer(w, 200, created)
	})
	f.mux.HandleFunc("POST "+base+"workitemsbatch", func(w http.ResponseWriter, r *http.Request) {
		require.Len(t, list(sentBy(r)["ids"]), 4)
		answer(w, 200, f.shape("azure_finished"))
	})
	f.mux.HandleFunc("GET "+base+"workitems/{id}", func(w http.ResponseWriter, r *http.Request) { f.found(w, f.by("id", r)) })
	f.mux.HandleFunc("PATCH "+base+"workitems/{id}", func(w http.ResponseWriter, r *http.Request) {
		patch(f.by("id", r), r)
		f.found(w, f.by("id", r))
	})
	f.mux.HandleFunc("GET "+base+"workitemtypes/Task/states", func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, f.shape("azure_states")) })
	f.mux.HandleFunc("POST "+base+"workItems/{id}/comments", func(w http.ResponseWriter, r *http.Request) {
		f.comments = append(f.comments, fmt.Sprint(sentBy(r)["text"]))
		answer(w, 200, object{"id": len(f.comments)})
	})
	return f
}

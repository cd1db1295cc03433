package tools

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// linearFake answers the adapter's queries as Linear does: one route, errors with a code, labels and states by id.
type linearFake struct {
	*fake
	labels []any
}

func fakeLinear(t *testing.T) *fake {
	l := &linearFake{fake: newFake(t)}
	operations := map[string]func(v object) any{"Issue": l.issue, "Team": l.team, "Labels": l.known, "Label": l.label, "Open": l.open, "Change": l.change, "Comment": l.comment, "Finished": l.finished}
	l.mux.HandleFunc("POST /graphql", func(w http.ResponseWriter, r *http.Request) {
		sent := sentBy(r)
		name, _, _ := strings.Cut(strings.Fields(fmt.Sprint(sent["query"]))[1], "(")
		require.Contains(t, operations, name)
		variables, _ := sent["variables"].(object)
		data := operations[name](variables)
		if code, refused := data.(string); refused {
			answer(w, 200, object{"data": nil, "errors": []any{object{"message": "refused", "extensions": object{"code": code}}}})
			return
		}
		answer(w, 200, object{"data": data})
	})
	return l.fake
}

func (l *linearFake) byID(id any) object {
	for _, i := range l.issues {
		if i["id"] == id {
			return i
		}
	}
	return nil
}

func (l *linearFake) issue(v object) any {
	nodes := []any{}
	if found := l.byID(v["id"]); found != nil {
		nodes = append(nodes, found)
	}
	return object{"issues": object{"nodes": nodes}}
}

func (l *linearFake) team(v object) any {
	nodes := []any{}
	if v["key"] == "PMO" {
		nodes = append(nodes, l.shape("linear_team"))
	}
	return object{"teams": object{"nodes": nodes}}
}

func (l *linearFake) known(v object) any {
	// A label of another team with the same name cannot be used.
	nodes := []any{object{"id": "other", "name": "on-hold", "team": object{"id": "another team"}}}
	for _, own := range l.labels {
		for _, name := range list(v["names"]) {
			if own.(object)["name"] == name {
				nodes = append(nodes, own)
			}
		}
	}
	return object{"issueLabels": object{"nodes": nodes}}
}

func (l *linearFake) label(v object) any {
	input := v["input"].(object)
	for _, own := range l.labels {
		if own.(object)["name"] == input["name"] {
			return "INPUT_ERROR"
		}
	}
	created := object{"id": fmt.Sprintf("label-%d", len(l.labels)), "name": input["name"], "team": object{"id": input["teamId"]}}
	l.labels = append(l.labels, created)
	return object{"issueLabelCreate": object{"success": true, "issueLabel": created}}
}

func (l *linearFake) open(v object) any {
	input, created := v["input"].(object), l.shape("linear_issue")
	if l.byID(input["id"]) != nil {
		return "INPUT_ERROR"
	}
	created["id"] = input["id"]
	l.set(created, input)
	l.issues = append(l.issues, created)
	return object{"issueCreate": object{"success": true, "issue": created}}
}

func (l *linearFake) change(v object) any {
	found := l.byID(v["id"])
	if found == nil {
		return "INPUT_ERROR"
	}
	l.set(found, v["input"].(object))
	return object{"issueUpdate": object{"success": true}}
}

func (l *linearFake) set(o, input object) {
	for name, value := range input {
		switch name {
		case "title", "description":
			o[name] = value
		case "labelIds":
			nodes := []any{}
			for _, id := range list(value) {
				for _, own := range l.labels {
					if own.(object)["id"] == id {
						nodes = append(nodes, own)
					}
				}
			}
			require.Len(l.t, nodes, len(list(value)), "labels are given by ids that exist")
			o["labels"] = object{"nodes": nodes}
		case "stateId":
			for _, s := range list(l.shape("linear_team")["states"].(object)["nodes"]) {
				if s.(object)["id"] == value {
					o["state"] = object{"type": s.(object)["type"]}
				}
			}
		}
	}
}

// finished answers with one issue a page.
func (l *linearFake) finished(v object) any {
	nodes := list(l.shape("linear_finished")["nodes"])
	at := 0
	if after, ok := v["after"].(string); ok {
		at = len(after)
	}
	return object{"issues": object{"nodes": nodes[at : at+1], "pageInfo": object{"hasNextPage": at+1 < len(nodes), "endCursor": strings.Repeat("x", at+1)}}}
}

func (l *linearFake) comment(v object) any {
	l.comments = append(l.comments, fmt.Sprint(v["input"].(object)["body"]))
	return object{"commentCreate": object{"success": true}}
}

package tools

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func fakeGitHub(t *testing.T) *fake {
	f := newFake(t)
	labels := func(o object, names any) {
		all := []any{}
		for i, name := range list(names) {
			all = append(all, object{"id": i + 1, "name": name, "color": "ededed"})
		}
		o["labels"] = all
	}
	f.mux.HandleFunc("GET /repos/acme/delivery/issues/events", func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, f.shape("github_finished")["events"]) })
	f.mux.HandleFunc("GET /repos/acme/delivery/issues", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("state") == "closed" {
			answer(w, 200, f.shape("github_finished")["issues"])
			return
		}
		found := slices.Clone(f.issues)
		slices.Reverse(found)
		if r.URL.Query().Get("page") != "1" {
			found = nil
		}
		answer(w, 200, append([]object{}, found...))
	})
	f.mux.HandleFunc("POST /repos/acme/delivery/issues", func(w http.ResponseWriter, r *http.Request) {
		sent, created := sentBy(r), f.shape("github_issue")
		created["number"], created["title"], created["body"] = len(f.issues)+1, sent["title"], sent["body"]
		labels(created, sent["labels"])
		f.issues = append(f.issues, created)
		answer(w, 201, created)
	})
	f.mux.HandleFunc("GET /repos/acme/delivery/issues/{id}", func(w http.ResponseWriter, r *http.Request) { f.found(w, f.by("number", r)) })
	f.mux.HandleFunc("PATCH /repos/acme/delivery/issues/{id}", func(w http.ResponseWriter, r *http.Request) {
		found, sent := f.by("number", r), sentBy(r)
		for name, value := range sent {
			found[name] = value
		}
		if names, ok := sent["labels"]; ok {
			labels(found, names)
		}
		f.found(w, found)
	})
	f.mux.HandleFunc("POST /repos/acme/delivery/issues/{id}/comments", f.commented)
	return f
}

func (f *fake) found(w http.ResponseWriter, o object) {
	if o == nil {
		answer(w, 404, object{"message": "Not Found", "documentation_url": "https://docs.github.com/rest"})
		return
	}
	answer(w, 200, o)
}

func (f *fake) commented(w http.ResponseWriter, r *http.Request) {
	f.comments = append(f.comments, fmt.Sprint(sentBy(r)["body"]))
	answer(w, 201, object{"id": len(f.comments)})
}

func fakeGitLab(t *testing.T) *fake {
	f := newFake(t)
	f.mux.HandleFunc("GET /projects/{project}/issues/11/resource_label_events", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 200, f.shape("gitlab_finished")["events"])
	})
	f.mux.HandleFunc("GET /projects/{project}/issues", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("state") == "closed" {
			answer(w, 200, f.shape("gitlab_finished")["issues"])
			return
		}
		found := []object{}
		for _, i := range f.issues {
			if strings.Contains(fmt.Sprint(i["description"]), r.URL.Query().Get("search")) {
				found = append(found, i)
			}
		}
		answer(w, 200, found)
	})
	f.mux.HandleFunc("POST /projects/{project}/issues", func(w http.ResponseWriter, r *http.Request) {
		sent, created := sentBy(r), f.shape("gitlab_issue")
		created["iid"], created["title"], created["description"] = len(f.issues)+1, sent["title"], sent["description"]
		created["labels"] = strings.Split(fmt.Sprint(sent["labels"]), ",")
		f.issues = append(f.issues, created)
		answer(w, 201, created)
	})
	f.mux.HandleFunc("GET /projects/{project}/issues/{id}", func(w http.ResponseWriter, r *http.Request) { f.found(w, f.by("iid", r)) })
	f.mux.HandleFunc("PUT /projects/{project}/issues/{id}", func(w http.ResponseWriter, r *http.Request) {
		found, sent := f.by("iid", r), sentBy(r)
		for name, value := range sent {
			switch name {
			case "labels":
				found[name] = strings.Split(fmt.Sprint(value), ",")
			case "state_event":
				found["state"] = map[any]string{"close": "closed", "reopen": "opened"}[value]
			default:
				found[name] = value
			}
		}
		f.found(w, found)
	})
	f.mux.HandleFunc("POST /projects/{project}/issues/{id}/notes", f.commented)
	return f
}

func fakeJira(t *testing.T) *fake {
	f := newFake(t)
	fields := func(o object) object { return o["fields"].(object) }
	f.mux.HandleFunc("POST /rest/api/3/search/jql", func(w http.ResponseWriter, r *http.Request) {
		sent := sentBy(r)
		jql, found := fmt.Sprint(sent["jql"]), []object{}
		if sent["expand"] == "changelog" { // one issue a page
			issues := list(f.shape("jira_finished")["issues"])
			at := 0
			if token, ok := sent["nextPageToken"].(string); ok {
				at, _ = strconv.Atoi(token)
			}
			page := object{"issues": issues[at : at+1]}
			if at+1 < len(issues) {
				page["nextPageToken"] = fmt.Sprint(at + 1)
			}
			answer(w, 200, page)
			return
		}
		for _, i := range f.issues {
			if slices.ContainsFunc(list(fields(i)["labels"]), func(l any) bool { return strings.Contains(jql, fmt.Sprintf("%q", l)) }) {
				found = append(found, i)
			}
		}
		answer(w, 200, object{"issues": found, "isLast": true})
	})
	f.mux.HandleFunc("GET /rest/api/3/status", func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, f.shape("jira_finished")["statuses"]) })
	f.mux.HandleFunc("POST /rest/api/3/issue", func(w http.ResponseWriter, r *http.Request) {
		created := f.shape("jira_issue")
		created["key"] = fmt.Sprintf("PMO-%d", len(f.issues)+1)
		sent := fields(sentBy(r))
		for _, name := range []string{"summary", "description", "labels"} {
			fields(created)[name] = sent[name]
		}
		f.issues = append(f.issues, created)
		answer(w, 201, object{"id": created["id"], "key": created["key"], "self": created["self"]})
	})
	f.mux.HandleFunc("GET /rest/api/3/issue/{id}", func(w http.ResponseWriter, r *http.Request) { f.found(w, f.by("key", r)) })
	f.mux.HandleFunc("PUT /rest/api/3/issue/{id}", func(w http.ResponseWriter, r *http.Request) {
		found := f.by("key", r)
		for name, value := range fields(sentBy(r)) {
			fields(found)[name] = value
		}
		w.WriteHeader(204)
	})
	f.mux.HandleFunc("GET /rest/api/3/issue/{id}/transitions", func(w http.ResponseWriter, r *http.Request) { answer(w, 200, f.shape("jira_transitions")) })
	f.mux.HandleFunc("POST /rest/api/3/issue/{id}/transitions", func(w http.ResponseWriter, r *http.Request) {
		id := sentBy(r)["transition"].(object)["id"]
		for _, t := range list(f.shape("jira_transitions")["transitions"]) {
			if t.(object)["id"] == id {
				fields(f.by("key", r))["status"] = t.(object)["to"]
			}
		}
		w.WriteHeader(204)
	})
	f.mux.HandleFunc("POST /rest/api/3/issue/{id}/comment", f.commented)
	return f
}

package e2e

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/tests/drive"
	"leanpmo/tests/harness"
)

// keyedRoute is a command that may be given now, and another one that its key is not for.
type keyedRoute struct {
	who, method, path string
	body              any
	other             any    // another body; nil where the route has none
	otherPath         string // where there is no other body: a route of another command, which takes none either
	request           *drive.Request
}

type object = map[string]any

// keyedRoutes prepare each route that takes a key, by operation id.
var keyedRoutes = map[string]func(t *testing.T, api *drive.API) keyedRoute{
	"submit": func(*testing.T, *drive.API) keyedRoute {
		return keyedRoute{who: "sam", method: "POST", path: "/v1/requests", body: harness.Ordinary("Key of a submission"), other: harness.Ordinary("Another submission")}
	},
	"amend": func(_ *testing.T, api *drive.API) keyedRoute {
		return inReview(api).keyed("sam", "PATCH", "", object{"revision": 1, "patch": object{"users": "clerks"}}, object{"revision": 1, "patch": object{"users": "drivers"}})
	},
	"decide": func(_ *testing.T, api *drive.API) keyedRoute {
		return inReview(api).keyed("ana", "POST", "/decisions", object{"decision": "review/1/approvers", "verdict": "approve"}, object{"decision": "review/1/approvers", "verdict": "abstain"})
	},
	"report-progress": func(_ *testing.T, api *drive.API) keyedRoute {
		r := inReview(api).ToBacklog().Pull().ToExecution()
		lead := r.Await("execution", func(a *drive.Answer) bool { return a.Text("plan.agreed_at") != "" }).Text("assignment.leads.0")
		return routeOf{r}.keyed(lead, "POST", "/progress", object{"percent": 10}, object{"percent": 20})
	},
	"propose-plan": func(_ *testing.T, api *drive.API) keyedRoute {
		r := inReview(api).ToBacklog().Pull().ToExecution()
		lead := r.Await("execution", func(a *drive.Answer) bool { return a.Text("plan.agreed_at") != "" }).Text("assignment.leads.0")
		plan := func(limit int) object {
			return object{"version": 1, "approach": "kanban", "reason": "learned", "plan": object{"summary": "flow", "wip_limit": limit, "expectation": object{"days": 20, "probability": 0.85}}}
		}
		return routeOf{r}.keyed(lead, "POST", "/plan", plan(2), plan(3))
	},
	"log-raid": func(_ *testing.T, api *drive.API) keyedRoute {
		r := inReview(api).ToBacklog().Pull().ToExecution()
		return routeOf{r}.keyed("petra", "POST", "/raid", object{"kind": "risk", "text": "a"}, object{"kind": "risk", "text": "b"})
	},
	"withdraw": command("sam", "/withdraw"),
	"hold":     command("petra", "/hold"),
	"cancel":   command("petra", "/cancel"),
	"resume": func(t *testing.T, api *drive.API) keyedRoute {
		r := inReview(api)
		r.Do("petra", "hold", object{"reason": "budget"})
		return r.keyed("petra", "POST", "/resume", object{"reason": "a"}, object{"reason": "b"})
	},
	"wake": func(_ *testing.T, api *drive.API) keyedRoute {
		r := inReview(api)
		r.Decide("ana", "review/1/approvers", "defer", "reason", "later", "data", object{"until": time.Now().AddDate(0, 0, 30).Format(time.DateOnly)})
		r.Await("deferred", func(a *drive.Answer) bool { return a.Text("status") == "deferred" })
		return r.keyed("petra", "POST", "/wake", object{"reason": "a"}, object{"reason": "b"})
	},
	"split": func(_ *testing.T, api *drive.API) keyedRoute {
		parts := []any{harness.Ordinary("One of a key"), harness.Ordinary("Two of a key")}
		return inReview(api).keyed("petra", "POST", "/split", object{"reason": "a", "parts": parts}, object{"reason": "b", "parts": parts})
	},
	"reassign": func(_ *testing.T, api *drive.API) keyedRoute {
		return inReview(api).keyed("petra", "POST", "/reassign", object{"reason": "a", "decision": "review/1/approvers", "from": "bo", "to": "kai"},
			object{"reason": "b", "decision": "review/1/approvers", "from": "bo", "to": "kai"})
	},
	"pull": func(_ *testing.T, api *drive.API) keyedRoute {
		r := inReview(api)
		r.ToBacklog()
		return r.keyed("petra", "POST", "/pull", object{"reason": "a"}, object{"reason": "b"})
	},
	"set-inputs": func(_ *testing.T, api *drive.API) keyedRoute {
		return inReview(api).keyed("petra", "POST", "/inputs", object{"inputs": object{"job_size": 3}}, object{"inputs": object{"job_size": 5}})
	},
	"spend-points": func(_ *testing.T, api *drive.API) keyedRoute {
		return inReview(api).keyed("ana", "PUT", "/points", object{"points": 1}, object{"points": 2})
	},
	"open-scoring": func(_ *testing.T, api *drive.API) keyedRoute {
		return inReview(api).keyed("petra", "POST", "/scoring", object{"people": []string{"ana", "paul"}}, object{"people": []string{"ana", "kai"}})
	},
	"score": func(_ *testing.T, api *drive.API) keyedRoute {
		return scored(api).keyed("ana", "PUT", "/scoring/mine", object{"inputs": object{"job_size": 3}}, object{"inputs": object{"job_size": 5}})
	},
	"reveal-scoring": func(_ *testing.T, api *drive.API) keyedRoute {
		r := scored(api)
		route := r.keyed("petra", "POST", "/scoring/reveal", nil, nil)
		route.otherPath = scored(api).Path("/scoring/reveal")
		return route
	},
	"watch": func(_ *testing.T, api *drive.API) keyedRoute {
		return inReview(api).keyed("sam", "POST", "/watch", object{"add": []string{"rita"}}, object{"add": []string{"kai"}})
	},
	"say-key-result": func(*testing.T, *drive.API) keyedRoute {
		said := func(value int) object {
			return object{"objective": "permits", "key_result": "days", "value": value}
		}
		return keyedRoute{who: "petra", method: "POST", path: "/v1/key-results", body: said(22), other: said(21)}
	},
	"comment": func(_ *testing.T, api *drive.API) keyedRoute {
		return inReview(api).keyed("sam", "POST", "/comments", object{"text": "a"}, object{"text": "b"})
	},
	"edit-comment": func(_ *testing.T, api *drive.API) keyedRoute {
		r := inReview(api)
		return r.keyed("sam", "PUT", "/comments/"+r.commented(api), object{"text": "b", "version": 1}, object{"text": "c", "version": 1})
	},
	"withdraw-comment": func(_ *testing.T, api *drive.API) keyedRoute {
		r := inReview(api)
		k := r.keyed("sam", "DELETE", "/comments/"+r.commented(api), nil, nil)
		k.otherPath = r.Path("/comments/" + r.commented(api))
		return k
	},
	"attach": func(_ *testing.T, api *drive.API) keyedRoute {
		return inReview(api).keyed("sam", "POST", "/attachments", object{"url": "https://a.example", "title": "a"}, object{"url": "https://b.example", "title": "b"})
	},
	"detach": func(_ *testing.T, api *drive.API) keyedRoute {
		r := inReview(api)
		k := r.keyed("sam", "DELETE", "/attachments/"+r.attached(api), nil, nil)
		k.otherPath = r.Path("/attachments/" + r.attached(api))
		return k
	},
	"set-note": func(_ *testing.T, api *drive.API) keyedRoute {
		return inReview(api).keyed("ana", "PATCH", "/note", object{"question": "review/1/approvers", "claimed": true}, object{"question": "review/1/approvers", "claimed": false})
	},
	"revoke-status-link": func(t *testing.T, api *drive.API) keyedRoute {
		s := stranger{t, api.URL}
		made := func(title string) string {
			return s.request(api, s.send(s.fill(title, "It does not work"))).Path("/status-link")
		}
		return keyedRoute{who: "petra", method: "DELETE", path: made("One printer"), otherPath: made("Another printer")}
	},
	"put-draft": func(*testing.T, *drive.API) keyedRoute {
		draft := func(title string) object {
			return object{"kind": "enhancement", "fields": object{"title": []string{title}}}
		}
		return keyedRoute{who: "sam", method: "PUT", path: "/v1/me/drafts/" + uuid.NewString(), body: draft("a"), other: draft("b")}
	},
	"drop-draft": func(_ *testing.T, api *drive.API) keyedRoute {
		kept := func() string {
			path := "/v1/me/drafts/" + uuid.NewString()
			api.As("rita").Call(http.StatusOK, "PUT", path, object{"kind": "enhancement", "fields": object{"title": []string{"a"}}})
			return path
		}
		return keyedRoute{who: "rita", method: "DELETE", path: kept(), otherPath: kept()}
	},
	"begin-visit": func(*testing.T, *drive.API) keyedRoute {
		return keyedRoute{who: "sam", method: "POST", path: "/v1/me/visit"}
	},
	"make-my-token": func(*testing.T, *drive.API) keyedRoute {
		token := func(name string) object { return object{"name": name, "scopes": []string{"read"}, "days": 1} }
		return keyedRoute{who: "sam", method: "POST", path: "/v1/me/tokens", body: token("key-a"), other: token("key-b")}
	},
	"revoke-my-token": func(_ *testing.T, api *drive.API) keyedRoute {
		made := func(name string) string {
			return "/v1/me/tokens/" + api.As("sam").Call(http.StatusCreated, "POST", "/v1/me/tokens", object{"name": name, "scopes": []string{"read"}, "days": 1}).Text("id")
		}
		return keyedRoute{who: "sam", method: "DELETE", path: made("key-c"), otherPath: made("key-d")}
	},
	"revoke-token": func(_ *testing.T, api *drive.API) keyedRoute {
		made := func(name string) string {
			return "/v1/tokens/" + api.As("rita").Call(http.StatusCreated, "POST", "/v1/me/tokens", object{"name": name, "scopes": []string{"read"}, "days": 1}).Text("id")
		}
		return keyedRoute{who: "ada", method: "DELETE", path: made("key-a"), otherPath: made("key-b")}
	},
	"set-delegation": func(*testing.T, *drive.API) keyedRoute {
		until := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
		return keyedRoute{who: "rita", method: "PUT", path: "/v1/me/delegation", body: object{"delegate": "kai", "until": until}, other: object{"delegate": "theo", "until": until}}
	},
	"clear-delegation": func(_ *testing.T, api *drive.API) keyedRoute {
		until := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
		api.As("lena").Call(http.StatusOK, "PUT", "/v1/me/delegation", object{"delegate": "kai", "until": until})
		return keyedRoute{who: "lena", method: "DELETE", path: "/v1/me/delegation"}
	},
	"set-notifications": func(*testing.T, *drive.API) keyedRoute {
		return keyedRoute{who: "rita", method: "PUT", path: "/v1/me/notifications", body: object{"version": 0, "choices": object{}}, other: object{"version": 0, "choices": object{"no_digest": true}}}
	},
	"mute": func(_ *testing.T, api *drive.API) keyedRoute {
		r := inReview(api)
		k := r.keyed("sam", "PUT", "/mute", nil, nil)
		k.otherPath = inReview(api).Path("/mute")
		return k
	},
	"unmute": func(_ *testing.T, api *drive.API) keyedRoute {
		r := inReview(api)
		k := r.keyed("sam", "DELETE", "/mute", nil, nil)
		k.otherPath = inReview(api).Path("/mute")
		return k
	},
	"put-view": func(*testing.T, *drive.API) keyedRoute {
		return keyedRoute{who: "rita", method: "PUT", path: "/v1/me/views/018f0000-0000-7000-8000-00000000000c", body: object{"name": "a", "filter": object{}}, other: object{"name": "b", "filter": object{}}}
	},
	"drop-view": func(*testing.T, *drive.API) keyedRoute {
		return keyedRoute{who: "rita", method: "DELETE", path: "/v1/me/views/018f0000-0000-7000-8000-00000000000d"}
	},
	"import-history": func(*testing.T, *drive.API) keyedRoute {
		items := []object{{"id": "1", "finished": "2026-01-01T00:00:00Z"}}
		return keyedRoute{who: "petra", method: "POST", path: "/v1/imports", body: object{"source": "a", "items": items}, other: object{"source": "b", "items": items}}
	},
	"import-supply": func(*testing.T, *drive.API) keyedRoute {
		file := func(skill string) object {
			return object{"format": "csv", "file": "team,skills\nfalcon," + skill + "\n", "new_skills": true}
		}
		return keyedRoute{who: "petra", method: "POST", path: "/v1/teams/import", body: file("keys of supply"), other: file("other keys of supply")}
	},
	"remove-import": func(*testing.T, *drive.API) keyedRoute {
		return keyedRoute{who: "petra", method: "DELETE", path: "/v1/imports/nothing"}
	},
	"set-my-chat": func(*testing.T, *drive.API) keyedRoute {
		return keyedRoute{who: "ada", method: "PUT", path: "/v1/me/chat", body: slackAt("a"), other: slackAt("b")}
	},
	"remove-my-chat": func(_ *testing.T, api *drive.API) keyedRoute {
		api.As("ada").Call(http.StatusNoContent, "PUT", "/v1/me/chat", slackAt("c"))
		return keyedRoute{who: "ada", method: "DELETE", path: "/v1/me/chat"}
	},
	"set-chat": func(*testing.T, *drive.API) keyedRoute {
		return keyedRoute{who: "petra", method: "PUT", path: "/v1/chats/portfolio:" + portfolio, body: slackAt("a"), other: slackAt("b")}
	},
	"remove-chat": func(_ *testing.T, api *drive.API) keyedRoute {
		api.As("petra").Call(http.StatusNoContent, "PUT", "/v1/chats/portfolio:"+portfolio, slackAt("c"))
		return keyedRoute{who: "petra", method: "DELETE", path: "/v1/chats/portfolio:" + portfolio}
	},
	"redeliver": func(*testing.T, *drive.API) keyedRoute {
		return keyedRoute{who: "ada", method: "POST", path: "/v1/channels/redeliver", body: object{"endpoint": "person:a"}, other: object{"endpoint": "person:b"}}
	},
	"enable-channel": func(*testing.T, *drive.API) keyedRoute {
		return keyedRoute{who: "ada", method: "POST", path: "/v1/channels/enable", body: object{"endpoint": "person:a"}, other: object{"endpoint": "person:b"}}
	},
	"unlink-person": func(*testing.T, *drive.API) keyedRoute {
		return keyedRoute{who: "ada", method: "DELETE", path: "/v1/people/rita/link"}
	},
	"prioritize": func(*testing.T, *drive.API) keyedRoute {
		return keyedRoute{who: "petra", method: "POST", path: "/v1/prioritizations", body: object{"reason": "a", "dry": true}, other: object{"reason": "b", "dry": true}}
	},
	"put-resource": func(*testing.T, *drive.API) keyedRoute {
		resource := func(name string) object {
			return object{"name": name, "portfolio": portfolio, "amounts": []object{}}
		}
		return keyedRoute{who: "petra", method: "PUT", path: "/v1/resources/key-of-a-resource", body: resource("A"), other: resource("B")}
	},
	"import-resources": func(*testing.T, *drive.API) keyedRoute {
		file := func(name string) object { return object{"file": "resource,name\nkey-of-a-file," + name + "\n"} }
		return keyedRoute{who: "petra", method: "POST", path: "/v1/resources/import", body: file("A"), other: file("B")}
	},
	"put-team": func(*testing.T, *drive.API) keyedRoute {
		team := func(name string) object {
			return object{"name": name, "portfolio": portfolio, "leads": []string{"theo"}, "skills": []string{"keys"}, "capacity": 1}
		}
		return keyedRoute{who: "petra", method: "PUT", path: "/v1/teams/key-of-a-team", body: team("A"), other: team("B")}
	},
}

// slackAt is the address of a chat that nobody calls: nothing happens to whoever is told there.
func slackAt(key string) object {
	return object{"format": "slack", "address": "https://hooks.slack.com/services/" + key}
}

// notHere are routes that this stack has nothing for; api.TestEveryRouteThatTakesAKeyKeepsToIt tries them.
var notHere = map[string]string{
	"make-token": "the local directory has no service", "end-my-session": "a token has no session", "end-session": "a token has no session",
	"propose-policy": "the stack is shared: the rules are everybody's", "accept-proposal": "as propose-policy", "reject-proposal": "as propose-policy",
	"withdraw-proposal": "as propose-policy",
	"test-my-chat":      "it would call a chat", "test-chat": "as test-my-chat",
	"drop-resource": "only one that there is can be deleted",
	"block-person":  "the stack is shared: others act as whoever is blocked", "unblock-person": "as block-person",
}

// routeOf is a request whose routes are tried.
type routeOf struct{ *drive.Request }

func (r routeOf) keyed(who, method, rest string, body, other any) keyedRoute {
	return keyedRoute{who: who, method: method, path: r.Path(rest), body: body, other: other, request: r.Request}
}

func (r routeOf) commented(api *drive.API) string {
	return api.As("sam").Call(http.StatusCreated, "POST", r.Path("/comments"), object{"text": "a"}).Text("id")
}

func (r routeOf) attached(api *drive.API) string {
	return api.As("sam").Call(http.StatusCreated, "POST", r.Path("/attachments"), object{"url": "https://" + uuid.NewString() + ".example", "title": "a"}).Text("id")
}

// scored is a request that people were asked to score privately.
func scored(api *drive.API) routeOf {
	r := inReview(api)
	api.As("petra").Call(http.StatusCreated, http.MethodPost, r.Path("/scoring"), object{"people": []string{"ana", "paul"}}, "Idempotency-Key", uuid.NewString())
	return r
}

func inReview(api *drive.API) routeOf {
	r := api.Submit("sam", harness.Ordinary("Keys of routes "+uuid.NewString()))
	r.AwaitOpen("review/1/approvers")
	return routeOf{r}
}

func command(who, path string) func(*testing.T, *drive.API) keyedRoute {
	return func(_ *testing.T, api *drive.API) keyedRoute {
		return inReview(api).keyed(who, "POST", path, object{"reason": "a"}, object{"reason": "b"})
	}
}

// keysOfEveryRoute gives each command twice under a key, then another one; and all of them again at the end, when everything went on. The
// OpenAPI document says which routes take a key: a new one must be in keyedRoutes.
func keysOfEveryRoute(t *testing.T, api *drive.API) {
	given := map[string]keyedRoute{}
	keys := map[string]string{}
	first := map[string]*drive.Answer{}
	for _, id := range operationsWithKey(t, api) {
		if why := notHere[id]; why != "" {
			t.Logf("%s is not tried here: %s", id, why)
			continue
		}
		prepare, known := keyedRoutes[id]
		require.True(t, known, "%s takes a key and is not tried here", id)
		k, key := prepare(t, api), uuid.NewString()
		answer := k.try(api, k.path, k.body, key)
		require.Less(t, answer.Status, 300, "%s: %s", id, answer.Raw)
		require.Empty(t, answer.Header.Get("Idempotency-Replayed"), id)
		given[id], keys[id], first[id] = k, key, answer
		k.repeated(t, api, id, key, answer)
		switch {
		case k.otherPath != "":
			k.mismatch(t, api, id, k.otherPath, nil, key)
		case k.other != nil:
			k.mismatch(t, api, id, k.path, k.other, key)
		}
	}
	for id, k := range given {
		var events []string
		if k.request != nil {
			k.goOn(api)
			events = eventsOfCommands(k.request)
		}
		k.repeated(t, api, id, keys[id], first[id])
		if k.request != nil {
			require.Equal(t, events, eventsOfCommands(k.request), "%s: a late repetition changes nothing", id)
		}
	}
}

// goOn ends the request. A command that is given as a timer fires may be answered "nothing was acknowledged": it is given again.
func (k keyedRoute) goOn(api *drive.API) {
	k.request.Await("closed", func(a *drive.Answer) bool {
		if a.Text("status") == "closed" {
			return true
		}
		must(api.As("petra").Try("POST", k.request.Path("/cancel"), object{"reason": "it has gone on"}))
		return false
	})
}

// eventsOfCommands leaves out reminders: the clock causes them, and one of the end's moment may be written after it.
func eventsOfCommands(r *drive.Request) []string {
	return slices.DeleteFunc(r.Events(), func(event string) bool { return event == pmo.EventReminded })
}

func (k keyedRoute) try(api *drive.API, path string, body any, key string) *drive.Answer {
	return must(api.As(k.who).Try(k.method, path, body, "Idempotency-Key", key))
}

func (k keyedRoute) repeated(t *testing.T, api *drive.API, id, key string, first *drive.Answer) {
	t.Helper()
	again := k.try(api, k.path, k.body, key)
	require.Equal(t, first.Status, again.Status, "%s: %s", id, again.Raw)
	require.Equal(t, "true", again.Header.Get("Idempotency-Replayed"), id)
	if id == "submit" {
		drive.SameSubmission(t, first, again)
		return
	}
	for _, field := range []string{"id", "result", "says", "number", "name"} {
		require.Equal(t, first.At(field), again.At(field), "%s: %s", id, field)
	}
}

func (k keyedRoute) mismatch(t *testing.T, api *drive.API, id, path string, body any, key string) {
	t.Helper()
	answer := k.try(api, path, body, key)
	require.Equal(t, http.StatusUnprocessableEntity, answer.Status, "%s: %s", id, answer.Raw)
	require.Equal(t, "idempotency_mismatch", answer.Text("kind"), id)
}

// operationsWithKey are the ids of the operations whose parameters contain the key.
func operationsWithKey(t *testing.T, api *drive.API) []string {
	var ids []string
	for _, item := range api.As("sam").Get("/openapi.json").At("paths").(object) {
		for _, operation := range item.(object) {
			o, _ := operation.(object)
			parameters, _ := o["parameters"].([]any)
			for _, p := range parameters {
				if name, _ := p.(object)["name"].(string); strings.EqualFold(name, "Idempotency-Key") {
					ids = append(ids, o["operationId"].(string))
				}
			}
		}
	}
	require.Len(t, ids, len(keyedRoutes)+len(notHere))
	return ids
}

package tools

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"leanpmo/internal/delivery"
	"leanpmo/internal/pmo"
)

// hook reads what a tool tells of its own accord.
type hook struct {
	verify func(h http.Header, body []byte, secret string) bool
	id     func(h http.Header) string
	// event is what happened; ok is false for what does not concern us.
	event func(h http.Header, body []byte, at time.Time) (e delivery.Event, ok bool, err error)
}

var hooks = map[string]hook{
	"github": {verifyHub("X-Hub-Signature-256"), header("X-GitHub-Delivery"), githubEvent},
	"gitlab": {verifyGitLab, header("X-Gitlab-Event-UUID"), gitlabEvent},
	"jira":   {verifyHub("X-Hub-Signature"), header("X-Atlassian-Webhook-Identifier"), jiraEvent},
}

func header(name string) func(http.Header) string {
	return func(h http.Header) string { return h.Get(name) }
}

// verifyHub checks an HMAC-SHA256 of the body, as GitHub and Jira send it.
func verifyHub(name string) func(http.Header, []byte, string) bool {
	return func(h http.Header, body []byte, secret string) bool {
		encoded, ok := strings.CutPrefix(h.Get(name), "sha256=")
		sum, err := hex.DecodeString(encoded)
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(body)
		return ok && err == nil && hmac.Equal(sum, mac.Sum(nil))
	}
}

// verifyGitLab compares the token GitLab sends along.
func verifyGitLab(h http.Header, _ []byte, secret string) bool {
	sent, wanted := sha256.Sum256([]byte(h.Get("X-Gitlab-Token"))), sha256.Sum256([]byte(secret))
	return subtle.ConstantTimeCompare(sent[:], wanted[:]) == 1
}

var errHook = errors.New("the webhook cannot be read")

func githubEvent(h http.Header, body []byte, at time.Time) (delivery.Event, bool, error) {
	var told struct {
		Action string      `json:"action"`
		Issue  githubIssue `json:"issue"`
	}
	if h.Get("X-GitHub-Event") != "issues" {
		return delivery.Event{}, false, nil
	}
	if err := json.Unmarshal(body, &told); err != nil {
		return delivery.Event{}, false, errors.Join(errHook, err)
	}
	e, ours := told.Issue.issue().reported("GitHub", told.Action, at)
	return e, ours, nil
}

func gitlabEvent(_ http.Header, body []byte, at time.Time) (delivery.Event, bool, error) {
	var told struct {
		Kind   string `json:"object_kind"`
		Object struct {
			gitlabIssue
			URL    string `json:"url"`
			Action string `json:"action"`
			Labels []struct {
				Title string `json:"title"`
			} `json:"labels"`
			UpdatedAt string `json:"updated_at"` // in another form than the API's
		} `json:"object_attributes"`
		Changes struct {
			Labels *struct{} `json:"labels"`
		} `json:"changes"`
	}
	if err := json.Unmarshal(body, &told); err != nil {
		return delivery.Event{}, false, errors.Join(errHook, err)
	}
	found := told.Object.gitlabIssue
	for _, l := range told.Object.Labels {
		found.Labels = append(found.Labels, l.Title)
	}
	action := map[string]string{"close": "closed", "reopen": "reopened"}[told.Object.Action]
	if told.Object.Action == "update" && told.Changes.Labels != nil {
		action = "labeled"
	}
	e, ours := found.issue().reported("GitLab", action, at)
	return e, ours && told.Kind == "issue", nil
}

func jiraEvent(_ http.Header, body []byte, at time.Time) (delivery.Event, bool, error) {
	var told struct {
		Event     string    `json:"webhookEvent"`
		Issue     jiraIssue `json:"issue"`
		Changelog struct {
			Items []struct {
				Field string `json:"field"`
			} `json:"items"`
		} `json:"changelog"`
	}
	// Webhooks carry the description in Jira's old form, which says nothing we need.
	if err := json.Unmarshal(body, &told); err != nil && told.Issue.Key == "" {
		return delivery.Event{}, false, errors.Join(errHook, err)
	}
	action := ""
	for _, changed := range told.Changelog.Items {
		switch changed.Field {
		case "status":
			action = "reopened"
			if told.Issue.Fields.Status.Category.Key == "done" {
				action = "closed"
			}
		case "labels":
			action = orElse(action, "labeled")
		}
	}
	e, ours := (&jira{}).issue(told.Issue).reported("Jira", action, at)
	return e, ours && told.Event == "jira:issue_updated", nil
}

// reported is what a change of an issue means for the request. A closed issue proposes that the work is done: all of it, says the
// tool. That it is done says the team, and whether it is accepted the requester.
func (i issue) reported(tool, action string, at time.Time) (delivery.Event, bool) {
	e := delivery.Event{WorkItem: i.ID, Request: i.Request, Status: i.Status, Percent: i.Percent, Health: i.Health, At: at}
	switch action {
	case "closed":
		e.Note = "Closed in " + tool + ": report done if it is."
		if i.Status == pmo.WorkCancelled {
			e.Percent, e.Note = nil, "Closed in "+tool+" as not planned."
			e.Health = pmo.HealthRed
		}
	case "reopened":
		e.Note = "Opened again in " + tool + "."
	case "labeled", "unlabeled":
		if e.Percent == nil && e.Health == "" {
			return e, false
		}
		e.Note = "Labels changed in " + tool + "."
	default:
		return e, false
	}
	return e, i.Request != ""
}

package tools

import (
	"cmp"
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

// hook parses the webhooks of one tool.
type hook struct {
	verify func(h http.Header, body []byte, secret string, now time.Time) bool
	id     func(h http.Header, body []byte) string // the same when the webhook is sent again; empty: the body says which it is
	// event returns the event; ok is false for a webhook that is not about our issues. It happened when the tool says, or else now.
	event func(h http.Header, body []byte, now time.Time) (e delivery.Event, ok bool, err error)
}

var hooks = map[string]hook{
	"azure":  {verifyPassword, azureEventID, azureEvent},
	"github": {verifyHMAC("X-Hub-Signature-256"), header("X-GitHub-Delivery"), githubEvent},
	"gitlab": {verifyGitLab, header("X-Gitlab-Event-UUID"), gitlabEvent},
	"jira":   {verifyHMAC("X-Hub-Signature"), header("X-Atlassian-Webhook-Identifier"), jiraEvent},
	"linear": {verifyLinear, header("Linear-Delivery"), linearEvent},
}

func header(name string) func(http.Header, []byte) string {
	return func(h http.Header, _ []byte) string { return h.Get(name) }
}

// verifyHMAC checks an HMAC-SHA256 of the body, which GitHub and Jira send.
func verifyHMAC(name string) func(http.Header, []byte, string, time.Time) bool {
	return func(h http.Header, body []byte, secret string, _ time.Time) bool {
		encoded, ok := strings.CutPrefix(h.Get(name), "sha256=")
		return ok && signs(encoded, body, secret)
	}
}

// signs reports whether a text is the HMAC-SHA256 of the body, in hexadecimal.
func signs(encoded string, body []byte, secret string) bool {
	sum, err := hex.DecodeString(encoded)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return err == nil && hmac.Equal(sum, mac.Sum(nil))
}

// verifyGitLab compares the token that GitLab sends.
func verifyGitLab(h http.Header, _ []byte, secret string, _ time.Time) bool {
	return sameSecret(h.Get("X-Gitlab-Token"), secret)
}

// verifyPassword compares the password of basic authentication, which is how Azure DevOps proves itself; it signs nothing.
func verifyPassword(h http.Header, _ []byte, secret string, _ time.Time) bool {
	_, password, ok := (&http.Request{Header: h}).BasicAuth()
	return ok && sameSecret(password, secret)
}

func sameSecret(sent, wanted string) bool {
	a, b := sha256.Sum256([]byte(sent)), sha256.Sum256([]byte(wanted))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

var errPayload = errors.New("the webhook cannot be read")

func githubEvent(h http.Header, body []byte, now time.Time) (delivery.Event, bool, error) {
	var payload struct {
		Action string      `json:"action"`
		Issue  githubIssue `json:"issue"`
	}
	if h.Get("X-GitHub-Event") != "issues" {
		return delivery.Event{}, false, nil
	}
	if err := json.Unmarshal(body, &payload); err != nil {
		return delivery.Event{}, false, errors.Join(errPayload, err)
	}
	e, ours := payload.Issue.issue().report("GitHub", payload.Action, now)
	return e, ours, nil
}

func gitlabEvent(_ http.Header, body []byte, now time.Time) (delivery.Event, bool, error) {
	var payload struct {
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
	if err := json.Unmarshal(body, &payload); err != nil {
		return delivery.Event{}, false, errors.Join(errPayload, err)
	}
	found := payload.Object.gitlabIssue
	found.UpdatedAt = gitlabTime(payload.Object.UpdatedAt)
	for _, l := range payload.Object.Labels {
		found.Labels = append(found.Labels, l.Title)
	}
	action := map[string]string{"close": "closed", "reopen": "reopened"}[payload.Object.Action]
	if payload.Object.Action == "update" && payload.Changes.Labels != nil {
		action = "labeled"
	}
	e, ours := found.issue().report("GitLab", action, now)
	return e, ours && payload.Kind == "issue", nil
}

// gitlabTime reads a time of a webhook, whose form depends on GitLab's version; zero for any other text.
func gitlabTime(text string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05 MST"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at
		}
	}
	return time.Time{}
}

func jiraEvent(_ http.Header, body []byte, now time.Time) (delivery.Event, bool, error) {
	var payload struct {
		Event     string    `json:"webhookEvent"`
		Issue     jiraIssue `json:"issue"`
		Changelog struct {
			Items []struct {
				Field string `json:"field"`
				From  string `json:"from"`
				To    string `json:"to"`
			} `json:"items"`
		} `json:"changelog"`
	}
	// Webhooks have the description in Jira's old format, which fails to decode and is not needed.
	if err := json.Unmarshal(body, &payload); err != nil && payload.Issue.Key == "" {
		return delivery.Event{}, false, errors.Join(errPayload, err)
	}
	action, reopened := "", false
	for _, changed := range payload.Changelog.Items {
		switch changed.Field {
		case "status":
			action = "moved"
			if payload.Issue.Fields.Status.Category.Key == "done" {
				action = "closed"
			}
		case "resolution": // its end, with or without a change of status
			reopened = changed.From != "" && changed.To == ""
		case "labels":
			action = cmp.Or(action, "labeled")
		}
	}
	if action == "moved" && reopened {
		action = "reopened"
	}
	e, ours := (&jira{}).issue(payload.Issue).report("Jira", action, now)
	return e, ours && payload.Event == "jira:issue_updated", nil
}

// report maps a change of an issue to an event. A closed issue means 100 percent, but not done: the team reports done, and the
// requester accepts the result.
//
// The event happened when the issue was changed last: webhooks arrive late, more than once and in any order, and the PMO's server applies
// reports in the order of these times.
func (i issue) report(tool, action string, now time.Time) (delivery.Event, bool) {
	e := delivery.Event{WorkItem: i.ID, Request: i.Request, Status: i.Status, Percent: i.Percent, Health: i.Health, At: now}
	if !i.UpdatedAt.IsZero() && i.UpdatedAt.Before(now) {
		e.At = i.UpdatedAt.UTC()
	}
	switch action {
	case "closed":
		e.Note = "Closed in " + tool + ": report done if it is."
		if i.Status == pmo.WorkCancelled {
			e.Percent, e.Note = nil, "Closed in "+tool+" as not planned."
			e.Health = pmo.HealthRed
		}
	case "reopened":
		e.NoPercent = e.Percent == nil
		e.Note = "Opened again in " + tool + "."
	case "moved":
		e.Note = "Moved to another state in " + tool + "."
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

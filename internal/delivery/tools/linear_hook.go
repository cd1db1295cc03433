package tools

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"leanpmo/internal/delivery"
)

// linearWebhook is a webhook of Linear about an issue.
type linearWebhook struct {
	Action string `json:"action"` // create, update, remove
	Type   string `json:"type"`
	Sent   int64  `json:"webhookTimestamp"` // Unix milliseconds
	Data   struct {
		linearIssue
		Labels []linearLabel `json:"labels"`
	} `json:"data"`
	Before map[string]json.RawMessage `json:"updatedFrom"` // the former values of changed fields
}

// had reports whether a field had a value before the change.
func (w linearWebhook) had(field string) bool {
	value, changed := w.Before[field]
	return changed && string(value) != "null"
}

// linearTolerance is the largest difference between the time a webhook was sent and ours, as Linear advises. An older one may be a replay.
const linearTolerance = time.Minute

// verifyLinear checks the signature of the body, and the time in it.
func verifyLinear(h http.Header, body []byte, secret string, now time.Time) bool {
	if !signs(h.Get("Linear-Signature"), body, secret) {
		return false
	}
	var payload struct {
		Sent int64 `json:"webhookTimestamp"`
	}
	if json.Unmarshal(body, &payload) != nil {
		return true // signed by Linear, but not to be read: linearEvent says so
	}
	return now.Sub(time.UnixMilli(payload.Sent)).Abs() <= linearTolerance
}

func linearEvent(_ http.Header, body []byte, now time.Time) (delivery.Event, bool, error) {
	var payload linearWebhook
	if err := json.Unmarshal(body, &payload); err != nil {
		return delivery.Event{}, false, errors.Join(errPayload, err)
	}
	found := payload.Data.linearIssue.issue(payload.Data.Labels)
	_, moved := payload.Before["stateId"]
	_, labeled := payload.Before["labelIds"]
	action := ""
	switch {
	case moved && found.Status.Ended():
		action = "closed"
	case moved && (payload.had("completedAt") || payload.had("canceledAt")):
		action = "reopened"
	case moved:
		action = "moved"
	case labeled:
		action = "labeled"
	}
	e, ours := found.report("Linear", action, now)
	return e, ours && payload.Type == "Issue" && payload.Action == "update", nil
}

package api

import (
	"fmt"
	"net/url"
	"time"

	"leanpmo/internal/pmo"
)

// Keyed is the header that makes a repeated write the same write. Input parts are exported: huma does not look into others.
type Keyed struct {
	Key string `header:"Idempotency-Key" minLength:"1" maxLength:"128" doc:"The same key with the same body is the same command; with another body it is refused (422)"`
}

// RefPath names a request.
type RefPath struct {
	Ref string `path:"ref" doc:"Id or number" example:"R-42"`
}

// Paging is how lists are read page by page.
type Paging struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	Cursor string `query:"cursor" maxLength:"500" doc:"The next of the page before"`
}

// receipt answers a command.
type receipt struct {
	Body pmo.Receipt
}

// links lead on from a request.
type links struct {
	Self        string `json:"self"`
	Ledger      string `json:"ledger"`
	Explanation string `json:"explanation"`
	Forecast    string `json:"forecast"`
	Decisions   string `json:"decisions"`
}

func linksOf(id string) links {
	self := "/v1/requests/" + url.PathEscape(id)
	return links{Self: self, Ledger: self + "/ledger", Explanation: self + "/explanation", Forecast: self + "/forecast", Decisions: self + "/decisions"}
}

// refOf is how people call a request: empty until it has a number.
func refOf(number int64) string {
	if number == 0 {
		return ""
	}
	return fmt.Sprintf("R-%d", number)
}

// pendingDecision is an open question in short.
type pendingDecision struct {
	ID        string    `json:"id" example:"review/1/architecture"`
	Kind      pmo.Kind  `json:"kind"`
	Text      string    `json:"text"`
	Waiting   []string  `json:"waiting" doc:"Who may still answer"`
	DueAt     time.Time `json:"due_at"`
	OnSilence string    `json:"on_silence" doc:"What happens if nobody answers"`
}

func pendingOf(r *pmo.Request) []pendingDecision {
	open := []pendingDecision{}
	for _, q := range r.OpenQuestions() {
		open = append(open, pendingDecision{ID: q.ID, Kind: q.Kind, Text: q.Text, Waiting: q.Waiting(), DueAt: q.DueAt, OnSilence: q.OnSilence})
	}
	return open
}

// nearestDue is when the first of the open questions is due; nil without one.
func nearestDue(r *pmo.Request) *time.Time {
	var due *time.Time
	for _, q := range r.OpenQuestions() {
		if due == nil || q.DueAt.Before(*due) {
			due = &q.DueAt
		}
	}
	return due
}

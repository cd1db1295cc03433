package wire

import (
	"time"

	"leanpmo/internal/pmo"
)

// Digest is what a person has to know of a time: what waits on them, what is late, and what changed.
type Digest struct {
	Person      string         `json:"person"`
	Since       time.Time      `json:"since"`
	Until       time.Time      `json:"until"`
	Waiting     []InboxItem    `json:"waiting" doc:"The open questions that wait on you, most urgent first"`
	MoreWaiting bool           `json:"more_waiting,omitempty" doc:"More wait than are listed; the inbox has them all"`
	Late        []LateItem     `json:"late" doc:"Answers and results that are overdue"`
	MoreLate    bool           `json:"more_late,omitempty" doc:"You have more open requests than were looked at"`
	Changed     []DigestChange `json:"changed" doc:"What happened to requests that you hear of, by request, the latest first"`
	// Forecasts are also those of requests on which nothing else happened.
	Forecasts     []DigestForecast `json:"forecasts" doc:"What is new about when requests are done that you hear of, the latest first: each is told once"`
	MoreForecasts bool             `json:"more_forecasts,omitempty" doc:"Earlier ones were left out; the requests' promises have them"`
	MoreChanged   bool             `json:"more_changed,omitempty" doc:"Earlier entries were left out; the ledgers have them"`
}

// Empty reports whether there is nothing to say.
func (d *Digest) Empty() bool { return len(d.Waiting)+len(d.Late)+len(d.Changed)+len(d.Forecasts) == 0 }

// LateItem is something that is overdue.
type LateItem struct {
	Request InboxRequest `json:"request"`
	What    string       `json:"what" doc:"What is overdue, in words"`
	Due     time.Time    `json:"due"`
}

// DigestForecast is what was told about when one request is done.
type DigestForecast struct {
	Request InboxRequest `json:"request"`
	Told    Promise      `json:"told"`
}

// DigestChange is what happened to one request.
type DigestChange struct {
	Request InboxRequest  `json:"request"`
	Entries []DigestEntry `json:"entries" doc:"In the order they happened"`
}

// DigestEntry is a ledger entry in short.
type DigestEntry struct {
	At    time.Time `json:"at"`
	Event string    `json:"event"`
	Actor string    `json:"actor,omitempty"`
	Text  string    `json:"text"`
	Stage pmo.Stage `json:"stage"`
}

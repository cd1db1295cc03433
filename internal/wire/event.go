package wire

import (
	"time"

	"leanpmo/internal/pmo"
)

// Event is an entry of the ledger as it is sent to those who follow what happens. The id of the message is its place in the feed.
type Event struct {
	Request  EventRequest `json:"request"`
	At       time.Time    `json:"at"`
	Event    string       `json:"event"`
	Stage    pmo.Stage    `json:"stage"`
	Actor    string       `json:"actor,omitempty" doc:"Absent: the process itself"`
	For      string       `json:"for,omitempty"`
	Question string       `json:"question,omitempty"`
	Text     string       `json:"text"`
	Position int64        `json:"position" doc:"In the request's ledger"`
}

// EventRequest is the request an event is about.
type EventRequest struct {
	ID    string `json:"id"`
	Ref   string `json:"ref,omitempty"`
	Title string `json:"title,omitempty"`
}

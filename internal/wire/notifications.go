package wire

import (
	"time"

	"leanpmo/internal/notice"
)

// Notifications are what a person chose to hear of, on which channel and when.
type Notifications struct {
	Version int64          `json:"version" doc:"0 until something is chosen; a change names the one it is based on"`
	Choices notice.Choices `json:"choices"`
	// TimeZone and DigestHour are in force: chosen, else standard.
	TimeZone   string         `json:"time_zone" doc:"In force: your own, else that of the policy"`
	DigestHour int            `json:"digest_hour" doc:"In force, in that time zone"`
	Table      notice.Table   `json:"table" doc:"Of the policy: for each relation to a request the first row that fits counts, and the most urgent relation"`
	Fixed      []notice.Kind  `json:"fixed" doc:"Kinds that have something that cannot be muted or put off: an answer of yours is waited for. It can be moved to another channel that reaches you"`
	Muted      []MutedRequest `json:"muted" doc:"Requests of which you hear nothing but what cannot be muted, the latest first"`
}

// MutedRequest is a request that a person muted.
type MutedRequest struct {
	ID    string    `json:"id"`
	Ref   string    `json:"ref,omitempty"`
	Title string    `json:"title,omitempty"`
	At    time.Time `json:"at"`
}

// SetNotifications replaces the choices.
type SetNotifications struct {
	Version int64          `json:"version" minimum:"0" doc:"The version you saw; an older one is refused (409)"`
	Choices notice.Choices `json:"choices"`
}

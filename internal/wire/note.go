package wire

import (
	"time"

	"leanpmo/internal/pmo"
)

// Claim says that somebody who is asked is on it. It binds nobody.
type Claim struct {
	Person string    `json:"person"`
	At     time.Time `json:"at"`
}

// AnswerNote is what you note for yourself on a question until you answer it. With your answer it is deleted.
type AnswerNote struct {
	Question string       `json:"question"`
	Claimed  *time.Time   `json:"claimed_at,omitempty" doc:"You are on it since then; the others asked see it"`
	FollowUp pmo.Date     `json:"follow_up,omitempty" doc:"The day on which you look again"`
	DraftAt  *time.Time   `json:"draft_at,omitempty" doc:"When you saved what you have written so far"`
	Draft    *AnswerDraft `json:"draft,omitempty"`
}

// AnswerDraft is an answer that is not given yet, as a form holds it.
type AnswerDraft struct {
	Verdict string              `json:"verdict,omitempty" maxLength:"40"`
	For     string              `json:"on_behalf_of,omitempty" maxLength:"64"`
	Fields  map[string][]string `json:"fields,omitempty" maxProperties:"200" doc:"Values by the name of the field"`
}

// SetAnswerNote changes a note. What is absent stays as it was.
type SetAnswerNote struct {
	Question string       `json:"question" minLength:"1" maxLength:"200"`
	Claimed  *bool        `json:"claimed,omitempty" doc:"true: I am on it; false: no longer"`
	FollowUp *string      `json:"follow_up,omitempty" maxLength:"10" doc:"The day on which you look again, as 2027-03-01; an empty text clears it"`
	Draft    *AnswerDraft `json:"draft,omitempty" doc:"An empty one, or null, clears it"`
}

// Decided is an answer that you gave, or that somebody gave in your seat.
type Decided struct {
	Request  InboxRequest `json:"request"`
	Question string       `json:"question"`
	At       time.Time    `json:"at"`
	By       string       `json:"by"`
	For      string       `json:"for,omitempty" doc:"In whose seat"`
	Text     string       `json:"text" doc:"What was answered, and why"`
	Stage    pmo.Stage    `json:"stage"`
}

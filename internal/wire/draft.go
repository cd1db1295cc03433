package wire

import (
	"time"

	"leanpmo/internal/pmo"
)

// Draft is a submission that you have begun and not sent, as a form holds it, or what an agent drafted for you: a submission, or a comment.
type Draft struct {
	ID     string              `json:"id"`
	Kind   string              `json:"kind"`
	Title  string              `json:"title,omitempty"`
	At     time.Time           `json:"at" doc:"When you last changed it"`
	Fields map[string][]string `json:"fields" doc:"Values by the name of the field; of a comment: text"`
	// Agent, For and Request are of what an agent drafted.
	Agent   string `json:"agent,omitempty" doc:"The agent that drafted it"`
	For     string `json:"for,omitempty" doc:"Who sends or discards what the agent drafted"`
	Request string `json:"request,omitempty" doc:"Of a comment: the id of the request it is on"`
}

// What a draft that was made of a mail holds besides the fields of its form.
const (
	DraftByMail  = "mail"             // "yes"
	DraftLeftOut = "mail.attachments" // how many attachments were not kept; absent: there was none
)

// SetDraft is the state of a draft.
type SetDraft struct {
	Kind    string              `json:"kind" minLength:"1" maxLength:"64"`
	Fields  map[string][]string `json:"fields" maxProperties:"200"`
	For     string              `json:"for,omitempty" maxLength:"64" doc:"For agents: which of the people who answer for it confirms the draft; needed where they are several"`
	Request string              `json:"request,omitempty" maxLength:"64" doc:"For agents: the request that a comment is drafted for; kind is comment then, and fields has text"`
}

// Visit is since when you have not been here.
type Visit struct {
	Since *time.Time `json:"since,omitempty" doc:"When you were here before this visit; absent at the first one"`
}

// SimilarRequests are requests that may ask for the same.
type SimilarRequests struct {
	Similar []pmo.Similar `json:"similar" doc:"The most similar first. Confidential ones are left out"`
	Lessons []Learned     `json:"lessons" doc:"What was learned on them: the latest two of each"`
}

// Learned is a lesson with the request that it was learned on.
type Learned struct {
	Ref    string     `json:"ref,omitempty"`
	ID     string     `json:"id"`
	Title  string     `json:"title"`
	Lesson pmo.Lesson `json:"lesson"`
}

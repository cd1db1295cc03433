package wire

import (
	"time"

	"leanpmo/internal/pmo"
)

// OpenQuestion is an open question and who may still answer it.
type OpenQuestion struct {
	pmo.Question
	Waiting   []string `json:"waiting" doc:"Who may still answer"`
	MayAnswer bool     `json:"may_answer" doc:"Whether you may answer it now, for yourself or as somebody's delegate"`
	Claims    []Claim  `json:"claims,omitempty" doc:"Who says that they are on it"`
	// Conditions are those of the request: a question has none of its own.
	Conditions []pmo.Condition `json:"conditions,omitempty" doc:"What approvers asked for so far: the plan answers each, the acceptance says whether it is met"`
}

// Decision answers an open question.
type Decision struct {
	Decision   string   `json:"decision" minLength:"1" maxLength:"200" doc:"Id of the question" example:"review/1/architecture"`
	Verdict    string   `json:"verdict" minLength:"1" maxLength:"40" doc:"One of the question's options" example:"approve"`
	Reason     string   `json:"reason,omitempty" maxLength:"4000" doc:"Needed where the option says so"`
	Data       pmo.Data `json:"data,omitzero" doc:"What the option needs besides the verdict"`
	OnBehalfOf string   `json:"on_behalf_of,omitempty" maxLength:"64" doc:"Who is away and named you as their delegate"`
}

// InboxItem is an open question with all that is needed to answer it.
type InboxItem struct {
	Request   InboxRequest `json:"request"`
	Question  pmo.Question `json:"question"`
	For       string       `json:"for" doc:"Whose seat it is: yours, or that of somebody whose delegate you are"`
	OnBehalf  bool         `json:"on_behalf,omitempty"`
	DecideAt  string       `json:"decide_at" doc:"Where to POST the decision"`
	OnSilence string       `json:"on_silence" doc:"What happens if nobody answers"`
	Claims    []Claim      `json:"claims,omitempty" doc:"Who says that they are on it"`
	Note      *AnswerNote  `json:"note,omitempty" doc:"What you noted for yourself, without the draft"`
	// Conditions are those of the request.
	Conditions []pmo.Condition `json:"conditions,omitempty" doc:"What approvers asked for so far"`
}

// InboxRequest is the request an inbox item belongs to.
type InboxRequest struct {
	ID        string    `json:"id"`
	Number    int64     `json:"number,omitempty"`
	Ref       string    `json:"ref,omitempty"`
	Title     string    `json:"title"`
	Requester string    `json:"requester"`
	Stage     pmo.Stage `json:"stage"`
}

// Delegation is who acts for an absent person.
type Delegation struct {
	Person   string    `json:"person"`
	Delegate string    `json:"delegate"`
	From     time.Time `json:"from"`
	Until    time.Time `json:"until"`
}

// SetDelegation names who acts for the caller.
type SetDelegation struct {
	Delegate string    `json:"delegate" minLength:"1" maxLength:"64" doc:"Who acts for you"`
	From     time.Time `json:"from,omitzero" doc:"Now when absent"`
	Until    time.Time `json:"until"`
}

package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"leanpmo/internal/access"
	"leanpmo/internal/engine"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
)

// submission is the form, and for whom it is filled in.
type submission struct {
	pmo.Content
	Requester string   `json:"requester,omitempty" maxLength:"64" doc:"The true requester, when somebody else submits for them"`
	Reason    string   `json:"reason,omitempty" maxLength:"1000" doc:"Why it is submitted for somebody else; needed then"`
	Watchers  []string `json:"watchers,omitempty" maxItems:"50" doc:"Who else wants to hear of it"`
}

type submitInput struct {
	Keyed
	Body submission
}

// submitted is the answer to a submission. With 202 only id, status and links are known yet.
type submitted struct {
	ID         string            `json:"id"`
	Number     int64             `json:"number,omitempty"`
	Ref        string            `json:"ref,omitempty" example:"R-42"`
	Stage      pmo.Stage         `json:"stage,omitempty"`
	Status     pmo.Status        `json:"status"`
	AcceptedAt *time.Time        `json:"accepted_at,omitempty"`
	Lane       pmo.Lane          `json:"lane,omitempty"`
	Pending    []pendingDecision `json:"pending_decisions"`
	Forecast   *forecastView     `json:"forecast,omitempty"`
	Similar    []pmo.Similar     `json:"similar" doc:"Requests that may ask for the same; nothing is closed by this"`
	Links      links             `json:"links"`
}

type submitOutput struct {
	Status   int
	Location string `header:"Location"`
	Body     submitted
}

func (a *API) submit(ctx context.Context, in *submitInput) (*submitOutput, error) {
	s, err := a.submissionOf(actorOf(ctx), in.Body)
	if err != nil {
		return nil, err
	}
	done, err := a.Commands.Submit(ctx, s, in.Key)
	if err != nil {
		return nil, err
	}
	body := submitted{ID: done.ID, Status: pmo.StatusOpen, Pending: []pendingDecision{}, Similar: []pmo.Similar{}, Links: linksOf(done.ID)}
	status := http.StatusAccepted
	if done.Receipt != nil {
		status, body = http.StatusCreated, a.createdResponse(ctx, done, in.Key != "")
	}
	return &submitOutput{Status: status, Location: body.Links.Self, Body: body}, nil
}

// submissionOf checks what a machine can see before anything starts; what policy would like to know is asked later.
func (a *API) submissionOf(actor access.Actor, b submission) (pmo.Submission, error) {
	s := pmo.Submission{Content: b.Content, Requester: actor.ID, SubmittedBy: actor.ID, Reason: b.Reason, Watchers: b.Watchers, At: a.Now().UTC()}
	fields := fieldsOf(a.Policy.Validate(b.Content), "")
	fields = append(fields, a.unknownPeople("/watchers", b.Watchers)...)
	if b.Requester != "" && b.Requester != actor.ID {
		if err := may(actor, access.SubmitFor, access.Object{}); err != nil {
			return s, err
		}
		s.Requester = b.Requester
		fields = append(fields, a.unknownPerson("/requester", b.Requester)...)
		if strings.TrimSpace(b.Reason) == "" {
			fields = append(fields, problem.Field{Pointer: "/reason", Detail: "is needed to submit for somebody else"})
		}
	}
	if len(fields) > 0 {
		return s, problem.InvalidFields(fields)
	}
	return s, nil
}

// createdResponse is the answer with a number. It is put together once a key: repeated submissions get the same answer, not today's.
func (a *API) createdResponse(ctx context.Context, done engine.Submitted, keyed bool) submitted {
	if kept, ok := a.answers.get(done.ID); ok {
		return kept
	}
	state, row, complete := a.stateAfter(ctx, done)
	body := submitted{ID: done.ID, Number: done.Receipt.Number, Ref: refOf(done.Receipt.Number), Stage: state.Stage, Status: state.Status,
		AcceptedAt: &done.Receipt.AcknowledgedAt, Lane: state.Lane, Pending: pendingOf(&state), Similar: state.Similar, Links: linksOf(done.ID)}
	if body.Similar == nil {
		body.Similar = []pmo.Similar{}
	}
	view, known := a.forecastOf(ctx, &state, row, done.Receipt.AcknowledgedAt)
	body.Forecast = &view
	if keyed && complete && known {
		return a.answers.keep(done.ID, body)
	}
	return body
}

// stateAfter is the state right after the receipt. The process told the read model before it answered; where that is away, the process
// itself is asked, and in need the receipt has to do. A request counts in the queue once it is on file.
func (a *API) stateAfter(ctx context.Context, done engine.Submitted) (state pmo.Request, row *store.Row, complete bool) {
	if found, err := a.row(ctx, done.ID); err == nil {
		return found.Request, &found, true
	}
	if state, err := a.Commands.Snapshot(ctx, done.ID); err == nil {
		return state, nil, true
	}
	return pmo.Request{ID: done.ID, Number: done.Receipt.Number, Stage: done.Receipt.Stage, Status: done.Receipt.Status}, nil, false
}

func (a *API) unknownPerson(pointer, id string) []problem.Field {
	if _, known := a.Directory.Principal(id); known {
		return nil
	}
	return []problem.Field{{Pointer: pointer, Detail: "is nobody the directory knows"}}
}

func (a *API) unknownPeople(pointer string, ids []string) []problem.Field {
	var fields []problem.Field
	for i, id := range ids {
		fields = append(fields, a.unknownPerson(fmt.Sprintf("%s/%d", pointer, i), id)...)
	}
	return fields
}

// fieldsOf puts the faults of a form under the pointer the form stands at.
func fieldsOf(faults []policy.FieldFault, at string) []problem.Field {
	fields := make([]problem.Field, 0, len(faults))
	for _, f := range faults {
		fields = append(fields, problem.Field{Pointer: at + f.Pointer, Detail: f.Problem})
	}
	return fields
}

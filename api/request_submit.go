package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"leanpmo/internal/access"
	"leanpmo/internal/engine"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

type submitInput struct {
	Keyed
	Body wire.Submission
}

type submitOutput struct {
	Replayable
	Status   int
	Location string `header:"Location"`
	Body     wire.Request
}

// submitDescription is what the OpenAPI document says about repeated submissions.
const submitDescription = "A repeated submission with the same `Idempotency-Key` and the same body submits nothing again, whichever server takes it: " +
	"it answers the same `id`, `number`, `digest` and `submitted_at`, and everything else as the request stands now. " +
	"202 says that the request is durable and no worker has processed it yet: `number` is 0 and `ref` is absent."

// submit answers what is stored of the request, so that every server gives the same answer to a repeated submission.
func (a *API) submit(ctx context.Context, in *submitInput) (*submitOutput, error) {
	s, err := a.submissionOf(ctx, in.Body, in.Key)
	if err != nil {
		return nil, err
	}
	done, err := a.Commands.Submit(ctx, s, in.Key)
	if err != nil {
		return nil, err
	}
	status := http.StatusCreated
	if done.Receipt == nil {
		status = http.StatusAccepted
	}
	t := a.submitted(ctx, s, done)
	t.fresh = !done.Replayed
	t.relation = peopleOf(actorOf(ctx).ID, &t.Request) // a new request has no team and no delegates' seats to look up
	body := a.requestOf(ctx, t)
	if !done.Replayed {
		a.tellSubmission(ctx, t)
	}
	return &submitOutput{Replayable: replayable(done.Replayed), Status: status, Location: body.Links.Self, Body: body}, nil
}

// submissionOf checks what a machine can see before anything starts; what the policy asks for besides is asked later.
func (a *API) submissionOf(ctx context.Context, b wire.Submission, key string) (pmo.Submission, error) {
	actor := actorOf(ctx)
	s := pmo.Submission{Content: b.Content, Requester: actor.ID, SubmittedBy: actor.ID, Reason: b.Reason, Watchers: b.Watchers, At: a.Now().UTC()}
	agent, err := a.draftedBy(ctx, b.Draft)
	if err != nil {
		return s, err
	}
	s.Agent = agent
	fields := fieldsOf(a.Policy.Now().Validate(b.Content), "")
	fields = append(fields, a.dateFaults(ctx, b.Content, "", actor.ID, key)...)
	needs, err := a.submittedNeedsFaults(ctx, b.Content, "", actor.ID, key)
	if err != nil {
		return s, err
	}
	fields = append(append(fields, needs...), a.unknownPeople("/watchers", b.Watchers)...)
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
	fields = append(fields, refused(pmo.CheckSponsor(s.Content.Sponsor, s.Requester, s.SubmittedBy, ""))...)
	if len(fields) > 0 {
		return s, problem.InvalidFields(fields)
	}
	return s, nil
}

// refused is the field that a check of the domain refuses; nil refuses none.
func refused(refusal *pmo.Refusal) []problem.Field {
	if refusal == nil {
		return nil
	}
	return []problem.Field{{Pointer: refusal.Field, Detail: refusal.Detail}}
}

// submitted is the request after its submission: from the read model, which the workflow updates before it answers, else from the
// workflow itself. Where neither answers, it is what the submission and its receipt contain.
func (a *API) submitted(ctx context.Context, s pmo.Submission, done engine.Submitted) *target {
	t, err := a.find(ctx, done.ID)
	if err == nil && (t.Unprocessed == nil || done.Receipt == nil) {
		return t
	}
	r := pmo.New(done.ID, "", s)
	if c := done.Receipt; c != nil {
		r.Number, r.Stage, r.Status, r.Digest = c.Number, c.Stage, c.Status, c.Digest
		r.SubmittedAt, r.StageSince = c.AcknowledgedAt, c.AcknowledgedAt
	}
	return &target{ID: done.ID, Request: *r}
}

func (a *API) unknownPerson(pointer, id string) []problem.Field {
	if _, known := a.Directory.Principal(id); known {
		return nil
	}
	return []problem.Field{{Pointer: pointer, Detail: "is not a person of the directory"}}
}

func (a *API) unknownPeople(pointer string, ids []string) []problem.Field {
	var fields []problem.Field
	for i, id := range ids {
		fields = append(fields, a.unknownPerson(fmt.Sprintf("%s/%d", pointer, i), id)...)
	}
	return fields
}

// fieldsOf puts the errors of a form under the JSON pointer of the form.
func fieldsOf(faults []policy.FieldFault, at string) []problem.Field {
	fields := make([]problem.Field, 0, len(faults))
	for _, f := range faults {
		fields = append(fields, problem.Field{Pointer: at + f.Pointer, Detail: f.Problem})
	}
	return fields
}

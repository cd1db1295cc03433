package api

import (
	"context"
	"fmt"
	"slices"

	"leanpmo/internal/access"
	"leanpmo/internal/engine"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

type splitInput struct {
	RefPath
	Keyed
	Body wire.Split
}

type splitOutput struct {
	Replayable
	Body wire.SplitResult
}

// split submits the parts, then closes the whole as merged into them. Every step has a key made from the caller's, so that
// sending a split again completes one that was interrupted.
func (a *API) split(ctx context.Context, in *splitInput) (*splitOutput, error) {
	t := targetOf(ctx)
	key := splitKey(t.ID, in)
	parts, err := a.parts(ctx, t, in)
	if err != nil {
		return nil, err
	}
	if err := a.bindKey(ctx, t.ID, in.Key, in.Body); err != nil {
		return nil, err
	}
	out := &splitOutput{}
	var into []string
	for i := range parts {
		into = append(into, engine.SubmissionRequestID(parts[i].SubmittedBy, partKey(key, i)))
	}
	if err := a.maySplit(ctx, t, pmo.Stop{Reason: in.Body.Reason, Into: into}); err != nil {
		return nil, err
	}
	for i, s := range parts {
		done, err := a.Commands.Submit(ctx, s, partKey(key, i))
		if err != nil {
			return nil, fmt.Errorf("submit part %d: %w", i+1, err)
		}
		p := wire.SplitPart{ID: done.ID, Link: linksOf(done.ID).Self}
		if done.Receipt != nil {
			p.Number, p.Ref = done.Receipt.Number, pmo.Ref(done.Receipt.Number)
		}
		out.Body.Parts = append(out.Body.Parts, p)
	}
	closed, err := a.merge(ctx, &pmo.Stop{Reason: in.Body.Reason, Into: into}, key)
	if err != nil {
		return nil, err
	}
	out.Replayable, out.Body.Receipt = closed.Replayable, closed.Body
	return out, nil
}

// maySplit reports why the whole cannot close as merged into the parts. The process is asked before the first part is submitted: a refusal after
// it would leave parts of a request that goes on.
func (a *API) maySplit(ctx context.Context, t *target, stop pmo.Stop) error {
	if !t.Request.Closed() {
		a.refresh(ctx, t)
	}
	if t.Request.Closed() && slices.Equal(t.Request.MergedInto, stop.Into) {
		return nil // a repetition
	}
	if t.Request.Closed() {
		return a.closedRefusal(ctx, t)
	}
	if refusal := t.Request.CheckCancel(stop); refusal != nil {
		return problem.New(problem.Kind(refusal.Kind), "%s", refusal.Detail)
	}
	return nil
}

// parts are the submissions a split makes, checked before the first one is sent. The people of the whole become watchers of the
// parts when it closes: they are not copied here, so that a split sent again has equal parts.
func (a *API) parts(ctx context.Context, t *target, in *splitInput) ([]pmo.Submission, error) {
	actor := actorOf(ctx)
	if actor.ID != t.Request.Requester {
		if err := may(actor, access.SubmitFor, access.Object{}); err != nil {
			return nil, err
		}
	}
	var parts []pmo.Submission
	var fields []problem.Field
	for i, content := range in.Body.Parts {
		content.Confidential = content.Confidential || t.Request.Content.Confidential
		at := fmt.Sprintf("/parts/%d", i)
		fields = append(fields, fieldsOf(a.Policy.Now().Validate(content), at)...)
		fields = append(fields, a.dateFaults(ctx, content, at, actor.ID, partKey(splitKey(t.ID, in), i))...)
		needs, err := a.submittedNeedsFaults(ctx, content, at, actor.ID, partKey(splitKey(t.ID, in), i))
		if err != nil {
			return nil, err
		}
		fields = append(fields, needs...)
		fields = append(fields, refused(pmo.CheckSponsor(content.Sponsor, t.Request.Requester, actor.ID, at))...)
		parts = append(parts, pmo.Submission{Content: content, Requester: t.Request.Requester, SubmittedBy: actor.ID,
			SplitFrom: t.ID, At: a.Now().UTC()})
	}
	if len(fields) > 0 {
		return nil, problem.InvalidFields(fields)
	}
	return parts, nil
}

// splitKey is the caller's key with the id of the whole; without a key, the digest of the body makes an equal split the same one.
func splitKey(id string, in *splitInput) string {
	key := in.Key
	if key == "" {
		key = digestOf(in.Body)
	}
	return "split " + id + " " + key
}

// partKey contains a space, which a caller's key cannot, so that no caller's key is the key of a part.
func partKey(key string, i int) string { return fmt.Sprintf("%s %d", key, i) }

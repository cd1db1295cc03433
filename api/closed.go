package api

import (
	"context"
	"strings"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
)

// mostNamed is how many requests one names that it goes on in.
const mostNamed = 20

// goesOnRefs are the requests that a merged one goes on in, as far as the actor may read them.
func (a *API) goesOnRefs(ctx context.Context, t *target) []string {
	var refs []string
	into := t.Request.MergedInto
	if !t.Request.Closed() {
		return nil
	}
	for _, id := range into[:min(len(into), mostNamed)] {
		found, err := a.find(ctx, id)
		if err != nil || found.Request.Number == 0 {
			continue
		}
		a.relate(ctx, actorOf(ctx), found)
		if may(actorOf(ctx), access.ReadRequest, found.object()) == nil {
			refs = append(refs, pmo.Ref(found.Request.Number))
		}
	}
	return refs
}

// sayHowItClosed makes the refusal of a closed request say when, by whom and why it ended, and where it goes on. Temporal knows only
// that the workflow has ended.
func (a *API) sayHowItClosed(ctx context.Context, err error) error {
	t := targetOf(ctx)
	if t == nil || !problem.Is(err, problem.Closed) {
		return err
	}
	if !t.Request.Closed() {
		a.refresh(ctx, t)
	}
	if !t.Request.Closed() {
		return err
	}
	return a.closedRefusal(ctx, t)
}

func (a *API) closedRefusal(ctx context.Context, t *target) error {
	detail := t.Request.HowItClosed()
	if refs := a.goesOnRefs(ctx, t); len(refs) > 0 {
		detail = strings.TrimSuffix(detail, ".") + "; it goes on in " + strings.Join(refs, ", ")
	}
	return problem.New(problem.Closed, "%s", detail)
}

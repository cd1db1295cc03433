package activities

import (
	"context"
	"errors"

	"go.temporal.io/sdk/temporal"

	"leanpmo/internal/access"
	"leanpmo/internal/contract"
	"leanpmo/internal/delivery"
	"leanpmo/internal/pmo"
)

// Delivery is the teams' tool; *delivery.Client is one. Its errors are *delivery.Error.
type Delivery interface {
	Open(ctx context.Context, key string, n delivery.New) (delivery.Item, error)
	Find(ctx context.Context, key string) (item delivery.Item, found bool, err error)
	Change(ctx context.Context, id string, p delivery.Patch) (delivery.Item, error)
}

// OpenWork opens the work item of a request; the key makes this idempotent. An attempt whose reply was lost may have opened it with older
// values, so an item that exists already is updated.
func (a *Activities) OpenWork(ctx context.Context, in contract.OpenWorkInput) (contract.OpenedWork, error) {
	if a.Delivery == nil {
		return contract.OpenedWork{}, a.toolFault(ctx, errNoTool)
	}
	ref := pmo.Ref(in.Number)
	item, err := a.Delivery.Open(ctx, in.Key, delivery.New{Request: in.ID, Ref: ref, Title: in.Title, Summary: in.Summary, Team: in.Team,
		Approach: in.Approach, Milestones: in.Milestones, Link: a.link(ref)})
	if err == nil && (item.Title != in.Title || item.Status != pmo.WorkOpen) {
		open := pmo.WorkOpen
		item, err = a.Delivery.Change(ctx, item.ID, delivery.Patch{Title: &in.Title, Summary: &in.Summary, Status: &open})
	}
	if err != nil {
		return contract.OpenedWork{}, a.toolFault(ctx, err)
	}
	return contract.OpenedWork{ID: item.ID, URL: item.URL}, nil
}

var errNoTool = &delivery.Error{Kind: "not_configured", Detail: "no tool is configured on this worker; set PMO_DELIVERY_URL and PMO_DELIVERY_TOKEN"}

// link is the address of the request's page.
func (a *Activities) link(ref string) string {
	if a.PublicURL == "" {
		return ""
	}
	return a.PublicURL + "/requests/" + ref
}

// toolFault converts an error of the tool: it sets whether and when Temporal retries, and what the ledger records if the retries fail.
func (a *Activities) toolFault(ctx context.Context, err error) error {
	var e *delivery.Error
	if !errors.As(err, &e) {
		e = &delivery.Error{Kind: delivery.KindGarbled, Detail: "the call cannot be made"}
	}
	reached := e.Kind == delivery.KindRedirected || e.Status >= 400 && e.Status < 500 || e == errNoTool
	fault := pmo.SyncFault{Reason: e.Detail, Refused: !e.Retry && reached, Recipients: a.pmoPeople()}
	a.Log.WarnContext(ctx, "call to the teams' tool failed", "kind", e.Kind, "status", e.Status, "retry", e.Retry, "cause", errors.Join(err, errors.Unwrap(e)))
	return temporal.NewApplicationErrorWithOptions(e.Detail, e.Kind, temporal.ApplicationErrorOptions{
		NonRetryable: !e.Retry, NextRetryDelay: e.RetryAfter, Details: []any{fault}})
}

// pmoPeople are the people with the PMO role: they maintain the connection to the tool.
func (a *Activities) pmoPeople() []string {
	var ids []string
	for _, p := range a.Directory.Principals() {
		if p.Agent() { // is asked nothing
			continue
		}
		for _, role := range p.Roles {
			if role == string(access.RolePMO) {
				ids = append(ids, p.ID)
			}
		}
	}
	return ids
}

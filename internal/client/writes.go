package client

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"time"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// NewKey is an Idempotency-Key for a command that is given once.
func NewKey() string { return rand.Text() }

// Submit submits a request. The same key with the same submission is the same request.
func (c *Client) Submit(ctx context.Context, s wire.Submission, key string) (*Answer[wire.Request], error) {
	return do[wire.Request](ctx, c, call{method: http.MethodPost, path: "/v1/requests", body: s, key: key})
}

// Decide answers an open question. A decision names the round of its question, so the same decision sent twice is one.
func (c *Client) Decide(ctx context.Context, ref string, d wire.Decision) (*Answer[pmo.Receipt], error) {
	return c.DecideKeyed(ctx, ref, d, "")
}

// DecideKeyed is Decide with a key of the caller's: under it, no other decision is taken for this one.
func (c *Client) DecideKeyed(ctx context.Context, ref string, d wire.Decision, key string) (*Answer[pmo.Receipt], error) {
	if d.Data.Patch == nil {
		return do[pmo.Receipt](ctx, c, call{method: http.MethodPost, path: requestPath(ref, "/decisions"), body: d, key: key, repeatable: true})
	}
	patch, err := d.Data.Patch.Document()
	if err != nil {
		return nil, err
	}
	type data struct {
		pmo.Data
		Patch map[string]any `json:"patch"`
	}
	body := struct {
		wire.Decision
		Data data `json:"data"`
	}{d, data{d.Data, patch}}
	return do[pmo.Receipt](ctx, c, call{method: http.MethodPost, path: requestPath(ref, "/decisions"), body: body, key: key, repeatable: true})
}

// Amend changes the form. An amendment names the revision it is based on, so the same one sent twice is one.
func (c *Client) Amend(ctx context.Context, ref string, a wire.Amendment) (*Answer[pmo.Receipt], error) {
	patch, err := a.Patch.Document()
	if err != nil {
		return nil, err
	}
	return c.AmendMerge(ctx, ref, a.Revision, patch, a.Reason)
}

// AmendMerge is Amend with the patch as a JSON merge patch: null clears a field.
func (c *Client) AmendMerge(ctx context.Context, ref string, revision int, patch map[string]any, reason string) (*Answer[pmo.Receipt], error) {
	body := struct {
		Revision int            `json:"revision"`
		Patch    map[string]any `json:"patch"`
		Reason   string         `json:"reason,omitempty"`
	}{revision, patch, reason}
	return do[pmo.Receipt](ctx, c, call{method: http.MethodPatch, path: requestPath(ref, ""), body: body, repeatable: true})
}

// Progress reports progress.
func (c *Client) Progress(ctx context.Context, ref string, r wire.Report) (*Answer[pmo.Receipt], error) {
	return c.Command(ctx, ref, "progress", r)
}

// LogRaid adds an entry to the RAID log of a request, or clears one.
func (c *Client) LogRaid(ctx context.Context, ref string, r wire.Raid, key string) (*Answer[pmo.Receipt], error) {
	return c.CommandKeyed(ctx, ref, "raid", r, key)
}

// ProposePlan proposes another plan. A proposal names the version it is based on, so the second one is refused.
func (c *Client) ProposePlan(ctx context.Context, ref string, p wire.PlanProposal) (*Answer[pmo.Receipt], error) {
	return c.ProposePlanKeyed(ctx, ref, p, NewKey())
}

// ProposePlanKeyed is ProposePlan with a key of the caller's: the same proposal under it is the same proposal.
func (c *Client) ProposePlanKeyed(ctx context.Context, ref string, p wire.PlanProposal, key string) (*Answer[pmo.Receipt], error) {
	return c.CommandKeyed(ctx, ref, "plan", p, key)
}

// Command gives a command to a request: plan, withdraw, hold, resume, wake, cancel, pull, reassign, inputs, watch or progress.
func (c *Client) Command(ctx context.Context, ref, command string, body any) (*Answer[pmo.Receipt], error) {
	return c.CommandKeyed(ctx, ref, command, body, NewKey())
}

// CommandKeyed is Command with a key of the caller's: the same command under it is the same command.
func (c *Client) CommandKeyed(ctx context.Context, ref, command string, body any, key string) (*Answer[pmo.Receipt], error) {
	return do[pmo.Receipt](ctx, c, call{method: http.MethodPost, path: requestPath(ref, "/"+command), body: body, key: key})
}

// Reassign moves a question to another person, or the work to another team.
func (c *Client) Reassign(ctx context.Context, ref string, r wire.Reassignment) (*Answer[wire.Reassigned], error) {
	return do[wire.Reassigned](ctx, c, call{method: http.MethodPost, path: requestPath(ref, "/reassign"), body: r, key: NewKey()})
}

// Split submits the parts and closes the whole as merged. The same split of the same request is the same split.
func (c *Client) Split(ctx context.Context, ref, reason string, parts []pmo.Content) (*Answer[wire.SplitResult], error) {
	body := wire.Split{Reason: reason, Parts: parts}
	return do[wire.SplitResult](ctx, c, call{method: http.MethodPost, path: requestPath(ref, "/split"), body: body, repeatable: true})
}

// Prioritize starts a run now. One that is not done yet is read again with Prioritization.
func (c *Client) Prioritize(ctx context.Context, portfolio, reason string, dry bool) (*Answer[wire.Prioritization], error) {
	body := wire.StartPrioritization{Portfolio: portfolio, Reason: reason, Dry: dry}
	return do[wire.Prioritization](ctx, c, call{method: http.MethodPost, path: "/v1/prioritizations", body: body, key: NewKey()})
}

// PutTeam creates a team (revision 0) or changes the one the caller saw. It is not repeated after a lost answer: the second
// call would be refused, because the first one has changed the revision.
func (c *Client) PutTeam(ctx context.Context, t pmo.Team) (*Answer[pmo.Team], error) {
	return do[pmo.Team](ctx, c, call{method: http.MethodPut, path: "/v1/teams/" + url.PathEscape(t.ID), body: wholeTeam(wire.FormOf(t))})
}

// PutResource creates a resource (revision 0) or changes the one the caller saw. Like PutTeam it is not repeated after a lost answer.
func (c *Client) PutResource(ctx context.Context, id string, f wire.ResourceForm) (*Answer[pmo.Resource], error) {
	return do[pmo.Resource](ctx, c, call{method: http.MethodPut, path: "/v1/resources/" + url.PathEscape(id), body: f})
}

// ImportResources creates and changes resources by a file: all of it, or nothing.
func (c *Client) ImportResources(ctx context.Context, body wire.ImportResources) (*Answer[wire.ResourcesImported], error) {
	return do[wire.ResourcesImported](ctx, c, call{method: http.MethodPost, path: "/v1/resources/import", body: body, repeatable: true})
}

// DropResource deletes a resource that nobody holds.
func (c *Client) DropResource(ctx context.Context, id string) error {
	_, err := do[struct{}](ctx, c, call{method: http.MethodDelete, path: "/v1/resources/" + url.PathEscape(id)})
	return err
}

// filledTeam gives also the fields of a form that are empty: what is not given stays as it is.
type filledTeam struct {
	wire.TeamForm
	Members     []string      `json:"members"`
	Approaches  []string      `json:"approaches"`
	Absences    []pmo.Absence `json:"absences,omitzero"` // nil: not given to a server that knows none
	LoadCeiling float64       `json:"load_ceiling"`
	WIPLimit    int           `json:"wip_limit"`
	Capacity    float64       `json:"capacity"`
}

// wholeTeam gives every field of a form. Those of the people, and the pace, are not given to a server that answered a team without shares: it knows none of them.
func wholeTeam(f wire.TeamForm) any {
	team := filledTeam{f, append([]string{}, f.Members...), append([]string{}, f.Approaches...), f.Absences, f.LoadCeiling, f.WIPLimit, f.Capacity}
	if f.Shares == nil {
		return team
	}
	return struct {
		filledTeam
		Shares            map[string]float64 `json:"shares"`
		CapacityPerPerson float64            `json:"capacity_per_person"`
		OtherWork         float64            `json:"other_work"`
		WIPPerPerson      float64            `json:"wip_per_person"`
		Pace              float64            `json:"pace"`
		CapacityMeasured  bool               `json:"capacity_measured,omitempty"`
	}{team, f.Shares, f.CapacityPerPerson, f.OtherWork, f.WIPPerPerson, f.Pace, f.CapacityMeasured}
}

// SetDelegation names who acts for the caller. A zero from is now.
func (c *Client) SetDelegation(ctx context.Context, delegate string, from, until time.Time) (*Answer[wire.Delegation], error) {
	body := wire.SetDelegation{Delegate: delegate, From: from, Until: until}
	return do[wire.Delegation](ctx, c, call{method: http.MethodPut, path: "/v1/me/delegation", body: body, repeatable: true})
}

// ClearDelegation ends the delegation: nobody acts for the caller any more.
func (c *Client) ClearDelegation(ctx context.Context) error {
	_, err := do[struct{}](ctx, c, call{method: http.MethodDelete, path: "/v1/me/delegation", repeatable: true})
	return err
}

// ImportSupply changes what teams can take by a file: all of it, or nothing.
func (c *Client) ImportSupply(ctx context.Context, body wire.ImportSupply) (*Answer[wire.SupplyImported], error) {
	return do[wire.SupplyImported](ctx, c, call{method: http.MethodPost, path: "/v1/teams/import", body: body, repeatable: true})
}

// ImportHistory gives finished work of another tool to the forecasts, at most wire.MostImportItems at once.
func (c *Client) ImportHistory(ctx context.Context, body wire.ImportHistory) (*Answer[wire.Imported], error) {
	return do[wire.Imported](ctx, c, call{method: http.MethodPost, path: "/v1/imports", body: body, repeatable: true})
}

// RemoveImport removes what was imported from a source; an empty portfolio is the policy's first.
func (c *Client) RemoveImport(ctx context.Context, portfolio, source string) error {
	path := "/v1/imports/" + url.PathEscape(source)
	if portfolio != "" {
		path += "?" + url.Values{"portfolio": {portfolio}}.Encode()
	}
	_, err := do[struct{}](ctx, c, call{method: http.MethodDelete, path: path, repeatable: true})
	return err
}

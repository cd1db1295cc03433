package client

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"time"

	"leanpmo/internal/pmo"
)

// NewKey is an Idempotency-Key for a command that is given once.
func NewKey() string { return rand.Text() }

// Submit submits a form. The same key and form is the same request.
func (c *Client) Submit(ctx context.Context, f Form, key string) (*Answer[Submitted], error) {
	return do[Submitted](ctx, c, call{method: http.MethodPost, path: "/v1/requests", body: f, key: key})
}

// Decision answers a pending decision.
type Decision struct {
	Decision   string   `json:"decision"`
	Verdict    string   `json:"verdict"`
	Reason     string   `json:"reason,omitempty"`
	Data       pmo.Data `json:"data,omitzero"`
	OnBehalfOf string   `json:"on_behalf_of,omitempty"`
}

// Decide answers a pending decision. An answer names the round of its question, so the same answer twice is one.
func (c *Client) Decide(ctx context.Context, ref string, d Decision) (*Answer[pmo.Receipt], error) {
	return do[pmo.Receipt](ctx, c, call{method: http.MethodPost, path: requestPath(ref, "/decisions"), body: d, repeatable: true})
}

// Amendment changes the form as the caller saw it.
type Amendment struct {
	Revision int       `json:"revision"`
	Patch    pmo.Patch `json:"patch"`
	Reason   string    `json:"reason,omitempty"`
}

// Amend changes the form. An amendment names the revision it saw, so the same one twice is one.
func (c *Client) Amend(ctx context.Context, ref string, a Amendment) (*Answer[pmo.Receipt], error) {
	return do[pmo.Receipt](ctx, c, call{method: http.MethodPatch, path: requestPath(ref, ""), body: a, repeatable: true})
}

// Report is a team's progress report.
type Report struct {
	Percent *int         `json:"percent,omitempty"`
	Health  pmo.Health   `json:"health,omitempty"`
	Note    string       `json:"note,omitempty"`
	Risks   []pmo.Risk   `json:"risks,omitempty"`
	Blocked string       `json:"blocked,omitempty"`
	Done    bool         `json:"done,omitempty"`
	Lessons []pmo.Lesson `json:"lessons,omitempty"`
}

// Progress reports progress.
func (c *Client) Progress(ctx context.Context, ref string, r Report) (*Answer[pmo.Receipt], error) {
	return c.Command(ctx, ref, "progress", r)
}

// Reason is the body of commands that need no more.
type Reason struct {
	Reason string   `json:"reason,omitempty"`
	Into   []string `json:"into,omitempty"` // cancel: the requests it goes on in
}

// Reassignment moves a question to another person, or the work to another team.
type Reassignment struct {
	Reason   string `json:"reason"`
	Decision string `json:"decision,omitempty"`
	From     string `json:"from,omitempty"`
	To       string `json:"to,omitempty"`
	Team     string `json:"team,omitempty"`
}

// Inputs are what a score is computed from.
type Inputs struct {
	Inputs pmo.Inputs          `json:"inputs"`
	Class  *pmo.ClassOfService `json:"class,omitempty"`
	Reason string              `json:"reason,omitempty"`
}

// Watchers are added and taken off; the caller is added when both are empty.
type Watchers struct {
	Add    []string `json:"add,omitempty"`
	Remove []string `json:"remove,omitempty"`
}

// Command gives a command to a request: withdraw, hold, resume, wake, cancel, pull, reassign, inputs, watch or progress.
func (c *Client) Command(ctx context.Context, ref, command string, body any) (*Answer[pmo.Receipt], error) {
	return do[pmo.Receipt](ctx, c, call{method: http.MethodPost, path: requestPath(ref, "/"+command), body: body, key: NewKey()})
}

// Split submits the parts and closes the whole as merged. The same split of the same request is the same split.
func (c *Client) Split(ctx context.Context, ref, reason string, parts []pmo.Content) (*Answer[SplitDone], error) {
	body := struct {
		Reason string        `json:"reason"`
		Parts  []pmo.Content `json:"parts"`
	}{reason, parts}
	return do[SplitDone](ctx, c, call{method: http.MethodPost, path: requestPath(ref, "/split"), body: body, repeatable: true})
}

// Prioritize starts a run now. One that is not done yet is read again with Run.
func (c *Client) Prioritize(ctx context.Context, portfolio, reason string, dry bool) (*Answer[Prioritization], error) {
	body := struct {
		Portfolio string `json:"portfolio,omitempty"`
		Reason    string `json:"reason"`
		Dry       bool   `json:"dry,omitempty"`
	}{portfolio, reason, dry}
	return do[Prioritization](ctx, c, call{method: http.MethodPost, path: "/v1/prioritizations", body: body, key: NewKey()})
}

// PutTeam creates a team (revision 0) or changes the one the caller saw. It is not repeated after a lost answer: the second time
// would meet the first one's revision.
func (c *Client) PutTeam(ctx context.Context, t pmo.Team) (*Answer[pmo.Team], error) {
	body := struct {
		pmo.Team
		ID string `json:"id,omitempty"` // in the path instead
	}{Team: t}
	body.Team.ID = ""
	if body.Skills == nil {
		body.Skills = []string{}
	}
	return do[pmo.Team](ctx, c, call{method: http.MethodPut, path: "/v1/teams/" + url.PathEscape(t.ID), body: body})
}

// SetDelegation names who acts for the caller. A zero from is now.
func (c *Client) SetDelegation(ctx context.Context, delegate string, from, until time.Time) (*Answer[Delegation], error) {
	body := struct {
		Delegate string    `json:"delegate"`
		From     time.Time `json:"from,omitzero"`
		Until    time.Time `json:"until"`
	}{delegate, from, until}
	return do[Delegation](ctx, c, call{method: http.MethodPut, path: "/v1/me/delegation", body: body, repeatable: true})
}

// ClearDelegation ends it: nobody acts for the caller any more.
func (c *Client) ClearDelegation(ctx context.Context) error {
	_, err := do[struct{}](ctx, c, call{method: http.MethodDelete, path: "/v1/me/delegation", repeatable: true})
	return err
}

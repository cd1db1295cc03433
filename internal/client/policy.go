package client

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"leanpmo/internal/wire"
)

// ProposePolicy proposes a version of the policy, or only tries it.
func (c *Client) ProposePolicy(ctx context.Context, body wire.ProposePolicy, key string) (*Answer[wire.PolicyProposal], error) {
	return do[wire.PolicyProposal](ctx, c, call{method: http.MethodPost, path: "/v1/policy", body: body, key: key, repeatable: body.Dry})
}

// Proposals lists proposed policies.
func (c *Client) Proposals(ctx context.Context, f Filter) (*Answer[wire.Page[wire.PolicyProposal]], error) {
	return do[wire.Page[wire.PolicyProposal]](ctx, c, get("/v1/policy/proposals", f.query()))
}

// Proposal reads one of them.
func (c *Client) Proposal(ctx context.Context, id string) (*Answer[wire.PolicyProposal], error) {
	return do[wire.PolicyProposal](ctx, c, get(proposalAt(id, ""), nil))
}

// ProposalEffect is what an open proposal would do now.
func (c *Client) ProposalEffect(ctx context.Context, id string) (*Answer[wire.PolicyEffect], error) {
	return do[wire.PolicyEffect](ctx, c, get(proposalAt(id, "/effect"), nil))
}

// ProposalReplay is what a proposal would have done with the requests that ended in the last days; 0: the last year.
func (c *Client) ProposalReplay(ctx context.Context, id string, days int, f Filter) (*Answer[wire.PolicyReplay], error) {
	q := f.query()
	if days > 0 {
		q.Set("days", strconv.Itoa(days))
	}
	return do[wire.PolicyReplay](ctx, c, get(proposalAt(id, "/replay"), q))
}

// ReplayPolicy is what a policy would have done with the requests that have ended.
func (c *Client) ReplayPolicy(ctx context.Context, body wire.ReplayPolicy) (*Answer[wire.PolicyReplay], error) {
	return do[wire.PolicyReplay](ctx, c, call{method: http.MethodPost, path: "/v1/what-if/policy", body: body, repeatable: true})
}

// DecideProposal does what it is told to an open proposal: accept, reject or withdraw.
func (c *Client) DecideProposal(ctx context.Context, id, command, reason, key string) (*Answer[wire.PolicyProposal], error) {
	return do[wire.PolicyProposal](ctx, c, call{method: http.MethodPost, path: proposalAt(id, "/"+command), body: wire.DecideProposal{Reason: reason}, key: key})
}

// PolicyVersions lists the policies that took force.
func (c *Client) PolicyVersions(ctx context.Context, f Filter) (*Answer[wire.Page[wire.PolicyVersion]], error) {
	return do[wire.Page[wire.PolicyVersion]](ctx, c, get("/v1/policy/versions", f.query()))
}

// PolicyVersion reads one of them.
func (c *Client) PolicyVersion(ctx context.Context, version int) (*Answer[wire.PolicyVersion], error) {
	return do[wire.PolicyVersion](ctx, c, get(fmt.Sprintf("/v1/policy/versions/%d", version), nil))
}

func proposalAt(id, rest string) string { return "/v1/policy/proposals/" + url.PathEscape(id) + rest }

// WhatIf asks what other rules or another backlog would change.
func (c *Client) WhatIf(ctx context.Context, body wire.WhatIf) (*Answer[wire.WhatIfAnswer], error) {
	return do[wire.WhatIfAnswer](ctx, c, call{method: http.MethodPost, path: "/v1/what-if/prioritization", body: body, repeatable: true})
}

package api

import (
	"context"
	"errors"
	"strconv"

	"leanpmo/internal/policy"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

func versionOf(h store.PolicyHistory) wire.PolicyVersion {
	return wire.PolicyVersion{Version: h.Version, Since: h.Since, Actor: h.Actor, Proposal: h.Proposal, Proposer: h.Proposer, Reason: h.Reason, ReturnsTo: h.ReturnsTo}
}

// policyVersions lists the policies that took force, the newest first. The cursor is the version of the last one.
func (a *API) policyVersions(ctx context.Context, in *versionsInput) (*versionsOutput, error) {
	below := 0
	if in.Cursor != "" {
		var err error
		if below, err = strconv.Atoi(in.Cursor); err != nil || below < 1 {
			return nil, store.ErrBadCursor
		}
	}
	found, err := a.Store.PolicyVersions(ctx, below, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &versionsOutput{Body: wire.Page[wire.PolicyVersion]{Items: []wire.PolicyVersion{}}}
	for i, h := range found {
		if i == in.Limit {
			out.Body.Next = strconv.Itoa(found[i-1].Version)
			break
		}
		v := versionOf(h)
		v.InForce = below == 0 && i == 0
		out.Body.Items = append(out.Body.Items, v)
	}
	return out, nil
}

type versionOutput struct{ Body wire.PolicyVersion }

// policyVersion is one policy that took force, with what it changed.
func (a *API) policyVersion(ctx context.Context, in *struct {
	Version int `path:"version" minimum:"1"`
}) (*versionOutput, error) {
	const newerThanAny = 1<<31 - 1
	below := min(in.Version, newerThanAny-1) + 1
	found, err := a.Store.PolicyVersions(ctx, below, 2)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 || found[0].Version != in.Version {
		return nil, problem.New(problem.NotFound, "no version %d took force", in.Version)
	}
	out := &versionOutput{Body: versionOf(found[0])}
	this, err := a.Store.PolicyVersion(ctx, in.Version)
	if err != nil {
		return nil, err
	}
	out.Body.YAML = string(this.Source)
	if inForce, err := a.Store.PolicyInForce(ctx); err == nil {
		out.Body.InForce = inForce.Version == in.Version
	}
	if len(found) > 1 {
		out.Body.Difference, err = a.differenceTo(ctx, this, found[1].Version)
	}
	return out, err
}

// differenceTo is nil where this program does not accept one of the two any more.
func (a *API) differenceTo(ctx context.Context, this store.PolicyVersion, before int) (*policy.RulesDifference, error) {
	earlier, err := a.Store.PolicyVersion(ctx, before)
	if err != nil {
		return nil, err
	}
	was, err1 := policy.Parse(earlier.Source)
	is, err2 := policy.Parse(this.Source)
	if errors.Join(err1, err2) != nil {
		return nil, nil
	}
	d := policy.Diff(was, is)
	return &d, nil
}

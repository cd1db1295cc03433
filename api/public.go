package api

import (
	"context"
	"errors"
	"time"

	"leanpmo/internal/access"
	"leanpmo/internal/problem"
	"leanpmo/internal/publicform"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// publicStore knows who asked by the public form. The form itself is a page.
type publicStore interface {
	PublicOf(ctx context.Context, request string) (publicform.Request, error)
	RevokeLink(ctx context.Context, request, actor string, at time.Time) error
}

const contactAbout = "404 where nobody asked by the public form. Name and contact are private: they are kept beside the request, and erased 30 days after its closure."

var errNotPublic = problem.New(problem.NotFound, "nobody asked for this request by the public form")

type contactOutput struct {
	Body wire.Contact
}

// contact is who asked without an account, for those who answer and judge the request.
func (a *API) contact(ctx context.Context, _ *struct{ RefPath }) (*contactOutput, error) {
	t := targetOf(ctx)
	p, err := a.Store.PublicOf(ctx, t.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, errNotPublic
	}
	if err != nil {
		return nil, err
	}
	out := wire.Contact{Name: p.Name, Contact: p.Contact, AskedAt: p.At, LinkRevokedAt: p.Revoked, LinkRevokedBy: p.RevokedBy,
		MayRevoke: p.Revoked == nil && may(actorOf(ctx), access.RevokeStatusLink, t.object()) == nil}
	if t.Request.Closed() {
		ends := access.StatusLinkEnds(t.Request.ClosedAt)
		out.LinkEnds = &ends
	}
	return &contactOutput{Body: out}, nil
}

// revokeStatusLink ends the link at once.
func (a *API) revokeStatusLink(ctx context.Context, in *struct {
	RefPath
	Keyed
}) (*withdrawnOutput, error) {
	t := targetOf(ctx)
	_, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, "revoke the status link of "+t.ID, nil), in.Key, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, a.Store.RevokeLink(ctx, t.ID, actorOf(ctx).ID, a.Now().UTC())
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, errNotPublic
	}
	return &withdrawnOutput{Replayable: replayed}, err
}

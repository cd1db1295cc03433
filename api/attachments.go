package api

import (
	"context"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

const attachmentsAbout = "Attachments are links: nothing is uploaded, and nothing is fetched from them."

type attachmentsOutput struct {
	Body wire.Attachments
}

func (a *API) attachments(ctx context.Context, _ *struct{ RefPath }) (*attachmentsOutput, error) {
	t := targetOf(ctx)
	found, err := a.Store.Attachments(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	actor := actorOf(ctx)
	list := pageOf(store.Page[store.Attachment]{Items: found}, func(at store.Attachment) wire.Attachment {
		return attachmentOf(at, mayDetach(actor, t, at) == nil)
	})
	return &attachmentsOutput{Body: wire.Attachments{Page: list, MayAttach: may(actor, access.Attach, t.object()) == nil}}, nil
}

func attachmentOf(a store.Attachment, mayRemove bool) wire.Attachment {
	return wire.Attachment{ID: a.ID, URL: a.URL, Title: a.Title, By: a.By, At: a.At, MayRemove: mayRemove}
}

// mayDetach: who added an attachment may remove it, besides those who may remove any.
func mayDetach(actor access.Actor, t *target, at store.Attachment) error {
	if at.By == actor.ID {
		return nil
	}
	return may(actor, access.Detach, t.object())
}

type attachmentOutput struct {
	Replayable
	Body wire.Attachment
}

type attachInput struct {
	RefPath
	Keyed
	Body wire.NewAttachment
}

func (a *API) attach(ctx context.Context, in *attachInput) (*attachmentOutput, error) {
	t := targetOf(ctx)
	added, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, "attach to "+t.ID, in.Body), in.Key, func(ctx context.Context) (store.Attachment, error) {
		at := store.Attachment{ID: uuid.Must(uuid.NewV7()).String(), Request: t.ID, URL: in.Body.URL, Title: in.Body.Title, By: actorOf(ctx).ID, At: a.moment()}
		if fault := linkFault(at.URL); fault != "" {
			return at, problem.InvalidField("/url", "%s", fault)
		}
		entry := pmo.Entry{Event: pmo.EventAttached, Key: "attachment/" + at.ID, Text: "attached “" + at.Title + "”"}
		return at, a.Store.AddAttachment(ctx, at, t.Request.Note(at.At, by(ctx), entry))
	})
	if err != nil {
		return nil, err
	}
	return &attachmentOutput{Replayable: replayed, Body: attachmentOf(added, true)}, nil
}

// linkFault says why a text is no address that a page may link to; empty when it may. A script or a file of the reader's machine is none,
// and an address with a name and a password before the host shows another host than it leads to.
func linkFault(text string) string {
	u, err := url.Parse(text)
	switch {
	case err != nil || strings.ContainsAny(text, " \t\r\n\\<>\""):
		return "is no address"
	case u.Scheme != "https" && u.Scheme != "http":
		return "does not begin with https:// or http://"
	case u.Hostname() == "":
		return "names no host"
	case u.User != nil:
		return "has a name or a password before the host"
	}
	return ""
}

func (a *API) detach(ctx context.Context, in *struct {
	RefPath
	Keyed
	ID string `path:"id" format:"uuid"`
}) (*withdrawnOutput, error) {
	t := targetOf(ctx)
	_, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, "detach "+in.ID, nil), in.Key, func(ctx context.Context) (struct{}, error) {
		at, err := a.Store.Attachment(ctx, t.ID, in.ID)
		if err != nil {
			return struct{}{}, err
		}
		if err := mayDetach(actorOf(ctx), t, at); err != nil {
			return struct{}{}, err
		}
		now := a.moment()
		entry := pmo.Entry{Event: pmo.EventDetached, Key: "attachment/" + at.ID + "/removed", Text: "removed the attachment “" + at.Title + "”"}
		return struct{}{}, a.Store.RemoveAttachment(ctx, at, actorOf(ctx).ID, now, t.Request.Note(now, by(ctx), entry))
	})
	return &withdrawnOutput{Replayable: replayed}, err
}

package api

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/directory"
	"leanpmo/internal/notify"
	"leanpmo/internal/outbound"
	"leanpmo/internal/problem"
	"leanpmo/internal/sealed"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// chatStore keeps the addresses of chats that people set.
type chatStore interface {
	ChatAddresses(ctx context.Context, endpoint string) ([]store.ChatAddress, error)
	SetChatAddress(ctx context.Context, c store.ChatAddress) error
	RemoveChatAddress(ctx context.Context, endpoint, actor string, at time.Time) error
	QueueTest(ctx context.Context, n store.Notification, actor string) error
}

// ChatSettings are what the addresses of chats are kept and judged with.
type ChatSettings struct {
	Keys  sealed.Keys    // without one no address can be set
	Guard outbound.Guard // which addresses are called
}

const (
	chatAbout = "The address is kept sealed, with a key that is not in the database, and never answered: only who set it, when, and for which chat. It takes the place of that of the directory file, which is " +
		"used again when this one is removed. Addresses at private networks are refused, and names that lead there when they are called."
	chatTestAbout = "One message that says that it is a test; what becomes of it is told on the page of channels, and to whoever looks into the chat. One in 30 seconds."
)

type ownChatOutput struct {
	Body wire.OwnChat
}

func (a *API) ownChat(ctx context.Context, _ *struct{}) (*ownChatOutput, error) {
	id := actorOf(ctx).ID
	out := &ownChatOutput{Body: wire.OwnChat{On: a.Chats.Keys.Known()}}
	found, err := a.Store.ChatAddresses(ctx, ownEndpoint(ctx))
	if err != nil {
		return nil, err
	}
	if len(found) > 0 {
		chat := a.chat(found[0])
		out.Body.Chat = &chat
	}
	p, _ := a.Directory.Principal(id)
	out.Body.Directory = p.Notify.Webhook != ""
	return out, nil
}

func ownEndpoint(ctx context.Context) string { return notify.KindPerson + ":" + actorOf(ctx).ID }

func (a *API) chat(c store.ChatAddress) wire.Chat {
	return wire.Chat{Endpoint: c.Endpoint, Name: a.endpointName(c.Endpoint), Format: c.Format, SetAt: c.SetAt, SetBy: c.SetBy}
}

type chatsOutput struct {
	Body wire.Chats
}

func (a *API) chats(ctx context.Context, _ *struct{}) (*chatsOutput, error) {
	found, err := a.Store.ChatAddresses(ctx, "")
	if err != nil {
		return nil, err
	}
	out := &chatsOutput{Body: wire.Chats{On: a.Chats.Keys.Known(), Items: []wire.Chat{}}}
	for _, c := range found {
		out.Body.Items = append(out.Body.Items, a.chat(c))
	}
	return out, nil
}

type setOwnChatInput struct {
	Keyed
	Body wire.SetChat
}

type setChatInput struct {
	Keyed
	Endpoint string `path:"endpoint" maxLength:"100" doc:"group:ID or portfolio:ID"`
	Body     wire.SetChat
}

type chatInput struct {
	Keyed
	Endpoint string `path:"endpoint" maxLength:"100" doc:"group:ID or portfolio:ID"`
}

func (a *API) setOwnChat(ctx context.Context, in *setOwnChatInput) (*clearedOutput, error) {
	return a.putChat(ctx, in.Key, ownEndpoint(ctx), in.Body)
}

func (a *API) setChat(ctx context.Context, in *setChatInput) (*clearedOutput, error) {
	if err := a.ofOffice(in.Endpoint); err != nil {
		return nil, err
	}
	return a.putChat(ctx, in.Key, in.Endpoint, in.Body)
}

// ofOffice reports whether an endpoint is a group's or a portfolio's that there is.
func (a *API) ofOffice(endpoint string) error {
	kind, id, _ := strings.Cut(endpoint, ":")
	_, group := a.Directory.Group(id)
	if kind == notify.KindGroup && group || kind == notify.KindPortfolio && slices.Contains(a.Policy.Now().Portfolios(), id) {
		return nil
	}
	return problem.New(problem.NotFound, "there is no such group or portfolio; name it as group:ID or portfolio:ID")
}

func (a *API) putChat(ctx context.Context, key, endpoint string, form wire.SetChat) (*clearedOutput, error) {
	if !a.Chats.Keys.Known() {
		return nil, problem.New(problem.Conflict, "addresses of chats cannot be set: the server has no key to keep them with (PMO_SECRETS_KEY_FILE)")
	}
	address := strings.TrimSpace(form.Address)
	if field, fault := notify.CheckChat(a.Chats.Guard, directory.ChatFormat(form.Format), address); fault != "" {
		return nil, problem.InvalidField("/"+field, "%s", fault)
	}
	box, err := a.Chats.Keys.Seal(address, endpoint)
	if err != nil {
		return nil, err
	}
	return a.onEndpoint(ctx, key, "set-chat", []any{endpoint, form}, func(ctx context.Context, at time.Time) error {
		return a.Store.SetChatAddress(ctx, store.ChatAddress{Endpoint: endpoint, Format: form.Format, Sealed: box, SetAt: at, SetBy: actorOf(ctx).ID})
	})
}

func (a *API) removeOwnChat(ctx context.Context, in *struct{ Keyed }) (*clearedOutput, error) {
	return a.removeChat(ctx, &chatInput{Keyed: in.Keyed, Endpoint: ownEndpoint(ctx)})
}

// removeOfficeChat removes that of a group or portfolio, also of one that there is no longer.
func (a *API) removeOfficeChat(ctx context.Context, in *chatInput) (*clearedOutput, error) {
	if strings.HasPrefix(in.Endpoint, notify.KindPerson+":") {
		return nil, a.ofOffice(in.Endpoint)
	}
	return a.removeChat(ctx, in)
}

func (a *API) removeChat(ctx context.Context, in *chatInput) (*clearedOutput, error) {
	return a.onEndpoint(ctx, in.Key, "remove-chat", in.Endpoint, func(ctx context.Context, at time.Time) error {
		return a.Store.RemoveChatAddress(ctx, in.Endpoint, actorOf(ctx).ID, at)
	})
}

func (a *API) testOwnChat(ctx context.Context, in *struct{ Keyed }) (*clearedOutput, error) {
	return a.tryChat(ctx, in.Key, ownEndpoint(ctx))
}

func (a *API) testChat(ctx context.Context, in *chatInput) (*clearedOutput, error) {
	if err := a.ofOffice(in.Endpoint); err != nil {
		return nil, err
	}
	return a.tryChat(ctx, in.Key, in.Endpoint)
}

// tryChat has the worker send a test: the server itself calls nobody.
func (a *API) tryChat(ctx context.Context, key, endpoint string) (*clearedOutput, error) {
	found, err := a.Store.ChatAddresses(ctx, endpoint)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, problem.New(problem.NotFound, "no address of a chat is set")
	}
	return a.onEndpoint(ctx, key, "test-chat", endpoint, func(ctx context.Context, at time.Time) error {
		n, err := notify.NewTest(endpoint, actorOf(ctx).ID, a.PublicURL, at)
		if err == nil {
			err = a.Store.QueueTest(ctx, n, actorOf(ctx).ID)
		}
		if errors.Is(err, store.ErrConflict) {
			return problem.New(problem.Conflict, "a test is on its way, or was sent just now")
		}
		return err
	})
}

// onEndpoint gives a command about an endpoint, under the caller's key.
func (a *API) onEndpoint(ctx context.Context, key, command string, body any, do func(ctx context.Context, at time.Time) error) (*clearedOutput, error) {
	_, replayed, err := once(ctx, a.Store, keyed(ctx, "", key, command, body), key, func(ctx context.Context) (struct{}, error) { return struct{}{}, do(ctx, a.Now().UTC()) })
	return &clearedOutput{Replayable: replayed}, err
}

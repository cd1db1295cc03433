package api

import (
	"context"
	"errors"
	"strings"
	"time"

	"leanpmo/internal/notify"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// channelStore keeps what became of the notifications of each endpoint.
type channelStore interface {
	Channels(ctx context.Context, receivers []store.Receiver, f store.ChannelFilter) (store.Page[store.Channel], error)
	DeadMessages(ctx context.Context, endpoint string, limit int, after string) (store.Page[store.DeadMessage], error)
	Redeliver(ctx context.Context, r store.Redelivery, now time.Time) (int, error)
	EnableEndpoint(ctx context.Context, endpoint, actor string, now time.Time) error
}

const (
	channelsAbout  = "Every endpoint that has an address, was sent to or has something waiting, by its name. A reason names no address and nothing of a request. `pmo notify status` says the same at the database."
	redeliverAbout = "Either `message` or `endpoint`. Messages keep their ids, by which receivers recognise what they have got, and their places before what waits of the same request."
)

type channelsInput struct {
	Paging
	Failing bool `query:"failing" doc:"Only those that are disabled, have something given up, or failed last"`
}

type channelsOutput struct {
	Body wire.Page[wire.Channel]
}

func (a *API) channels(ctx context.Context, in *channelsInput) (*channelsOutput, error) {
	page, err := a.Store.Channels(ctx, notify.Receivers(a.Directory, a.SendsMail), store.ChannelFilter{Failing: in.Failing, Limit: in.Limit, Cursor: in.Cursor})
	if err != nil {
		return nil, err
	}
	return &channelsOutput{Body: pageOf(page, func(c store.Channel) wire.Channel {
		return wire.Channel{Endpoint: c.Endpoint, Name: a.endpointName(c.Endpoint), Format: c.Format, Waiting: c.Open, Oldest: c.Oldest, Dead: c.Dead, Disabled: c.DisabledAt,
			DisabledWhy: c.Disabled, Delivered: c.DeliveredAt, Failed: c.FailedAt, Reason: c.Reason, DeliveredEver: c.Delivered, FailedEver: c.Failed, DeadEver: c.GivenUp}
	})}, nil
}

// endpointName is whose an endpoint is, in words.
func (a *API) endpointName(endpoint string) string {
	kind, id, _ := strings.Cut(endpoint, ":")
	switch kind {
	case notify.KindGroup:
		if g, known := a.Directory.Group(id); known {
			return g.Name
		}
	case notify.KindPortfolio:
		for _, p := range a.Policy.Now().Document().Portfolios {
			if p.ID == id {
				return p.Name
			}
		}
	default:
		if name, known := a.Directory.Name(id); known {
			return name
		}
	}
	return id
}

type deadInput struct {
	Paging
	Endpoint string `query:"endpoint" maxLength:"100" doc:"Only those of this endpoint"`
}

type deadOutput struct {
	Body wire.Page[wire.DeadMessage]
}

func (a *API) deadMessages(ctx context.Context, in *deadInput) (*deadOutput, error) {
	page, err := a.Store.DeadMessages(ctx, in.Endpoint, in.Limit, in.Cursor)
	if err != nil {
		return nil, err
	}
	return &deadOutput{Body: pageOf(page, func(m store.DeadMessage) wire.DeadMessage {
		return wire.DeadMessage{ID: m.ID, Endpoint: m.Endpoint, Event: m.Event, At: m.At, DeadAt: m.DeadAt, Attempts: m.Attempts, Reason: m.Reason}
	})}, nil
}

type redeliverInput struct {
	Keyed
	Body wire.Redeliver
}

type redeliverOutput struct {
	Replayable
	Body wire.Redelivered
}

func (a *API) redeliver(ctx context.Context, in *redeliverInput) (*redeliverOutput, error) {
	switch {
	case in.Body.Message == "" && in.Body.Endpoint == "":
		return nil, problem.InvalidField("/message", "is missing; name a message or an endpoint")
	case in.Body.Message != "" && in.Body.Endpoint != "":
		return nil, problem.InvalidField("/endpoint", "stands beside a message; name one of them")
	}
	n, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, "redeliver", in.Body), in.Key, func(ctx context.Context) (int, error) {
		return a.Store.Redeliver(ctx, store.Redelivery{ID: in.Body.Message, Endpoint: in.Body.Endpoint, Actor: actorOf(ctx).ID}, a.Now().UTC())
	})
	if errors.Is(err, store.ErrNotFound) {
		err = problem.New(problem.NotFound, "no message of that id was given up, or it is sent again already")
	}
	return &redeliverOutput{Replayable: replayed, Body: wire.Redelivered{Messages: n}}, err
}

type enableChannelInput struct {
	Keyed
	Body wire.EnableChannel
}

func (a *API) enableChannel(ctx context.Context, in *enableChannelInput) (*clearedOutput, error) {
	_, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, "enable-channel", in.Body), in.Key, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, a.Store.EnableEndpoint(ctx, in.Body.Endpoint, actorOf(ctx).ID, a.Now().UTC())
	})
	return &clearedOutput{Replayable: replayed}, err
}

package api

import (
	"context"
	"time"

	"leanpmo/internal/notice"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

const notificationsAbout = "By channel and kind of events: at once, in the digest of the day, or never; hours in which only what must be heard is sent; the hour of the digest; whether a delegate hears instead of you. " +
	"What asks you for an answer cannot be muted or put off; it can be moved to another channel that reaches you."

// notificationStore keeps what people chose to hear of.
type notificationStore interface {
	NotificationChoices(ctx context.Context, person string) (store.ChosenNotifications, error)
	PutNotificationChoices(ctx context.Context, person string, c notice.Choices, version int64, at time.Time) error
	MutedRequests(ctx context.Context, v store.View) ([]store.MutedRequest, error)
	Mute(ctx context.Context, person, request string, at time.Time) error
	Unmute(ctx context.Context, person, request string) error
}

type notificationsOutput struct {
	Body wire.Notifications
}

func (a *API) notifications(ctx context.Context, _ *struct{}) (*notificationsOutput, error) {
	chosen, err := a.Store.NotificationChoices(ctx, actorOf(ctx).ID)
	if err != nil {
		return nil, err
	}
	muted, err := a.Store.MutedRequests(ctx, viewOf(ctx))
	if err != nil {
		return nil, err
	}
	p := a.Policy.Now()
	out := &notificationsOutput{Body: wire.Notifications{Version: chosen.Version, Choices: chosen.Choices, TimeZone: chosen.Choices.Zone(p.TimeZone()).String(), DigestHour: chosen.Choices.Hour(),
		Table: p.Notifications(), Fixed: p.Notifications().Fixed(), Muted: []wire.MutedRequest{}}}
	for _, m := range muted {
		out.Body.Muted = append(out.Body.Muted, wire.MutedRequest{ID: m.ID, Ref: pmo.Ref(m.Number), Title: m.Title, At: m.At})
	}
	return out, nil
}

type setNotificationsOutput struct {
	Replayable
	Body wire.SetNotifications
}

func (a *API) setNotifications(ctx context.Context, in *struct {
	Keyed
	Body wire.SetNotifications
}) (*setNotificationsOutput, error) {
	kept, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, "set-notifications", in.Body), in.Key, func(ctx context.Context) (store.ChosenNotifications, error) {
		var wrong []problem.Field
		for _, f := range in.Body.Choices.Faults() {
			wrong = append(wrong, problem.Field{Pointer: "/choices" + f.Pointer, Detail: f.Detail})
		}
		if len(wrong) > 0 {
			return store.ChosenNotifications{}, problem.InvalidFields(wrong)
		}
		now := a.moment()
		err := a.Store.PutNotificationChoices(ctx, actorOf(ctx).ID, in.Body.Choices, in.Body.Version, now)
		return store.ChosenNotifications{Choices: in.Body.Choices, Version: in.Body.Version + 1, At: now}, err
	})
	if err != nil {
		return nil, err
	}
	return &setNotificationsOutput{Replayable: replayed, Body: wire.SetNotifications{Version: kept.Version, Choices: kept.Choices}}, nil
}

type muteInput struct {
	RefPath
	Keyed
}

func (a *API) mute(ctx context.Context, in *muteInput) (*clearedOutput, error) {
	id := targetOf(ctx).ID
	_, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, "mute "+id, nil), in.Key, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, a.Store.Mute(ctx, actorOf(ctx).ID, id, a.moment())
	})
	return &clearedOutput{Replayable: replayed}, err
}

func (a *API) unmute(ctx context.Context, in *muteInput) (*clearedOutput, error) {
	id := targetOf(ctx).ID
	_, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, "unmute "+id, nil), in.Key, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, a.Store.Unmute(ctx, actorOf(ctx).ID, id)
	})
	return &clearedOutput{Replayable: replayed}, err
}

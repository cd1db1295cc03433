package api

import (
	"context"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/store"
)

// fakeChannels keeps what became of notifications as the store does.
type fakeChannels struct {
	channels  []store.Channel
	receivers []store.Receiver // as they were last asked for
	filter    store.ChannelFilter
	dead      []store.DeadMessage
	enabled   []string
	actors    []string
	chats     map[string]store.ChatAddress
	tests     []store.Notification
	keepKey   func(ctx context.Context, answer any) error
}

func (f *fakeChannels) Channels(_ context.Context, receivers []store.Receiver, filter store.ChannelFilter) (store.Page[store.Channel], error) {
	f.receivers, f.filter = receivers, filter
	return store.Page[store.Channel]{Items: f.channels}, nil
}

func (f *fakeChannels) DeadMessages(_ context.Context, endpoint string, _ int, _ string) (page store.Page[store.DeadMessage], err error) {
	for _, m := range f.dead {
		if endpoint == "" || m.Endpoint == endpoint {
			page.Items = append(page.Items, m)
		}
	}
	return page, nil
}

func (f *fakeChannels) Redeliver(ctx context.Context, r store.Redelivery, _ time.Time) (int, error) {
	before := len(f.dead)
	f.dead = slices.DeleteFunc(f.dead, func(m store.DeadMessage) bool { return m.ID == r.ID || m.Endpoint == r.Endpoint })
	if r.ID != "" && len(f.dead) == before {
		return 0, store.ErrNotFound
	}
	f.actors = append(f.actors, r.Actor)
	return before - len(f.dead), f.keepKey(ctx, before-len(f.dead))
}

func (f *fakeChannels) ChatAddresses(_ context.Context, endpoint string) (list []store.ChatAddress, err error) {
	for _, c := range f.chats {
		if endpoint == c.Endpoint || endpoint == "" && !strings.HasPrefix(c.Endpoint, "person:") {
			c.Sealed = nil
			list = append(list, c)
		}
	}
	return list, nil
}

func (f *fakeChannels) SetChatAddress(ctx context.Context, c store.ChatAddress) error {
	if f.chats == nil {
		f.chats = map[string]store.ChatAddress{}
	}
	f.chats[c.Endpoint] = c
	return f.keepKey(ctx, map[string]string{"format": c.Format})
}

func (f *fakeChannels) RemoveChatAddress(ctx context.Context, endpoint, _ string, _ time.Time) error {
	if _, set := f.chats[endpoint]; !set {
		return store.ErrNotFound
	}
	delete(f.chats, endpoint)
	return f.keepKey(ctx, struct{}{})
}

func (f *fakeChannels) QueueTest(ctx context.Context, n store.Notification, _ string) error {
	if len(f.tests) > 0 && f.tests[len(f.tests)-1].Endpoint == n.Endpoint {
		return store.ErrConflict
	}
	f.tests = append(f.tests, n)
	return f.keepKey(ctx, struct{}{})
}

func (f *fakeChannels) EnableEndpoint(ctx context.Context, endpoint, actor string, _ time.Time) error {
	f.enabled, f.actors = append(f.enabled, endpoint), append(f.actors, actor)
	return f.keepKey(ctx, struct{}{})
}

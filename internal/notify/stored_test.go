package notify

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
	"leanpmo/internal/sealed"
	"leanpmo/internal/store"
)

func sealKeys(t *testing.T, fill string) sealed.Keys {
	t.Helper()
	keys, err := sealed.ParseKeys(base64.StdEncoding.EncodeToString([]byte(strings.Repeat(fill, 32))))
	require.NoError(t, err)
	return keys
}

// setChat stores an address as the API does.
func (o *environment) setChat(keys sealed.Keys, endpoint string, format directory.ChatFormat, url string) {
	o.t.Helper()
	box, err := keys.Seal(url, endpoint)
	require.NoError(o.t, err)
	require.NoError(o.t, o.store.SetChatAddress(o.t.Context(), store.ChatAddress{Endpoint: endpoint, Format: string(format), Sealed: box, SetAt: o.clock.Now(), SetBy: "ada"}))
}

// bodies are what a fake chat got.
func (r *receiver) bodies() []string {
	var all []string
	for _, g := range r.all() {
		all = append(all, string(g.body))
	}
	return all
}

// TestAddressesThatPeopleSetAreUsed: in place of those of the directory, from the next message on, for each chat as it takes it; the link opens the form that asks before it
// answers. What is removed is not called again.
func TestAddressesThatPeopleSetAreUsed(t *testing.T) {
	o, keys := newEnvironment(t), sealKeys(t, "k")
	fromFile, own, group := newReceiver(t, nil), newReceiver(t, nil), newReceiver(t, nil)
	var log bytes.Buffer
	d := o.leading(o.dispatcher(map[string]string{"ana": fromFile.URL}, func(d *Deps) {
		d.Keys, d.Log = keys, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}))
	d.drain()
	r := request("Faster checkout")
	o.record(r, reminded("first", "ana", "bo"))
	d.drain()
	require.Len(t, fromFile.all(), 1)
	o.setChat(keys, "person:ana", directory.ChatSlack, own.URL+"/a-secret-path")
	o.setChat(keys, "group:approvers", directory.ChatTeams, group.URL+"/a-secret-path")
	o.record(r, reminded("second", "ana", "bo"))
	d.drain()
	require.Len(t, fromFile.all(), 1, "the one that was set comes first")
	require.Len(t, own.all(), 1)
	require.Len(t, group.all(), 1, "bo is told through the group")
	for chat, body := range map[string]string{"slack": own.bodies()[0], "teams": group.bodies()[0]} {
		require.Contains(t, body, "/requests/", chat)
		require.Contains(t, body, "/answer?question=review%2F1%2Fapprovers", chat)
		require.NotContains(t, body, "verdict=", "%s: the link asks first", chat)
	}
	require.Contains(t, group.bodies()[0], "Action.OpenUrl")

	require.NoError(t, o.store.RemoveChatAddress(t.Context(), "person:ana", "ana", o.clock.Now()))
	require.ErrorIs(t, o.store.RemoveChatAddress(t.Context(), "person:ana", "ana", o.clock.Now()), store.ErrNotFound)
	o.record(r, reminded("third", "ana"))
	d.drain()
	require.Len(t, own.all(), 1)
	require.Len(t, fromFile.all(), 2, "the directory's is used again")

	require.NotContains(t, log.String(), "a-secret-path")
	page, err := o.store.Office(t.Context(), store.OfficeFilter{Kind: store.OfficeChannel})
	require.NoError(t, err)
	require.Len(t, page.Items, 3)
	rows, err := o.store.SealedChats(t.Context())
	require.NoError(t, err)
	listed, err := o.store.ChatAddresses(t.Context(), "")
	require.NoError(t, err)
	require.Empty(t, listed[0].Sealed, "lists do not even have it sealed")
	channels, err := o.store.Channels(t.Context(), Receivers(d.Directory, false), store.ChannelFilter{})
	require.NoError(t, err)
	require.True(t, slices.ContainsFunc(channels.Items, func(c store.Channel) bool { return c.Endpoint == listed[0].Endpoint && c.Format == listed[0].Format }),
		"a chat that was set is listed with its format")
	text, err := json.Marshal([]any{page, rows, listed, channels})
	require.NoError(t, err)
	require.NotContains(t, string(text), "a-secret-path")
}

// TestAKeyThatIsGoneLeavesTheDirectorysAddress, says which endpoint it concerns, and holds nothing up.
func TestAKeyThatIsGoneLeavesTheDirectorysAddress(t *testing.T) {
	o := newEnvironment(t)
	fromFile, own := newReceiver(t, nil), newReceiver(t, nil)
	var log bytes.Buffer
	d := o.leading(o.dispatcher(map[string]string{"ana": fromFile.URL}, func(d *Deps) { d.Keys, d.Log = sealKeys(t, "b"), slog.New(slog.NewTextHandler(&log, nil)) }))
	d.drain()
	o.setChat(sealKeys(t, "a"), "person:ana", directory.ChatSlack, own.URL)
	o.record(request("Lists"), entry("one", "ana"))
	d.drain()
	require.Len(t, fromFile.all(), 1)
	require.Empty(t, own.all())
	require.Contains(t, log.String(), "endpoint=person:ana")
	require.Equal(t, 1, strings.Count(log.String(), "cannot be read"), "once for each change")
}

// TestAPortfoliosRoomHearsWhatIsNotConfidential: also of a request that becomes confidential before its message is sent.
func TestAPortfoliosRoomHearsWhatIsNotConfidential(t *testing.T) {
	o, keys := newEnvironment(t), sealKeys(t, "k")
	room := newReceiver(t, fails(1, http.StatusBadGateway))
	d := o.leading(o.dispatcher(map[string]string{}, func(d *Deps) { d.Keys = keys }))
	d.drain()
	o.setChat(keys, "portfolio:core", directory.ChatMattermost, room.URL)
	d.drain()
	open, secret, later := request("Open lists"), request("Personnel files", confidential), request("Salaries")
	o.record(open, entry("about lists", "rita"))
	o.record(secret, entry("about a person", "rita"))
	d.drain()
	require.Len(t, room.all(), 1, "it failed and waits")
	o.record(later, entry("about pay", "rita"))
	confidential(later)
	o.record(later, entry("now confidential"))
	o.clock.forward(time.Hour)
	d.drain()
	require.Len(t, room.all(), 2)
	require.Contains(t, room.bodies()[1], "Open lists")
	for _, body := range room.bodies() {
		for _, word := range []string{"Personnel", "person", "Salaries", "pay"} {
			require.NotContains(t, body, word)
		}
	}
}

// TestATestTriesAnAddress: it is sent as the chat takes it, one at a time, and what became of it is on the page of channels.
func TestATestTriesAnAddress(t *testing.T) {
	o, keys := newEnvironment(t), sealKeys(t, "k")
	chat := newReceiver(t, nil)
	d := o.leading(o.dispatcher(map[string]string{}, func(d *Deps) { d.Keys = keys }))
	d.drain()
	for i, format := range directory.ChatFormats {
		o.setChat(keys, "person:ana", format, chat.URL)
		n, err := NewTest("person:ana", "ana", "https://pmo.example", o.clock.Now())
		require.NoError(t, err)
		require.NoError(t, o.store.QueueTest(t.Context(), n, "ana"))
		again, err := NewTest("person:ana", "ana", "https://pmo.example", o.clock.Now())
		require.NoError(t, err)
		require.ErrorIs(t, o.store.QueueTest(t.Context(), again, "ana"), store.ErrConflict, "one is on its way")
		d.drain()
		require.Len(t, chat.all(), i+1)
		require.Contains(t, chat.bodies()[i], testText)
		require.ErrorIs(t, o.store.QueueTest(t.Context(), again, "ana"), store.ErrConflict, "one was sent just now")
		o.clock.forward(time.Minute)
	}
	require.Equal(t, int64(len(directory.ChatFormats)), o.channels(store.ChannelFilter{})["person:ana"].Delivered)
	require.Empty(t, fmt.Sprint(o.channels(store.ChannelFilter{Failing: true})["person:ana"].Reason))
}

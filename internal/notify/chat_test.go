package notify

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
	"leanpmo/internal/notice"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// chatBody is what a chat gets of an event, of which the question waits for an answer.
func chatBody(t *testing.T, to Address, e store.Event, d store.NotifyDetail, link string) string {
	t.Helper()
	signed, err := compose(one(e, d), link)
	require.NoError(t, err)
	body, err := bodyFor(to, signed)
	require.NoError(t, err)
	require.Less(t, len(body), maxBody)
	return string(body)
}

func asked() (store.Event, store.NotifyDetail) {
	e := event("Ana is asked to review. @here see [this](https://evil.example) <!channel> **now**")
	e.Title = "Faster <b>checkout</b> @channel"
	return e, store.NotifyDetail{Question: &pmo.Question{ID: "review/1/approvers", Kind: pmo.KindReview, DueAt: day}}
}

// TestEachChatGetsWhatItTakes compares with bodies in testdata that follow what each of them documents.
func TestEachChatGetsWhatItTakes(t *testing.T) {
	e, d := asked()
	for _, format := range directory.ChatFormats {
		t.Run(string(format), func(t *testing.T) {
			body := chatBody(t, Address{Endpoint: "group:approvers", Format: format}, e, d, "https://pmo.example")
			want, err := os.ReadFile(filepath.Join("testdata", "chat", string(format)+".json"))
			require.NoError(t, err)
			require.JSONEq(t, string(want), body)
		})
	}
	_, err := bodyFor(Address{Format: "fax"}, []byte(`{}`))
	require.ErrorContains(t, err, "fax")
	_, err = bodyFor(Address{Format: directory.ChatSlack}, []byte(`{`))
	require.Error(t, err)
}

// TestNobodysTextCallsARoom: a title or reason makes no mention, no link under another name and no markup in a chat.
func TestNobodysTextCallsARoom(t *testing.T) {
	e, d := asked()
	for _, format := range directory.ChatFormats {
		body := chatBody(t, Address{Endpoint: "person:ana", Format: format}, e, d, "https://pmo.example")
		switch format {
		case directory.ChatSlack:
			var m struct{ Text string }
			require.NoError(t, json.Unmarshal([]byte(body), &m))
			require.NotContains(t, m.Text, "<")
		case directory.ChatMattermost:
			require.NotContains(t, body, "@here")
			require.NotContains(t, body, "@channel")
			require.NotContains(t, body, "[this](")
		case directory.ChatMatrix:
			require.NotContains(t, body, "@here")
			var m struct{ HTML string }
			require.NoError(t, json.Unmarshal([]byte(body), &m))
			require.NotContains(t, m.HTML, "<b>")
		case directory.ChatTeams:
			require.NotContains(t, body, `"TextBlock"`, "a text block is read as Markdown")
		}
	}
}

// TestAChatSaysNothingOfAConfidentialRequest: rooms keep messages, so only its number and the link are there.
func TestAChatSaysNothingOfAConfidentialRequest(t *testing.T) {
	e, d := asked()
	d.Confidential = true
	for _, format := range directory.ChatFormats {
		body := chatBody(t, Address{Endpoint: "person:ana", Format: format}, e, d, "https://pmo.example")
		require.Contains(t, body, "R-42: A confidential request")
		require.NotContains(t, body, "checkout")
		require.NotContains(t, body, "review.")
	}
}

func TestAChatMessageIsBounded(t *testing.T) {
	e, d := asked()
	e.Text, e.Title = strings.Repeat("[", 40_000), strings.Repeat("é@", 4000)
	many := one(e, d)
	for range 60 {
		many.about = append(many.about, about{e, d, true})
	}
	for i := range 300 {
		many.to = append(many.to, strings.Repeat("p", 60)+string(rune('a'+i%26)))
	}
	signed, err := compose(many, "https://pmo.example")
	require.NoError(t, err)
	for _, format := range directory.ChatFormats {
		body, err := bodyFor(Address{Endpoint: "group:approvers", Format: format}, signed)
		require.NoError(t, err)
		require.Less(t, len(body), 16_000, "%s", format)
	}
}

// TestAChatHasNoLinkThatLeadsNowhere: without a public address of the product links are relative.
func TestAChatHasNoLinkThatLeadsNowhere(t *testing.T) {
	e, d := asked()
	for _, format := range directory.ChatFormats {
		require.NotContains(t, chatBody(t, Address{Endpoint: "person:ana", Format: format}, e, d, ""), "/requests/")
	}
}

// TestAChatIsCalledWithoutASignature: it takes none, and needs no secret; what it answers counts as with webhooks.
func TestAChatIsCalledWithoutASignature(t *testing.T) {
	r := newReceiver(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		if n == 1 {
			w.Header().Set("Retry-After", "30")
			w.WriteHeader(http.StatusTooManyRequests)
		}
	})
	e, d := asked()
	signed, err := compose(one(e, d), "https://pmo.example")
	require.NoError(t, err)
	to, m := Address{Endpoint: "person:ana", URL: r.URL, Format: directory.ChatSlack}, Message{ID: "msg_1", Body: signed, At: day}
	var failure *Failure
	require.ErrorAs(t, webhook(t, "127.0.0.0/8").Send(t.Context(), to, m), &failure)
	require.Equal(t, 30*time.Second, failure.RetryAfter)
	require.NoError(t, webhook(t, "127.0.0.0/8").Send(t.Context(), to, m))
	require.ErrorAs(t, webhook(t, "").Send(t.Context(), to, m), &failure, "the guard judges chats too")
	seen := r.all()
	require.Len(t, seen, 2)
	require.Equal(t, seen[0].body, seen[1].body, "every attempt has the same body")
	require.Equal(t, "application/json", seen[1].header.Get("Content-Type"))
	require.Empty(t, seen[1].header.Get(headerSignature))
	require.Contains(t, string(seen[1].body), "/requests/R-42/answer?question=review%2F1%2Fapprovers")

	chat := directory.Notify{Webhook: "https://chat.example/hooks/key", Format: directory.ChatTeams}
	require.NotContains(t, chat.String(), "key")
	book, err := directory.Parse([]byte(`
principals:
  - {id: ana, name: Ana, roles: [approver], token: a, notify: {webhook: "https://chat.example/hooks/key", format: teams}}
  - {id: bo, name: Bo, roles: [approver], token: b, notify: {webhook: "https://a.example/"}}
`))
	require.NoError(t, err)
	require.Equal(t, []string{"person:bo"}, Uncovered(book, Secrets{}))
	require.NotEqual(t, Address{URL: "https://a.example/"}.Digest(), Address{URL: "https://a.example/", Format: directory.ChatSlack}.Digest())
}

// TestAChatThatIsDownHoldsNothingUp: messages to it wait and are given up at last; a webhook and another chat get theirs at once.
func TestAChatThatIsDownHoldsNothingUp(t *testing.T) {
	o := newEnvironment(t)
	down, works, signed := newReceiver(t, fails(1000, http.StatusBadGateway)), newReceiver(t, nil), newReceiver(t, nil)
	dispatcher := o.dispatcher(map[string]string{}, func(d *Deps) {
		book, err := directory.Parse([]byte(`
principals:
  - {id: ana, name: Ana, roles: [approver], token: a, notify: {webhook: "` + down.URL + `", format: slack}}
  - {id: bo, name: Bo, roles: [approver], token: b, notify: {webhook: "` + works.URL + `", format: matrix}}
  - {id: rita, name: Rita, roles: [requester], token: r, notify: {webhook: "` + signed.URL + `"}}
groups:
  - {id: approvers, name: Approvers, members: [ana, bo]}
`))
		require.NoError(t, err)
		d.Directory = book
	})
	r := o.leading(dispatcher)
	r.drain()
	about := request("Faster checkout")
	o.record(about, reminded("An answer is asked for", "ana", "bo"), entry("It moved on", "rita"))
	r.drain()
	require.Len(t, works.all(), 1)
	require.Contains(t, string(works.all()[0].body), "Faster checkout")
	require.Equal(t, []string{"It moved on"}, signed.texts())
	for range len(schedule) {
		o.clock.forward(maxRetryAfter)
		r.drain()
	}
	require.Len(t, down.all(), len(schedule), "it is given up after the last attempt")
	require.Len(t, works.all(), 1)
}

// TestAChatSaysTimesInTheZoneOfItsReader by their choice; without one in that of the policy, and the name of the zone is beside the time.
func TestAChatSaysTimesInTheZoneOfItsReader(t *testing.T) {
	e, d := asked()
	o := newEnvironment(t)
	o.choose("ana", notice.Choices{TimeZone: "Asia/Tokyo"})
	choices, err := o.store.NotifyChoices(t.Context(), []string{"ana", "bo"}, nil)
	require.NoError(t, err)
	chosen := chooser{standard: "Europe/Lisbon", chosen: choices}
	for endpoint, want := range map[string]string{KindPerson + ":ana": "17:00 Asia/Tokyo", KindMail + ":ana": "17:00 Asia/Tokyo", KindPerson + ":bo": "08:00 Europe/Lisbon", KindGroup + ":ana": "08:00 Europe/Lisbon"} {
		asked := one(e, d)
		asked.zone = chosen.zoneAt(endpoint)
		signed, err := compose(asked, "https://pmo.example")
		require.NoError(t, err)
		body, err := bodyFor(Address{Endpoint: endpoint, Format: directory.ChatMattermost}, signed)
		require.NoError(t, err)
		require.Contains(t, string(body), "Answer by 1 March 2027, "+want+".", endpoint)
	}
	require.Empty(t, chooser{}.zoneAt(KindPerson+":ana"), "not known: UTC")
	require.Equal(t, time.UTC, Data{TimeZone: "Mars/Olympus"}.Zone())
}

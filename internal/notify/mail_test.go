package notify

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
	"leanpmo/internal/notice"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

// mailbox is a Sender that keeps what it was given, digests apart; answer may refuse.
type mailbox struct {
	mu      sync.Mutex
	tried   int
	mails   []mailed
	digests []mailed
	answer  func(try int, m mailed) error
}

type mailed struct {
	to Address
	Message
	Payload
}

func (b *mailbox) Send(_ context.Context, to Address, m Message) error {
	got := mailed{to: to, Message: m}
	_ = json.Unmarshal(m.Body, &got.Payload)
	b.mu.Lock()
	if got.Data.Digest != nil {
		b.digests = append(b.digests, got)
		b.mu.Unlock()
		return nil
	}
	b.tried++
	try := b.tried
	b.mu.Unlock()
	if b.answer != nil {
		if err := b.answer(try, got); err != nil {
			return err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.mails = append(b.mails, got)
	return nil
}

func (b *mailbox) all() []mailed {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]mailed(nil), b.mails...)
}

// byMail gives ana, bo and rita e-mail addresses, and sends them mails.
func byMail(t *testing.T, b *mailbox, hooks map[string]string) func(*Deps) {
	return func(d *Deps) {
		text := ""
		for _, id := range []string{"ana", "bo", "rita"} {
			text += fmt.Sprintf("  - {id: %s, name: %s, email: %s@example.test, roles: [approver], token: %s, notify: {webhook: %q}}\n", id, id, id, id, hooks[id])
		}
		people, err := directory.Parse([]byte("principals:\n" + text + fmt.Sprintf("groups:\n  - {id: approvers, name: Approvers, members: [ana, bo], notify: {webhook: %q}}\n", hooks["group:approvers"])))
		require.NoError(t, err)
		d.Directory, d.Mail = people, b
	}
}

// atOnce lets people choose that they hear of everything by mail at once, and of nothing in a digest.
func atOnce(o *environment, people ...string) {
	var c notice.Choices
	for _, kind := range notice.Kinds() {
		c = c.Choose(notice.Mail, kind, notice.Now)
	}
	for _, person := range people {
		o.choose(person, c)
	}
}

func TestPeopleWithoutAWebhookGetMails(t *testing.T) {
	o, b, ana, group := newEnvironment(t), &mailbox{}, newReceiver(t, nil), newReceiver(t, nil)
	d := o.leading(o.dispatcher(nil, byMail(t, b, map[string]string{"ana": ana.URL, "group:approvers": group.URL})))
	atOnce(o, "rita")
	o.record(request("Lists"), reminded("please", "ana", "bo"), entry("for you", "rita"))
	d.drain()
	require.Equal(t, []string{"please"}, ana.texts(), "a webhook of their own comes first")
	require.Equal(t, []string{"please"}, group.texts(), "a group is told beside its members' mails")
	var to []string
	for _, m := range b.all() {
		to = append(to, m.to.Endpoint+" "+m.to.Mail)
	}
	require.ElementsMatch(t, []string{"mail:bo bo@example.test", "mail:rita rita@example.test"}, to)
}

func TestAMailOfAConfidentialRequestIsJudgedWhenSent(t *testing.T) {
	o, b := newEnvironment(t), &mailbox{}
	b.answer = func(try int, _ mailed) error {
		if try <= 2 {
			return &Failure{Reason: "the mail server answered 451"}
		}
		return nil
	}
	d := o.leading(o.dispatcher(nil, byMail(t, b, nil)))
	atOnce(o, "bo", "rita")
	r := request("A new desk", func(r *pmo.Request) { r.Questions[0].People = []string{"ana"} })
	o.record(r, entry("about a desk", "rita", "bo"))
	d.drain()
	require.Empty(t, b.all())
	confidential(r)
	o.record(r, entry("now confidential"))
	o.clock.forward(time.Hour)
	d.drain()
	require.Len(t, b.all(), 1)
	require.Equal(t, "rita@example.test", b.all()[0].to.Mail)
	require.NotContains(t, string(b.all()[0].Body), "desk")
}

// TestARefusedMailIsDeadAndABouncedAddressIsDisabled: the first reason is of one mail, the second of all to the address until it changes.
func TestARefusedMailIsDeadAndABouncedAddressIsDisabled(t *testing.T) {
	o, b := newEnvironment(t), &mailbox{}
	b.answer = func(_ int, m mailed) error {
		switch {
		case m.Data.Text == "too long":
			return &Failure{Reason: "refused by the mail server: 554", Final: true}
		case m.to.Endpoint == "mail:bo":
			return &Failure{Reason: "refused by the mail server: 550", Final: true, Gone: true}
		}
		return nil
	}
	d := o.leading(o.dispatcher(nil, byMail(t, b, nil)))
	atOnce(o, "ana", "bo")
	r := request("Lists")
	o.record(r, entry("too long", "ana"), entry("next", "ana", "bo"), entry("after", "bo"))
	d.drain()
	require.Len(t, b.all(), 1)
	require.Equal(t, "next", b.all()[0].Data.Text)
	o.record(r, entry("later", "bo"))
	d.drain()
	require.Equal(t, 3, b.tried, "nothing more is tried at the address that bounced")
	status, err := o.store.NotifyStatus(t.Context())
	require.NoError(t, err)
	require.Equal(t, 5, status.Dead, "four messages and the digest of bo")
	i := len(status.Endpoints) - 1
	require.Equal(t, "mail:bo", status.Endpoints[i].ID)
	require.NotNil(t, status.Endpoints[i].Disabled)
	require.Equal(t, "refused by the mail server: 550", status.Endpoints[i].Reason)
}

// TestNobodyGetsMailsOfAKindTheyUnsubscribedFrom, apart from what asks them for an answer; somebody else gets them as before.
func TestNobodyGetsMailsOfAKindTheyUnsubscribedFrom(t *testing.T) {
	o, b := newEnvironment(t), &mailbox{}
	d := o.leading(o.dispatcher(nil, byMail(t, b, nil)))
	atOnce(o, "ana", "bo")
	token, err := o.store.MailToken(t.Context(), "ana", notice.Course)
	require.NoError(t, err)
	again, err := o.store.MailToken(t.Context(), "ana", notice.Course)
	require.NoError(t, err)
	require.Equal(t, token, again, "every mail of the kind has the same link")
	for range 2 {
		link, err := o.store.SetUnsubscribed(t.Context(), token, true, day)
		require.NoError(t, err)
		require.Equal(t, store.MailLink{Person: "ana", Kind: notice.Course, Unsubscribed: true}, link)
	}
	_, err = o.store.SetUnsubscribed(t.Context(), "unknown", true, day)
	require.ErrorIs(t, err, store.ErrNotFound)
	r := request("Lists")
	o.record(r, entry("news", "ana", "bo"), reminded("please", "ana"), pmo.Entry{Event: pmo.EventCommented, Text: "a word", Recipients: []string{"ana"}})
	d.drain()
	heard := func() (all []string) {
		for _, m := range b.all() {
			all = append(all, m.to.Endpoint+" "+m.Data.Text)
		}
		return all
	}
	require.ElementsMatch(t, []string{"mail:bo news", "mail:ana please", "mail:ana a word"}, heard())
	chosen, err := o.store.NotificationChoices(t.Context(), "ana")
	require.NoError(t, err)
	require.Equal(t, notice.Never, chosen.Choices.Chosen(notice.Mail, notice.Course), "the page of one's own choices shows it")
	link, err := o.store.SetUnsubscribed(t.Context(), token, false, day)
	require.NoError(t, err)
	require.False(t, link.Unsubscribed)
	chosen, err = o.store.NotificationChoices(t.Context(), "ana")
	require.NoError(t, err)
	require.Empty(t, chosen.Choices.Chosen(notice.Mail, notice.Course), "the policy's table says it again")
	require.Equal(t, notice.Now, chosen.Choices.Chosen(notice.Mail, notice.Work), "the other choices stay")
}

// TestTheDigestGoesByMail once a day, until its recipient unsubscribes from it by the link in it.
func TestTheDigestGoesByMail(t *testing.T) {
	o, b := newEnvironment(t), &mailbox{}
	d := o.leading(o.dispatcher(nil, byMail(t, b, nil)))
	o.record(request("Lists"), reminded("please", "ana"))
	d.drain()
	o.clock.forward(time.Hour)
	d.drain()
	require.Len(t, b.digests, 2, "of ana, who is asked, and of bo, who is asked too")
	i := slices.IndexFunc(b.digests, func(m mailed) bool { return m.to.Endpoint == "mail:ana" })
	require.GreaterOrEqual(t, i, 0)
	require.Len(t, b.digests[i].Data.Digest.Waiting, 1)
	require.Equal(t, notice.Digests, b.digests[i].MailKind())
	token, err := o.store.MailToken(t.Context(), "ana", notice.Digests)
	require.NoError(t, err)
	_, err = o.store.SetUnsubscribed(t.Context(), token, true, o.clock.Now())
	require.NoError(t, err)
	o.clock.forward(24 * time.Hour)
	d.drain()
	require.Len(t, b.digests, 3, "bo's alone")
	require.Equal(t, "mail:bo", b.digests[2].to.Endpoint)
}

func TestTheLanguageOfAPersonIsKept(t *testing.T) {
	o := newEnvironment(t)
	for _, lang := range []string{"", "en", "de"} {
		got, err := o.store.Language(t.Context(), "ana")
		require.NoError(t, err)
		require.Equal(t, map[string]string{"": "", "en": "", "de": "en"}[lang], got)
		if lang != "" {
			require.NoError(t, o.store.KeepLanguage(t.Context(), "ana", lang))
		}
	}
}

// TestADeadMailServerHoldsUpNoWebhook: more mails than fit in a page hang, and a webhook queued after them is sent at once.
func TestADeadMailServerHoldsUpNoWebhook(t *testing.T) {
	const many = 2 * pageSize
	o, hook := newEnvironment(t), newReceiver(t, nil)
	release := make(chan struct{})
	b := &mailbox{answer: func(int, mailed) error { <-release; return &Failure{Reason: "no answer in time"} }}
	d := o.leading(o.dispatcher(nil, crowd(t, b, many, hook.URL)))
	t.Cleanup(d.inFlight.all.Wait)
	t.Cleanup(func() { close(release) })
	o.record(request("Everybody"), entry("to all", ids(many)...))
	o.clock.forward(time.Second)
	o.record(request("Later"), entry("to the webhook", "hook"))
	pass := func() {
		_, err := d.pass(t.Context(), context.WithoutCancel(t.Context()), d.lead)
		require.NoError(t, err)
	}
	pass()
	require.Eventually(t, func() bool { pass(); return len(hook.texts()) == 1 }, testkit.Patience, 20*time.Millisecond)
	b.mu.Lock()
	defer b.mu.Unlock()
	require.Equal(t, maxMails, b.tried)
}

// crowd is a directory of so many people with e-mail addresses, and one with a webhook.
func crowd(t *testing.T, b *mailbox, n int, hook string) func(*Deps) {
	return func(d *Deps) {
		var text strings.Builder
		text.WriteString("principals:\n  - {id: hook, name: Hook, roles: [approver], token: hook, notify: {webhook: \"" + hook + "\"}}\n")
		for _, id := range ids(n) {
			fmt.Fprintf(&text, "  - {id: %s, name: %s, email: %s@example.test, roles: [requester], token: %s}\n", id, id, id, id)
		}
		people, err := directory.Parse([]byte(text.String()))
		require.NoError(t, err)
		d.Directory, d.Mail = people, b
	}
}

func ids(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("p%05d", i)
	}
	return all
}

// TestMailsAreSentAtTheirRate: those beyond it wait, which counts as no attempt.
func TestMailsAreSentAtTheirRate(t *testing.T) {
	o, b := newEnvironment(t), &mailbox{}
	d := o.leading(o.dispatcher(nil, crowd(t, b, 20, ""), func(d *Deps) { d.MailsPerMinute = 120 }))
	o.record(request("Everybody"), entry("to all", ids(20)...))
	pass := func() {
		for range 3 {
			_, err := d.pass(t.Context(), t.Context(), d.lead)
			require.NoError(t, err)
			d.inFlight.all.Wait()
		}
	}
	for second := range 5 {
		pass()
		require.Len(t, b.all(), 2*(second+1))
		o.clock.forward(time.Second)
	}
	status, err := o.store.NotifyStatus(t.Context())
	require.NoError(t, err)
	require.Equal(t, 10, status.Pending)
	due, err := o.store.DueNotifications(t.Context(), o.clock.Now(), nil, 4, 100)
	require.NoError(t, err)
	for _, n := range due {
		require.Zero(t, n.Attempts)
	}
}

// TestFiveHundredRecipientsOfOneEventHearOnceEach, within the bounds of what is under way at once.
func TestFiveHundredRecipientsOfOneEventHearOnceEach(t *testing.T) {
	const many = 500
	o := newEnvironment(t)
	var mu sync.Mutex
	now, most := 0, 0
	b := &mailbox{answer: func(int, mailed) error {
		mu.Lock()
		now++
		most = max(most, now)
		mu.Unlock()
		time.Sleep(time.Millisecond)
		mu.Lock()
		now--
		mu.Unlock()
		return nil
	}}
	d := o.leading(o.dispatcher(nil, crowd(t, b, many, "")))
	o.record(request("Everybody"), entry("to all", ids(many)...))
	d.drain()
	heard := map[string]int{}
	for _, m := range b.all() {
		heard[m.to.Mail]++
	}
	require.Len(t, heard, many)
	require.Len(t, b.all(), many)
	require.LessOrEqual(t, most, maxMails)
}

// notifications is how many messages the test of a failing channel sends; `make bench-notify` gives 10,000, which takes minutes.
var notifications = flag.Int("notifications", 600, "how many messages go through a channel that fails half the time")

// TestNothingIsLostThroughAChannelThatFailsHalfTheTime: none is lost; of those that come twice, the id is the same; those of one request
// to one person come in order.
func TestNothingIsLostThroughAChannelThatFailsHalfTheTime(t *testing.T) {
	const people, perBatch = 200, 200
	messages := *notifications
	o := newEnvironment(t)
	var mu sync.Mutex
	chance := rand.New(rand.NewPCG(1, 2))
	accepted := map[string]int{} // by id
	inLane := map[string][]int64{}
	b := &mailbox{answer: func(_ int, m mailed) error {
		mu.Lock()
		defer mu.Unlock()
		outcome := chance.IntN(4)
		if outcome == 0 {
			return &Failure{Reason: "the mail server answered 451"}
		}
		if accepted[m.ID]++; accepted[m.ID] == 1 {
			position, err := strconv.ParseInt(m.Data.Text, 10, 64)
			require.NoError(t, err)
			lane := m.Data.Request.ID + m.to.Endpoint
			inLane[lane] = append(inLane[lane], position)
		}
		if outcome == 1 { // it was accepted, and the sender does not learn it
			return &Failure{Reason: "the connection to the mail server failed"}
		}
		return nil
	}}
	d := o.leading(o.dispatcher(nil, func(d *Deps) { d.Directory, d.Sender = hooked(t, people), b }))
	queueMany(t, o, d, messages, people, perBatch)
	began := time.Now()
	for open := messages; open > 0; o.clock.forward(24 * time.Hour) { // whatever failed is due again
		d.drain()
		var err error
		open, _, err = o.store.NotifyBacklog(t.Context())
		require.NoError(t, err)
	}
	t.Logf("%d attempts, %.1f s", b.tried, time.Since(began).Seconds())
	require.Equal(t, messages, len(accepted)+notAccepted(t, o, accepted), "none is lost")
	for lane, positions := range inLane {
		require.IsIncreasing(t, append([]int64{-1}, positions...), lane)
	}
}

// hooked is a directory of so many people with webhooks.
func hooked(t *testing.T, n int) *directory.Directory {
	t.Helper()
	var text strings.Builder
	text.WriteString("principals:\n")
	for _, id := range ids(n) {
		fmt.Fprintf(&text, "  - {id: %s, name: %s, roles: [requester], token: %s, notify: {webhook: \"https://%s.example/\"}}\n", id, id, id, id)
	}
	people, err := directory.Parse([]byte(text.String()))
	require.NoError(t, err)
	return people
}

// notAccepted counts the dead messages that no attempt brought through: ten tries in a row failed.
func notAccepted(t *testing.T, o *environment, accepted map[string]int) int {
	t.Helper()
	dead, err := o.store.DeadNotifications(t.Context(), "", 10_000)
	require.NoError(t, err)
	n := 0
	for _, m := range dead {
		if accepted[m.ID] == 0 {
			n++
		}
	}
	return n
}

// queueMany stores messages as collect does: to each of the people, of 20 requests, in order.
func queueMany(t *testing.T, o *environment, d *leader, messages, people, perBatch int) {
	t.Helper()
	requests := make([]string, 20)
	for i := range requests {
		requests[i] = uuid.NewString()
	}
	all := ids(people)
	for first := 0; first < messages; first += perBatch {
		var batch []store.Notification
		for i := first; i < min(first+perBatch, messages); i++ {
			request := requests[i/people%len(requests)]
			body, err := json.Marshal(Payload{Type: "request.stage_entered", Timestamp: day, Data: Data{Event: pmo.EventStage, Text: fmt.Sprint(i), Request: Subject{ID: request}}})
			require.NoError(t, err)
			batch = append(batch, store.Notification{ID: fmt.Sprint("msg_", i), Request: request, Endpoint: KindPerson + ":" + all[i%people], Event: pmo.EventStage, At: day, Body: string(body)})
		}
		require.NoError(t, o.store.QueueNotifications(t.Context(), d.lead, d.lead.Cursor, batch, day))
	}
}

package notify

import (
	"context"

	"leanpmo/internal/store"
)

// collect turns the next page of the feed into messages. The messages and the new feed cursor are stored in one transaction. Journal
// lines are written before it, so after a crash a line may be written twice but is never lost.
func (d *Dispatcher) collect(ctx context.Context, lead *store.NotifyLead) (more bool, err error) {
	page, err := d.Store.Events(ctx, store.View{SeesAll: true, Cursor: lead.Cursor, Limit: pageSize})
	if err != nil || page.Next == lead.Cursor {
		return false, err
	}
	full := len(page.Items) == pageSize
	if n := d.settled(page.Items, full); n < len(page.Items) {
		if n == 0 {
			return false, nil
		}
		page.Items, page.Next, full = page.Items[:n], page.Items[n-1].Cursor, false
	}
	messages, lines, err := d.buildMessages(ctx, page.Items)
	if err != nil {
		return false, err
	}
	if len(lines) > 0 {
		if err := d.Journal.write(lines); err != nil {
			return false, err
		}
	}
	return full, d.Store.QueueNotifications(ctx, lead, page.Next, messages, d.Now())
}

// buildMessages makes the messages and journal lines of some events, in the order of the events.
func (d *Dispatcher) buildMessages(ctx context.Context, events []store.Event) (messages []store.Notification, lines []line, err error) {
	var addressed []store.Event
	for _, e := range events {
		if len(e.Recipients) > 0 {
			addressed = append(addressed, e)
		}
	}
	if len(addressed) == 0 || !d.hasReceivers() {
		return nil, nil, nil
	}
	details, err := d.Store.NotifyDetails(ctx, addressed, asksForAnswer)
	if err != nil {
		return nil, nil, err
	}
	d.addDesks(addressed, details)
	if err := d.addDelegates(ctx, addressed, details); err != nil {
		return nil, nil, err
	}
	c, err := d.chooser(ctx, addressed)
	if err != nil {
		return nil, nil, err
	}
	return d.encodeMessages(d.gather(addressed, details, c))
}

// hasReceivers reports whether there is any webhook, mail server, chat or journal. Without one the cursor still moves on: somebody who gets an address
// later is notified only of later events.
func (d *Dispatcher) hasReceivers() bool {
	return d.Journal != nil || d.Mail != nil || len(d.Directory.Webhooks()) > 0 || d.addresses.stored.any()
}

// gather puts the events of one moment into one message for each endpoint and, with a journal, for each recipient without an address. The
// messages are in the order of the moments; of one moment, those to people who can answer are first.
func (d *Dispatcher) gather(events []store.Event, details map[int64]store.NotifyDetail, c chooser) []*told {
	type place struct {
		moment   int
		endpoint string
	}
	var all []*told
	found := map[place]*told{}
	for i, start := range startsOf(events, d.moment) {
		detail, known := details[events[i].Position]
		a := about{events[i], detail, known}
		chosen, unreachable := c.choose(a, d.addresses.mayRead(a.Event, detail, known))
		if d.Journal != nil {
			for _, person := range unreachable {
				chosen = append(chosen, addressed{envelope: envelope{Address: Address{Endpoint: KindPerson + ":" + person}, To: []string{person}}})
			}
		}
		for _, room := range d.addresses.portfolioRoom(a) { // a room of its own choosing: the table is of people
			chosen = append(chosen, addressed{envelope: room})
		}
		for _, to := range chosen {
			at := place{start, to.Endpoint}
			if found[at] == nil {
				found[at] = &told{Address: to.Address, moment: start, notBefore: to.at, zone: c.zoneAt(to.Endpoint), journal: !to.known()}
				all = append(all, found[at])
			}
			found[at].add(to, a)
		}
	}
	actFirst(all)
	return all
}

// encodeMessages makes the messages, and the lines of the journal.
func (d *Dispatcher) encodeMessages(all []*told) (messages []store.Notification, lines []line, err error) {
	for _, t := range all {
		body, err := compose(t, d.Link)
		if err != nil {
			return nil, nil, err
		}
		first := t.about[0].Event // the id does not depend on how much else belongs to the moment
		if t.journal {
			lines = append(lines, line{ID: messageID(first, t.Endpoint), Endpoint: t.Endpoint, Message: body})
			continue
		}
		main := t.main()
		messages = append(messages, store.Notification{ID: messageID(first, t.Endpoint), Request: main.RequestID, Endpoint: t.Endpoint,
			Digest: t.Digest(), Event: main.Entry.Event, At: main.At, Body: string(body), NotBefore: t.notBefore})
	}
	return messages, lines, nil
}

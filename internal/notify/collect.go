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
	messages, lines, err := d.buildMessages(ctx, page.Items)
	if err != nil {
		return false, err
	}
	if len(lines) > 0 {
		if err := d.Journal.write(lines); err != nil {
			return false, err
		}
	}
	return len(page.Items) == pageSize, d.Store.QueueNotifications(ctx, lead, page.Next, messages, d.Now())
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
	if err := d.addDelegates(ctx, addressed, details); err != nil {
		return nil, nil, err
	}
	for _, e := range addressed {
		detail, known := details[e.Position]
		if err := d.addMessages(e, detail, known, &messages, &lines); err != nil {
			return nil, nil, err
		}
	}
	return messages, lines, nil
}

// hasReceivers reports whether there is any webhook or journal. Without one the cursor still moves on: somebody who gets an address
// later is notified only of later events.
func (d *Dispatcher) hasReceivers() bool { return d.Journal != nil || len(d.Directory.Webhooks()) > 0 }

// addMessages appends one message for each endpoint of an event and, with a journal, one line for each recipient without an address.
func (d *Dispatcher) addMessages(e store.Event, detail store.NotifyDetail, known bool, messages *[]store.Notification, lines *[]line) error {
	envelopes, unreachable := d.addresses.route(e.Recipients, groupOf(e.Question), d.addresses.mayRead(e, detail, known))
	for _, to := range envelopes {
		body, err := compose(e, detail, known, to.To, d.Link)
		if err != nil {
			return err
		}
		*messages = append(*messages, store.Notification{ID: messageID(e, to.Endpoint), Request: e.RequestID, Endpoint: to.Endpoint,
			Digest: to.Digest(), Event: e.Entry.Event, At: e.At, Body: string(body)})
	}
	if d.Journal == nil {
		return nil
	}
	for _, person := range unreachable {
		body, err := compose(e, detail, known, []string{person}, d.Link)
		if err != nil {
			return err
		}
		endpoint := kindPerson + ":" + person
		*lines = append(*lines, line{ID: messageID(e, endpoint), Endpoint: endpoint, Message: body})
	}
	return nil
}

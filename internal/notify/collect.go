package notify

import (
	"context"

	"leanpmo/internal/store"
)

// collect turns the next page of the feed into messages. The messages and the new place in the feed are kept together or not at
// all; lines of the journal are written before, so that a crash may write them twice and never loses one.
func (d *Dispatcher) collect(ctx context.Context, lead *store.NotifyLead) (more bool, err error) {
	page, err := d.Store.Events(ctx, store.View{SeesAll: true, Cursor: lead.Cursor, Limit: batch})
	if err != nil || page.Next == lead.Cursor {
		return false, err
	}
	messages, lines, err := d.write(ctx, page.Items)
	if err != nil {
		return false, err
	}
	if len(lines) > 0 {
		if err := d.Journal.write(lines); err != nil {
			return false, err
		}
	}
	return len(page.Items) == batch, d.Store.QueueNotifications(ctx, lead, page.Next, messages, d.Now())
}

// write makes the messages of some events, in their order.
func (d *Dispatcher) write(ctx context.Context, events []store.Event) (messages []store.Notification, lines []line, err error) {
	var told []store.Event
	for _, e := range events {
		if len(e.Recipients) > 0 {
			told = append(told, e)
		}
	}
	if len(told) == 0 || !d.anybody() {
		return nil, nil, nil
	}
	details, err := d.Store.NotifyDetails(ctx, told, asks)
	if err != nil {
		return nil, nil, err
	}
	for _, e := range told {
		detail, known := details[e.Position]
		if err := d.writeOne(e, detail, known, &messages, &lines); err != nil {
			return nil, nil, err
		}
	}
	return messages, lines, nil
}

// anybody tells whether anybody can be told at all. Without addresses the feed is passed all the same: who gets one later is told
// of what happens then.
func (d *Dispatcher) anybody() bool { return d.Journal != nil || len(d.Directory.Webhooks()) > 0 }

func (d *Dispatcher) writeOne(e store.Event, detail store.NotifyDetail, known bool, messages *[]store.Notification, lines *[]line) error {
	envelopes, rest := d.addresses.route(e.Recipients, groupOf(e.Question), d.addresses.mayRead(e, detail, known))
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
	for _, person := range rest {
		body, err := compose(e, detail, known, []string{person}, d.Link)
		if err != nil {
			return err
		}
		endpoint := kindPerson + ":" + person
		*lines = append(*lines, line{ID: messageID(e, endpoint), Endpoint: endpoint, Message: body})
	}
	return nil
}

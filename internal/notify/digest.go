package notify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/access"
	"leanpmo/internal/directory"
	"leanpmo/internal/notice"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

const (
	// eventDigest is the event of messages with the digest of a day; no entry of a ledger has it.
	eventDigest = "digest"
	// digestsEvery is how often due digests are searched, and digestsAtOnce how many of them are made in one pass, so that messages do not wait for digests.
	digestsEvery  = time.Minute
	digestsAtOnce = 50
	// longestSince is how far back a digest looks for changes, and firstSince how far the first one does.
	longestSince = 31 * 24 * time.Hour
	firstSince   = 24 * time.Hour
)

// digests makes the digests that are due. A person gets one a day at most, also when the leader changes: the day is stored with the message.
func (d *Dispatcher) digests(ctx context.Context, term int64) error {
	now := d.Now()
	if now.Sub(d.digestsAt) < digestsEvery {
		return nil
	}
	d.digestsAt = now
	var people []string
	for _, p := range d.Directory.Principals() {
		if p.Person() && d.addresses.reaches(p.ID) {
			people = append(people, p.ID)
		}
	}
	if len(people) == 0 {
		return nil
	}
	c := chooser{addresses: d.addresses, now: now}
	c.table, c.standard = d.rules()
	var err error
	if c.chosen, err = d.Store.NotifyChoices(ctx, people, nil); err != nil {
		return err
	}
	last, err := d.Store.LastDigests(ctx, people)
	if err != nil {
		return err
	}
	made := 0
	for _, person := range people {
		day, due := c.chosen.Of(person).DigestDue(now, c.standard, last[person].Day)
		endpoint, wanted := c.digestEndpoint(person)
		if !due || !wanted {
			continue
		}
		if made++; made > digestsAtOnce {
			d.digestsAt = time.Time{} // the next ones at the next pass
			return nil
		}
		err := d.makeDigest(ctx, term, c, person, endpoint, day, last[person].At)
		if errors.Is(err, store.ErrNotLeading) {
			return err
		}
		if err != nil { // it holds up nothing else, and is made a minute later
			d.Log.WarnContext(ctx, "a digest is not made", "person", person, "cause", err)
		}
	}
	return nil
}

// digestEndpoint is where the digest of a person goes: by mail, else to their chat when they chose, or the table says, that chats have something in it.
func (c chooser) digestEndpoint(person string) (endpoint string, wanted bool) {
	mail, chat := KindMail+":"+person, KindPerson+":"+person
	if _, reached := c.addresses.find(mail); reached {
		return mail, true
	}
	_, reached := c.addresses.find(chat)
	inChat := slices.ContainsFunc(c.table, func(r notice.Row) bool { return r.Channel == notice.Chat && r.Urgency == notice.Digest }) ||
		slices.ContainsFunc(c.chosen.Of(person).Channels, func(o notice.Choice) bool { return o.Channel == notice.Chat && o.Urgency == notice.Digest })
	return chat, reached && inChat
}

// makeDigest queues the digest of a person; when there is nothing to say, the day alone is noted.
func (d *Dispatcher) makeDigest(ctx context.Context, term int64, c chooser, person, endpoint string, day pmo.Date, last time.Time) error {
	since := last
	if since.IsZero() {
		since = c.now.Add(-firstSince)
	}
	digest, err := d.digestOf(ctx, c, person, later(since, c.now.Add(-longestSince)))
	if err != nil {
		return err
	}
	if digest.empty() {
		return d.Store.QueueDigest(ctx, term, person, day, nil, c.now)
	}
	digest.Day = day
	body, err := encodeDigest(Payload{Type: eventDigest, Timestamp: c.now, Data: Data{To: []string{person}, Event: eventDigest, Digest: &digest, TimeZone: c.zoneAt(endpoint), Links: Links{Page: d.Link + "/inbox"}}})
	if err != nil {
		return err
	}
	to, _ := d.addresses.find(endpoint)
	sum := sha256.Sum256([]byte(eventDigest + "\n" + endpoint + "\n" + string(day)))
	message := store.Notification{ID: "msg_" + hex.EncodeToString(sum[:16]), Request: store.NoRequest, Endpoint: endpoint, Digest: to.Digest(), Event: eventDigest, At: c.now, Body: string(body)}
	return d.Store.QueueDigest(ctx, term, person, day, &message, c.now)
}

// encodeDigest encodes the body with the text of the digest, halving what its lines say until the body fits.
func encodeDigest(p Payload) ([]byte, error) {
	for limit := maxDigestText; ; limit /= 2 {
		for _, part := range p.Data.Digest.parts() {
			for i := range *part {
				l := &(*part)[i]
				l.Request.Title, l.Text = pmo.Truncate(l.Request.Title, limit), pmo.Truncate(l.Text, limit)
			}
		}
		p.Data.Text = strings.Join(p.Data.Digest.lines(p.Data.Zone()), "\n")
		body, err := encode(p)
		if err != nil || len(body) < maxBody || limit == 0 {
			return body, err
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// viewOf is what a person may read now.
func (d *Dispatcher) viewOf(ctx context.Context, p directory.Principal) (store.View, error) {
	standing, err := d.Store.Standing(ctx, p.ID, nil, d.Now())
	return store.View{Viewer: p.ID, ActsFor: standing.ActsFor, SeesAll: access.SeesAll(p.Actor()), Limit: pageSize}, err
}

var errNothingLeft = errors.New("the recipient may no longer read anything of the digest")

// digestAsReadable is a stored digest as its recipient may read it now: requests may have become confidential since it was made.
func (d *Dispatcher) digestAsReadable(ctx context.Context, n store.DueNotification) (body []byte, refused error) {
	var p Payload
	if err := json.Unmarshal([]byte(n.Body), &p); err != nil || p.Data.Digest == nil {
		return nil, errUnreadable
	}
	_, person, _ := strings.Cut(n.Endpoint, ":")
	principal, _ := d.Directory.Principal(person)
	v, err := d.viewOf(ctx, principal)
	if err == nil {
		err = d.keepReadable(ctx, v, p.Data.Digest)
	}
	switch {
	case err != nil:
		d.Log.WarnContext(ctx, "a digest is not sent", "cause", err)
		return nil, fmt.Errorf("who may read the digest could not be found out: %w", errUnreadable)
	case p.Data.Digest.empty():
		return nil, errNothingLeft
	}
	if body, err = encodeDigest(p); err != nil {
		return nil, errUnreadable
	}
	return body, nil
}

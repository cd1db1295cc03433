package notify

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

const (
	// mostDigestLines bounds each part of a digest; it says how many more there are.
	mostDigestLines = 10
	// maxDigestText bounds the text of a line, in bytes.
	maxDigestText = 300
	// leastChatLine is what each line of a digest has in a chat at least, in bytes: all of them fit into a block of Slack.
	leastChatLine = 60
	// digestReads is how many questions and own requests a digest looks at.
	digestReads = 200
)

// DayDigest is what a person has to know of a day: what waits on them, what is late, and what changed that no message told them of. The counts
// say how many lines are left out, of those that were looked at.
type DayDigest struct {
	Day         pmo.Date     `json:"day"` // in the person's time zone
	Waiting     []DigestLine `json:"waiting,omitempty"`
	MoreWaiting int          `json:"more_waiting,omitempty"`
	Late        []DigestLine `json:"late,omitempty"`
	MoreLate    int          `json:"more_late,omitempty"`
	Changed     []DigestLine `json:"changed,omitempty"`
	MoreChanged int          `json:"more_changed,omitempty"`
}

// DigestLine is one line about one request. Of a confidential request it has the number alone.
type DigestLine struct {
	Request Subject   `json:"request"`
	Text    string    `json:"text,omitempty"`
	DueAt   time.Time `json:"due_at,omitzero"`
	Page    string    `json:"page"` // of the request, or the form that answers the question; opening it changes nothing
}

func (g *DayDigest) empty() bool { return len(g.Waiting)+len(g.Late)+len(g.Changed) == 0 }

// parts are the lists of a digest, which are changed in place.
func (g *DayDigest) parts() []*[]DigestLine {
	return []*[]DigestLine{&g.Waiting, &g.Late, &g.Changed}
}

// lines say the digest in words, with times in a zone.
func (g *DayDigest) lines(zone *time.Location) []string {
	var lines []string
	for _, part := range []struct {
		heading string
		lines   []DigestLine
		more    int
	}{{"Waits on you:", g.Waiting, g.MoreWaiting}, {"Late:", g.Late, g.MoreLate}, {"Changed:", g.Changed, g.MoreChanged}} {
		if len(part.lines) == 0 {
			continue
		}
		lines = append(lines, part.heading)
		for _, l := range part.lines {
			lines = append(lines, l.words(zone))
		}
		if part.more > 0 {
			lines = append(lines, fmt.Sprintf("and %d more", part.more))
		}
	}
	return lines
}

func (l DigestLine) words(zone *time.Location) string {
	name := l.Request.Title
	if l.Request.Confidential {
		name = "a confidential request"
	}
	text := "- " + strings.TrimSpace(l.Request.Ref+" "+name)
	if l.Text != "" {
		text += ": " + l.Text
	}
	if !l.DueAt.IsZero() {
		text += " (due " + sayTime(l.DueAt, zone) + ")"
	}
	return text
}

// digestChat is a digest as chats show it.
func digestChat(d Data) chatMessage {
	c := chatMessage{Heading: "Your digest of " + string(d.Digest.Day), Lines: d.Digest.lines(d.Zone()), Label: "Open the inbox"}
	for i := range c.Lines {
		c.Lines[i] = pmo.Truncate(c.Lines[i], max(leastChatLine, maxChatText/len(c.Lines)))
	}
	c.Page = Absolute(d.Links.Page)
	return c
}

// digestOf is what a person has to know since a time.
func (d *Dispatcher) digestOf(ctx context.Context, c chooser, person string, since time.Time) (DayDigest, error) {
	var g DayDigest
	p, _ := d.Directory.Principal(person)
	v, err := d.viewOf(ctx, p)
	if err != nil {
		return g, err
	}
	inbox, err := d.Store.Inbox(ctx, person, c.now, digestReads, "")
	if err != nil {
		return g, err
	}
	for _, i := range inbox.Items {
		candidate := access.Candidate{Actor: p.Actor(), ActsFor: v.ActsFor, For: i.For}
		seats := access.Seats{Kind: i.Question.Kind, Asked: i.Question.Seats(), Requester: i.Requester, SubmittedBy: i.SubmittedBy}
		if !access.Eligible(candidate, seats).Allowed {
			continue
		}
		l := d.digestLine(i.RequestID, i.Number, i.Title, i.Question.Text)
		l.DueAt, l.Page = i.Question.DueAt, answerPage(l.Page, i.Question.ID)
		g.Waiting = append(g.Waiting, l)
		if i.Question.DueAt.Before(c.now) {
			l.Text = "your answer is overdue"
			g.Late = append(g.Late, l)
		}
	}
	own, err := d.Store.List(ctx, store.Filter{Requester: person, Sort: store.SortAge, Limit: digestReads, Viewer: person, ActsFor: v.ActsFor, SeesAll: v.SeesAll})
	if err != nil {
		return g, err
	}
	for _, i := range own.Items {
		if _, late := i.Overdue(c.now, d.zoneOf(i.Portfolio)); late {
			g.Late = append(g.Late, d.digestLine(i.ID, i.Number, i.Title, "wanted by "+string(i.WantedBy)))
		}
	}
	if g.Changed, err = d.digestChanges(ctx, c, person, v, since); err != nil {
		return g, err
	}
	if err := d.keepReadable(ctx, v, &g); err != nil {
		return g, err
	}
	g.shorten()
	return g, nil
}

// zoneOf is the time zone in which a portfolio's days are; UTC while no policy is known.
func (d *Dispatcher) zoneOf(portfolio string) *time.Location {
	if d.Policy != nil {
		if p := d.Policy.Now(); p != nil {
			return p.Calendar(portfolio).Location()
		}
	}
	return time.UTC
}

// shorten leaves the first lines of each part, and says how many more there are.
func (g *DayDigest) shorten() {
	for i, more := range []*int{&g.MoreWaiting, &g.MoreLate, &g.MoreChanged} {
		part := g.parts()[i]
		*more = max(0, len(*part)-mostDigestLines)
		*part = (*part)[:len(*part)-*more]
	}
}

// digestChanges are the latest entries of the requests of which something happened that the table and the person leave to the digest.
func (d *Dispatcher) digestChanges(ctx context.Context, c chooser, person string, v store.View, since time.Time) ([]DigestLine, error) {
	events, _, err := d.Store.Changes(ctx, v, since)
	if err != nil || len(events) == 0 {
		return nil, err
	}
	details, err := d.Store.NotifyDetails(ctx, events, asksForAnswer)
	if err != nil {
		return nil, err
	}
	var requests []string
	for i := range events {
		requests = append(requests, events[i].RequestID)
	}
	if c.chosen, err = d.Store.NotifyChoices(ctx, []string{person}, requests); err != nil {
		return nil, err
	}
	envelopes, _ := c.addresses.route([]string{person}, "", func(string) bool { return true })
	var lines []DigestLine
	var seen []string
	for i := range events {
		e := events[i]
		detail, known := details[e.Position]
		a := about{e, detail, known}
		if slices.Contains(seen, e.RequestID) || !c.inDigest(a, person, reachOf(c.addMails(envelopes, a), person)) {
			continue
		}
		seen = append(seen, e.RequestID)
		lines = append(lines, d.digestLine(e.RequestID, e.Number, e.Title, e.Text))
	}
	return lines, nil
}

func (d *Dispatcher) digestLine(id string, number int64, title, text string) DigestLine {
	l := DigestLine{Request: Subject{ID: id, Ref: pmo.Ref(number), Number: number, Title: pmo.Truncate(title, maxDigestText)}, Text: pmo.Truncate(text, maxDigestText)}
	l.Page = l.Request.page(d.Link)
	return l
}

// keepReadable leaves out the lines about requests that the viewer may not read, and what confidential ones say.
func (d *Dispatcher) keepReadable(ctx context.Context, v store.View, g *DayDigest) error {
	var ids []string
	for _, part := range g.parts() {
		for _, l := range *part {
			ids = append(ids, l.Request.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	confidential, err := d.Store.ReadableNow(ctx, v, ids)
	if err != nil {
		return err
	}
	for _, part := range g.parts() {
		*part = slices.DeleteFunc(*part, func(l DigestLine) bool { _, readable := confidential[l.Request.ID]; return !readable })
		for i := range *part {
			if l := &(*part)[i]; confidential[l.Request.ID] {
				l.Request.Confidential, l.Request.Title, l.Text = true, "", ""
			}
		}
	}
	return nil
}

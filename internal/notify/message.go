package notify

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/notice"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// maxBody is the recommended maximum of Standard Webhooks for a payload.
const maxBody = 20_000

// Limits of single fields, applied before the limit of the whole body.
const (
	maxTitle  = 500
	maxText   = 4096
	maxPeople = 100
	// maxHappened is more than one command causes.
	maxHappened = 50
)

// Payload is the body of a message. It is small and has ids instead of names; receivers read further details through the API, which
// checks their permissions.
type Payload struct {
	Type      string    `json:"type"`      // request.<event of the ledger>
	Timestamp time.Time `json:"timestamp"` // of the event
	Data      Data      `json:"data"`
}

// Happened is one of several events of a moment.
type Happened struct {
	Event     string    `json:"event"`
	Timestamp time.Time `json:"timestamp"`
	Stage     pmo.Stage `json:"stage"`
	Actor     string    `json:"actor,omitempty"`
	For       string    `json:"for,omitempty"`
	Text      string    `json:"text,omitempty"`
	Question  *Question `json:"question,omitempty"`
}

// Data is the event and, if it asks for an answer, the question.
type Data struct {
	To       []string  `json:"to"`                // recipients: principal ids
	MoreTo   int       `json:"more_to,omitempty"` // how many recipients To leaves out
	Request  Subject   `json:"request"`
	Event    string    `json:"event"`
	Stage    pmo.Stage `json:"stage"`
	Actor    string    `json:"actor,omitempty"` // empty: the process itself
	For      string    `json:"for,omitempty"`
	Text     string    `json:"text,omitempty"` // left out when the request is confidential
	Question *Question `json:"question,omitempty"`
	Policy   string    `json:"policy,omitempty"`
	Links    Links     `json:"links"`
	// TimeZone is the recipient's, of the IANA database, in which the message says times in words; that of the policy to several people. Absent: UTC.
	TimeZone string `json:"time_zone,omitempty"`
	// Happened is everything that one command caused and that To hear of, in order, this event included; absent when it is this event alone.
	Happened []Happened `json:"happened,omitempty"`
	// Digest is the digest of a day, of a message that is about no single request.
	Digest *DayDigest `json:"digest,omitempty"`
}

// Subject is the request. The title of a confidential one is left out.
type Subject struct {
	ID           string `json:"id"`
	Ref          string `json:"ref,omitempty"`
	Number       int64  `json:"number,omitempty"`
	Title        string `json:"title,omitempty"`
	Confidential bool   `json:"confidential,omitempty"`
}

// page is the request's page; link is the prefix of links.
func (s Subject) page(link string) string {
	return link + "/requests/" + cmp.Or(s.Ref, s.ID)
}

// Question is an open question. Kind, options and due date are set only in events that ask for an answer.
type Question struct {
	ID      string    `json:"id"`
	Kind    pmo.Kind  `json:"kind,omitempty"`
	Options []Option  `json:"options,omitempty"`
	DueAt   time.Time `json:"due_at,omitzero"`
}

// Option is one possible answer.
type Option struct {
	Verdict     string   `json:"verdict"`
	Reason      bool     `json:"reason,omitempty"` // a reason is required
	Needs       []string `json:"needs,omitempty"`
	Description string   `json:"says"`
}

// Links are URLs of the API, and of the page for people.
type Links struct {
	Request   string `json:"request"`
	Ledger    string `json:"ledger"`
	Decisions string `json:"decisions,omitempty"` // where to POST an answer
	Page      string `json:"page,omitempty"`      // of the request, or the form that answers the question; opening it changes nothing
}

// Absolute is a link where it leads somewhere outside of the pages; without the product's public address links are relative, and it is empty.
func Absolute(link string) string {
	if strings.HasPrefix(link, "https://") || strings.HasPrefix(link, "http://") {
		return link
	}
	return ""
}

// Zone is the time zone in which the message says times in words.
func (d Data) Zone() *time.Location {
	zone, err := time.LoadLocation(d.TimeZone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// sayTime is a point in time as messages to chats say it, with the name of the time zone.
func sayTime(at time.Time, zone *time.Location) string {
	return at.In(zone).Format("2 January 2006, 15:04 ") + zone.String()
}

// asksForAnswer reports whether an event asks its recipients to answer a question.
func asksForAnswer(e store.Event) bool {
	return e.Question != "" && notice.AsksForAnswer(e.Entry.Event)
}

// messageID is derived from the entry's natural key and the endpoint, so that a database restored from a backup yields the same id.
func messageID(e store.Event, endpoint string) string {
	sum := sha256.Sum256([]byte(e.RequestID + "\n" + e.Key + "\n" + endpoint))
	return "msg_" + hex.EncodeToString(sum[:16])
}

// compose encodes the body, halving the texts until the body fits.
func compose(t *told, link string) ([]byte, error) {
	main := t.main()
	p := payload(main.Event, main.detail, main.known, t.to, link)
	p.Data.TimeZone = t.zone
	text, happened := p.Data.Text, t.happened(link)
	for limit := maxText; ; limit /= 2 {
		p.Data.Text, p.Data.Happened = pmo.Truncate(text, limit), slices.Clone(happened)
		for i := range p.Data.Happened {
			p.Data.Happened[i].Text = pmo.Truncate(happened[i].Text, limit)
		}
		if limit == 0 {
			p.Data.Request.Title, p.Data.Question, p.Data.Happened = "", nil, nil
		}
		body, err := encode(p)
		if err != nil || len(body) < maxBody || limit == 0 {
			return body, err
		}
	}
}

// happened are the events of a moment in their order; none of a single event, which the message itself describes.
func (t *told) happened(link string) []Happened {
	if len(t.about) == 1 {
		return nil
	}
	var list []Happened
	for _, a := range t.about[max(0, len(t.about)-maxHappened):] {
		d := payload(a.Event, a.detail, a.known, nil, link).Data
		list = append(list, Happened{Event: d.Event, Timestamp: a.At, Stage: d.Stage, Actor: d.Actor, For: d.For, Text: d.Text, Question: d.Question})
	}
	return list
}

func encode(v any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false) // it is not put into HTML; escapes would make it longer
	if err := encoder.Encode(v); err != nil {
		return nil, fmt.Errorf("encode a message: %w", err)
	}
	return bytes.TrimRight(out.Bytes(), "\n"), nil
}

// withoutContent is a message without what a confidential request says: its request has become confidential since the message was made.
func withoutContent(body []byte) ([]byte, error) {
	var p Payload
	if err := json.Unmarshal(body, &p); err != nil {
		return nil, fmt.Errorf("decode a message: %w", err)
	}
	p.Data.Request.Confidential, p.Data.Request.Title, p.Data.Text = true, "", ""
	for i := range p.Data.Happened {
		p.Data.Happened[i].Text = ""
	}
	return encode(p)
}

func payload(e store.Event, d store.NotifyDetail, known bool, to []string, link string) Payload {
	at := link + "/v1/requests/" + e.RequestID
	p := Payload{Type: "request." + e.Entry.Event, Timestamp: e.At, Data: Data{
		To: to[:min(len(to), maxPeople)], MoreTo: max(0, len(to)-maxPeople), Event: e.Entry.Event, Stage: e.Stage, Actor: e.Actor, For: e.For, Policy: e.Policy,
		Request: Subject{ID: e.RequestID, Ref: pmo.Ref(e.Number), Number: e.Number, Confidential: d.Confidential || !known},
		Links:   Links{Request: at, Ledger: at + "/ledger"},
	}}
	if !p.Data.Request.Confidential {
		p.Data.Request.Title, p.Data.Text = pmo.Truncate(e.Title, maxTitle), e.Text
	}
	p.Data.Links.Page = p.Data.Request.page(link)
	if e.Question != "" {
		p.Data.Question = &Question{ID: e.Question}
	}
	if q := d.Question; q != nil {
		p.Data.Question.Kind, p.Data.Question.DueAt = q.Kind, q.DueAt
		p.Data.Links.Decisions = at + "/decisions"
		p.Data.Links.Page = answerPage(p.Data.Links.Page, q.ID)
		for _, o := range q.Options {
			p.Data.Question.Options = append(p.Data.Question.Options, Option{Verdict: o.Verdict, Reason: o.Reason, Needs: o.Needs, Description: o.Description})
		}
	}
	return p
}

// groupOf returns the group in a question's id; empty for a question that has no group.
func groupOf(question string) string {
	parts := strings.SplitN(question, "/", 3)
	if len(parts) < 3 {
		return ""
	}
	return parts[2]
}

// answerPage is the form that answers a question, of the page of its request.
func answerPage(request, question string) string {
	return request + "/answer?question=" + url.QueryEscape(question)
}

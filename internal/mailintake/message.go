package mailintake

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // texts in other encodings than UTF-8
	"github.com/emersion/go-message/mail"
)

// Message is what is kept of a mail while it is judged: no attachment, and of the text as much as is used.
type Message struct {
	ID          string // of Message-ID; where there is none, of the whole content
	From        string // the one address of From, in lower case; empty: none, or several
	Subject     string
	Text        string
	References  []string // what it answers, the nearest first, without < and >
	Automatic   bool     // of a program or a list
	Results     []string // Authentication-Results, the newest first
	Attachments int      // parts that are not kept
}

var (
	errFields = fmt.Errorf("the header has more than %d fields", maxFields)
	errParts  = fmt.Errorf("it has more than %d parts, or parts within parts more than %d deep", maxParts, maxDepth)
)

// mostReferences bounds the messages that a mail answers.
const mostReferences = 20

// read reads a mail within the bounds.
func read(r io.Reader) (*Message, error) {
	sum := sha256.New()
	r = io.TeeReader(r, sum)
	e, err := message.ReadWithOptions(r, &message.ReadOptions{MaxHeaderBytes: maxHeader})
	if e == nil || err != nil && !message.IsUnknownCharset(err) {
		return nil, fmt.Errorf("read the header: %w", err)
	}
	if e.Header.Len() > maxFields {
		return nil, errFields
	}
	h := mail.Header{Header: e.Header}
	m := &Message{From: sender(h), Automatic: automatic(e.Header), Results: e.Header.Values("Authentication-Results"), References: references(h)}
	if m.Automatic {
		return m, nil // dropped, whatever it says
	}
	if m.Subject, err = h.Subject(); err != nil {
		m.Subject = h.Get("Subject")
	}
	var b body
	if err := b.read(e, 0); err != nil {
		return nil, err
	}
	m.Text, m.Attachments = b.text(), b.attachments
	if m.ID, err = h.MessageID(); err != nil || m.ID == "" {
		if _, err := io.Copy(io.Discard, r); err != nil {
			return nil, err
		}
		m.ID = "content:" + hex.EncodeToString(sum.Sum(nil))
	}
	return m, nil
}

// sender is the address of From: who writes. Sender and Reply-To prove nothing. An address with other letters than ASCII's is nobody's here: some look like others, and some are
// the same as others where upper and lower case count as one.
func sender(h mail.Header) string {
	if len(h.Values("From")) != 1 {
		return ""
	}
	from, err := h.AddressList("From")
	if err != nil || len(from) != 1 || strings.ContainsFunc(from[0].Address, func(r rune) bool { return r > unicode.MaxASCII }) {
		return ""
	}
	return strings.ToLower(from[0].Address)
}

// automatic reports whether a mail is of a program or a list, as RFC 3834 and what programs do say. To answer those would begin a loop.
func automatic(h message.Header) bool {
	if auto := strings.TrimSpace(strings.ToLower(h.Get("Auto-Submitted"))); auto != "" && auto != "no" && !strings.HasPrefix(auto, "no;") {
		return true
	}
	if slices.Contains([]string{"bulk", "junk", "list", "auto_reply"}, strings.TrimSpace(strings.ToLower(h.Get("Precedence")))) {
		return true
	}
	kind, _, err := h.ContentType()
	if err == nil && kind == "multipart/report" { // of a mail server: undelivered, read
		return true
	}
	return slices.ContainsFunc([]string{"List-Id", "List-Unsubscribe", "List-Post", "X-Autoreply", "X-Autorespond", "X-Loop", "Feedback-ID"}, h.Has)
}

// references are the messages that a mail answers.
func references(h mail.Header) []string {
	near, _ := h.MsgIDList("In-Reply-To") // what cannot be read is no reference
	far, _ := h.MsgIDList("References")
	slices.Reverse(far)
	all := append(near, far...)
	return all[:min(len(all), mostReferences)]
}

// body gathers the text of the parts of a mail.
type body struct {
	parts       int
	plain, html string
	attachments int
}

func (b *body) read(e *message.Entity, depth int) error {
	if b.parts++; b.parts > maxParts || depth > maxDepth {
		return errParts
	}
	if e.Header.Len() > maxFields {
		return errFields
	}
	parts := e.MultipartReader()
	if parts == nil {
		return b.leaf(e)
	}
	for {
		part, err := parts.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case part == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err):
			return fmt.Errorf("read a part: %w", err)
		}
		if err := b.read(part, depth+1); err != nil {
			return err
		}
	}
}

// leaf takes the first text of each kind. Everything else is an attachment.
func (b *body) leaf(e *message.Entity) error {
	kind, _, err := e.Header.ContentType()
	if err != nil {
		kind = "application/octet-stream"
	}
	disposition, params, _ := e.Header.ContentDisposition() // one that cannot be read says nothing
	var into *string
	switch {
	case disposition == "attachment" || params["filename"] != "":
	case kind == "text/plain" && b.plain == "":
		into = &b.plain
	case kind == "text/html" && b.html == "":
		into = &b.html
	}
	if into == nil {
		b.attachments++
		return nil
	}
	text, err := io.ReadAll(io.LimitReader(e.Body, maxText))
	if err != nil {
		return fmt.Errorf("read a text: %w", err)
	}
	*into = strings.ToValidUTF8(string(text), "\uFFFD")
	return nil
}

// text is the plain text, or what the HTML shows where there is none.
func (b *body) text() string {
	if strings.TrimSpace(b.plain) != "" {
		return lines(b.plain)
	}
	return shown(b.html)
}

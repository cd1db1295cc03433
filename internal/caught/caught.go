// Package caught keeps the latest mails of the local stack in memory, so that whoever tries the product sees what people would get. It sends
// nothing.
package caught

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"slices"
	"sync"
	"time"
)

// MostMails is how many mails are kept; older ones are forgotten.
const MostMails = 500

// MaxBytes is the largest mail that is taken.
const MaxBytes = 1 << 20

// Mail is one mail as it came.
type Mail struct {
	ID              int // counts up from 1
	At              time.Time
	From, To        string // as the headers say
	Subject         string
	Text, HTML      string // empty: it has no such part
	MessageID       string
	ListUnsubscribe string
}

// Recipient is whom a mail is to: the name and address of To; where that cannot be read, it is the address as it stands.
func (m Mail) Recipient() mail.Address {
	to, err := mail.ParseAddress(m.To)
	if err != nil {
		return mail.Address{Address: m.To}
	}
	return *to
}

// Box keeps mails. It is safe for many goroutines.
type Box struct {
	mu    sync.Mutex
	mails []Mail
	last  int
}

// Add reads a mail and keeps it.
func (b *Box) Add(raw io.Reader, at time.Time) error {
	message, err := mail.ReadMessage(io.LimitReader(raw, MaxBytes))
	if err != nil {
		return fmt.Errorf("read the headers of a mail: %w", err)
	}
	decoder, m := new(mime.WordDecoder), Mail{At: at}
	for name, to := range map[string]*string{"From": &m.From, "To": &m.To, "Subject": &m.Subject, "Message-ID": &m.MessageID, "List-Unsubscribe": &m.ListUnsubscribe} {
		if *to, err = decoder.DecodeHeader(message.Header.Get(name)); err != nil {
			*to = message.Header.Get(name)
		}
	}
	if err := m.read(message.Header.Get("Content-Type"), message.Header.Get("Content-Transfer-Encoding"), message.Body, 0); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last++
	m.ID = b.last
	b.mails = append(b.mails, m)
	if len(b.mails) > MostMails {
		b.mails = slices.Clone(b.mails[len(b.mails)-MostMails:])
	}
	return nil
}

// maxDepth is how deep parts of parts are read.
const maxDepth = 3

// read keeps the first text and the first HTML of a part and of the parts in it.
func (m *Mail) read(contentType, encoding string, body io.Reader, depth int) error {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind = "text/plain"
	}
	if boundary := params["boundary"]; boundary != "" && depth < maxDepth {
		parts := multipart.NewReader(body, boundary)
		for {
			part, err := parts.NextRawPart()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return fmt.Errorf("read the parts of a mail: %w", err)
			}
			if err := m.read(part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part, depth+1); err != nil {
				return err
			}
		}
	}
	to := map[string]*string{"text/plain": &m.Text, "text/html": &m.HTML}[kind]
	if to == nil || *to != "" {
		return nil
	}
	if encoding == "quoted-printable" {
		body = quotedprintable.NewReader(body)
	}
	content, err := io.ReadAll(body)
	if err != nil {
		return fmt.Errorf("read a part of a mail: %w", err)
	}
	*to = string(bytes.ToValidUTF8(content, []byte("�")))
	return nil
}

// All lists the mails, the latest first.
func (b *Box) All() []Mail {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := slices.Clone(b.mails)
	slices.Reverse(all)
	return all
}

// Find finds a mail; false when it is not kept, or no longer.
func (b *Box) Find(id int) (Mail, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.IndexFunc(b.mails, func(m Mail) bool { return m.ID == id })
	if i < 0 {
		return Mail{}, false
	}
	return b.mails[i], true
}

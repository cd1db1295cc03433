package publicform

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"time"
)

const (
	// LeastTime is how long a person takes at least from the form to sending it. What is sent sooner is not taken yet.
	LeastTime = 3 * time.Second
	// LongestTime is how long a form that was handed out is taken.
	LongestTime = 12 * time.Hour
)

// Hash is the SHA-256 of a link's token, by which the link is found.
type Hash = [sha256.Size]byte

// Mark is what a form carries: 256 random bits, and when the form was handed out. What is made of it is the same each time the same form is sent,
// so that a second click is the same submission and gets the same link.
type Mark struct {
	Random [32]byte
	At     time.Time
}

// NewMark makes the mark of a form that is handed out.
func NewMark(at time.Time) Mark {
	m := Mark{At: at.Truncate(time.Second)}
	_, _ = rand.Read(m.Random[:]) // it never fails
	return m
}

func (m Mark) body() []byte {
	return binary.BigEndian.AppendUint64(m.Random[:], uint64(m.At.Unix()))
}

// Text is the mark as a form holds it, signed.
func (m Mark) Text(secret []byte) string {
	body := m.body()
	return base64.RawURLEncoding.EncodeToString(append(body, sum(secret, body)...))
}

// ReadMark reads a mark; false when it was not signed with the secret.
func ReadMark(secret []byte, text string) (Mark, bool) {
	const body = 32 + 8
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) != body+sha256.Size || !hmac.Equal(raw[body:], sum(secret, raw[:body])) {
		return Mark{}, false
	}
	return Mark{Random: [32]byte(raw[:32]), At: time.Unix(int64(binary.BigEndian.Uint64(raw[32:body])), 0)}, true
}

// Age is how long ago the form was handed out.
func (m Mark) Age(now time.Time) time.Duration { return now.Sub(m.At) }

// Key is the Idempotency-Key of the form with these answers.
func (m Mark) Key(answers string) string {
	return hex.EncodeToString(sum(m.Random[:], []byte("idempotency key\n"+answers)))
}

// Token is the token of the link to the status of the request that the form with these answers becomes. It cannot be guessed from anything that
// is kept: the random bits are in the form alone.
func (m Mark) Token(answers string) string {
	return base64.RawURLEncoding.EncodeToString(sum(m.Random[:], []byte("status link\n"+answers)))
}

// HashOf is the hash of a token; false for a text that is none.
func HashOf(token string) (Hash, bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	return sha256.Sum256([]byte(token)), err == nil && len(raw) == sha256.Size
}

func sum(key, text []byte) []byte {
	h := hmac.New(sha256.New, key)
	_, _ = h.Write(text) // a hash takes everything
	return h.Sum(nil)
}

package delivery

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The headers of a signed webhook, as Standard Webhooks names them.
const (
	HeaderID        = "webhook-id"
	HeaderTimestamp = "webhook-timestamp"
	HeaderSignature = "webhook-signature"
)

// tolerance is the largest accepted difference between a webhook's time and ours. An older webhook may be a replay attack.
const tolerance = 5 * time.Minute

// The reasons to refuse a webhook. Only the log shows which one it was.
var (
	ErrUnsigned  = errors.New("the webhook lacks id, timestamp or signature")
	ErrLate      = errors.New("the webhook's time is too far from ours")
	ErrSignature = errors.New("the webhook's signature does not fit")
)

// Secret signs webhooks and verifies their signatures. It never prints its key.
type Secret struct{ key []byte }

// minSecretBytes is the minimum of Standard Webhooks.
const minSecretBytes = 24

// NewSecret reads a secret: whsec_ and base64, or plain text.
func NewSecret(text string) (Secret, error) {
	key := []byte(text)
	if encoded, ok := strings.CutPrefix(text, "whsec_"); ok {
		decoded, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			return Secret{}, errors.New("a webhook secret after whsec_ is base64")
		}
		key = decoded
	}
	if len(key) < minSecretBytes {
		return Secret{}, errors.New("a webhook secret has at least 24 bytes")
	}
	return Secret{key}, nil
}

// String hides the secret.
func (Secret) String() string { return "***" }

// GoString hides the secret.
func (Secret) GoString() string { return "***" }

// Sign sets the headers of a webhook.
func (s Secret) Sign(h http.Header, id string, at time.Time, body []byte) {
	timestamp := strconv.FormatInt(at.Unix(), 10)
	h.Set(HeaderID, id)
	h.Set(HeaderTimestamp, timestamp)
	h.Set(HeaderSignature, "v1,"+base64.StdEncoding.EncodeToString(s.sum(id, timestamp, body)))
}

var idPattern = regexp.MustCompile(`^[A-Za-z0-9_:-]{1,128}$`) // no dot: it separates the signed fields

// Verify checks a webhook's signature and time, and returns its id.
func (s Secret) Verify(h http.Header, body []byte, now time.Time) (id string, err error) {
	id, timestamp := h.Get(HeaderID), h.Get(HeaderTimestamp)
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || !idPattern.MatchString(id) || h.Get(HeaderSignature) == "" {
		return "", ErrUnsigned
	}
	wanted := s.sum(id, timestamp, body)
	valid := false
	for signature := range strings.FieldsSeq(h.Get(HeaderSignature)) { // several during a rotation of the secret
		version, encoded, _ := strings.Cut(signature, ",")
		sum, err := base64.StdEncoding.DecodeString(encoded)
		valid = valid || version == "v1" && err == nil && hmac.Equal(sum, wanted)
	}
	switch age := now.Sub(time.Unix(seconds, 0)); {
	case !valid:
		return "", ErrSignature
	case age > tolerance || age < -tolerance:
		return "", ErrLate
	}
	return id, nil
}

func (s Secret) sum(id, timestamp string, body []byte) []byte {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	return mac.Sum(nil)
}

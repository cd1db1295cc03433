package notify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The headers of Standard Webhooks.
const (
	headerID        = "webhook-id"
	headerTimestamp = "webhook-timestamp"
	headerSignature = "webhook-signature"
)

// The length of a secret, in bytes, as Standard Webhooks requires.
const (
	minSecretBytes = 24
	maxSecretBytes = 64
)

// maxSecretsPerEndpoint allows a new secret and, during a rotation, the old one.
const maxSecretsPerEndpoint = 2

// Secrets holds the keys that sign messages. It never prints them.
type Secrets struct{ keys map[string][][]byte }

// String hides the secrets.
func (Secrets) String() string { return "***" }

// GoString hides the secrets.
func (Secrets) GoString() string { return "***" }

// ParseSecrets reads a list with a secret on each line: `whsec_…` for every endpoint without a secret of its own, or
// `person:ana whsec_…` for one endpoint. Two lines for the same endpoint are the new and the old secret during a rotation.
// Empty lines and lines that begin with # are ignored. An error contains the line number, never the line's content.
func ParseSecrets(text string) (Secrets, error) {
	s := Secrets{keys: map[string][][]byte{}}
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := s.add(strings.Fields(line)); err != nil {
			return Secrets{}, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	if len(s.keys) == 0 {
		return Secrets{}, errors.New("there is no secret in it")
	}
	return s, nil
}

func (s Secrets) add(words []string) error {
	endpoint := ""
	if len(words) == 2 {
		endpoint, words = words[0], words[1:]
		if kind, id, _ := strings.Cut(endpoint, ":"); id == "" || kind != KindPerson && kind != KindGroup {
			return errors.New("an endpoint is person:<id> or group:<id>")
		}
	}
	if len(words) != 1 {
		return errors.New("expected a secret, or an endpoint and a secret")
	}
	encoded, ok := strings.CutPrefix(words[0], "whsec_")
	key, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || err != nil || len(key) < minSecretBytes || len(key) > maxSecretBytes {
		return fmt.Errorf("a secret is whsec_ and %d to %d random bytes in base64", minSecretBytes, maxSecretBytes)
	}
	if len(s.keys[endpoint]) == maxSecretsPerEndpoint {
		return fmt.Errorf("more than %d secrets for the same endpoint", maxSecretsPerEndpoint)
	}
	s.keys[endpoint] = append(s.keys[endpoint], key)
	return nil
}

// Cover reports whether there is a secret for the endpoint.
func (s Secrets) Cover(endpoint string) bool { return len(s.of(endpoint)) > 0 }

func (s Secrets) of(endpoint string) [][]byte {
	if own := s.keys[endpoint]; len(own) > 0 {
		return own
	}
	return s.keys[""]
}

// sign returns the value of the signature header: one signature for each secret.
func (s Secrets) sign(endpoint, id string, at time.Time, body []byte) string {
	var signatures []string
	for _, key := range s.of(endpoint) {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + "."))
		mac.Write(body)
		signatures = append(signatures, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	return strings.Join(signatures, " ")
}

// Package sealed keeps short secrets in a database in which nobody can read them: AES-256-GCM with keys from a file that is not in it.
package sealed

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"strings"
)

// Keys are the keys of an installation. The first one seals; all of them open, so that a key is replaced by putting a new one before it.
type Keys struct{ all []key }

// key is one of them; its name stands before what it sealed.
type key struct {
	name []byte
	aead cipher.AEAD
}

const (
	keyBytes = 32
	nameSize = 8
	mostKeys = 8
)

// ErrNoKey is the error of opening what none of the keys sealed.
var ErrNoKey = errors.New("none of the keys sealed it")

// ParseKeys reads keys, one a line, each 32 random bytes in base64. Its errors name the line and never repeat it.
func ParseKeys(text string) (Keys, error) {
	var k Keys
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		secret, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(secret) != keyBytes {
			return Keys{}, fmt.Errorf("line %d is not a key: 32 random bytes in base64, as of openssl rand -base64 32", i+1)
		}
		block, err := aes.NewCipher(secret)
		if err != nil {
			return Keys{}, fmt.Errorf("line %d: %w", i+1, err)
		}
		aead, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return Keys{}, fmt.Errorf("line %d: %w", i+1, err)
		}
		name := sha256.Sum256(append([]byte("name of a key\x00"), secret...))
		k.all = append(k.all, key{name[:nameSize], aead})
	}
	if len(k.all) > mostKeys {
		return Keys{}, fmt.Errorf("there are more than %d keys", mostKeys)
	}
	return k, nil
}

// Known reports whether there is a key.
func (k Keys) Known() bool { return len(k.all) > 0 }

// Seal encrypts a secret. It opens for the same purpose alone, so that what is sealed for one cannot be put in the place of another.
func (k Keys) Seal(secret, purpose string) ([]byte, error) {
	if !k.Known() {
		return nil, ErrNoKey
	}
	first := k.all[0]
	return first.aead.Seal(bytes.Clone(first.name), nil, []byte(secret), []byte(purpose)), nil
}

// Open decrypts what was sealed for a purpose.
func (k Keys) Open(sealed []byte, purpose string) (string, error) {
	for _, key := range k.all {
		if rest, named := bytes.CutPrefix(sealed, key.name); named {
			secret, err := key.aead.Open(nil, nil, rest, []byte(purpose))
			if err != nil {
				return "", errors.New("it was sealed for another purpose, or changed since")
			}
			return string(secret), nil
		}
	}
	return "", ErrNoKey
}

// String hides the keys.
func (Keys) String() string { return "***" }

// GoString hides the keys.
func (Keys) GoString() string { return "***" }

// LogValue hides the keys.
func (Keys) LogValue() slog.Value { return slog.StringValue("***") }

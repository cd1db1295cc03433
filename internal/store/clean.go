package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Postgres accepts neither U+0000 nor invalid UTF-8, in text or in jsonb. The API refuses both. But a projection is repeated until it
// succeeds, so such a character that came another way would block a request for ever; it is therefore replaced here.

func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

func cleanAll(list []string) []string {
	out := make([]string, len(list)) // never nil: the columns are NOT NULL
	for i, s := range list {
		out[i] = clean(s)
	}
	return out
}

// document encodes v as JSON that jsonb accepts.
func document(v any) (json.RawMessage, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode %T: %w", v, err)
	}
	return cleanJSON(raw), nil
}

// cleanJSON replaces the escape sequence of U+0000 and nothing else: an escaped backslash before "u0000" is ordinary text.
func cleanJSON(raw []byte) []byte {
	if !bytes.Contains(raw, []byte(`\u0000`)) {
		return raw
	}
	for i := 0; i < len(raw)-1; i++ {
		if raw[i] != '\\' {
			continue
		}
		if bytes.HasPrefix(raw[i:], []byte(`\u0000`)) {
			copy(raw[i:], `\ufffd`)
		}
		i++ // the character after a backslash never starts an escape sequence
	}
	return raw
}

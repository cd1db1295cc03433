package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Postgres takes neither U+0000 nor broken UTF-8, in text or in jsonb. The door refuses both, but a projection is repeated until it
// succeeds: what got in by another way must not stop a request for ever, so it is replaced here.

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

// document is v as JSON that jsonb takes.
func document(v any) (json.RawMessage, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write %T: %w", v, err)
	}
	return cleanJSON(raw), nil
}

// cleanJSON replaces the escape of U+0000, and only it: an escaped backslash before "u0000" is ordinary text.
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
		i++ // what follows a backslash is never the start of an escape
	}
	return raw
}

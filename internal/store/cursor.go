package store

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
)

const (
	defaultLimit = 50
	maxLimit     = 200
)

// View is who reads a list, and which page. The zero View reads the first page without confidential requests.
type View struct {
	Viewer  string   // confidential requests of others are left out
	ActsFor []string // people the viewer is a delegate of now: their confidential requests are included
	SeesAll bool     // include all confidential requests, for the PMO and auditors
	Limit   int      // 1 to 200, default 50
	Cursor  string   // from the page before
}

func (v View) viewerIDs() []string { return viewerIDs(v.Viewer, v.ActsFor) }

// viewerIDs are the people whose confidential requests may be read.
func viewerIDs(viewer string, actsFor []string) []string { return append([]string{viewer}, actsFor...) }

// cursor is the position of the last row of a page in the total order of the list. Callers get only its encoding.
type cursor struct {
	List string `json:"l"` // the list and its order
	Key  string `json:"k"` // the sort key in the text form of Postgres
	ID   string `json:"i"` // breaks ties
}

func (c cursor) encode() string {
	raw, _ := json.Marshal(c) // three strings: cannot fail
	return base64.RawURLEncoding.EncodeToString(raw)
}

// readCursor decodes a cursor: nil for an empty text, ErrBadCursor for a cursor of another list.
func readCursor(list, text string) (*cursor, error) {
	if text == "" {
		return nil, nil
	}
	var c cursor
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	if err != nil || c.List != list {
		return nil, fmt.Errorf("%s: %w", list, ErrBadCursor)
	}
	return &c, nil
}

func pageSize(limit int) int {
	if limit <= 0 {
		return defaultLimit
	}
	return min(limit, maxLimit)
}

// paged removes the extra row, which was read to find out whether there is a next page.
func paged[T any](items []T, limit int, cursorOf func(T) cursor) Page[T] {
	if len(items) <= limit {
		return Page[T]{Items: items}
	}
	items = items[:limit]
	return Page[T]{Items: items, Next: cursorOf(items[limit-1]).encode()}
}

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

// View says who looks, and at which page. The zero View sees the first page of what everybody may see.
type View struct {
	Viewer  string   // confidential requests of others are left out
	ActsFor []string // whom the viewer stands in for now: their requests are not others'
	SeesAll bool     // PMO and auditors see confidential ones too
	Limit   int      // 1 to 200, default 50
	Cursor  string   // from the page before
}

func (v View) viewerIDs() []string { return viewerIDs(v.Viewer, v.ActsFor) }

// viewerIDs are the people whose confidential requests may be shown.
func viewerIDs(viewer string, actsFor []string) []string { return append([]string{viewer}, actsFor...) }

// cursor is the place of the last row of a page in the list's total order. Callers see only its encoding.
type cursor struct {
	List string `json:"l"` // which list and order it belongs to
	Key  string `json:"k"` // the sort key as Postgres writes it
	ID   string `json:"i"` // breaks ties
}

func (c cursor) encode() string {
	raw, _ := json.Marshal(c) // three strings: cannot fail
	return base64.RawURLEncoding.EncodeToString(raw)
}

// readCursor is nil for an empty text, and ErrBadCursor for one that another list gave out.
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

// paged cuts the one row too many that was read to know whether there is a next page.
func paged[T any](items []T, limit int, place func(T) cursor) Page[T] {
	if len(items) <= limit {
		return Page[T]{Items: items}
	}
	items = items[:limit]
	return Page[T]{Items: items, Next: place(items[limit-1]).encode()}
}

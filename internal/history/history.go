// Package history reads exports of finished work from other tools, so that forecasts have a past on the first day. A bad row is named with
// its line and reason; the rest is taken. It is pure: bytes in, items and a report out.
//
// It knows CSV with commas, semicolons or tabs, with or without a byte-order mark; the column names that Jira, Azure DevOps and spreadsheets
// use; ISO, American and European dates; and an export of status changes, one row a change, from which it takes when work began and ended.
package history

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// Limits of what is read.
const (
	MaxBytes  = 32 << 20
	MaxItems  = 200_000
	MaxID     = 200 // characters
	maxFaults = 100 // named one by one; more are counted
)

// Item is one finished piece of work. Times before the end may be unknown.
type Item struct {
	ID       string
	Kind     string
	Created  time.Time
	Started  time.Time
	Finished time.Time
}

// Fault is a row that was left out.
type Fault struct {
	Line    int
	Column  string // as the file calls it; empty where the row as a whole is wrong
	Problem string
}

// String names the row, the column and what is wrong.
func (f Fault) String() string {
	if f.Column == "" {
		return fmt.Sprintf("line %d: %s", f.Line, f.Problem)
	}
	return fmt.Sprintf("line %d, %s: %s", f.Line, f.Column, f.Problem)
}

// Report is what was read, and how.
type Report struct {
	Items      []Item            // by their end
	Columns    map[string]string // field → column of the file
	Ignored    []string          // columns that no field is taken from
	Dates      string            // how dates were read
	Rows       int
	Unfinished int     // rows without an end: they are no history
	Repeated   int     // rows with the id of an earlier one: the last counts
	Reordered  int     // items whose beginning lies after their end: it is taken as the end
	Faults     []Fault // the first of them
	FaultCount int
}

// Options say what a file does not.
type Options struct {
	// Dates is DatesUS or DatesEuropean where 5/6/2026 could be either; DatesAuto refuses such a file.
	Dates Dates
	// Columns name a file's columns by field (id, kind, created, started, finished) where their names say nothing.
	Columns map[string]string
	// Location is where times without a zone were written; nil is UTC.
	Location *time.Location
	// Now is the latest end that an item may have.
	Now time.Time
}

// Check says what is wrong with an item as a field and a problem; both empty when nothing is.
func (i Item) Check(now time.Time) (field, problem string) {
	earliest := time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	switch {
	case strings.TrimSpace(i.ID) == "":
		return "id", "is empty"
	case len([]rune(i.ID)) > MaxID:
		return "id", fmt.Sprintf("has more than %d characters", MaxID)
	case len([]rune(i.Kind)) > MaxID:
		return "kind", fmt.Sprintf("has more than %d characters", MaxID)
	case i.Finished.IsZero():
		return "finished", "is missing"
	case i.Finished.After(now):
		return "finished", "lies in the future"
	}
	for _, at := range []struct {
		field string
		time  time.Time
	}{{"created", i.Created}, {"started", i.Started}, {"finished", i.Finished}} {
		if !at.time.IsZero() && at.time.Before(earliest) {
			return at.field, fmt.Sprintf("is before %d", earliest.Year())
		}
		if at.time.After(i.Finished) {
			return at.field, "lies after finished"
		}
	}
	return "", ""
}

// ordered takes a beginning after the end as the end: exports round one of them to its day.
func (i Item) ordered() (Item, bool) {
	before := i
	if i.Created.After(i.Finished) {
		i.Created = i.Finished
	}
	if i.Started.After(i.Finished) {
		i.Started = i.Finished
	}
	return i, i != before
}

// rowID identifies a row without an id by its content and how often the same content came before, so that the same file gives the same ids.
func rowID(cells []string, seen map[string]int) string {
	sum := sha256.Sum256([]byte(strings.Join(cells, "\x00")))
	content := hex.EncodeToString(sum[:8])
	seen[content]++
	return fmt.Sprintf("row-%s-%d", content, seen[content])
}

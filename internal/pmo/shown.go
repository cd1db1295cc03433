package pmo

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// shownTitle is how many characters of a title a list shows.
const shownTitle = 120

// Ref is the number as people write it: R-42.
func (r *Request) Ref() string { return fmt.Sprintf("R-%d", r.Number) }

// ShownTitle is the title where it may be read by people who may not read the request: a confidential request shows its number alone.
func (r *Request) ShownTitle() string {
	switch {
	case !r.Content.Confidential:
		return Shorten(oneLine(r.Content.Title), shownTitle)
	case r.Number != 0:
		return r.Ref()
	}
	return "Confidential request"
}

// FirstDue is when the first open question is due; zero when none is, and on hold. A list shows it, in Temporal as in the read model.
func (r *Request) FirstDue() time.Time {
	var first time.Time
	if r.Status == StatusOnHold {
		return first
	}
	for _, q := range r.OpenQuestions() {
		if !q.DueAt.IsZero() && (first.IsZero() || q.DueAt.Before(first)) {
			first = q.DueAt
		}
	}
	return first
}

func more(n int) string { return fmt.Sprintf("and %d more", n) }

// fewNames are the first names of a list, in one text.
func fewNames(names []string) string {
	const few = 5
	if len(names) > few {
		names = append(names[:few:few], more(len(names)-few))
	}
	return strings.Join(names, ", ")
}

// Shorten cuts a text to so many characters, the sign of the cut included. A mark that joins the character before is not torn off.
func Shorten(text string, characters int) string {
	if utf8.RuneCountInString(text) <= characters {
		return text
	}
	runes := []rune(text)
	end := characters - 1
	for end > 0 && joins(runes[end-1], runes[end]) {
		end--
	}
	return strings.TrimRight(string(runes[:end]), " ") + "…"
}

const zeroWidthJoiner = '\u200d'

// joins reports whether the second rune belongs to the character of the first.
func joins(first, second rune) bool {
	return first == zeroWidthJoiner || second == zeroWidthJoiner || unicode.Is(unicode.M, second)
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

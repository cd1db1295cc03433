// Package text prints for people: tables that fit the terminal, facts in two columns, and times both absolute and relative.
package text

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Printer writes text as of one moment. After the first error it writes nothing more; see Err.
type Printer struct {
	out   io.Writer
	width int // columns of the terminal; 0: no limit
	now   time.Time
	zone  *time.Location
	err   error
}

// New makes a printer. Width 0 is for pipes and files: nothing is cut there.
func New(out io.Writer, width int, now time.Time, zone *time.Location) *Printer {
	return &Printer{out: out, width: width, now: now, zone: zone}
}

// Now is the moment the text is printed as of.
func (p *Printer) Now() time.Time { return p.now }

// Err is the first error of writing.
func (p *Printer) Err() error { return p.err }

// Line writes one line. The caller cleans the values; see Clean.
func (p *Printer) Line(format string, args ...any) {
	if p.err == nil {
		if _, err := fmt.Fprintf(p.out, format+"\n", args...); err != nil {
			p.err = fmt.Errorf("write: %w", err)
		}
	}
}

// Clean makes a text from outside harmless for a terminal: no control characters, no characters that change the direction of
// writing, one line.
func Clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t', r == '\r':
			return ' '
		case unicode.IsControl(r), r == utf8.RuneError, unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// width counts columns: combining marks take none, wide East Asian characters take two.
func width(s string) int {
	n := 0
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

func runeWidth(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case r >= 0x1100 && (r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 ||
		r >= 0xf900 && r <= 0xfaff || r >= 0xff00 && r <= 0xff60 || r >= 0x1f300 && r <= 0x1faff):
		return 2
	}
	return 1
}

// cut shortens a text to a number of columns.
func cut(s string, most int) string {
	if width(s) <= most {
		return s
	}
	n := 0
	for i, r := range s {
		if n += runeWidth(r); n > most-1 {
			return strings.TrimRight(s[:i], " ") + "…"
		}
	}
	return s
}

// Wrapped writes a text with an indent, broken between words.
func (p *Printer) Wrapped(indent int, text string) {
	for _, line := range p.wrap(Clean(text), indent) {
		p.Line("%s%s", strings.Repeat(" ", indent), line)
	}
}

// Named writes a name and a text beside it, broken between words.
func (p *Printer) Named(name, text string) {
	indent := width(name) + gap
	for i, line := range p.wrap(Clean(text), indent) {
		if i > 0 {
			name = strings.Repeat(" ", indent-gap)
		}
		p.Line("%s%s%s", name, strings.Repeat(" ", gap), line)
	}
}

// wrap breaks a text into lines that leave room for an indent.
func (p *Printer) wrap(text string, indent int) []string {
	room := p.width - indent
	if p.width == 0 || room < leastFlex {
		return []string{text}
	}
	return broken(text, room)
}

// broken breaks a text between words; a word that is too long is cut.
func broken(text string, room int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		word = cut(word, room)
		if line != "" && width(line)+1+width(word) > room {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}

// Fold breaks each line of a message between words, so that it fits a width; its further lines are indented by two blanks more. No word is
// cut: it may be a link. Width 0 changes nothing.
func Fold(message string, width int) string {
	if width == 0 {
		return message
	}
	var out []string
	for _, line := range strings.Split(message, "\n") {
		out = append(out, fold(line, width)...)
	}
	return strings.Join(out, "\n")
}

func fold(line string, most int) []string {
	if width(line) <= most {
		return []string{line}
	}
	indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
	var out []string
	for _, word := range strings.Fields(line) {
		last := len(out) - 1
		switch {
		case last < 0:
			out = append(out, indent+word)
		case width(out[last])+1+width(word) > most:
			out = append(out, indent+"  "+word)
		default:
			out[last] += " " + word
		}
	}
	return out
}

// Reflow breaks the paragraphs of a text anew. Lines that begin with a blank stay as they are.
func Reflow(text string, room int) string {
	var out, paragraph []string
	flush := func() {
		if len(paragraph) > 0 {
			out = append(out, broken(strings.Join(paragraph, " "), room)...)
		}
		paragraph = nil
	}
	for _, line := range strings.Split(text, "\n") {
		if line != "" && line[0] != ' ' {
			paragraph = append(paragraph, line)
			continue
		}
		flush()
		out = append(out, line)
	}
	flush()
	return strings.Join(out, "\n")
}

// Fact is a name and its value.
type Fact struct{ Name, Value string }

// Facts writes facts in two columns; those without a value are left out.
func (p *Printer) Facts(facts ...Fact) {
	widest := 0
	for _, f := range facts {
		if f.Value != "" {
			widest = max(widest, width(f.Name))
		}
	}
	for _, f := range facts {
		name := f.Name
		if Clean(f.Value) == "" {
			continue
		}
		for _, line := range p.wrap(Clean(f.Value), widest+4) {
			p.Line("  %s  %s", pad(name, widest, false), line)
			name = ""
		}
	}
}

func pad(s string, to int, right bool) string {
	space := strings.Repeat(" ", max(0, to-width(s)))
	if right {
		return space + s
	}
	return s + space
}

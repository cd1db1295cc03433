// Package cleantext cleans and judges the texts that people write: one form of Unicode, nothing that cannot be seen, no marks that turn
// the direction of writing. Every door by which such a text enters uses it.
package cleantext

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fault says why a text is refused, or is empty. It never repeats the text. What can be left out without changing what people read is
// no fault: Clean leaves it out.
func Fault(text string) string {
	for _, r := range text {
		switch {
		case turns(r):
			return "holds a mark that turns the direction of writing"
		case control(r):
			return "holds a control character"
		}
	}
	return ""
}

// Clean is the text in Unicode's form NFC, without what cannot be seen and without the space around it. It is empty when the text shows
// nothing.
func Clean(text string) string {
	text = strings.TrimFunc(norm.NFC.String(visible(text)), unicode.IsSpace)
	if !Shows(text) {
		return ""
	}
	return text
}

// Strip is Clean for texts that a program sends: what Fault would refuse is left out, because nobody would read the refusal.
func Strip(text string) string {
	return Clean(strings.Map(func(r rune) rune {
		if turns(r) || control(r) {
			return -1
		}
		return r
	}, text))
}

// Same is the text in the form NFC and unchanged otherwise, for names that are compared: both forms of a letter are the same name.
func Same(text string) string { return norm.NFC.String(text) }

// Shows reports whether a reader sees anything of the text. An accent on nothing is not enough.
func Shows(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.IsMark(r) && !blank(r) && !invisible(r)
	})
}

// mostQuoted is how many characters of a refused text a message repeats: enough to recognise it.
const mostQuoted = 60

// Short is the text as a message repeats it: at most 60 characters.
func Short(text string) string {
	if runes := []rune(text); len(runes) > mostQuoted {
		return string(runes[:mostQuoted]) + "…"
	}
	return text
}

// turns reports whether r embeds, overrides or isolates a direction: with it, text is shown in another order than it is stored in.
func turns(r rune) bool { return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 }

// control reports whether r is a control character other than those that separate words and lines.
func control(r rune) bool { return unicode.Is(unicode.Cc, r) && !strings.ContainsRune("\t\n\r", r) }

// blank reports whether r is a letter or symbol of its own whose shape is empty.
func blank(r rune) bool {
	return r == 0x2800 || r == 0x3164 || r == 0xFFA0 || r == 0x115F || r == 0x1160
}

// invisible reports whether r has no shape: what Unicode calls a default ignorable code point, and the other format characters.
func invisible(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

const (
	nonJoiner = 0x200C
	joiner    = 0x200D
	blackFlag = 0x1F3F4
)

// visible leaves out what is invisible, except where it shapes the character before it: joiners inside a word or an emoji, the selector
// of a variant, and the tags of a regional flag.
func visible(text string) string {
	if !strings.ContainsFunc(text, invisible) {
		return text
	}
	runes := []rune(text)
	kept := make([]rune, 0, len(runes))
	for i, r := range runes {
		if !invisible(r) || shapes(kept, r, runes[i+1:]) {
			kept = append(kept, r)
		}
	}
	return string(kept)
}

func shapes(before []rune, r rune, after []rune) bool {
	if len(before) == 0 || unicode.IsSpace(before[len(before)-1]) {
		return false
	}
	last := before[len(before)-1]
	switch {
	case r == joiner || r == nonJoiner:
		return joins(letterOf(before)) && len(after) > 0 && joins(after[0]) && !accent(after[0])
	case unicode.Is(unicode.Variation_Selector, r):
		return !invisible(last)
	case r >= 0xE0020 && r <= 0xE007F:
		return last == blackFlag || last >= 0xE0020 && last < 0xE007F
	case r >= 0x0600 && r <= 0x0605 || r == 0x06DD || r == 0x070F || r == 0x08E2: // Arabic and Syriac signs, which have a shape
		return true
	}
	return false
}

// letterOf is the last letter or sign, without the marks on it: what they look like depends on it, and so does a joiner after them.
func letterOf(text []rune) rune {
	for i := len(text) - 1; i > 0; i-- {
		if !unicode.Is(unicode.Mn, text[i]) {
			return text[i]
		}
	}
	return text[0]
}

// accent reports whether r is a mark that belongs to no script.
func accent(r rune) bool {
	return unicode.Is(unicode.Mn, r) && unicode.Is(unicode.Inherited, r)
}

// joins reports whether a joiner beside r can have an effect: r is an emoji or a letter of a script that joins letters.
func joins(r rune) bool {
	return r > unicode.MaxLatin1 && !unicode.IsSpace(r) && !invisible(r) &&
		!unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Han)
}

package cleantext

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold is the text as texts are compared: without regard to case, to Unicode's forms of one letter, and to the marks that writers leave
// out. It is computed here and nowhere else: what a database does depends on the locale it was made with.
func Fold(text string) string {
	if ascii(text) {
		return strings.ToLower(strings.ReplaceAll(text, "`", "'"))
	}
	text = norm.NFKD.String(cases.Fold().String(norm.NFKD.String(text)))
	kept := make([]rune, 0, len(text))
	var base rune // the letter that the marks after it belong to
	for _, r := range text {
		if invisible(r) || leftOut(base, r) {
			continue
		}
		if !unicode.Is(unicode.Mn, r) {
			base = r
		}
		kept = append(kept, oneSign(r))
	}
	return norm.NFKC.String(string(kept))
}

// ascii reports whether the text has only characters of which each form is one byte: most have, and folding them is quick.
func ascii(text string) bool {
	for i := range len(text) {
		if text[i] > unicode.MaxASCII {
			return false
		}
	}
	return true
}

// leftOut reports whether writers may leave the mark out without writing another word: Greek has no accents in capitals, Arabic and
// Hebrew write vowels only where they would be misread, and the dot of a Turkish capital I belongs to every small one.
func leftOut(base, mark rune) bool {
	switch {
	case mark == 0x0300 || mark == 0x0301 || mark == 0x0342:
		return unicode.Is(unicode.Greek, base)
	case mark == 0x0307:
		return base == 'i' || base == 0x0131
	}
	return mark == 0x0640 || mark >= 0x064B && mark <= 0x0652 || mark == 0x0670 || mark >= 0x0591 && mark <= 0x05BD || mark == 0x05BF ||
		mark == 0x05C1 || mark == 0x05C2
}

// oneSign is the sign that every keyboard has, for signs that programs put in its place.
func oneSign(r rune) rune {
	switch {
	case r == 0x0131: // the Turkish dotless i, which is the small letter of I there
		return 'i'
	case r == 0x2018 || r == 0x2019 || r == 0x02BC || r == '`' || r == 0x00B4:
		return '\''
	case r == 0x201C || r == 0x201D || r == 0x201E || r == 0x00AB || r == 0x00BB:
		return '"'
	case unicode.Is(unicode.Pd, r) || r == 0x2212:
		return '-'
	}
	return unicode.ToLower(r) // of Cherokee, cases.Fold makes small letters of capitals and capitals of small ones
}

// Unspaced reports whether r is of a script that is written without spaces between its words, or in syllables: one of its letters says
// about as much as three of an alphabet.
func Unspaced(r rune) bool {
	if r <= unicode.MaxLatin1 {
		return false
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) || r == 0x30FC
}

// searchMark begins every text of Searchable. No word of a search holds it.
const searchMark = "\n"

// Searchable is the text in which the words of SearchWords are found: folded, one line for each part, with one space between words and
// around each letter of Unspaced. So an index of letter triples serves words of one or two such letters too.
func Searchable(parts ...string) string {
	lines := make([]string, len(parts))
	for i, part := range parts {
		lines[i] = strings.Join(strings.Fields(apart(Fold(part))), " ")
	}
	return searchMark + strings.Join(lines, "\n")
}

// Word is a word of a query: as Searchable has it, and in lower case only, as texts were stored before they were folded.
type Word struct{ Folded, Lower string }

// SearchWords are the different words of a query; a text matches when Searchable of it holds each of them, whole or inside a longer word.
func SearchWords(query string) []Word {
	var words []Word
	seen := map[string]bool{}
	for _, written := range strings.Fields(norm.NFC.String(query)) {
		for _, part := range strings.Fields(Fold(written)) { // folding makes a space of some signs
			w := Word{Folded: strings.Join(strings.Fields(apart(part)), " "), Lower: part}
			if part == Fold(written) {
				w.Lower = strings.ToLower(written)
			}
			if !seen[w.Folded] {
				seen[w.Folded] = true
				words = append(words, w)
			}
		}
	}
	return words
}

// apart puts spaces around the letters of Unspaced.
func apart(text string) string {
	if !strings.ContainsFunc(text, Unspaced) {
		return text
	}
	var out strings.Builder
	for _, r := range text {
		if Unspaced(r) {
			out.WriteString(" " + string(r) + " ")
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}

package pmo

import "unicode/utf8"

// Truncate shortens a text by whole characters, with an ellipsis, until it has at most limit bytes as JSON. Where not even the ellipsis fits,
// nothing is left.
func Truncate(text string, limit int) string {
	if TextBytes(text) <= limit {
		return text
	}
	const ellipsis = "…"
	size := len(`""`) + len(ellipsis)
	if size > limit {
		return ""
	}
	for i := 0; i < len(text); {
		bytes, width := runeBytes(text[i:])
		if size += bytes; size > limit {
			return text[:i] + ellipsis
		}
		i += width
	}
	return text
}

// TextBytes is the size of a text as encoding/json writes it, with its quotes.
func TextBytes(text string) int {
	size := len(`""`)
	for i := 0; i < len(text); {
		bytes, width := runeBytes(text[i:])
		size, i = size+bytes, i+width
	}
	return size
}

// runeBytes is the size of the first character of a text in JSON, and its width in the text.
func runeBytes(text string) (bytes, width int) {
	const escaped = len(`\u0000`)
	c := text[0]
	if c < utf8.RuneSelf {
		switch {
		case c == '<' || c == '>' || c == '&':
			return escaped, 1
		case c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t' || c == '\b' || c == '\f':
			return 2, 1
		case c < ' ':
			return escaped, 1
		}
		return 1, 1
	}
	r, width := utf8.DecodeRuneInString(text)
	if r == utf8.RuneError && width == 1 || r == '\u2028' || r == '\u2029' {
		return escaped, width
	}
	return width, width
}

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
		if c := text[i]; c < utf8.RuneSelf {
			size, i = size+int(asciiBytes[c]), i+1
			continue
		}
		bytes, width := runeBytes(text[i:])
		size, i = size+bytes, i+width
	}
	return size
}

const escaped = len(`\u0000`)

// asciiBytes are the sizes of the ASCII characters in JSON.
var asciiBytes = func() (sizes [utf8.RuneSelf]uint8) {
	for c := range sizes {
		switch c {
		case '<', '>', '&':
			sizes[c] = uint8(escaped)
		case '"', '\\', '\n', '\r', '\t', '\b', '\f':
			sizes[c] = 2
		default:
			sizes[c] = 1
			if c < ' ' {
				sizes[c] = uint8(escaped)
			}
		}
	}
	return sizes
}()

// runeBytes is the size of the first character of a text in JSON, and its width in the text.
func runeBytes(text string) (bytes, width int) {
	if c := text[0]; c < utf8.RuneSelf {
		return int(asciiBytes[c]), 1
	}
	r, width := utf8.DecodeRuneInString(text)
	if r == utf8.RuneError && width == 1 || r == '\u2028' || r == '\u2029' {
		return escaped, width
	}
	return width, width
}

package api

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"leanpmo/internal/problem"
)

// maxDepth is how deep a body may nest; the deepest command nests 6.
const maxDepth = 32

// scanJSON checks that body is exactly one JSON value without what the decoder would accept silently: bad UTF-8, lone surrogates,
// U+0000 (Postgres cannot store it), a key given twice or in two spellings, nesting without limit, trailing data.
// The error names the place by JSON pointer and never contains a value.
func scanJSON(body []byte) error {
	s := scanner{in: body}
	s.space()
	if s.at == len(s.in) {
		s.fail("it is empty")
	}
	s.value(0)
	if s.err == nil {
		s.space()
		if s.at < len(s.in) {
			s.path = nil
			s.fail("there is more after the end of the JSON value")
		}
	}
	return s.err
}

type scanner struct {
	in    []byte
	at    int
	path  []string
	err   error
	visit func(at int) // called where each part of the path begins; may be nil
}

func (s *scanner) fail(detail string) { s.failAs(problem.Malformed, s.at, detail) }

// failAs says where: a person who wrote the body finds a line and a column, which a pointer does not give while the body is no JSON.
func (s *scanner) failAs(kind problem.Kind, at int, detail string) {
	if s.err != nil {
		return
	}
	if at == len(s.in) && at > 0 {
		detail += "; the body ends here"
	}
	line, column := position(s.in, at)
	e := problem.New(kind, "the body cannot be read: line %d, column %d: %s", line, column, detail)
	e.Fields = []problem.Field{{Pointer: pointer(s.path), Detail: detail, Line: line, Column: column}}
	s.err = e
}

// enter goes to a field or an item of a list, which begins at the offset at.
func (s *scanner) enter(part string, at int) {
	s.path = append(s.path, part)
	if s.visit != nil {
		s.visit(at)
	}
}

func (s *scanner) peek() byte {
	if s.at < len(s.in) {
		return s.in[s.at]
	}
	return 0
}

func (s *scanner) space() {
	for s.at < len(s.in) && strings.IndexByte(" \t\r\n", s.in[s.at]) >= 0 {
		s.at++
	}
}

func (s *scanner) value(depth int) {
	if depth > maxDepth {
		s.fail("nested more than 32 deep")
		return
	}
	switch c := s.peek(); {
	case c == '{':
		s.object(depth)
	case c == '[':
		s.array(depth)
	case c == '"':
		s.text()
	case c == '-' || c >= '0' && c <= '9':
		s.number()
	case !s.word("true") && !s.word("false") && !s.word("null"):
		s.fail("expected a JSON value")
	}
}

func (s *scanner) word(w string) bool {
	if strings.HasPrefix(string(s.in[s.at:min(s.at+len(w), len(s.in))]), w) {
		s.at += len(w)
		return true
	}
	return false
}

func (s *scanner) object(depth int) {
	s.at++
	seen := map[string]string{}
	for first := true; s.err == nil; first = false {
		s.space()
		if first && s.peek() == '}' {
			s.at++
			return
		}
		if s.peek() != '"' {
			s.fail("expected the name of a field in double quotes")
			return
		}
		from := s.at
		key := s.text()
		if s.err != nil {
			return
		}
		s.enter(key, from)
		s.remember(seen, key, from)
		s.space()
		if s.peek() != ':' {
			s.fail("expected a colon after the field's name")
			return
		}
		s.at++
		s.space()
		s.value(depth + 1)
		if s.err != nil {
			return
		}
		s.path = s.path[:len(s.path)-1]
		if s.closes('}') {
			return
		}
	}
}

func (s *scanner) remember(seen map[string]string, key string, at int) {
	folded := fold(key)
	if earlier, twice := seen[folded]; twice {
		detail := "the field is given twice"
		if earlier != key {
			detail += ", in two spellings"
		}
		s.failAs(problem.Malformed, at, detail)
	}
	seen[folded] = key
}

func (s *scanner) array(depth int) {
	s.at++
	for i := 0; s.err == nil; i++ {
		s.space()
		if i == 0 && s.peek() == ']' {
			s.at++
			return
		}
		s.enter(strconv.Itoa(i), s.at)
		s.value(depth + 1)
		if s.err != nil {
			return
		}
		s.path = s.path[:len(s.path)-1]
		if s.closes(']') {
			return
		}
	}
}

// closes consumes the end of an object or array, or the comma before its next part.
func (s *scanner) closes(end byte) bool {
	s.space()
	switch s.peek() {
	case end:
		s.at++
		return true
	case ',':
		s.at++
	default:
		s.fail("expected a comma or the end")
	}
	return false
}

// number follows RFC 8259's grammar and refuses what no double can hold.
func (s *scanner) number() {
	from := s.at
	if s.peek() == '-' {
		s.at++
	}
	if s.peek() == '0' {
		s.at++
	} else if !s.digits() {
		return
	}
	if s.peek() == '.' {
		s.at++
		if !s.digits() {
			return
		}
	}
	if c := s.peek(); c == 'e' || c == 'E' {
		s.at++
		if c := s.peek(); c == '+' || c == '-' {
			s.at++
		}
		if !s.digits() {
			return
		}
	}
	if _, err := strconv.ParseFloat(string(s.in[from:s.at]), 64); err != nil {
		s.failAs(problem.Invalid, from, "the number is out of range")
	}
}

func (s *scanner) digits() bool {
	from := s.at
	for c := s.peek(); c >= '0' && c <= '9'; c = s.peek() {
		s.at++
	}
	if s.at == from {
		s.fail("expected a digit")
	}
	return s.at > from
}

// text reads a string and returns it without its escapes.
func (s *scanner) text() string {
	from := s.at
	s.at++
	var out strings.Builder
	for s.at < len(s.in) {
		switch c := s.in[s.at]; {
		case c == '"':
			s.at++
			return out.String()
		case c == '\\':
			out.WriteRune(s.escape())
		case c < 0x20:
			s.fail("a control character in a string must be escaped")
		default:
			out.WriteRune(s.rune())
		}
		if s.err != nil {
			return ""
		}
	}
	s.failAs(problem.Malformed, from, "the string that begins here does not end")
	return ""
}

func (s *scanner) rune() rune {
	r, size := utf8.DecodeRune(s.in[s.at:])
	if r == utf8.RuneError && size == 1 {
		s.fail("the text is not valid UTF-8")
	}
	s.at += size
	return r
}

var escapes = map[byte]rune{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (s *scanner) escape() rune {
	s.at++
	c := s.peek()
	if r, ok := escapes[c]; ok {
		s.at++
		return r
	}
	if c != 'u' {
		s.fail("an unknown escape in a string")
		return 0
	}
	r := s.hex()
	switch {
	case r == 0:
		s.fail("the character U+0000 is not allowed")
	case r >= 0xDC00 && r <= 0xDFFF:
		s.fail("half of a surrogate pair")
	case r >= 0xD800 && r <= 0xDBFF:
		return s.lowSurrogate(r)
	}
	return r
}

func (s *scanner) lowSurrogate(high rune) rune {
	if s.peek() != '\\' {
		s.fail("half of a surrogate pair")
		return 0
	}
	s.at++
	if s.peek() != 'u' {
		s.fail("half of a surrogate pair")
		return 0
	}
	low := s.hex()
	if low < 0xDC00 || low > 0xDFFF {
		s.fail("half of a surrogate pair")
	}
	return (high-0xD800)<<10 + (low - 0xDC00) + 0x10000
}

// hex reads u and four hexadecimal digits; the result is never 0 when it fails, so that only U+0000 itself is.
func (s *scanner) hex() rune {
	s.at++
	if s.at+4 > len(s.in) {
		s.fail("an escape does not end")
		return utf8.RuneError
	}
	n, err := strconv.ParseUint(string(s.in[s.at:s.at+4]), 16, 16)
	if err != nil {
		s.fail("an escape is not hexadecimal")
		return utf8.RuneError
	}
	s.at += 4
	return rune(n)
}

// fold maps the spellings that the JSON decoder treats as the same field to one text.
func fold(key string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			least = min(least, f)
		}
		return least
	}, key)
}

// maxPointer limits how much of a caller's own names is in the answer.
const maxPointer = 200

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

// pointer is the RFC 6901 JSON pointer of a path.
func pointer(path []string) string {
	var out strings.Builder
	for _, part := range path {
		out.WriteByte('/')
		out.WriteString(pointerEscapes.Replace(part))
	}
	return short(out.String())
}

func short(s string) string {
	if len(s) <= maxPointer {
		return s
	}
	return strings.ToValidUTF8(s[:maxPointer], "") + "…"
}

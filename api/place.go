package api

import (
	"bytes"
	"context"
	"strings"
	"unicode/utf8"

	"leanpmo/internal/problem"
)

// position is the line and the column of an offset, counted from 1; a column counts characters.
func position(body []byte, at int) (line, column int) {
	before := body[:min(at, len(body))]
	start := bytes.LastIndexByte(before, '\n') + 1
	return bytes.Count(before, []byte{'\n'}) + 1, utf8.RuneCount(before[start:]) + 1
}

var pointerUnescapes = strings.NewReplacer("~1", "/", "~0", "~")

// locate is where in the body a JSON pointer leads: to the name of a field or to an item of a list. Of a pointer that leads to nothing,
// such as a missing field's, it is where the innermost part begins that is there.
func locate(body []byte, at string) (line, column int) {
	var want []string
	if at != "" {
		for _, part := range strings.Split(strings.TrimPrefix(at, "/"), "/") {
			want = append(want, fold(pointerUnescapes.Replace(part)))
		}
	}
	s := scanner{in: body}
	s.space()
	best, depth := s.at, 0
	s.visit = func(at int) {
		n := len(s.path)
		if n > depth && n <= len(want) && fold(s.path[n-1]) == want[n-1] && s.leadsTo(want) {
			best, depth = at, n
		}
	}
	s.value(0)
	return position(body, best)
}

// leadsTo reports whether the present path is a part of the wanted one.
func (s *scanner) leadsTo(want []string) bool {
	for i, part := range s.path {
		if fold(part) != want[i] {
			return false
		}
	}
	return true
}

// placed adds line and column to the fields at fault that are in the body. It is called only when a command is refused.
func placed(ctx context.Context, fields []problem.Field) {
	body, _ := ctx.Value(bodyKey{}).([]byte)
	if len(body) == 0 {
		return
	}
	for i := range fields {
		f := &fields[i]
		if f.Line == 0 && (f.Pointer == "" || strings.HasPrefix(f.Pointer, "/")) {
			f.Line, f.Column = locate(body, f.Pointer)
		}
	}
}

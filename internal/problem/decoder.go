package problem

import (
	"encoding/json"
	"errors"
	"strings"
	"unicode"

	"leanpmo/internal/cleantext"
)

// DecodedPointer is the JSON pointer of a path in an error of encoding/json, which names embedded types too. Our JSON names begin with a
// small letter.
func DecodedPointer(path string) string {
	var out strings.Builder
	for _, part := range strings.Split(path, ".") {
		if part != "" && !unicode.IsUpper(rune(part[0])) {
			out.WriteString("/" + part)
		}
	}
	return out.String()
}

// OfDecoder is the error for a body that encoding/json refused. It names the field, and never a value.
func OfDecoder(err error, detail string) *Error {
	e := Wrap(err, Malformed, "%s", detail)
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && wrong.Field != "" {
		e.Fields = []Field{{Pointer: DecodedPointer(wrong.Field), Detail: "is out of range, or of the wrong type"}}
	} else if _, name, found := strings.Cut(err.Error(), `json: unknown field "`); found {
		e.Fields = []Field{{Pointer: "/" + cleantext.Short(strings.TrimSuffix(name, `"`)), Detail: "is no known field"}}
	}
	return e
}

package problem

import (
	"errors"
	"fmt"
	"time"
)

// Field is one invalid field of the input. It never contains the value.
type Field struct {
	Pointer string `json:"pointer" doc:"JSON pointer into the body, or query/<name>, header/<name>, path/<name>"`
	Detail  string `json:"detail" doc:"What is wrong there"`
	Line    int    `json:"line,omitempty" doc:"Line of the body, from 1: of the field, or of the innermost part that is there"`
	Column  int    `json:"column,omitempty" doc:"Column of the line, in characters, from 1"`
}

// Error is an error with a kind and a detail that may be shown to the caller. Its cause is only for the log.
type Error struct {
	Kind       Kind
	Detail     string
	Fields     []Field
	RetryAfter time.Duration // the wait before a retry; 0: the default of the kind
	cause      error
}

// New makes an error of a kind with a detail for the caller.
func New(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Detail: fmt.Sprintf(format, args...)}
}

// Wrap makes an error of a kind with a detail for the caller; the cause is only for the log.
func Wrap(cause error, kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Detail: fmt.Sprintf(format, args...), cause: cause}
}

// InvalidField makes an error for one invalid field.
func InvalidField(pointer, format string, args ...any) *Error {
	return InvalidFields([]Field{{Pointer: pointer, Detail: fmt.Sprintf(format, args...)}})
}

// InvalidFields makes an error for several invalid fields.
func InvalidFields(fields []Field) *Error {
	return &Error{Kind: Invalid, Detail: "some of the input is not valid", Fields: fields}
}

// Error is the kind, the detail and the cause.
func (e *Error) Error() string {
	text := string(e.Kind) + ": " + e.Detail
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	return text
}

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether From maps err to this kind.
func Is(err error, kind Kind) bool { return err != nil && From(err).Kind == kind }

// As is the *Error in err's chain, or nil.
func As(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

package problem

import (
	"errors"
	"fmt"
	"time"
)

// Field is one place of the input that is at fault. It never carries the value.
type Field struct {
	Pointer string `json:"pointer" doc:"JSON pointer into the body, or query/<name>, header/<name>, path/<name>"`
	Detail  string `json:"detail" doc:"What is wrong there"`
}

// Error is an error with a kind and a sentence that may be shown to the caller. Its cause is only for the log.
type Error struct {
	Kind       Kind
	Detail     string
	Fields     []Field
	RetryAfter time.Duration // when it is worth trying again; 0: the kind's usual
	cause      error
}

// New is an error of a kind with a sentence for the caller.
func New(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Detail: fmt.Sprintf(format, args...)}
}

// Wrap gives cause a kind and a sentence for the caller; cause itself stays in the log.
func Wrap(cause error, kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Detail: fmt.Sprintf(format, args...), cause: cause}
}

// InvalidField is invalid input at one place.
func InvalidField(pointer, format string, args ...any) *Error {
	return InvalidFields([]Field{{Pointer: pointer, Detail: fmt.Sprintf(format, args...)}})
}

// InvalidFields is invalid input at several places.
func InvalidFields(fields []Field) *Error {
	return &Error{Kind: Invalid, Detail: "some of the input is not valid", Fields: fields}
}

// Error is the kind, the sentence and the cause.
func (e *Error) Error() string {
	text := string(e.Kind) + ": " + e.Detail
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	return text
}

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether err is answered with this kind.
func Is(err error, kind Kind) bool { return err != nil && From(err).Kind == kind }

// As is the *Error in err's chain, or nil.
func As(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

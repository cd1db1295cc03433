package delivery

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"

	"leanpmo/internal/problem"
)

// bodyBytes is the largest body of a call.
const bodyBytes = 256 << 10

// read takes one JSON value with known fields only.
func read(w http.ResponseWriter, r *http.Request, into any) error {
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return problem.New(problem.UnsupportedMedia, "send application/json")
	}
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, bodyBytes))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(into)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return problem.Wrap(err, problem.TooLarge, "a body has at most %d bytes", bodyBytes)
	case err != nil:
		return problem.Wrap(err, problem.Malformed, "the body is no JSON of this shape")
	case !errors.Is(decoder.Decode(&struct{}{}), io.EOF):
		return problem.New(problem.Malformed, "the body holds more than one value")
	}
	return nil
}

func write(w http.ResponseWriter, status int, v any) error {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the status is sent: a caller that went away cannot be told anything more
	return nil
}

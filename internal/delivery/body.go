package delivery

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
)

// maxBodyBytes is the largest request body.
const maxBodyBytes = 256 << 10

// readBody decodes one JSON value and refuses unknown fields.
func readBody(w http.ResponseWriter, r *http.Request, into any) error {
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return problem.New(problem.UnsupportedMedia, "send application/json")
	}
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBodyBytes))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(into)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return problem.Wrap(err, problem.TooLarge, "a body has at most %d bytes", maxBodyBytes)
	case err != nil:
		return problem.OfDecoder(err, "the body is no JSON of this shape")
	case !errors.Is(decoder.Decode(&struct{}{}), io.EOF):
		return problem.New(problem.Malformed, "the body holds more than one value")
	}
	return nil
}

func writeBody(w http.ResponseWriter, status int, v any) error {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the status is already sent, so an error cannot be reported
	return nil
}

// Longest texts of a work item; the limits of the tools are higher.
const (
	maxTitle   = 500
	maxSummary = 20000
)

func (n New) check() error {
	var faults []problem.Field
	if uuid.Validate(n.Request) != nil {
		faults = append(faults, problem.Field{Pointer: "/request", Detail: "is the id of a request"})
	}
	for pointer, text := range map[string]string{"/title": n.Title, "/team": n.Team} {
		if strings.TrimSpace(text) == "" {
			faults = append(faults, problem.Field{Pointer: pointer, Detail: "is required"})
		}
	}
	faults = append(faults, tooLong("/title", n.Title, maxTitle)...)
	faults = append(faults, tooLong("/summary", n.Summary, maxSummary)...)
	if len(faults) > 0 {
		return problem.InvalidFields(faults)
	}
	return nil
}

func (p Patch) check() error {
	var faults []problem.Field
	if p.Title != nil {
		faults = tooLong("/title", *p.Title, maxTitle)
		if strings.TrimSpace(*p.Title) == "" {
			faults = append(faults, problem.Field{Pointer: "/title", Detail: "is not empty"})
		}
	}
	if p.Summary != nil {
		faults = append(faults, tooLong("/summary", *p.Summary, maxSummary)...)
	}
	if p.Status != nil {
		switch *p.Status {
		case pmo.WorkOpen, pmo.WorkOnHold, pmo.WorkClosed, pmo.WorkCancelled:
		default:
			faults = append(faults, problem.Field{Pointer: "/status", Detail: "is open, on_hold, closed or cancelled"})
		}
	}
	if len(faults) > 0 {
		return problem.InvalidFields(faults)
	}
	return nil
}

func tooLong(pointer, text string, longest int) []problem.Field {
	if utf8.RuneCountInString(text) > longest {
		return []problem.Field{{Pointer: pointer, Detail: "is too long"}}
	}
	return nil
}

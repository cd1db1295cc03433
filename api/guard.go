package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"leanpmo/internal/problem"
)

// maxBody is the largest body; the largest useful one is a page or two of text.
const maxBody = 1 << 20

// guard refuses bodies, keys and query strings that huma would accept silently.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := checked(w, r)
		if err != nil {
			writeProblem(w, r, err)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		r.ContentLength = int64(len(body))
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), bodyKey{}, body)))
	})
}

// bodyKey is the body as it came: a decoded one does not tell null from absent.
type bodyKey struct{}

func checked(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if err := checkKey(r.Header); err != nil {
		return nil, err
	}
	if err := checkQuery(r.URL.RawQuery); err != nil {
		return nil, err
	}
	body, err := readBody(w, r)
	if err != nil || len(body) == 0 {
		return nil, err
	}
	if err := checkMedia(r.Header); err != nil {
		return nil, err
	}
	return body, scanJSON(body)
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		return nil, problem.New(problem.UnsupportedMedia, "send the body without Content-Encoding")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, problem.Wrap(err, problem.TooLarge, "a body has at most %d bytes", maxBody)
	case err != nil:
		return nil, problem.Wrap(err, problem.Malformed, "the body did not arrive completely")
	}
	return body, nil
}

func checkMedia(h http.Header) error {
	media, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	charset := params["charset"]
	if err != nil || media != "application/json" || charset != "" && !strings.EqualFold(charset, "utf-8") {
		return problem.New(problem.UnsupportedMedia, "send the body as application/json, in UTF-8")
	}
	return nil
}

// keyHeader makes a repeated command the same command.
const keyHeader = "Idempotency-Key"

func checkKey(h http.Header) error {
	keys := h.Values(keyHeader)
	if len(keys) == 0 {
		return nil
	}
	key := keys[0]
	visible := strings.IndexFunc(key, func(c rune) bool { return c < '!' || c > '~' }) < 0
	if len(keys) > 1 || len(key) < 1 || len(key) > 128 || !visible {
		return problem.InvalidField("header/"+keyHeader, "must be given once, with 1 to 128 visible ASCII characters")
	}
	return nil
}

// checkQuery refuses what cannot be parsed, and a parameter given twice, of which huma would ignore one.
func checkQuery(raw string) error {
	query, err := url.ParseQuery(raw)
	if err != nil {
		return problem.Wrap(err, problem.Malformed, "the query string cannot be read")
	}
	for name, values := range query {
		for _, text := range append(values, name) {
			if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
				return problem.New(problem.Malformed, "the query string is not valid UTF-8, or holds U+0000")
			}
		}
		if len(values) > 1 {
			return problem.InvalidField("query/"+short(name), "must be given once")
		}
	}
	return nil
}

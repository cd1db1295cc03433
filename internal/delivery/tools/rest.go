package tools

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"leanpmo/internal/delivery"
	"leanpmo/internal/problem"
)

// answerBytes is the longest answer of a tool that is read: a page of a hundred issues with their texts.
const answerBytes = 16 << 20

// rest calls the API of one tool. Where it calls is configuration, never part of an item.
type rest struct {
	name string // of the tool, for people
	base string
	http *http.Client
	sign func(*http.Request)
}

func newREST(name, base string, sign func(*http.Request)) (rest, error) {
	clean, err := delivery.CheckBase(base)
	if err != nil {
		return rest{}, fmt.Errorf("the address of %s %w", name, err)
	}
	return rest{name: name, base: clean, http: delivery.HTTPClient(), sign: sign}, nil
}

// call sends in and reads the answer into out, either of which may be nil.
func (r rest) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		content, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("write call to %s: %w", r.name, err)
		}
		body = bytes.NewReader(content)
	}
	req, err := http.NewRequestWithContext(ctx, method, r.base+path, body)
	if err != nil {
		return fmt.Errorf("make call to %s: %w", r.name, err)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "leanpmo")
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	r.sign(req)
	res, err := r.http.Do(req)
	if err != nil {
		return problem.Wrap(err, problem.Unavailable, "%s cannot be reached", r.name)
	}
	defer res.Body.Close()
	return r.read(res, out)
}

func (r rest) read(res *http.Response, out any) error {
	body, err := io.ReadAll(io.LimitReader(res.Body, answerBytes+1))
	switch {
	case err != nil:
		return problem.Wrap(err, problem.Unavailable, "the answer of %s did not arrive completely", r.name)
	case len(body) > answerBytes:
		return problem.New(problem.Internal, "the answer of %s is too long", r.name)
	case res.StatusCode < 200 || res.StatusCode > 299:
		return r.refused(res, time.Now())
	case out == nil:
		return nil
	}
	if err := json.Unmarshal(body, out); err != nil {
		return problem.Wrap(err, problem.Unavailable, "the answer of %s cannot be read", r.name)
	}
	return nil
}

// refused says what a refusal means for who asked us. The tool's own words stay here: they may repeat what was sent.
func (r rest) refused(res *http.Response, now time.Time) error {
	if wait, limited := limit(res, now); limited {
		e := problem.New(problem.RateLimited, "%s limits how often it may be called", r.name)
		e.RetryAfter = wait
		return e
	}
	switch status := res.StatusCode; {
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return problem.New(problem.Forbidden, "%s does not let us: check the token and its rights", r.name)
	case status == http.StatusNotFound, status == http.StatusGone:
		return problem.New(problem.NotFound, "%s has no such item or project", r.name)
	case status >= 300 && status < 400:
		return problem.New(problem.Forbidden, "%s has moved; set its new address", r.name)
	case status >= 500:
		e := problem.New(problem.Unavailable, "%s answers %d", r.name, status)
		e.RetryAfter = delivery.RetryAfter(res.Header, now)
		return e
	}
	return problem.New(problem.Invalid, "%s answers %d and does not take the item", r.name, res.StatusCode)
}

// limit tells whether a refusal is about how often, and for how long. GitHub says so with 403 or 429 and the moment its window ends.
func limit(res *http.Response, now time.Time) (time.Duration, bool) {
	h := res.Header
	wait := delivery.RetryAfter(h, now)
	empty := h.Get("X-RateLimit-Remaining") == "0" || h.Get("RateLimit-Remaining") == "0"
	if res.StatusCode != http.StatusTooManyRequests && (res.StatusCode != http.StatusForbidden || wait == 0 && !empty) {
		return 0, false
	}
	for _, name := range []string{"X-RateLimit-Reset", "RateLimit-Reset"} {
		if wait > 0 {
			break
		}
		wait = untilReset(h.Get(name), now)
	}
	return wait, true
}

// untilReset reads seconds since 1970, or the date Jira sends.
func untilReset(value string, now time.Time) time.Duration {
	at, err := time.Parse(time.RFC3339, value)
	if seconds, numeric := strconv.ParseInt(value, 10, 64); numeric == nil {
		at, err = time.Unix(seconds, 0), nil
	}
	if err != nil || !at.After(now) {
		return 0
	}
	return min(at.Sub(now), time.Hour)
}

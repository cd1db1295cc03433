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
	"leanpmo/internal/outbound"
	"leanpmo/internal/problem"
)

// maxResponseBytes is the longest answer of a tool that is read: a page of a hundred issues with their texts.
const maxResponseBytes = 16 << 20

// rest calls the REST API of one tool. The address is from the configuration, never from an item.
type rest struct {
	name string // of the tool, for people
	base string
	http *http.Client
	sign func(*http.Request)

	refused func(r rest, res *http.Response, body []byte, now time.Time) error // reads an error response; nil: problemOf does
}

func newREST(name, base string, guard outbound.Guard, sign func(*http.Request)) (rest, error) {
	clean, err := delivery.CheckBase(base)
	if err != nil {
		return rest{}, fmt.Errorf("the address of %s %w", name, err)
	}
	return rest{name: name, base: clean, http: delivery.HTTPClient(guard), sign: sign}, nil
}

// call sends in as JSON and decodes the response into out; either may be nil.
func (r rest) call(ctx context.Context, method, path string, in, out any) error {
	return r.send(ctx, method, path, "application/json", in, out)
}

// send is a call whose body has a media type of its own, in JSON too.
func (r rest) send(ctx context.Context, method, path, media string, in, out any) error {
	var body io.Reader
	if in != nil {
		content, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("encode call to %s: %w", r.name, err)
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
		req.Header.Set("Content-Type", media)
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
	body, err := io.ReadAll(io.LimitReader(res.Body, maxResponseBytes+1))
	switch {
	case err != nil:
		return problem.Wrap(err, problem.Unavailable, "the answer of %s did not arrive completely", r.name)
	case len(body) > maxResponseBytes:
		return problem.New(problem.Internal, "the answer of %s is too long", r.name)
	case res.StatusCode < 200 || res.StatusCode > 299, res.StatusCode == http.StatusNonAuthoritativeInfo:
		if r.refused != nil {
			return r.refused(r, res, body, time.Now())
		}
		return r.problemOf(res, time.Now())
	case out == nil:
		return nil
	}
	if err := json.Unmarshal(body, out); err != nil {
		return problem.Wrap(err, problem.Unavailable, "the answer of %s cannot be read", r.name)
	}
	return nil
}

// problemOf maps an error response to a problem. The tool's own text is left out, because it may repeat the content sent.
func (r rest) problemOf(res *http.Response, now time.Time) error {
	if wait, limited := limit(res, now); limited {
		e := problem.New(problem.RateLimited, "%s limits how often it may be called", r.name)
		e.RetryAfter = wait
		return e
	}
	switch status := res.StatusCode; {
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusNonAuthoritativeInfo: // Azure DevOps sends its page for signing in
		return problem.New(problem.Forbidden, "%s refuses access: check the token and its rights", r.name)
	case status == http.StatusNotFound, status == http.StatusGone:
		return problem.New(problem.NotFound, "%s has no such item or project", r.name)
	case status >= 300 && status < 400:
		return problem.New(problem.Forbidden, "%s answers with a redirect; set its new address", r.name)
	case status >= 500:
		e := problem.New(problem.Unavailable, "%s answers %d", r.name, status)
		e.RetryAfter = delivery.RetryAfter(res.Header, now)
		return e
	}
	return problem.New(problem.Invalid, "%s answers %d and does not accept the item", r.name, res.StatusCode)
}

// limit reports whether a response is a rate limit, and how long to wait. GitHub sends 403 or 429 with the end of its window.
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

// untilReset reads Unix seconds or, from Jira, a date.
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

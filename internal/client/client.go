// Package client calls the product's HTTP API: typed calls, typed errors, and repetition where it is safe. The command line and the
// demo use it.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"leanpmo/internal/problem"
)

// DefaultURL is where the local stack listens.
const DefaultURL = "http://127.0.0.1:8080"

// maxAnswer is more than the largest page of any list.
const maxAnswer = 32 << 20

// Options are the optional settings of a client.
type Options struct {
	Timeout time.Duration // of one attempt; 0: half a minute, more than the server takes
	Tries   int           // attempts where repeating is safe; 0: 3
	Agent   string        // User-Agent
	// Again is called before a call is repeated, with the error of the attempt before and the time until the next one.
	Again func(err error, wait time.Duration)
	HTTP  *http.Client // its Timeout and CheckRedirect are replaced
}

// Client calls the API as one person. It may be used by several goroutines.
type Client struct {
	base, token, agent string
	tries              int
	again              func(error, time.Duration)
	http               http.Client
}

// Address is the whole address of a path of the server.
func (c *Client) Address(path string) string { return c.base + path }

// New makes a client for the API at a base URL.
func New(base, token string, o Options) (*Client, error) {
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("read the address of the API: it is no URL like %s", DefaultURL)
	}
	if u.User != nil {
		return nil, errors.New("read the address of the API: a password does not belong in it")
	}
	c := &Client{base: strings.TrimSuffix(base, "/"), token: token, agent: o.Agent, tries: o.Tries, again: o.Again}
	if o.HTTP != nil {
		c.http = *o.HTTP
	}
	c.http.Timeout = o.Timeout
	if o.Timeout == 0 {
		c.http.Timeout = 30 * time.Second
	}
	if c.tries == 0 {
		c.tries = problem.Tries
	}
	// A redirect means a wrong address. Following it would turn a POST into a GET and might send the token to another server.
	c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c, nil
}

// call is one operation of the API.
type call struct {
	method, path string
	query        url.Values
	body         any
	key          string // Idempotency-Key
	repeatable   bool   // the body itself makes the same call twice the same command
}

// Answer is the answer to a call: the decoded value, and the body it was decoded from.
type Answer[T any] struct {
	Value  T
	Raw    []byte
	Status int
	Date   time.Time // the server's clock; zero without a Date header
	// Replayed says that the answer is the first one to a command that was given before under its key.
	Replayed bool
}

// do makes the call and decodes its answer as T.
func do[T any](ctx context.Context, c *Client, k call) (*Answer[T], error) {
	raw, err := c.repeat(ctx, k)
	if err != nil {
		return nil, err
	}
	a := &Answer[T]{Raw: raw.body, Status: raw.status, Date: raw.date, Replayed: raw.header.Get("Idempotency-Replayed") == "true"}
	if len(raw.body) == 0 {
		return a, nil
	}
	if err := json.Unmarshal(raw.body, &a.Value); err != nil {
		return nil, &Unexpected{Status: raw.status, Detail: "the answer is not what this version understands", cause: err}
	}
	return a, nil
}

// raw is an answer before it is decoded.
type raw struct {
	status int
	header http.Header
	date   time.Time
	body   []byte
}

// once makes one attempt; an answer without a status of success is an error.
func (c *Client) once(ctx context.Context, k call, body []byte) (*raw, error) {
	req, err := c.request(ctx, k, body)
	if err != nil {
		return nil, err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, unreachable(ctx, c.base, err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return nil, unreachable(ctx, c.base, err)
	}
	if len(text) > maxAnswer {
		return nil, &Unexpected{Status: res.StatusCode, Detail: "the answer is too large"}
	}
	r := &raw{status: res.StatusCode, header: res.Header, body: text}
	r.date, _ = http.ParseTime(res.Header.Get("Date")) // zero without one
	if res.StatusCode >= http.StatusOK && res.StatusCode < http.StatusMultipleChoices {
		return r, nil
	}
	return nil, refusal(r)
}

func (c *Client) request(ctx context.Context, k call, body []byte) (*http.Request, error) {
	address := c.base + k.path
	if len(k.query) > 0 {
		address += "?" + k.query.Encode()
	}
	var content io.Reader
	if body != nil {
		content = bytes.NewReader(body)
	}
	req, err := http.NewRequestWithContext(ctx, k.method, address, content)
	if err != nil {
		return nil, fmt.Errorf("make request: %w", err)
	}
	for name, value := range map[string]string{"User-Agent": c.agent, "Idempotency-Key": k.key, "Accept": "application/json"} {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}

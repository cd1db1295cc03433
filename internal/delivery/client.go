package delivery

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"leanpmo/internal/outbound"
	"leanpmo/internal/problem"
)

// Limits of a call to a tool.
const (
	callTimeout      = 15 * time.Second
	maxResponseBytes = 1 << 20
)

// Client calls a server of the delivery API. It is safe for concurrent use.
type Client struct {
	base  string
	token string
	http  *http.Client
}

// NewClient makes a client for a base URL such as https://adapter.example/delivery/v1.
func NewClient(base, token string, guard outbound.Guard) (*Client, error) {
	clean, err := CheckBase(base)
	if err != nil {
		return nil, err
	}
	return &Client{base: clean, token: token, http: HTTPClient(guard)}, nil
}

// CheckBase checks and normalizes a base URL. Its error does not contain the URL, which may hold a password.
func CheckBase(base string) (string, error) {
	u, err := url.Parse(base)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return "", errors.New("is not a URL like https://adapter.example/delivery/v1")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "", errors.New("has more than scheme, host and path")
	}
	return strings.TrimSuffix(u.String(), "/"), nil
}

// HTTPClient makes the HTTP client for tools, whose addresses the operator sets.
func HTTPClient(guard outbound.Guard) *http.Client {
	return outbound.NewClient(guard.ForOperator(), callTimeout)
}

// Open opens a work item. It is idempotent: calls with the same key return the same item.
func (c *Client) Open(ctx context.Context, key string, n New) (Item, error) {
	var item Item
	err := c.do(ctx, http.MethodPost, "/work-items", key, n, &item)
	return accepted(item, err)
}

// Get reads a work item.
func (c *Client) Get(ctx context.Context, id string) (Item, error) {
	var item Item
	err := c.do(ctx, http.MethodGet, "/work-items/"+url.PathEscape(id), "", nil, &item)
	return accepted(item, err)
}

// Find reads the work item that was opened under a key; found is false without one.
func (c *Client) Find(ctx context.Context, key string) (item Item, found bool, err error) {
	var list List
	err = c.do(ctx, http.MethodGet, "/work-items?key="+url.QueryEscape(key), "", nil, &list)
	if err != nil || len(list.Items) == 0 {
		return Item{}, false, err
	}
	item, err = accepted(list.Items[0], nil)
	return item, err == nil, err
}

// Change changes a work item.
func (c *Client) Change(ctx context.Context, id string, p Patch) (Item, error) {
	var item Item
	err := c.do(ctx, http.MethodPatch, "/work-items/"+url.PathEscape(id), "", p, &item)
	return accepted(item, err)
}

// Limits of what a tool names: it is stored with the request and in the workflow's history.
const (
	MaxIDBytes  = 200
	MaxURLBytes = 2000
)

// accepted checks an item that a tool answered. An address that is of no use is left out: the item is worked on all the same.
func accepted(item Item, err error) (Item, error) {
	switch {
	case err != nil:
		return Item{}, err
	case item.ID == "":
		return Item{}, &Error{Kind: KindGarbled, Detail: "the answer names no work item", Retry: true}
	case len(item.ID) > MaxIDBytes:
		return Item{}, &Error{Kind: KindGarbled, Detail: fmt.Sprintf("the answer names a work item by more than %d bytes", MaxIDBytes)}
	}
	if at, err := url.Parse(item.URL); err != nil || len(item.URL) > MaxURLBytes || at.Scheme != "https" && at.Scheme != "http" {
		item.URL = ""
	}
	return item, nil
}

func (c *Client) do(ctx context.Context, method, path, key string, in, out any) error {
	var body io.Reader
	if in != nil {
		content, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("encode delivery call: %w", err)
		}
		body = bytes.NewReader(content)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return fmt.Errorf("make delivery call: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Accept", "application/json, application/problem+json")
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return unreachable(err)
	}
	defer res.Body.Close()
	return readResponse(res, out)
}

func unreachable(err error) *Error {
	var refused *outbound.Refused
	if errors.As(err, &refused) {
		return &Error{Kind: KindUnreachable, Detail: "the address of the tool may not be called", Retry: true, cause: err}
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() || errors.Is(err, context.DeadlineExceeded) {
		return &Error{Kind: KindTimeout, Detail: "the tool did not answer in time", Retry: true, cause: err}
	}
	return &Error{Kind: KindUnreachable, Detail: "the tool cannot be reached", Retry: true, cause: err}
}

func readResponse(res *http.Response, out any) error {
	body, err := io.ReadAll(io.LimitReader(res.Body, maxResponseBytes+1))
	if err != nil {
		return unreachable(err)
	}
	if res.StatusCode < 200 || res.StatusCode > 299 {
		var p problem.Problem
		if strings.Contains(res.Header.Get("Content-Type"), "json") && len(body) <= maxResponseBytes {
			_ = json.Unmarshal(body, &p) // without a document the status decides
		}
		return errorOf(res.StatusCode, res.Header, p)
	}
	if len(body) > maxResponseBytes {
		return &Error{Kind: KindGarbled, Detail: "the answer is too long", Status: res.StatusCode}
	}
	if err := json.Unmarshal(body, out); err != nil {
		return &Error{Kind: KindGarbled, Detail: "the answer cannot be read", Status: res.StatusCode, Retry: true, cause: err}
	}
	return nil
}

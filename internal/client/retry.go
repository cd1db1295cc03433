package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"leanpmo/internal/problem"
)

// repeat makes the call. After a temporary failure it repeats the call, if the same call twice is the same command.
func (c *Client) repeat(ctx context.Context, k call) (*raw, error) {
	var body []byte
	if k.body != nil {
		var err error
		if body, err = json.Marshal(k.body); err != nil {
			return nil, fmt.Errorf("encode the body: %w", err)
		}
	}
	rule := problem.Retry{Tries: c.tries}
	for {
		answer, err := c.once(ctx, k, body)
		if err == nil || !k.again(err) {
			return answer, err
		}
		r := &Refused{} // if nothing answered
		errors.As(err, &r)
		wait, again := rule.Next(r.Kind, r.RetryAfter)
		if !again {
			return nil, err
		}
		if c.again != nil {
			c.again(err, wait)
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("call the API: %w", context.Cause(ctx))
		case <-time.After(wait):
		}
	}
}

// again reports whether the call may be repeated after err: it changes nothing, the server recognises the second one as the same
// command, or the first one was never sent.
func (k call) again(err error) bool {
	safe := k.method == http.MethodGet || k.key != "" || k.repeatable
	var gone *Unreachable
	if errors.As(err, &gone) {
		return safe || gone.NotSent
	}
	return safe && (IsKind(err, problem.Unavailable) || IsKind(err, problem.Busy) || IsKind(err, problem.RateLimited))
}

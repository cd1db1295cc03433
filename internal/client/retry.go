package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"leanpmo/internal/problem"
)

// busyTries are the attempts while the server says that it is busy and when to come back: nothing was started, so coming back is what it asks for.
const busyTries = 8

const (
	firstPause = 200 * time.Millisecond
	// longestPause bounds how long a Retry-After header is followed; after a longer one the error is returned.
	longestPause = 10 * time.Second
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
	pause := firstPause
	for try := 1; ; try++ {
		answer, err := c.once(ctx, k, body)
		if err == nil || try >= c.triesAfter(err) || !k.again(err) {
			return answer, err
		}
		wait := pause + rand.N(pause/2)
		var r *Refused
		if errors.As(err, &r) && r.RetryAfter > 0 {
			if r.RetryAfter > longestPause {
				return nil, err
			}
			wait = r.RetryAfter + rand.N(firstPause) // those refused together do not come back together
		}
		if c.again != nil {
			c.again(err, wait)
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("call the API: %w", context.Cause(ctx))
		case <-time.After(wait):
		}
		pause = min(3*pause, longestPause)
	}
}

// triesAfter is how many attempts a call gets that ended with err.
func (c *Client) triesAfter(err error) int {
	var r *Refused
	if errors.As(err, &r) && r.RetryAfter > 0 && (r.Kind == problem.Busy || r.Kind == problem.RateLimited) && c.tries > 1 {
		return max(c.tries, busyTries)
	}
	return c.tries
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

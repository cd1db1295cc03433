package tools

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"leanpmo/internal/delivery"
	"leanpmo/internal/problem"
)

// graphQL calls the GraphQL API of one tool.
type graphQL struct{ rest }

// graphErrors are the errors of an answer, which may come with any HTTP status.
type graphErrors struct {
	Errors []struct {
		Extensions struct {
			Code string `json:"code"`
		} `json:"extensions"`
	} `json:"errors"`
}

// ask sends a query with its variables and decodes the data of the answer into out, which may be nil.
func (g graphQL) ask(ctx context.Context, query string, variables map[string]any, out any) error {
	var got struct {
		graphErrors
		Data json.RawMessage `json:"data"`
	}
	if err := g.call(ctx, http.MethodPost, "/graphql", map[string]any{"query": query, "variables": variables}, &got); err != nil {
		return err
	}
	if len(got.Errors) > 0 {
		return g.problemOfCode(got.Errors[0].Extensions.Code)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(got.Data, out); err != nil {
		return problem.Wrap(err, problem.Unavailable, "the answer of %s cannot be read", g.name)
	}
	return nil
}

// problemOfCode maps the code of an error to a problem. The tool's own text is left out, because it may repeat the content sent.
func (r rest) problemOfCode(code string) error {
	switch code {
	case "RATELIMITED":
		return problem.New(problem.RateLimited, "%s limits how often it may be called", r.name)
	case "AUTHENTICATION_ERROR", "FORBIDDEN", "FEATURE_NOT_ACCESSIBLE":
		return problem.New(problem.Forbidden, "%s refuses access: check the token and its rights", r.name)
	case "INTERNAL_SERVER_ERROR", "LOCK_TIMEOUT":
		return problem.New(problem.Unavailable, "%s reports an error of its own", r.name)
	}
	return problem.New(problem.Invalid, "%s does not accept the item", r.name)
}

// linearRefused reads an error response of Linear, which says 400 also for a rate limit and for a wrong token; the code tells them apart.
// Its limits end at a time in milliseconds.
func linearRefused(r rest, res *http.Response, body []byte, now time.Time) error {
	var got graphErrors
	if json.Unmarshal(body, &got) != nil || len(got.Errors) == 0 || got.Errors[0].Extensions.Code == "" {
		return r.problemOf(res, now)
	}
	err := r.problemOfCode(got.Errors[0].Extensions.Code)
	if e := problem.As(err); e != nil && e.Kind == problem.RateLimited {
		e.RetryAfter = delivery.RetryAfter(res.Header, now)
		for _, name := range []string{"X-RateLimit-Requests-Reset", "X-RateLimit-Complexity-Reset"} {
			if ms, bad := strconv.ParseInt(res.Header.Get(name), 10, 64); bad == nil {
				e.RetryAfter = max(e.RetryAfter, untilReset(strconv.FormatInt(ms/1000, 10), now))
			}
		}
	}
	return err
}

package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

func requestPath(ref, rest string) string { return "/v1/requests/" + url.PathEscape(ref) + rest }

func get(path string, query url.Values) call {
	return call{method: http.MethodGet, path: path, query: query}
}

// Request reads one request.
func (c *Client) Request(ctx context.Context, ref string) (*Answer[Request], error) {
	return do[Request](ctx, c, get(requestPath(ref, ""), nil))
}

// Ledger reads what happened to a request, from a position on.
func (c *Client) Ledger(ctx context.Context, ref string, after int64, limit int) (*Answer[Page[Entry]], error) {
	q := url.Values{}
	add(q, "after", after)
	add(q, "limit", int64(limit))
	return do[Page[Entry]](ctx, c, get(requestPath(ref, "/ledger"), q))
}

// Explain reads why a request stands where it stands.
func (c *Client) Explain(ctx context.Context, ref string) (*Answer[Explanation], error) {
	return do[Explanation](ctx, c, get(requestPath(ref, "/explanation"), nil))
}

// Forecast reads if and when.
func (c *Client) Forecast(ctx context.Context, ref string) (*Answer[Forecast], error) {
	return do[Forecast](ctx, c, get(requestPath(ref, "/forecast"), nil))
}

// Plan reads a request's plan.
func (c *Client) Plan(ctx context.Context, ref string) (*Answer[PlanView], error) {
	return do[PlanView](ctx, c, get(requestPath(ref, "/plan"), nil))
}

// Filter chooses requests for a list. Empty fields choose everything.
type Filter struct {
	Portfolio, Stage, Status, Theme, Kind, Team, Requester, WaitingOn, Text string

	Closed bool   // closed ones too
	Sort   string // rank, age, due, newest
	Limit  int
	Cursor string
}

func (f Filter) query() url.Values {
	q := url.Values{}
	for name, value := range map[string]string{"portfolio": f.Portfolio, "stage": f.Stage, "status": f.Status, "theme": f.Theme, "kind": f.Kind,
		"team": f.Team, "requester": f.Requester, "waiting_on": f.WaitingOn, "text": f.Text, "sort": f.Sort, "cursor": f.Cursor} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.Closed {
		q.Set("closed", "true")
	}
	add(q, "limit", int64(f.Limit))
	return q
}

func add(q url.Values, name string, n int64) {
	if n > 0 {
		q.Set(name, strconv.FormatInt(n, 10))
	}
}

// List reads a page of requests.
func (c *Client) List(ctx context.Context, f Filter) (*Answer[Page[Item]], error) {
	return do[Page[Item]](ctx, c, get("/v1/requests", f.query()))
}

// Inbox reads all that waits on the caller, most urgent first.
func (c *Client) Inbox(ctx context.Context) (*Answer[Page[InboxItem]], error) {
	return do[Page[InboxItem]](ctx, c, get("/v1/inbox", nil))
}

// Backlog reads a page of the ranked backlog.
func (c *Client) Backlog(ctx context.Context, portfolio string, limit int, cursor string) (*Answer[Page[RankedRequest]], error) {
	return do[Page[RankedRequest]](ctx, c, get("/v1/backlog", Filter{Portfolio: portfolio, Limit: limit, Cursor: cursor}.query()))
}

// Prioritizations reads a page of prioritization runs, newest first.
func (c *Client) Prioritizations(ctx context.Context, portfolio string, limit int, cursor string) (*Answer[Page[Prioritization]], error) {
	return do[Page[Prioritization]](ctx, c, get("/v1/prioritizations", Filter{Portfolio: portfolio, Limit: limit, Cursor: cursor}.query()))
}

// Prioritization reads one run with its moves and causes.
func (c *Client) Prioritization(ctx context.Context, id string) (*Answer[Prioritization], error) {
	return do[Prioritization](ctx, c, get("/v1/prioritizations/"+url.PathEscape(id), nil))
}

// Teams reads all teams with what they hold.
func (c *Client) Teams(ctx context.Context) (*Answer[Page[Team]], error) {
	return do[Page[Team]](ctx, c, get("/v1/teams", nil))
}

// Policy reads the rules in force.
func (c *Client) Policy(ctx context.Context) (*Answer[Policy], error) {
	return do[Policy](ctx, c, get("/v1/policy", nil))
}

// Delegation reads who acts for the caller.
func (c *Client) Delegation(ctx context.Context) (*Answer[Delegation], error) {
	return do[Delegation](ctx, c, get("/v1/me/delegation", nil))
}

func flowQuery(portfolio string, days int) url.Values {
	q := url.Values{}
	if portfolio = strings.TrimSpace(portfolio); portfolio != "" {
		q.Set("portfolio", portfolio)
	}
	add(q, "days", int64(days))
	return q
}

// Flow reads how work flowed over the last days.
func (c *Client) Flow(ctx context.Context, portfolio string, days int) (*Answer[Flow], error) {
	return do[Flow](ctx, c, get("/v1/reports/flow", flowQuery(portfolio, days)))
}

// FlowCSV reads the flow report for a spreadsheet.
func (c *Client) FlowCSV(ctx context.Context, portfolio string, days int) ([]byte, error) {
	q := flowQuery(portfolio, days)
	q.Set("format", "csv")
	answer, err := c.repeat(ctx, get("/v1/reports/flow", q))
	if err != nil {
		return nil, err
	}
	return answer.body, nil
}

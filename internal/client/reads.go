package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"leanpmo/internal/wire"
)

func requestPath(ref, rest string) string { return "/v1/requests/" + url.PathEscape(ref) + rest }

func get(path string, query url.Values) call {
	return call{method: http.MethodGet, path: path, query: query}
}

// Request reads one request.
func (c *Client) Request(ctx context.Context, ref string) (*Answer[wire.Request], error) {
	return do[wire.Request](ctx, c, get(requestPath(ref, ""), nil))
}

// RequestPage reads one request with its burn-up, not older than a command's receipt says.
func (c *Client) RequestPage(ctx context.Context, ref string, seq int64) (*Answer[wire.Request], error) {
	q := url.Values{"burn_up": {"true"}}
	add(q, "at_least", seq)
	return do[wire.Request](ctx, c, get(requestPath(ref, ""), q))
}

// Ledger reads what happened to a request, from a position on.
func (c *Client) Ledger(ctx context.Context, ref string, after int64, limit int) (*Answer[wire.Page[wire.LedgerEntry]], error) {
	q := url.Values{}
	add(q, "after", after)
	add(q, "limit", int64(limit))
	return do[wire.Page[wire.LedgerEntry]](ctx, c, get(requestPath(ref, "/ledger"), q))
}

// LedgerNewest reads what happened before a position, the newest first; 0 is after everything.
func (c *Client) LedgerNewest(ctx context.Context, ref string, before int64, limit int) (*Answer[wire.Page[wire.LedgerEntry]], error) {
	q := url.Values{"order": {"newest"}}
	add(q, "after", before)
	add(q, "limit", int64(limit))
	return do[wire.Page[wire.LedgerEntry]](ctx, c, get(requestPath(ref, "/ledger"), q))
}

// Explain reads why a request has its lane, route, rank, approach and team.
func (c *Client) Explain(ctx context.Context, ref string) (*Answer[wire.Explanation], error) {
	return do[wire.Explanation](ctx, c, get(requestPath(ref, "/explanation"), nil))
}

// Forecast reads if and when a request will be done.
func (c *Client) Forecast(ctx context.Context, ref string) (*Answer[wire.Forecast], error) {
	return do[wire.Forecast](ctx, c, get(requestPath(ref, "/forecast"), nil))
}

// Promises reads what was told about when a request is done, the newest first.
func (c *Client) Promises(ctx context.Context, ref string, limit int) (*Answer[wire.Page[wire.Promise]], error) {
	q := url.Values{}
	add(q, "limit", int64(limit))
	return do[wire.Page[wire.Promise]](ctx, c, get(requestPath(ref, "/promises"), q))
}

// Plan reads a request's plan.
func (c *Client) Plan(ctx context.Context, ref string) (*Answer[wire.PlanView], error) {
	return do[wire.PlanView](ctx, c, get(requestPath(ref, "/plan"), nil))
}

// Playbook reads the playbook of a way of working.
func (c *Client) Playbook(ctx context.Context, approach, lang string) (*Answer[wire.Playbook], error) {
	return do[wire.Playbook](ctx, c, get("/v1/playbooks/"+url.PathEscape(approach), url.Values{"lang": {lang}}))
}

// Advice reads the part of the playbook that matters for a request now.
func (c *Client) Advice(ctx context.Context, ref, lang string) (*Answer[wire.Playbook], error) {
	return do[wire.Playbook](ctx, c, get(requestPath(ref, "/playbook"), url.Values{"lang": {lang}}))
}

// DraftPlan drafts a plan of the weight of an approach; the one in force where none is named.
func (c *Client) DraftPlan(ctx context.Context, ref, approach string) (*Answer[wire.PlanDraft], error) {
	query := url.Values{}
	if approach != "" {
		query.Set("approach", approach)
	}
	return do[wire.PlanDraft](ctx, c, get(requestPath(ref, "/plan/draft"), query))
}

// Approach reads which way of working fits a request, and what to ask next.
func (c *Client) Approach(ctx context.Context, ref string) (*Answer[wire.ApproachAdvice], error) {
	return do[wire.ApproachAdvice](ctx, c, get(requestPath(ref, "/approach"), nil))
}

// WhatIfApproach reads the same for work that is nobody's request.
func (c *Client) WhatIfApproach(ctx context.Context, work wire.WhatIfApproach) (*Answer[wire.ApproachAdvice], error) {
	return do[wire.ApproachAdvice](ctx, c, call{method: http.MethodPost, path: "/v1/what-if/approach", body: work})
}

// Filter chooses requests for a list. Empty fields choose everything.
type Filter struct {
	Portfolio, Stage, Status, Theme, Kind, Team, Class, Requester, WaitingOn, Text string

	DaysInStage int    // in its stage for at least so many days
	Closed      bool   // closed ones too
	Forecast    bool   // each with its forecast; of lists of requests
	Sort        string // rank, age, due, newest
	Limit       int
	Cursor      string
}

func (f Filter) query() url.Values {
	q := url.Values{}
	for name, value := range map[string]string{"portfolio": f.Portfolio, "stage": f.Stage, "status": f.Status, "theme": f.Theme, "kind": f.Kind,
		"team": f.Team, "class": f.Class, "requester": f.Requester, "waiting_on": f.WaitingOn, "text": f.Text, "sort": f.Sort, "cursor": f.Cursor} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.Closed {
		q.Set("closed", "true")
	}
	if f.Forecast {
		q.Set("forecast", "true")
	}
	add(q, "limit", int64(f.Limit))
	add(q, "days_in_stage", int64(f.DaysInStage))
	return q
}

func add(q url.Values, name string, n int64) {
	if n > 0 {
		q.Set(name, strconv.FormatInt(n, 10))
	}
}

// List reads a page of requests.
func (c *Client) List(ctx context.Context, f Filter) (*Answer[wire.Page[wire.RequestItem]], error) {
	return do[wire.Page[wire.RequestItem]](ctx, c, get("/v1/requests", f.query()))
}

// ForecastSelection reads when the last of several requests is done: those that are named, or those that a filter chooses.
func (c *Client) ForecastSelection(ctx context.Context, f Filter, s wire.Selection) (*Answer[wire.SelectionForecast], error) {
	f.Sort, f.Limit, f.Cursor, f.Closed, f.Forecast = "", 0, "", false, false
	q := f.query()
	if len(s.Requests) > 0 {
		q.Set("request", strings.Join(s.Requests, ","))
	}
	if s.By != "" {
		q.Set("by", string(s.By))
	}
	return do[wire.SelectionForecast](ctx, c, get("/v1/forecast", q))
}

// Inbox reads a page of the open questions that wait on the caller, most urgent first.
func (c *Client) Inbox(ctx context.Context, limit int, cursor string) (*Answer[wire.Page[wire.InboxItem]], error) {
	return do[wire.Page[wire.InboxItem]](ctx, c, get("/v1/inbox", Filter{Limit: limit, Cursor: cursor}.query()))
}

// InboxOf reads the open questions of some requests that wait on the caller.
func (c *Client) InboxOf(ctx context.Context, requests []string) (*Answer[wire.Page[wire.InboxItem]], error) {
	return do[wire.Page[wire.InboxItem]](ctx, c, get("/v1/inbox", url.Values{"request": {strings.Join(requests, ",")}}))
}

// WaitingForMine reads what waiting for the caller's groups came to.
func (c *Client) WaitingForMine(ctx context.Context) (*Answer[wire.GroupsWaiting], error) {
	return do[wire.GroupsWaiting](ctx, c, get("/v1/me/waiting", nil))
}

// Stuck reads the requests that concern the caller and do not go on.
func (c *Client) Stuck(ctx context.Context, limit int) (*Answer[wire.Stuck], error) {
	return do[wire.Stuck](ctx, c, get("/v1/stuck", Filter{Limit: limit}.query()))
}

// Digest reads what the caller has to know since a time; of the last day when it is zero.
func (c *Client) Digest(ctx context.Context, since time.Time) (*Answer[wire.Digest], error) {
	return do[wire.Digest](ctx, c, get("/v1/digest", sinceQuery(since)))
}

// Changes reads of the digest only what changed.
func (c *Client) Changes(ctx context.Context, since time.Time) (*Answer[wire.Digest], error) {
	q := sinceQuery(since)
	q.Set("only", "changed")
	return do[wire.Digest](ctx, c, get("/v1/digest", q))
}

func sinceQuery(since time.Time) url.Values {
	q := url.Values{}
	if !since.IsZero() {
		q.Set("since", since.UTC().Format(time.RFC3339))
	}
	return q
}

// WholeInbox reads every open question that waits on the caller, page by page. A question that moves while it is read is listed once.
func (c *Client) WholeInbox(ctx context.Context) ([]wire.InboxItem, error) {
	var items []wire.InboxItem
	seen := map[[2]string]bool{}
	for cursor := ""; ; {
		page, err := c.Inbox(ctx, 0, cursor)
		if err != nil {
			return nil, err
		}
		for _, i := range page.Value.Items {
			if id := [2]string{i.Request.ID, i.Question.ID}; !seen[id] {
				seen[id] = true
				items = append(items, i)
			}
		}
		if cursor = page.Value.Next; cursor == "" {
			return items, nil
		}
	}
}

// Backlog reads a page of the ranked backlog. Stage, status and order of the filter are the backlog's own.
func (c *Client) Backlog(ctx context.Context, f Filter) (*Answer[wire.Backlog], error) {
	return do[wire.Backlog](ctx, c, get("/v1/backlog", f.chosen().query()))
}

// Funding reads what to fund with a capacity in team-weeks. Needs are pairs such as R-12:R-7.
func (c *Client) Funding(ctx context.Context, portfolio string, capacity float64, needs []string) (*Answer[wire.Funding], error) {
	q := Filter{Portfolio: portfolio}.query()
	q.Set("capacity", strconv.FormatFloat(capacity, 'f', -1, 64))
	if len(needs) > 0 {
		q.Set("needs", strings.Join(needs, ","))
	}
	return do[wire.Funding](ctx, c, get("/v1/funding", q))
}

// chosen is the filter without what only the list of requests has.
func (f Filter) chosen() Filter {
	f.Stage, f.Status, f.WaitingOn, f.Closed, f.Sort = "", "", "", false, ""
	return f
}

// Board reads the open requests by stage, at most a number of each.
func (c *Client) Board(ctx context.Context, f Filter, most int) (*Answer[wire.Board], error) {
	f = f.chosen()
	f.Limit, f.Cursor = 0, ""
	q := f.query()
	add(q, "most", int64(most))
	return do[wire.Board](ctx, c, get("/v1/board", q))
}

// Views lists the filters that the caller keeps.
func (c *Client) Views(ctx context.Context) (*Answer[wire.Page[wire.View]], error) {
	return do[wire.Page[wire.View]](ctx, c, get("/v1/me/views", nil))
}

// Notifications reads what the caller hears of, on which channel and when.
func (c *Client) Notifications(ctx context.Context) (*Answer[wire.Notifications], error) {
	return do[wire.Notifications](ctx, c, get("/v1/me/notifications", nil))
}

// SetNotifications chooses that.
func (c *Client) SetNotifications(ctx context.Context, v wire.SetNotifications) (*Answer[wire.SetNotifications], error) {
	return do[wire.SetNotifications](ctx, c, call{method: http.MethodPut, path: "/v1/me/notifications", body: v, repeatable: true})
}

// Mute mutes a request for the caller, or ends that.
func (c *Client) Mute(ctx context.Context, ref string, muted bool) error {
	method := http.MethodDelete
	if muted {
		method = http.MethodPut
	}
	_, err := do[struct{}](ctx, c, call{method: method, path: "/v1/requests/" + url.PathEscape(ref) + "/mute", repeatable: true})
	return err
}

// PutView keeps a filter under a name.
func (c *Client) PutView(ctx context.Context, id string, v wire.SetView) (*Answer[wire.View], error) {
	return do[wire.View](ctx, c, call{method: http.MethodPut, path: "/v1/me/views/" + url.PathEscape(id), body: v, repeatable: true})
}

// DropView keeps it no longer.
func (c *Client) DropView(ctx context.Context, id string) error {
	_, err := do[struct{}](ctx, c, call{method: http.MethodDelete, path: "/v1/me/views/" + url.PathEscape(id), repeatable: true})
	return err
}

// Prioritizations reads a page of prioritization runs, newest first.
func (c *Client) Prioritizations(ctx context.Context, portfolio string, limit int, cursor string) (*Answer[wire.Page[wire.Prioritization]], error) {
	return do[wire.Page[wire.Prioritization]](ctx, c, get("/v1/prioritizations", Filter{Portfolio: portfolio, Limit: limit, Cursor: cursor}.query()))
}

// Prioritization reads one run with a page of its ranked requests and the causes of their moves.
func (c *Client) Prioritization(ctx context.Context, id string, limit int, cursor string) (*Answer[wire.Prioritization], error) {
	return do[wire.Prioritization](ctx, c, get("/v1/prioritizations/"+url.PathEscape(id), Filter{Limit: limit, Cursor: cursor}.query()))
}

// Teams reads all teams with their load.
func (c *Client) Teams(ctx context.Context) (*Answer[wire.Page[wire.TeamLoad]], error) {
	return do[wire.Page[wire.TeamLoad]](ctx, c, get("/v1/teams", nil))
}

// Resources lists what requests of a portfolio share, with how much is held by week; the policy's first portfolio where none is named.
func (c *Client) Resources(ctx context.Context, portfolio string) (*Answer[wire.Page[wire.ResourceLoad]], error) {
	q := url.Values{}
	if portfolio != "" {
		q.Set("portfolio", portfolio)
	}
	return do[wire.Page[wire.ResourceLoad]](ctx, c, get("/v1/resources", q))
}

// Team reads a team with its load over the next weeks and what waits for it.
func (c *Client) Team(ctx context.Context, id string) (*Answer[wire.TeamDetail], error) {
	return do[wire.TeamDetail](ctx, c, get("/v1/teams/"+url.PathEscape(id), nil))
}

// Policy reads the rules in force.
func (c *Client) Policy(ctx context.Context) (*Answer[wire.Policy], error) {
	return do[wire.Policy](ctx, c, get("/v1/policy", nil))
}

// People reads who there is.
func (c *Client) People(ctx context.Context) (*Answer[wire.Page[wire.Person]], error) {
	return do[wire.Page[wire.Person]](ctx, c, get("/v1/people", nil))
}

// SavedViews reads the caller's saved views of the Temporal UI.
func (c *Client) SavedViews(ctx context.Context) (*Answer[wire.Page[wire.SavedView]], error) {
	return do[wire.Page[wire.SavedView]](ctx, c, get("/v1/saved-views", nil))
}

// Delegation reads who acts for the caller.
func (c *Client) Delegation(ctx context.Context) (*Answer[wire.Delegation], error) {
	return do[wire.Delegation](ctx, c, get("/v1/me/delegation", nil))
}

func flowQuery(f Filter, days int) url.Values {
	f = f.chosen()
	f.Portfolio, f.Limit, f.Cursor = strings.TrimSpace(f.Portfolio), 0, ""
	q := f.query()
	add(q, "days", int64(days))
	return q
}

// AllLines asks for as many items as a report can have.
const AllLines = -1

// Flow reads how work flowed over the last days, with so many items at most.
func (c *Client) Flow(ctx context.Context, f Filter, days, lines int) (*Answer[wire.FlowReport], error) {
	q := flowQuery(f, days)
	if lines >= 0 {
		q.Set("limit", strconv.Itoa(lines))
	}
	return do[wire.FlowReport](ctx, c, get("/v1/reports/flow", q))
}

// FlowCSV reads the flow report for a spreadsheet: a line for each request, or for each figure.
func (c *Client) FlowCSV(ctx context.Context, f Filter, days int, table wire.FlowTable) ([]byte, error) {
	q := flowQuery(f, days)
	q.Set("format", "csv")
	if table != "" {
		q.Set("table", string(table))
	}
	answer, err := c.repeat(ctx, get("/v1/reports/flow", q))
	if err != nil {
		return nil, err
	}
	return answer.body, nil
}

// Retrospective reads what was recommended, what was chosen, and what came of it.
func (c *Client) Retrospective(ctx context.Context, portfolio string, days int) (*Answer[wire.Retrospective], error) {
	return do[wire.Retrospective](ctx, c, get("/v1/reports/retrospective", flowQuery(Filter{Portfolio: portfolio}, days)))
}

// Calibration reads whether forecasts that were told came true as often as they said.
func (c *Client) Calibration(ctx context.Context, portfolio string, days int) (*Answer[wire.Calibration], error) {
	return do[wire.Calibration](ctx, c, get("/v1/reports/calibration", flowQuery(Filter{Portfolio: portfolio}, days)))
}

// CalibrationCSV reads the promises behind the calibration report, for a spreadsheet.
func (c *Client) CalibrationCSV(ctx context.Context, portfolio string, days int) ([]byte, error) {
	q := flowQuery(Filter{Portfolio: portfolio}, days)
	q.Set("format", "csv")
	answer, err := c.repeat(ctx, get("/v1/reports/calibration", q))
	if err != nil {
		return nil, err
	}
	return answer.body, nil
}

// SkillsReport reads which skills requests wait for, and what would help.
func (c *Client) SkillsReport(ctx context.Context, portfolio string) (*Answer[wire.SkillsReport], error) {
	return do[wire.SkillsReport](ctx, c, get("/v1/reports/skills", Filter{Portfolio: portfolio}.query()))
}

// SkillsCSV reads the same, for a spreadsheet.
func (c *Client) SkillsCSV(ctx context.Context, portfolio string) ([]byte, error) {
	q := Filter{Portfolio: portfolio}.query()
	q.Set("format", "csv")
	answer, err := c.repeat(ctx, get("/v1/reports/skills", q))
	if err != nil {
		return nil, err
	}
	return answer.body, nil
}

// Imports lists the finished work of other tools that forecasts use.
func (c *Client) Imports(ctx context.Context) (*Answer[wire.Page[wire.ImportedSource]], error) {
	return do[wire.Page[wire.ImportedSource]](ctx, c, get("/v1/imports", nil))
}

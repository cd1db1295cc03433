package mcpserver

import (
	"context"
	"fmt"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"leanpmo/internal/client"
	"leanpmo/internal/pmo"
	"leanpmo/internal/priority"
	"leanpmo/internal/wire"
)

// maxAnswer is the largest answer of a tool, in bytes: what is larger is of no use to a program that reads it as text.
const maxAnswer = 512 << 10

// Finding is what find_requests and read_backlog choose by.
type Finding struct {
	Text      string `json:"text,omitempty" jsonschema:"words of the title, the problem or the outcome"`
	Portfolio string `json:"portfolio,omitempty" jsonschema:"id of a portfolio of the policy"`
	Stage     string `json:"stage,omitempty" jsonschema:"only requests in this stage"`
	Theme     string `json:"theme,omitempty" jsonschema:"id of a strategic theme"`
	Kind      string `json:"kind,omitempty" jsonschema:"id of a kind of request"`
	Team      string `json:"team,omitempty" jsonschema:"id of the team that has the work"`
	Requester string `json:"requester,omitempty" jsonschema:"id of who asked for it"`
	Closed    bool   `json:"closed,omitempty" jsonschema:"closed ones too"`
	Limit     int    `json:"limit,omitempty" jsonschema:"how many, 20 when absent"`
	Cursor    string `json:"cursor,omitempty" jsonschema:"next of the page before"`
}

func (f Finding) filter() client.Filter {
	if f.Limit == 0 {
		f.Limit = 20
	}
	return client.Filter{Text: f.Text, Portfolio: f.Portfolio, Stage: f.Stage, Theme: f.Theme, Kind: f.Kind, Team: f.Team, Requester: f.Requester, Closed: f.Closed,
		Limit: f.Limit, Cursor: f.Cursor}
}

var findingBounds = map[string]bound{"text": text(longestText), "portfolio": text(longestID), "stage": one(pmo.Stages()), "theme": text(longestID), "kind": text(longestID),
	"team": text(longestID), "requester": text(longestID), "limit": number(1, mostRows), "cursor": text(500)}

// Ranked is what read_backlog chooses by.
type Ranked struct {
	Portfolio string `json:"portfolio,omitempty" jsonschema:"id of a portfolio of the policy; the first when absent"`
	Limit     int    `json:"limit,omitempty" jsonschema:"how many, 20 when absent"`
	Cursor    string `json:"cursor,omitempty" jsonschema:"next of the page before"`
}

// Named names one request.
type Named struct {
	Request string `json:"request" jsonschema:"number or id, such as R-42"`
}

var namedBounds = map[string]bound{"request": text(longestID)}

// Waiting is how much of the inbox is read.
type Waiting struct {
	Limit  int    `json:"limit,omitempty" jsonschema:"how many, 20 when absent"`
	Cursor string `json:"cursor,omitempty" jsonschema:"next of the page before"`
}

// Supposed is what what_if supposes: one scenario.
type Supposed struct {
	Portfolio string   `json:"portfolio,omitempty" jsonschema:"id of a portfolio of the policy; the first when absent"`
	Model     string   `json:"model,omitempty" jsonschema:"another model of the score"`
	Value     *float64 `json:"value,omitempty" jsonschema:"weight of business value"`
	Time      *float64 `json:"time,omitempty" jsonschema:"weight of time criticality"`
	Risk      *float64 `json:"risk,omitempty" jsonschema:"weight of risk reduction or opportunity"`
	WIPLimit  *int     `json:"wip_limit,omitempty" jsonschema:"how many requests the portfolio works on at once"`
	Without   []string `json:"without,omitempty" jsonschema:"requests that were not there, such as R-7"`
}

func (s Supposed) question() wire.WhatIf {
	return wire.WhatIf{Portfolio: s.Portfolio, Scenarios: []wire.Scenario{{Model: priority.Model(s.Model), Value: s.Value, Time: s.Time, Risk: s.Risk, WIPLimit: s.WIPLimit, Without: s.Without}}}
}

func addReads(m *mcp.Server, api *client.Client) {
	rows, cursor := number(1, mostRows), text(500)
	read(m, "find_requests", "Find requests", "Lists requests that the caller may read, by words and properties, page by page.", schema[Finding](findingBounds),
		func(ctx context.Context, in Finding) (answer, error) { return raw(api.List(ctx, in.filter())) })
	read(m, "read_request", "Read a request", "One request: its form, stage, status, open questions and plan.", schema[Named](namedBounds),
		func(ctx context.Context, in Named) (answer, error) { return raw(api.Request(ctx, in.Request)) })
	read(m, "explain_request", "Explain a request", "Why a request has its lane, route, rank, way of working and team.", schema[Named](namedBounds),
		func(ctx context.Context, in Named) (answer, error) { return raw(api.Explain(ctx, in.Request)) })
	read(m, "forecast_request", "Forecast a request", "If and when a request is done, with the odds and what they rest on.", schema[Named](namedBounds),
		func(ctx context.Context, in Named) (answer, error) { return raw(api.Forecast(ctx, in.Request)) })
	read(m, "read_backlog", "Read the backlog", "The ranked backlog of a portfolio, with scores and reasons.",
		schema[Ranked](map[string]bound{"portfolio": text(longestID), "limit": rows, "cursor": cursor}),
		func(ctx context.Context, in Ranked) (answer, error) {
			return raw(api.Backlog(ctx, Finding{Portfolio: in.Portfolio, Limit: in.Limit, Cursor: in.Cursor}.filter()))
		})
	read(m, "read_inbox", "Read the inbox", "The open questions that wait on the caller. Answering them is for people, on the pages.",
		schema[Waiting](map[string]bound{"limit": rows, "cursor": cursor}),
		func(ctx context.Context, in Waiting) (answer, error) {
			return raw(api.Inbox(ctx, Finding{Limit: in.Limit}.filter().Limit, in.Cursor))
		})
	weight := number(0, mostNumber)
	read(m, "what_if", "What if", "What another model, other weights, another limit or the absence of some requests would change in the order of a backlog. Nothing is changed by asking.",
		schema[Supposed](map[string]bound{"portfolio": text(longestID), "model": one(priority.Models()), "value": weight, "time": weight, "risk": weight,
			"wip_limit": number(1, 100000), "without": list(mostWithout, longestID)}),
		func(ctx context.Context, in Supposed) (answer, error) { return raw(api.WhatIf(ctx, in.question())) })
}

// answer is the body of an answer of the API.
type answer []byte

func raw[T any](a *client.Answer[T], err error) (answer, error) {
	if err != nil {
		return nil, err
	}
	return a.Raw, nil
}

// read adds a tool that reads.
func read[In any](m *mcp.Server, name, title, about string, input *jsonschema.Schema, do func(context.Context, In) (answer, error)) {
	add(m, hints{}, name, title, about, input, do)
}

// hints say what a tool does: it reads, or it adds a draft.
type hints struct{ adds bool }

// add adds a tool. What the API refuses is the tool's error, in the API's words, so that the program can mend its call.
func add[In any](m *mcp.Server, h hints, name, title, about string, input *jsonschema.Schema, do func(context.Context, In) (answer, error)) {
	tool := &mcp.Tool{Name: name, Title: title, Description: about, InputSchema: input,
		Annotations: &mcp.ToolAnnotations{Title: title, ReadOnlyHint: !h.adds, IdempotentHint: !h.adds, DestructiveHint: new(false), OpenWorldHint: new(false)}}
	mcp.AddTool(m, tool, func(ctx context.Context, _ *mcp.CallToolRequest, in In) (*mcp.CallToolResult, any, error) {
		body, err := do(ctx, in)
		if err == nil && len(body) > maxAnswer {
			err = fmt.Errorf("the answer has more than %d bytes: ask for less", maxAnswer)
		}
		if err != nil {
			return nil, nil, err
		}
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: string(body)}}}, nil, nil
	})
}

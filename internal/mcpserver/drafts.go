package mcpserver

import (
	"context"

	"github.com/google/uuid"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"leanpmo/internal/client"
	"leanpmo/internal/wire"
)

const (
	longestValue = 4000
	mostFields   = 50
)

// DraftOfRequest is a submission that a person is to complete and send.
type DraftOfRequest struct {
	Kind   string            `json:"kind" jsonschema:"id of a kind of request of the policy"`
	Title  string            `json:"title" jsonschema:"what is asked for, in a few words"`
	Fields map[string]string `json:"fields,omitempty" jsonschema:"further fields of the form by their names, such as problem, outcome, users, wanted_by"`
	For    string            `json:"for,omitempty" jsonschema:"which of the people who answer for this agent confirms it; needed where they are several"`
}

func (d DraftOfRequest) draft() wire.SetDraft {
	fields := map[string][]string{"title": {d.Title}}
	for name, value := range d.Fields {
		if _, is := fields[name]; !is {
			fields[name] = []string{value}
		}
	}
	return wire.SetDraft{Kind: d.Kind, Fields: fields, For: d.For}
}

// DraftOfComment is a comment that a person is to send.
type DraftOfComment struct {
	Request string `json:"request" jsonschema:"number or id, such as R-42"`
	Text    string `json:"text" jsonschema:"plain text"`
	For     string `json:"for,omitempty" jsonschema:"which of the people who answer for this agent confirms it; needed where they are several"`
}

func (d DraftOfComment) draft() wire.SetDraft {
	return wire.SetDraft{Kind: "comment", Fields: map[string][]string{"text": {d.Text}}, For: d.For, Request: d.Request}
}

// NoInput is of tools that need none.
type NoInput struct{}

func addDrafts(m *mcp.Server, api *client.Client) {
	left := func(ctx context.Context, d wire.SetDraft) (answer, error) {
		return raw(api.PutDraft(ctx, uuid.Must(uuid.NewV7()).String(), d))
	}
	add(m, hints{adds: true}, "draft_request", "Draft a request", "Leaves a submission with the person who answers for this agent. Nothing is submitted: they complete and send it on the page New request, or discard it.",
		schema[DraftOfRequest](map[string]bound{"kind": text(longestID), "title": text(longestText), "fields": values(mostFields, longestValue), "for": text(longestID)}),
		func(ctx context.Context, in DraftOfRequest) (answer, error) { return left(ctx, in.draft()) })
	add(m, hints{adds: true}, "draft_comment", "Draft a comment", "For agents: leaves a comment on a request with the person who answers for this agent. Nobody else sees it before they send it on the request's page, or they discard it.",
		schema[DraftOfComment](map[string]bound{"request": text(longestID), "text": text(longestValue), "for": text(longestID)}),
		func(ctx context.Context, in DraftOfComment) (answer, error) { return left(ctx, in.draft()) })
	add(m, hints{}, "read_drafts", "Read drafts", "The drafts that wait: those that this agent left, or one's own.", schema[NoInput](nil),
		func(ctx context.Context, _ NoInput) (answer, error) { return raw(api.Drafts(ctx)) })
}

package client

import (
	"context"
	"time"

	"leanpmo/internal/wire"
)

// AuditFilter chooses lines of the office ledger; what is empty chooses all.
type AuditFilter struct {
	Kind, Person string
	From, Until  time.Time
	Limit        int
	Cursor       string
}

func (f AuditFilter) call(format string) call {
	q := Filter{Limit: f.Limit, Cursor: f.Cursor}.query()
	for name, value := range map[string]string{"kind": f.Kind, "person": f.Person, "format": format} {
		if value != "" {
			q.Set(name, value)
		}
	}
	for name, at := range map[string]time.Time{"from": f.From, "until": f.Until} {
		if !at.IsZero() {
			q.Set(name, at.UTC().Format(time.RFC3339))
		}
	}
	return get("/v1/audit", q)
}

// Audit reads a page of the office ledger, the newest first.
func (c *Client) Audit(ctx context.Context, f AuditFilter) (*Answer[wire.Page[wire.AuditLine]], error) {
	return do[wire.Page[wire.AuditLine]](ctx, c, f.call(""))
}

// AuditCSV reads the newest lines of the office ledger as CSV.
func (c *Client) AuditCSV(ctx context.Context, f AuditFilter) ([]byte, error) {
	answer, err := c.repeat(ctx, f.call("csv"))
	if err != nil {
		return nil, err
	}
	return answer.body, nil
}

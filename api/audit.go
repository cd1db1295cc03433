package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// officeReader reads the office ledger.
type officeReader interface {
	Office(ctx context.Context, f store.OfficeFilter) (store.Page[store.OfficeLine], error)
}

const auditDescription = "Policies put in force, teams, delegations, tokens and sessions that were changed, people whose rights changed, refused sign-ins and refused attempts to use " +
	"administrative rights; the newest first. Of refusals, at most 30 lines a minute are written, and a line counts the rest. format=csv has the newest 10,000 of what is asked for."

type auditInput struct {
	Paging
	Kind   string    `query:"kind" enum:"policy,team,delegation,token,session,history,person,sign_in,right,channel,resource" doc:"Only lines of this kind"`
	Person string    `query:"person" maxLength:"64" doc:"Only what this person did or what is about them"`
	From   time.Time `query:"from" doc:"Not earlier than this"`
	Until  time.Time `query:"until" doc:"Earlier than this"`
	Format string    `query:"format" enum:"json,csv" default:"json"`
}

// auditOutput holds a page of wire.AuditLine, or CSV.
type auditOutput struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        any
}

func (a *API) audit(ctx context.Context, in *auditInput) (*auditOutput, error) {
	if !in.From.IsZero() && !in.Until.IsZero() && !in.From.Before(in.Until) {
		return nil, problem.InvalidField("query/until", "must be later than from")
	}
	filter := store.OfficeFilter{Kind: in.Kind, Person: in.Person, From: in.From, Until: in.Until, Limit: in.Limit, Cursor: in.Cursor}
	if in.Format == "csv" {
		text, err := a.auditCSV(ctx, filter)
		return &auditOutput{ContentType: "text/csv; charset=utf-8", Disposition: `attachment; filename="audit.csv"`, Body: text}, err
	}
	page, err := a.Store.Office(ctx, filter)
	if err != nil {
		return nil, err
	}
	return &auditOutput{ContentType: "application/json", Body: pageOf(page, auditLine)}, nil
}

func auditLine(l store.OfficeLine) wire.AuditLine {
	return wire.AuditLine{Line: l.Line, At: l.At, Kind: l.Kind, Event: l.Event, Actor: l.Actor, About: l.ID, Address: l.Address, Details: l.Body, Hash: l.Hash}
}

// mostCSVLines bounds one answer; older lines are got by until.
const mostCSVLines = 10_000

func (a *API) auditCSV(ctx context.Context, f store.OfficeFilter) ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	_ = w.Write([]string{"line", "at", "kind", "event", "actor", "about", "address", "details", "hash"}) // writing to a buffer does not fail
	f.Limit = 200
	for lines := 0; lines < mostCSVLines; {
		page, err := a.Store.Office(ctx, f)
		if err != nil {
			return nil, err
		}
		for _, l := range page.Items {
			cells := []string{strconv.FormatInt(l.Line, 10), l.At.UTC().Format(time.RFC3339Nano), l.Kind, l.Event, l.Actor, l.ID, l.Address, string(l.Body), l.Hash}
			for i := range cells {
				cells[i] = escapeFormula(cells[i])
			}
			_ = w.Write(cells)
		}
		lines += len(page.Items)
		if f.Cursor = page.Next; f.Cursor == "" {
			break
		}
	}
	w.Flush()
	return out.Bytes(), nil
}

// documentAudit documents both media types; huma derives only one from the Go type.
func (a *API) documentAudit() {
	schema := a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[wire.Page[wire.AuditLine]](), true, "PageAuditLine")
	a.huma.OpenAPI().Paths["/v1/audit"].Get.Responses["200"].Content = map[string]*huma.MediaType{
		"application/json": {Schema: schema}, "text/csv": {Schema: &huma.Schema{Type: huma.TypeString}},
	}
}

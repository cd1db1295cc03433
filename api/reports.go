package api

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"leanpmo/internal/flow"
	flowcache "leanpmo/internal/flow/cache"
	"leanpmo/internal/forecast/cache"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

type flowInput struct {
	Choosing
	Portfolio string `query:"portfolio" maxLength:"64" doc:"All of them when absent"`
	Days      int    `query:"days" minimum:"1" maximum:"730" default:"90" doc:"How far back"`
	Format    string `query:"format" enum:"json,csv" default:"json"`
	Table     string `query:"table" enum:"requests,figures" default:"requests" doc:"What the CSV has: a line for each request, or a line for each figure"`
	Limit     int    `query:"limit" minimum:"0" maximum:"10000" default:"10000" doc:"How many lines items and aging have at most: of the items the latest submitted, of what ages the oldest. All requests count in the figures, and all are in the CSV"`
}

// flowReader reads what flow reports and forecasts are computed from.
type flowReader interface {
	cache.Source
	flowcache.Source
	Readable(ctx context.Context, v store.View, ids []string) ([]string, error)
	ImportedCycles(ctx context.Context, portfolio string, since time.Time) ([]flow.Imported, error)
	FlowIDs(ctx context.Context, f store.Filter, since time.Time) ([]string, error)
}

// flowOutput writes a wire.FlowReport, or CSV.
type flowOutput struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        func(huma.Context)
}

func (a *API) flow(ctx context.Context, in *flowInput) (*flowOutput, error) {
	if in.Portfolio != "" {
		if _, err := a.portfolio(in.Portfolio, "query/portfolio"); err != nil {
			return nil, err
		}
	}
	now := a.Now().UTC()
	report, err := a.flows.report(ctx, in.Portfolio, in.Days, now, a.locationOf(in.Portfolio))
	if err != nil {
		return nil, err
	}
	if f := in.filter(ctx, in.Portfolio, now); f.Filtered() {
		ids, err := a.Store.FlowIDs(ctx, f, report.base.From)
		if err != nil {
			return nil, err
		}
		report = report.only(ids, f)
	}
	hidden, err := a.hidden(ctx, report.requests.Confidential())
	if err != nil {
		return nil, err
	}
	if in.Format == "csv" && in.Table == "figures" {
		return &flowOutput{ContentType: "text/csv; charset=utf-8", Disposition: `attachment; filename="flow-figures.csv"`, Body: func(to huma.Context) {
			shown := report.forReader(hidden, math.MaxInt)
			writeFigures(to.BodyWriter(), &shown)
		}}, nil
	}
	if in.Format == "csv" {
		return &flowOutput{ContentType: "text/csv; charset=utf-8", Disposition: `attachment; filename="flow.csv"`, Body: report.csv(hidden)}, nil
	}
	return &flowOutput{ContentType: "application/json", Body: func(to huma.Context) {
		_ = json.NewEncoder(to.BodyWriter()).Encode(report.forReader(hidden, in.Limit)) // a reader who has gone gets no more
	}}, nil
}

// hidden are those of the confidential requests that the reader may not read.
func (a *API) hidden(ctx context.Context, confidential []string) (map[string]bool, error) {
	if len(confidential) == 0 {
		return nil, nil
	}
	readable, err := a.Store.Readable(ctx, viewOf(ctx), confidential)
	if err != nil {
		return nil, err
	}
	hidden := make(map[string]bool, len(confidential))
	for _, id := range confidential {
		hidden[id] = true
	}
	for _, id := range readable {
		delete(hidden, id)
	}
	return hidden, nil
}

// documentFlow documents both media types of the report; huma derives only one from the Go type.
func (a *API) documentFlow() {
	schema := a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[wire.FlowReport](), true, "FlowReport")
	a.huma.OpenAPI().Paths["/v1/reports/flow"].Get.Responses["200"].Content = map[string]*huma.MediaType{
		"application/json": {Schema: schema}, "text/csv": {Schema: &huma.Schema{Type: huma.TypeString}},
	}
}

// csv writes the report's items for a spreadsheet, line by line: it holds none but the one it writes.
func (r *flowReport) csv(hidden map[string]bool) func(huma.Context) {
	return func(to huma.Context) {
		r.writeCSV(to.BodyWriter(), hidden)
	}
}

func (r *flowReport) writeCSV(to io.Writer, hidden map[string]bool) {
	w := csv.NewWriter(to)
	write := func(cells ...string) bool {
		for i := range cells {
			cells[i] = escapeFormula(cells[i])
		}
		return w.Write(cells) == nil // a reader who has gone gets no more
	}
	groups := make([]string, 0, len(r.base.Groups))
	for _, g := range r.base.Groups {
		groups = append(groups, g.Group)
	}
	slices.Sort(groups)
	heads := []string{"ref", "kind", "class", "team", "approach", "stage", "outcome", "submitted_at", "pulled_at", "accepted_at", "closed_at", "age_days"}
	for _, stage := range pmo.Stages() {
		heads = append(heads, "days_in_"+string(stage))
	}
	for _, group := range groups {
		heads = append(heads, "days_with_"+strings.ReplaceAll(group, " ", "_"))
	}
	write(heads...)
	for i := range r.requests.Len() {
		if hidden[r.requests.ID(i)] {
			continue
		}
		m := r.requests.At(i)
		if !write(r.cells(flowItemOf(&m, r.base.To), groups)...) {
			break
		}
	}
	w.Flush()
}

func (r *flowReport) cells(l wire.FlowItem, groups []string) []string {
	cells := []string{l.Ref, l.Kind, l.Class, l.Team, l.Approach, string(l.Stage), l.Outcome, moment(&l.SubmittedAt), moment(l.PulledAt), moment(l.AcceptedAt), moment(l.ClosedAt), ageCell(l, r.base.To)}
	for _, stage := range pmo.Stages() {
		cells = append(cells, daysCell(l.StageDays, string(stage)))
	}
	for _, group := range groups {
		cells = append(cells, daysCell(l.GroupDays, group))
	}
	return cells
}

// ageCell is how many days ago an open request was submitted.
func ageCell(l wire.FlowItem, at time.Time) string {
	if l.AcceptedAt != nil || l.ClosedAt != nil {
		return ""
	}
	return fmt.Sprintf("%.4f", at.Sub(l.SubmittedAt).Hours()/24)
}

// daysCell is empty where nothing was measured: no stay is not a stay of no time.
func daysCell(days map[string]float64, name string) string {
	if n, ok := days[name]; ok {
		return fmt.Sprintf("%.4f", n)
	}
	return ""
}

// escapeFormula prevents a spreadsheet from reading a text as a formula.
func escapeFormula(cell string) string {
	if strings.IndexAny(cell, "=+-@\t\r\n|%") == 0 {
		return "'" + cell
	}
	return cell
}

func moment(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

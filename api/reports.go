package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"leanpmo/internal/flow"
	"leanpmo/internal/forecast/cache"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

type flowInput struct {
	Portfolio string `query:"portfolio" maxLength:"64" doc:"All of them when absent"`
	Days      int    `query:"days" minimum:"1" maximum:"730" default:"90" doc:"How far back"`
	Format    string `query:"format" enum:"json,csv" default:"json"`
}

// flowReader reads what flow reports and forecasts are computed from.
type flowReader interface {
	cache.Source
	Flow(ctx context.Context, v store.View, portfolio string, since time.Time) ([]store.FlowItem, error)
}

// flowOutput holds a wire.FlowReport, or CSV.
type flowOutput struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        any
}

func (a *API) flow(ctx context.Context, in *flowInput) (*flowOutput, error) {
	if in.Portfolio != "" {
		if _, err := a.portfolio(in.Portfolio, "query/portfolio"); err != nil {
			return nil, err
		}
	}
	to := a.Now().UTC()
	from := to.AddDate(0, 0, -in.Days)
	found, err := a.Store.Flow(ctx, viewOf(ctx), in.Portfolio, from)
	if err != nil {
		return nil, err
	}
	report := a.flowReport(in.Portfolio, found, from, to)
	if in.Format == "csv" {
		return &flowOutput{ContentType: "text/csv; charset=utf-8", Disposition: `attachment; filename="flow.csv"`, Body: flowCSV(report)}, nil
	}
	return &flowOutput{ContentType: "application/json", Body: report}, nil
}

// documentFlow documents both media types of the report; huma derives only one from the Go type.
func (a *API) documentFlow() {
	schema := a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[wire.FlowReport](), true, "FlowReport")
	a.huma.OpenAPI().Paths["/v1/reports/flow"].Get.Responses["200"].Content = map[string]*huma.MediaType{
		"application/json": {Schema: schema}, "text/csv": {Schema: &huma.Schema{Type: huma.TypeString}},
	}
}

func (a *API) flowReport(portfolio string, found []store.FlowItem, from, to time.Time) wire.FlowReport {
	items := make([]flow.Item, 0, len(found))
	open, unreadable := map[pmo.Stage]int{}, map[string]bool{}
	report := wire.FlowReport{Portfolio: portfolio, From: from, To: to, Items: []wire.FlowItem{}}
	for i := range found {
		f := &found[i]
		items = append(items, flow.Item{ID: refOf(f.Number), Kind: f.Kind, Submitted: &f.SubmittedAt, Pulled: f.PulledAt, Done: f.AcceptedAt, Dropped: dropped(f)})
		if f.Status != pmo.StatusClosed && f.AcceptedAt == nil {
			open[f.Stage]++
		}
		if !f.Readable {
			report.Confidential++
			unreadable[refOf(f.Number)] = true
			continue
		}
		report.Items = append(report.Items, flowItemOf(f))
	}
	options := flow.Options{Location: a.locationOf(portfolio)}
	cycle, odd := flow.CycleTimes(items, options)
	lead, odder := flow.LeadTimes(items, options)
	report.Throughput = flow.WeeklyThroughput(items, from, to, options)
	report.CycleTime, report.LeadTime = flow.Summarise(flow.Days(cycle)), flow.Summarise(flow.Days(lead))
	report.WIP, report.Skipped = flow.WIP(items, to), slices.DeleteFunc(append(odd, odder...), func(s flow.Skipped) bool { return unreadable[s.ID] })
	for _, stage := range pmo.Stages() {
		report.Stages = append(report.Stages, wire.StageCount{Stage: stage, Open: open[stage]})
	}
	return report
}

func dropped(f *store.FlowItem) *time.Time {
	if f.AcceptedAt != nil {
		return nil
	}
	return f.ClosedAt
}

// flowItemOf is a request of the report. What was accepted is delivered, also while its benefit review is open.
func flowItemOf(f *store.FlowItem) wire.FlowItem {
	if f.AcceptedAt != nil && f.Status != pmo.StatusClosed {
		f.Outcome = pmo.OutcomeDelivered
	}
	return wire.FlowItem{Ref: refOf(f.Number), Kind: f.Kind, Class: string(f.Class), Team: f.Team, Approach: f.Approach, Stage: f.Stage,
		Outcome: string(f.Outcome), SubmittedAt: f.SubmittedAt, PulledAt: f.PulledAt, AcceptedAt: f.AcceptedAt, ClosedAt: f.ClosedAt}
}

// flowCSV is the report's items for a spreadsheet.
func flowCSV(r wire.FlowReport) []byte {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	write := func(cells ...string) {
		for i := range cells {
			cells[i] = escapeFormula(cells[i])
		}
		_ = w.Write(cells) // writing to a buffer does not fail
	}
	write("ref", "kind", "class", "team", "approach", "stage", "outcome", "submitted_at", "pulled_at", "accepted_at", "closed_at")
	for _, l := range r.Items {
		write(l.Ref, l.Kind, l.Class, l.Team, l.Approach, string(l.Stage), l.Outcome, moment(&l.SubmittedAt), moment(l.PulledAt), moment(l.AcceptedAt), moment(l.ClosedAt))
	}
	w.Flush()
	return out.Bytes()
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

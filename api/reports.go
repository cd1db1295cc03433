package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
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
	Choosing
	Portfolio string `query:"portfolio" maxLength:"64" doc:"All of them when absent"`
	Days      int    `query:"days" minimum:"1" maximum:"730" default:"90" doc:"How far back"`
	Format    string `query:"format" enum:"json,csv" default:"json"`
}

// flowReader reads what flow reports and forecasts are computed from.
type flowReader interface {
	cache.Source
	Flow(ctx context.Context, f store.Filter, since time.Time) ([]store.FlowItem, error)
	FlowEvents(ctx context.Context, f store.Filter, since time.Time) ([]flow.Event, error)
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
	f := in.filter(ctx, in.Portfolio, to)
	found, err := a.Store.Flow(ctx, f, from)
	if err != nil {
		return nil, err
	}
	events, err := a.Store.FlowEvents(ctx, f, from)
	if err != nil {
		return nil, err
	}
	report := a.flowReport(in.Portfolio, found, byItem(events), from, to)
	if in.Format == "csv" {
		return &flowOutput{ContentType: "text/csv; charset=utf-8", Disposition: `attachment; filename="flow.csv"`, Body: flowCSV(report)}, nil
	}
	return &flowOutput{ContentType: "application/json", Body: report}, nil
}

func byItem(events []flow.Event) map[string][]flow.Event {
	out := map[string][]flow.Event{}
	for _, e := range events {
		out[e.Item] = append(out[e.Item], e)
	}
	return out
}

// documentFlow documents both media types of the report; huma derives only one from the Go type.
func (a *API) documentFlow() {
	schema := a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[wire.FlowReport](), true, "FlowReport")
	a.huma.OpenAPI().Paths["/v1/reports/flow"].Get.Responses["200"].Content = map[string]*huma.MediaType{
		"application/json": {Schema: schema}, "text/csv": {Schema: &huma.Schema{Type: huma.TypeString}},
	}
}

func (a *API) flowReport(portfolio string, found []store.FlowItem, events map[string][]flow.Event, from, to time.Time) wire.FlowReport {
	report := wire.FlowReport{Portfolio: portfolio, From: from, To: to, Items: []wire.FlowItem{}}
	items := make([]flow.Item, 0, len(found))
	var questions []flow.Question
	ages, unreadable := map[pmo.Stage][]float64{}, map[string]bool{}
	for i := range found {
		f := &found[i]
		item, asked := measured(f, events[f.ID])
		if f.Status != pmo.StatusClosed && f.AcceptedAt == nil {
			ages[f.Stage] = append(ages[f.Stage], to.Sub(f.SubmittedAt).Hours()/24)
		}
		items, questions = append(items, item), append(questions, asked...)
		if !f.Readable {
			report.Confidential++
			unreadable[refOf(f.Number)] = true
			continue
		}
		line := flowItemOf(f)
		line.StageDays, line.GroupDays = flow.DaysIn(item.Stages, to), flow.DaysWith(asked, to)
		report.Items = append(report.Items, line)
	}
	options := flow.Options{Location: a.locationOf(portfolio)}
	cycle, odd := flow.CycleTimes(items, options)
	lead, odder := flow.LeadTimes(items, options)
	report.Throughput = flow.WeeklyThroughput(items, from, to, options)
	report.CycleTime, report.LeadTime = flow.Summarise(flow.Days(cycle)), flow.Summarise(flow.Days(lead))
	report.WIP = flow.WIP(items, to)
	report.Skipped = slices.DeleteFunc(append(odd, odder...), func(s flow.Skipped) bool { return unreadable[s.ID] })
	report.Aging = slices.DeleteFunc(flow.AgingFlags(items, to, options), func(a flow.Aging) bool { return unreadable[a.ID] })
	report.Groups = flow.GroupTimes(questions, from, to, options)
	report.CFD = flow.CumulativeFlow(items, stageNames(), from, to, options)
	stays := flow.StageTimes(items, from, to, options)
	var open []float64
	for _, stage := range pmo.Stages() {
		open = append(open, ages[stage]...)
		report.Stages = append(report.Stages, wire.StageCount{Stage: stage, Open: len(ages[stage]), Age: flow.Summarise(ages[stage]), Days: flow.Summarise(stays[string(stage)])})
	}
	report.Age = flow.Summarise(open)
	return report
}

func stageNames() []string {
	var names []string
	for _, stage := range pmo.Stages() {
		names = append(names, string(stage))
	}
	return names
}

// measured is a request as the measures of flow take it, and its questions. It ends with its acceptance, or else when it is closed; the
// benefit review after the acceptance counts for none of them.
func measured(f *store.FlowItem, events []flow.Event) (flow.Item, []flow.Question) {
	item := flow.Item{ID: refOf(f.Number), Kind: f.Kind, Submitted: &f.SubmittedAt, Pulled: f.PulledAt, Done: f.AcceptedAt, Dropped: dropped(f)}
	ended := cmp.Or(item.Done, item.Dropped)
	if ended != nil {
		events = slices.DeleteFunc(slices.Clone(events), func(e flow.Event) bool { return e.At.After(*ended) })
	}
	item.Stages, item.Held = flow.StagesOf(events, ended), flow.HeldOf(events, ended)
	return item, flow.QuestionsOf(events, ended)
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
	groups := make([]string, 0, len(r.Groups))
	for _, g := range r.Groups {
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
	for _, l := range r.Items {
		cells := []string{l.Ref, l.Kind, l.Class, l.Team, l.Approach, string(l.Stage), l.Outcome, moment(&l.SubmittedAt), moment(l.PulledAt), moment(l.AcceptedAt), moment(l.ClosedAt), ageCell(l, r.To)}
		for _, stage := range pmo.Stages() {
			cells = append(cells, daysCell(l.StageDays, string(stage)))
		}
		for _, group := range groups {
			cells = append(cells, daysCell(l.GroupDays, group))
		}
		write(cells...)
	}
	w.Flush()
	return out.Bytes()
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

package api

import (
	"context"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"leanpmo/internal/flow"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

type flowInput struct {
	Portfolio string `query:"portfolio" maxLength:"64" doc:"All of them when absent"`
	Days      int    `query:"days" minimum:"1" maximum:"730" default:"90" doc:"How far back"`
	Format    string `query:"format" enum:"json,csv" default:"json"`
}

// flowReport is how work flows, per portfolio and never per person.
type flowReport struct {
	Portfolio  string         `json:"portfolio,omitempty"`
	From       time.Time      `json:"from"`
	To         time.Time      `json:"to"`
	Throughput []flow.Bucket  `json:"throughput" doc:"Delivered a week"`
	CycleTime  flow.Stats     `json:"cycle_time_days" doc:"Pulled to accepted"`
	LeadTime   flow.Stats     `json:"lead_time_days" doc:"Submitted to accepted"`
	WIP        flow.WIPCount  `json:"wip"`
	Stages     []stageCount   `json:"stages" doc:"What is open now, by stage"`
	Skipped    []flow.Skipped `json:"skipped,omitempty" doc:"Left out for timestamps that cannot be"`
	Items      []flowLine     `json:"items"`
}

type stageCount struct {
	Stage pmo.Stage `json:"stage"`
	Open  int       `json:"open"`
}

// flowLine is one request's moments. Titles are left out: the report counts confidential requests too.
type flowLine struct {
	Ref       string     `json:"ref"`
	Kind      string     `json:"kind"`
	Class     string     `json:"class"`
	Team      string     `json:"team,omitempty"`
	Approach  string     `json:"approach,omitempty"`
	Stage     pmo.Stage  `json:"stage"`
	Outcome   string     `json:"outcome,omitempty"`
	Submitted time.Time  `json:"submitted_at"`
	Pulled    *time.Time `json:"pulled_at,omitempty"`
	Accepted  *time.Time `json:"accepted_at,omitempty"`
	Closed    *time.Time `json:"closed_at,omitempty"`
}

// flowOutput holds a flowReport, or CSV.
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
	found, err := a.Store.Flow(ctx, in.Portfolio, from)
	if err != nil {
		return nil, err
	}
	report := a.flowReport(in.Portfolio, found, from, to)
	if in.Format == "csv" {
		return &flowOutput{ContentType: "text/csv; charset=utf-8", Disposition: `attachment; filename="flow.csv"`, Body: flowCSV(report)}, nil
	}
	return &flowOutput{ContentType: "application/json", Body: report}, nil
}

// documentFlow names the two forms of the report, which one Go type cannot.
func (a *API) documentFlow() {
	schema := a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[flowReport](), true, "FlowReport")
	a.huma.OpenAPI().Paths["/v1/reports/flow"].Get.Responses["200"].Content = map[string]*huma.MediaType{
		"application/json": {Schema: schema}, "text/csv": {Schema: &huma.Schema{Type: huma.TypeString}},
	}
}

func (a *API) flowReport(portfolio string, found []store.FlowItem, from, to time.Time) flowReport {
	items := make([]flow.Item, 0, len(found))
	open := map[pmo.Stage]int{}
	report := flowReport{Portfolio: portfolio, From: from, To: to, Items: []flowLine{}}
	for i := range found {
		f := &found[i]
		items = append(items, flow.Item{ID: refOf(f.Number), Kind: f.Kind, Submitted: &f.SubmittedAt, Pulled: f.PulledAt, Done: f.AcceptedAt, Dropped: dropped(f)})
		if f.Status != pmo.StatusClosed && f.AcceptedAt == nil {
			open[f.Stage]++
		}
		report.Items = append(report.Items, lineOf(f))
	}
	options := flow.Options{Location: a.placeOf(portfolio)}
	cycle, odd := flow.CycleTimes(items, options)
	lead, odder := flow.LeadTimes(items, options)
	report.Throughput = flow.WeeklyThroughput(items, from, to, options)
	report.CycleTime, report.LeadTime = flow.Summarise(flow.Days(cycle)), flow.Summarise(flow.Days(lead))
	report.WIP, report.Skipped = flow.WIP(items, to), append(odd, odder...)
	for _, stage := range pmo.Stages() {
		report.Stages = append(report.Stages, stageCount{stage, open[stage]})
	}
	return report
}

func dropped(f *store.FlowItem) *time.Time {
	if f.AcceptedAt != nil {
		return nil
	}
	return f.ClosedAt
}

func lineOf(f *store.FlowItem) flowLine {
	return flowLine{Ref: refOf(f.Number), Kind: f.Kind, Class: string(f.Class), Team: f.Team, Approach: f.Approach, Stage: f.Stage,
		Outcome: string(f.Outcome), Submitted: f.SubmittedAt, Pulled: f.PulledAt, Accepted: f.AcceptedAt, Closed: f.ClosedAt}
}

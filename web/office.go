package web

import (
	"net/http"
	"strconv"
	"time"

	"leanpmo/internal/client"
	"leanpmo/internal/wire"
)

// daySpan is a choice of how far back the flow page looks.
type daySpan struct {
	Days   int
	Link   string
	Chosen bool
}

// agingRows is how many requests in progress the flow page shows, the oldest; the table for a spreadsheet has all.
const agingRows = 40

type flowView struct {
	flowPictures
	Filters    filterView
	Days       int
	Spans      []daySpan
	Throughput *barChart
	Cumulative *cumulativeChart
	Groups     []groupBar
	CSV        string // a line for each request
	Figures    string // a line for each figure
	Print      string // the same, laid out for paper
	Screen     string // and on the flow page
}

// flow shows how work went through in the last days, with the data behind the pictures.
func (s *Site) flow(w http.ResponseWriter, r *http.Request) error {
	filters, err := s.filters(r, false, "days")
	if err != nil || filters.showDefault(w, r) {
		return err
	}
	view, err := s.flowView(r)
	if err != nil {
		return err
	}
	view.Filters = filters
	return render(s, w, r, http.StatusOK, "flow", view)
}

func (s *Site) flowView(r *http.Request) (flowView, error) {
	q := r.URL.Query()
	days, err := strconv.Atoi(q.Get("days"))
	if err != nil || days < 7 || days > 730 {
		days = 90
	}
	answer, err := s.api.Flow(r.Context(), filterOf(r), days, agingRows)
	if err != nil {
		return flowView{}, err
	}
	t, report := s.readerOf(r), answer.Value
	view := flowView{flowPictures: picturesOf(t, report), Days: days, Throughput: throughputChart(t, report), Cumulative: cumulativeFlow(t, report), Groups: groupBars(report)}
	for _, n := range []int{30, 90, 365} {
		q.Set("days", strconv.Itoa(n))
		view.Spans = append(view.Spans, daySpan{Days: n, Link: "/flow?" + q.Encode(), Chosen: n == days})
	}
	q.Set("days", strconv.Itoa(days))
	view.CSV, view.Print, view.Screen = "/flow.csv?"+q.Encode(), "/report?"+q.Encode(), "/flow?"+q.Encode()
	q.Set("table", string(wire.FlowFigures))
	view.Figures = "/flow.csv?" + q.Encode()
	return view, nil
}

type reportView struct {
	flowView
	At     time.Time
	Late   []wire.RequestItem
	Ranked []wire.RankedRequest
	Teams  []wire.TeamLoad
}

// reportRows is how many rows a list of the printed report has.
const reportRows = 12

// report is the state of the portfolio on a few sheets, to print.
func (s *Site) report(w http.ResponseWriter, r *http.Request) error {
	measured, err := s.flowView(r)
	if err != nil {
		return err
	}
	portfolio := r.URL.Query().Get("portfolio")
	late, err := s.api.List(r.Context(), client.Filter{Portfolio: portfolio, Sort: "due", Limit: reportRows})
	if err != nil {
		return err
	}
	ranked, err := s.api.Backlog(r.Context(), client.Filter{Portfolio: portfolio, Limit: reportRows})
	if err != nil {
		return err
	}
	teams, err := s.api.Teams(r.Context())
	if err != nil {
		return err
	}
	return render(s, w, r, http.StatusOK, "report", reportView{flowView: measured, At: s.Now(), Late: late.Value.Items, Ranked: ranked.Value.Items, Teams: teams.Value.Items})
}

// flowCSV is a table behind the flow page, for a spreadsheet.
func (s *Site) flowCSV(w http.ResponseWriter, r *http.Request) error {
	days, err := strconv.Atoi(r.URL.Query().Get("days"))
	if err != nil {
		days = 90
	}
	table, name := wire.FlowRequests, "flow.csv"
	if r.URL.Query().Get("table") == string(wire.FlowFigures) {
		table, name = wire.FlowFigures, "flow-figures.csv"
	}
	body, err := s.api.FlowCSV(r.Context(), filterOf(r), days, table)
	if err != nil {
		return err
	}
	return sendCSV(w, name, body)
}

// sendCSV answers a table for a spreadsheet.
func sendCSV(w http.ResponseWriter, name string, body []byte) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	// Nobody is left to tell when the reader has gone.
	_, _ = w.Write(body)
	return nil
}

package web

import (
	"net/http"
	"strconv"
	"time"

	"leanpmo/internal/client"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// column is one stage of the board with its oldest requests.
type column struct {
	Stage pmo.Stage
	Items []wire.RequestItem
	More  bool
}

type boardView struct{ Columns []column }

// boardRows is how many requests a column of the board shows; a link leads to all of them.
const boardRows = 12

// board shows the funnel: the open requests by stage, the oldest first.
func (s *Site) board(w http.ResponseWriter, r *http.Request) error {
	var view boardView
	for _, stage := range pmo.Stages() {
		page, err := s.api.List(r.Context(), client.Filter{Stage: string(stage), Portfolio: r.URL.Query().Get("portfolio"), Sort: "age", Limit: boardRows})
		if err != nil {
			return err
		}
		view.Columns = append(view.Columns, column{Stage: stage, Items: page.Value.Items, More: page.Value.Next != ""})
	}
	return render(s, w, r, http.StatusOK, "board", view)
}

// daySpan is a choice of how far back the flow page looks.
type daySpan struct {
	Days   int
	Link   string
	Chosen bool
}

// agingRows is how many requests in progress the flow page shows, the oldest; the table for a spreadsheet has all.
const agingRows = 40

type flowView struct {
	Report     wire.FlowReport
	Days       int
	Spans      []daySpan
	Throughput *barChart
	Cycle      *pointChart
	Cumulative *cumulativeChart
	Aging      *pointChart
	Groups     []groupBar
	Younger    int // how many are in progress and younger than those that are shown
	CSV        string
	Print      string // the same, laid out for paper
	Screen     string // and on the flow page
}

// flow shows how work went through in the last days, with the data behind the pictures.
func (s *Site) flow(w http.ResponseWriter, r *http.Request) error {
	view, err := s.flowView(r)
	if err != nil {
		return err
	}
	return render(s, w, r, http.StatusOK, "flow", view)
}

func (s *Site) flowView(r *http.Request) (flowView, error) {
	q := r.URL.Query()
	days, err := strconv.Atoi(q.Get("days"))
	if err != nil || days < 7 || days > 730 {
		days = 90
	}
	answer, err := s.api.Flow(r.Context(), q.Get("portfolio"), days, agingRows)
	if err != nil {
		return flowView{}, err
	}
	t, report := s.readerOf(r), answer.Value
	view := flowView{Report: report, Days: days, Throughput: throughputChart(t, report), Cycle: cycleChart(t, report),
		Cumulative: cumulativeFlow(t, report), Aging: agingChart(t, report), Groups: groupBars(report),
		Younger: report.AgingTotal - len(report.Aging)}
	for _, n := range []int{30, 90, 365} {
		q.Set("days", strconv.Itoa(n))
		view.Spans = append(view.Spans, daySpan{Days: n, Link: "/flow?" + q.Encode(), Chosen: n == days})
	}
	q.Set("days", strconv.Itoa(days))
	view.CSV, view.Print, view.Screen = "/flow.csv?"+q.Encode(), "/report?"+q.Encode(), "/flow?"+q.Encode()
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
	ranked, err := s.api.Backlog(r.Context(), portfolio, reportRows, "")
	if err != nil {
		return err
	}
	teams, err := s.api.Teams(r.Context())
	if err != nil {
		return err
	}
	return render(s, w, r, http.StatusOK, "report", reportView{flowView: measured, At: s.Now(), Late: late.Value.Items, Ranked: ranked.Value.Items, Teams: teams.Value.Items})
}

// flowCSV is the table behind the flow page, for a spreadsheet.
func (s *Site) flowCSV(w http.ResponseWriter, r *http.Request) error {
	days, err := strconv.Atoi(r.URL.Query().Get("days"))
	if err != nil {
		days = 90
	}
	body, err := s.api.FlowCSV(r.Context(), r.URL.Query().Get("portfolio"), days)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="flow.csv"`)
	// Nobody is left to tell when the reader has gone.
	_, _ = w.Write(body)
	return nil
}

type policyView struct{ Policy wire.Policy }

// policy shows the rules in force in plain words, and the document they are written in.
func (s *Site) policy(w http.ResponseWriter, r *http.Request) error {
	answer, err := s.api.Policy(r.Context())
	if err != nil {
		return err
	}
	return render(s, w, r, http.StatusOK, "policy", policyView{Policy: answer.Value})
}

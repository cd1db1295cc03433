package web

import (
	"net/http"
	"strconv"

	"leanpmo/internal/client"
	"leanpmo/internal/flow"
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

type teamsView struct{ Teams []wire.TeamLoad }

// teams shows each team with its skills, its work and its load against its ceiling.
func (s *Site) teams(w http.ResponseWriter, r *http.Request) error {
	answer, err := s.api.Teams(r.Context())
	if err != nil {
		return err
	}
	return render(s, w, r, http.StatusOK, "teams", teamsView{Teams: answer.Value.Items})
}

type flowView struct {
	Report wire.FlowReport
	Days   int
	Bars   []bar
	Points *scatter
	Oldest []flow.Aging // the oldest in progress
	CSV    string
}

// oldestRows is how many requests in progress the flow page compares with the finished ones.
const oldestRows = 10

// flow shows throughput and cycle times of the last days, with the data behind the pictures.
func (s *Site) flow(w http.ResponseWriter, r *http.Request) error {
	days, err := strconv.Atoi(r.URL.Query().Get("days"))
	if err != nil || days < 7 || days > 730 {
		days = 90
	}
	portfolio := r.URL.Query().Get("portfolio")
	answer, err := s.api.Flow(r.Context(), portfolio, days)
	if err != nil {
		return err
	}
	view := flowView{Report: answer.Value, Days: days, CSV: "/flow.csv?" + r.URL.RawQuery}
	view.Bars, view.Points = throughputBars(s.readerOf(r), answer.Value), cycleScatter(answer.Value)
	view.Oldest = view.Report.Aging[:min(oldestRows, len(view.Report.Aging))]
	return render(s, w, r, http.StatusOK, "flow", view)
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

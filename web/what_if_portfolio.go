package web

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"leanpmo/internal/priority"
	"leanpmo/internal/wire"
)

type whatIfPortfolioView struct {
	Portfolio string
	Rules     []control
	Team      []control
	Answer    *wire.PortfolioSimulation // nil: nothing was asked
	Thin      string                    // why it cannot be simulated; empty when it can
	Link, CSV string                    // of the whole question
	Sides     []simulatedSide
	Classes   []simulatedClass
	Backlog   *simulatedChart
	Value     *simulatedChart
	Weeks     []string
	Faults    []string
}

// simulatedSide is what came out with the policy and teams as they are, or with the others.
type simulatedSide struct {
	wire.SimulationOutcome
	Name      string
	Teams     []simulatedTeam
	Resources []simulatedResource
}

// Kept is the share of the fixed dates that are kept; absent where none is due.
func (s simulatedSide) Kept() *float64 {
	if s.Dates.Due == 0 {
		return nil
	}
	share := s.Dates.Kept / s.Dates.Due
	return &share
}

// simulatedTeam is the load of a team by week: in the middle of the runs, and in 85 of 100 at most.
type simulatedTeam struct {
	wire.SimulationTeam
	Cells []simulatedCell
}

type simulatedCell struct {
	heatCell
	P85 float64 // as a share of the capacity
}

// simulatedResource is a shared resource by week.
type simulatedResource struct {
	wire.SimulationResource
	Cells []simulatedResourceCell
}

// simulatedResourceCell is what of it is used in half of the runs, and how many requests wait for more in 85 of 100 at most.
type simulatedResourceCell struct {
	wire.SimulationResourceWeek
	Class string // of the heat map
}

// AsksTeam reports whether a change of a team is asked about; its part of the form is open then.
func (v whatIfPortfolioView) AsksTeam() bool {
	return slices.ContainsFunc(v.Team, func(c control) bool { return c.Value != "" || c.Error != "" })
}

// simulatedClass is a class of service on each side.
type simulatedClass struct {
	Class any
	Sides []simulatedClassSide
}

type simulatedClassSide struct {
	Name string
	wire.SimulationClass
}

// whatIfPortfolio simulates the next weeks of a portfolio. The whole question is in the address, so that it is shared by link; without one only
// the form is shown, because an answer takes seconds.
func (s *Site) whatIfPortfolio(w http.ResponseWriter, r *http.Request) error {
	t, q := s.readerOf(r), r.URL.Query()
	view := whatIfPortfolioView{Portfolio: q.Get("portfolio")}
	now, err := s.api.Assignments(r.Context(), view.Portfolio)
	if err != nil {
		return err
	}
	view.Rules = simulationControls(t)
	if view.Team, err = s.teamChangeForm(r.Context(), t, now.Value.Teams); err != nil {
		return err
	}
	question, wrong := view.read(t, q)
	switch {
	case wrong:
		return render(s, w, r, http.StatusUnprocessableEntity, "what_if_portfolio", view)
	case q.Get("ask") == "":
		return render(s, w, r, http.StatusOK, "what_if_portfolio", view)
	}
	found, err := s.api.WhatIfPortfolio(r.Context(), question)
	if err != nil {
		if !view.blame(err) {
			return err
		}
		return render(s, w, r, http.StatusUnprocessableEntity, "what_if_portfolio", view)
	}
	view.Answer = &found.Value
	view.Link, view.CSV = "/what-if/portfolio?"+compact(q).Encode(), "/what-if/portfolio.csv?"+compact(q).Encode()
	view.fill(t)
	return render(s, w, r, http.StatusOK, "what_if_portfolio", view)
}

// whatIfPortfolioCSV is the same by week, for a spreadsheet.
func (s *Site) whatIfPortfolioCSV(w http.ResponseWriter, r *http.Request) error {
	t, q := s.readerOf(r), r.URL.Query()
	view := whatIfPortfolioView{Portfolio: q.Get("portfolio"), Rules: simulationControls(t), Team: teamChangeControls(t, nil, nil)}
	question, wrong := view.read(t, q)
	if wrong {
		http.Redirect(w, r, "/what-if/portfolio?"+compact(q).Encode(), http.StatusSeeOther)
		return nil
	}
	found, err := s.api.WhatIfPortfolio(r.Context(), question)
	if err != nil {
		return err
	}
	return sendCSV(w, "half-year.csv", found.Value.CSV())
}

func simulationControls(t *reader) []control {
	models := []choice{}
	for _, m := range priority.Models() {
		models = append(models, choice{string(m), t.Word("model", m)})
	}
	return []control{
		{Name: "weeks", Place: "weeks", Type: typeNumber, Label: t.T("half_year.weeks"), Help: t.T("half_year.weeks_help")},
		{Name: "slots", Place: "wip_limit", Type: typeNumber, Label: t.T("half_year.slots")},
		{Name: "model", Place: "model", Type: typeChoice, Choices: models, Label: t.T("what_if.model")},
	}
}

// read takes the question from the address.
func (v *whatIfPortfolioView) read(t *reader, q url.Values) (question wire.WhatIfPortfolio, wrong bool) {
	question.Portfolio = v.Portfolio
	for i := range v.Rules {
		c := &v.Rules[i]
		if c.Value = strings.TrimSpace(q.Get(c.Name)); c.Value == "" {
			continue
		}
		if c.Name == "model" {
			question.Model = priority.Model(c.Value)
			continue
		}
		number, err := numberIn(c.Value)
		if err != nil || number != math.Trunc(number) || math.Abs(number) > 1e6 || number == 0 {
			c.Error, wrong = t.T("what_if.unread"), true
			continue
		}
		if c.Name == "weeks" {
			question.Weeks = int(number)
		} else {
			question.WIPLimit = new(int(number))
		}
	}
	change, asked, bad := readTeamChange(t, v.Team, q)
	if asked {
		question.Changes = []wire.TeamChange{change}
	}
	return question, wrong || bad
}

// blame puts the faults that the API found to their controls; false when it found none.
func (v *whatIfPortfolioView) blame(err error) bool {
	others, named := blame(v.Team, "/changes/0", err)
	if !named {
		return false
	}
	_, _ = blame(v.Rules, "", err)
	for _, fault := range others {
		name, _, _ := strings.Cut(fault, ":")
		known := false
		for _, c := range v.Rules {
			known = known || c.Place == name
		}
		if !known {
			v.Faults = append(v.Faults, fault)
		}
	}
	return true
}

func (v *whatIfPortfolioView) fill(t *reader) {
	a := v.Answer
	if a.Now == nil {
		v.Thin = t.T("half_year.lacks."+a.Lacks, "n", a.Have, "needed", a.Needed)
		return
	}
	v.add(t.T("half_year.now"), a.Now)
	if a.Then != nil {
		v.add(t.T("half_year.then"), a.Then)
	}
	for _, w := range a.Now.Weeks {
		v.Weeks = append(v.Weeks, weekLabel(t, w.From))
	}
	for i, c := range a.Now.Classes {
		class := simulatedClass{Class: c.Class}
		came := 0.0
		for _, side := range v.Sides {
			one := side.Classes[i]
			came += one.Started + one.Waiting + one.Delivered
			class.Sides = append(class.Sides, simulatedClassSide{Name: side.Name, SimulationClass: one})
		}
		if came > 0 {
			v.Classes = append(v.Classes, class)
		}
	}
	v.Backlog = newSimulatedChart(t, v.Sides, t.T("half_year.backlog"), func(w wire.SimulationWeek) wire.Confident { return w.Backlog })
	v.Value = newSimulatedChart(t, v.Sides, t.T("half_year.value"), func(w wire.SimulationWeek) wire.Confident { return w.Value })
}

func (v *whatIfPortfolioView) add(name string, o *wire.SimulationOutcome) {
	side := simulatedSide{Name: name, SimulationOutcome: *o}
	for _, team := range o.Teams {
		row := simulatedTeam{SimulationTeam: team}
		for _, w := range team.Weeks {
			cell := simulatedCell{heatCell: heatCellOf(wire.AssignmentWeek{Capacity: w.Capacity, Most: w.Most, Firm: w.Load.P50})}
			if w.Capacity > 0 {
				cell.P85 = w.Load.P85 / w.Capacity
			}
			row.Cells = append(row.Cells, cell)
		}
		side.Teams = append(side.Teams, row)
	}
	for _, r := range o.Resources {
		row := simulatedResource{SimulationResource: r}
		for _, w := range r.Weeks {
			row.Cells = append(row.Cells, simulatedResourceCell{w, heatCellOf(wire.AssignmentWeek{Capacity: w.Amount, Most: w.Amount, Firm: w.Used.P50}).Class})
		}
		side.Resources = append(side.Resources, row)
	}
	v.Sides = append(v.Sides, side)
}

// simulatedChart is a number of the portfolio by week: a line for the middle of the runs and one for 85 of 100, of each side.
type simulatedChart struct {
	axes
	Title, Words string
	Sides        []string
	Lines        []simulatedLine
	Rows         []simulatedRow
}

type simulatedLine struct {
	Side     string // now or then
	P50, P85 string // paths
}

// simulatedRow is a week of the table behind the picture.
type simulatedRow struct {
	Week  string
	Cells []wire.Confident
}

func newSimulatedChart(t *reader, sides []simulatedSide, title string, of func(wire.SimulationWeek) wire.Confident) *simulatedChart {
	weeks := sides[0].SimulationOutcome.Weeks
	first, err := weeks[0].From.Time(t.zone)
	if err != nil {
		return nil
	}
	times, most := span{first, first.AddDate(0, 0, 7*(len(weeks)-1))}, 0.0
	for _, side := range sides {
		for _, w := range side.SimulationOutcome.Weeks {
			most = math.Max(most, math.Max(of(w).P50, of(w).P85))
		}
	}
	values := scaleFor(most)
	c := &simulatedChart{axes: axes{times.ticks(t), values.ticks(t)}, Title: title}
	for k, side := range sides {
		line := simulatedLine{Side: []string{"now", "then"}[k]}
		for i, w := range side.SimulationOutcome.Weeks {
			x := times.x(first.AddDate(0, 0, 7*i))
			line.P50 += fmt.Sprintf("%s%g %g", pathStep(i), x, values.y(of(w).P50))
			line.P85 += fmt.Sprintf("%s%g %g", pathStep(i), x, values.y(of(w).P85))
			if k == 0 {
				c.Rows = append(c.Rows, simulatedRow{Week: weekLabel(t, w.From)})
			}
			c.Rows[i].Cells = append(c.Rows[i].Cells, of(w))
		}
		c.Lines, c.Sides = append(c.Lines, line), append(c.Sides, side.Name)
		last := of(side.SimulationOutcome.Weeks[len(weeks)-1])
		c.Words += t.T("half_year.chart_says", "side", side.Name, "p50", t.Whole(last.P50), "p85", t.Whole(last.P85)) + " "
	}
	c.Words = strings.TrimSpace(c.Words)
	return c
}

// pathStep is the command of a path for its first or a later point.
func pathStep(i int) string {
	if i == 0 {
		return "M"
	}
	return "L"
}

// confidentPart is a number of a side, as a part of a page.
type confidentPart struct {
	Name  string
	Value wire.Confident
	Page  *reader
}

// simulatedChartPart is a chart, as a part of a page.
type simulatedChartPart struct {
	ID    string // what the ids in it begin with
	Chart *simulatedChart
	Page  *reader
}

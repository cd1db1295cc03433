package web

import (
	"net/http"
	"net/url"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

type assignmentsView struct {
	Plan       wire.AssignmentPlan
	Rows       []proposalRow
	Weeks      []string // heads of the columns
	Teams      []heatRow
	Portfolios []portfolioLink // empty where there is one only
	Waits      *waitChart      // nil without a team
	Differs    int             // how many the plain order would give another team
}

// proposalRow is what the plan says of a request, beside the plain order.
type proposalRow struct {
	wire.TeamProposal
	TeamName, PlainName, LaterTeam string
	SecondName                     string // of the second team, where two are needed
	LaterFrom                      pmo.Date
	Differs                        bool
}

// heatRow is the load of a team by week.
type heatRow struct {
	wire.TeamProposals
	Cells []heatCell
}

// heatCell is the load of a team in a week, as a share of its capacity.
type heatCell struct {
	wire.AssignmentWeek
	Class string // how near the ceiling
	Share float64
	New   float64 // of it proposed by this plan
	Away  bool    // nobody is there
}

// assignments shows which team each waiting request would get, and the load of the teams by week.
func (s *Site) assignments(w http.ResponseWriter, r *http.Request) error {
	answer, err := s.api.Assignments(r.Context(), r.URL.Query().Get("portfolio"))
	if err != nil {
		return err
	}
	rules, err := s.api.Policy(r.Context())
	if err != nil {
		return err
	}
	view := assignmentsView{Plan: answer.Value}
	chosen := view.Plan.Portfolio
	view.Portfolios = portfolioLinks(rules.Value.Data, &chosen)
	for i, p := range rules.Value.Data.Portfolios {
		if view.Portfolios != nil {
			view.Portfolios[i].Link = "/assignments?portfolio=" + url.QueryEscape(p.ID)
		}
	}
	view.fill(s.readerOf(r))
	return render(s, w, r, http.StatusOK, "assignments", view)
}

func (v *assignmentsView) fill(t *reader) {
	names, waits := map[string]string{}, []teamWaits{}
	for _, team := range v.Plan.Teams {
		waits = append(waits, teamWaits{team.Team, team.Name, team.Waits})
		names[team.Team] = team.Name
		v.Teams = append(v.Teams, heatOf(team))
	}
	v.Waits = newWaitChart(t, v.Plan.Curve, waits...)
	if len(v.Plan.Teams) > 0 {
		for _, w := range v.Plan.Teams[0].Weeks {
			v.Weeks = append(v.Weeks, weekLabel(t, w.From))
		}
	}
	for _, p := range v.Plan.Proposals {
		row := proposalRow{TeamProposal: p, TeamName: names[p.Team], PlainName: names[p.Plain], Differs: p.Team != p.Plain}
		if p.Later != nil {
			row.LaterTeam, row.LaterFrom = names[p.Later.Team], pmo.Date(p.Later.From)
			if p.Later.Second != "" {
				row.LaterTeam += " + " + names[p.Later.Second]
			}
		}
		if p.Second != nil {
			row.SecondName = names[p.Second.Team]
		}
		if row.Differs {
			v.Differs++
		}
		v.Rows = append(v.Rows, row)
	}
}

// nearCeiling is from what share of the ceiling a week counts as nearly full.
const nearCeiling = 0.8

func heatOf(team wire.TeamProposals) heatRow {
	row := heatRow{TeamProposals: team}
	for _, w := range team.Weeks {
		row.Cells = append(row.Cells, heatCellOf(w))
	}
	return row
}

func heatCellOf(w wire.AssignmentWeek) heatCell {
	c := heatCell{AssignmentWeek: w, Class: "free"}
	load := w.Firm + w.Held + w.Proposed
	if w.Capacity > 0 {
		c.Share, c.New = load/w.Capacity, w.Proposed/w.Capacity
	}
	switch c.Away = w.Capacity <= 0; {
	case load > w.Most+1e-9:
		c.Class = "over"
	case c.Away:
		c.Class = "away"
	case load > w.Most*nearCeiling:
		c.Class = "near"
	case load > 0:
		c.Class = "some"
	}
	return c
}

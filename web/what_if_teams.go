package web

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

type whatIfTeamsView struct {
	Portfolio string
	Controls  []control
	Answer    *wire.AssignmentAnswer // nil: nothing was asked
	Link      string                 // of the whole question
	Rows      []teamMoveRow
	Waits     []teamMoveRow // as before
	Weeks     []string
	Teams     []teamChangeRow
	Faults    []string

	UnknownSkills string // asked about
}

// teamMoveRow is a request that moves.
type teamMoveRow struct {
	wire.AssignmentMove
	NowTeam, ThenTeam string
}

// teamChangeRow is the load of a team by week, now and with the other teams.
type teamChangeRow struct {
	wire.TeamComparison
	Cells []teamChangeCell
}

type teamChangeCell struct {
	Now, Then heatCell
	Changed   bool
}

// whatIfTeams asks what other teams would change of what waits for one. The whole question is in the address, so that it is shared by link.
func (s *Site) whatIfTeams(w http.ResponseWriter, r *http.Request) error {
	t, q := s.readerOf(r), r.URL.Query()
	view := whatIfTeamsView{Portfolio: q.Get("portfolio")}
	now, err := s.api.Assignments(r.Context(), view.Portfolio)
	if err != nil {
		return err
	}
	if view.Controls, err = s.teamChangeForm(r.Context(), t, now.Value.Teams); err != nil {
		return err
	}
	change, asked, wrong := readTeamChange(t, view.Controls, q)
	switch {
	case wrong:
		return render(s, w, r, http.StatusUnprocessableEntity, "what_if_teams", view)
	case !asked:
		return render(s, w, r, http.StatusOK, "what_if_teams", view)
	}
	found, err := s.api.WhatIfAssignment(r.Context(), wire.WhatIfAssignment{Portfolio: view.Portfolio, Changes: []wire.TeamChange{change}})
	if err != nil {
		others, named := blame(view.Controls, "/changes/0", err)
		if !named {
			return err
		}
		view.Faults = others
		return render(s, w, r, http.StatusUnprocessableEntity, "what_if_teams", view)
	}
	view.Answer, view.Link = &found.Value, "/what-if/teams?"+compact(q).Encode()
	view.fill(t)
	return render(s, w, r, http.StatusOK, "what_if_teams", view)
}

func (v *whatIfTeamsView) fill(t *reader) {
	names := map[string]string{}
	for i, team := range v.Answer.Teams {
		names[team.Team] = team.Name
		row := teamChangeRow{TeamComparison: team}
		for _, w := range team.Weeks {
			if i == 0 {
				v.Weeks = append(v.Weeks, weekLabel(t, w.From))
			}
			cell := teamChangeCell{Now: heatCellOf(wire.AssignmentWeek{Capacity: w.CapacityNow, Most: w.MostNow, Firm: w.LoadNow}),
				Then: heatCellOf(wire.AssignmentWeek{Capacity: w.Capacity, Most: w.Most, Firm: w.Load})}
			cell.Changed = math.Abs(cell.Now.Share-cell.Then.Share) > 1e-9 || cell.Now.Away != cell.Then.Away
			row.Cells = append(row.Cells, cell)
		}
		v.Teams = append(v.Teams, row)
	}
	v.UnknownSkills = strings.Join(v.Answer.UnknownSkills, ", ")
	for _, l := range v.Answer.Lines {
		v.Rows = append(v.Rows, teamMoveRow{AssignmentMove: l, NowTeam: teamsAt(l.Now, names), ThenTeam: teamsAt(l.Then, names)})
	}
	for _, l := range v.Answer.Waits {
		v.Waits = append(v.Waits, teamMoveRow{AssignmentMove: l, ThenTeam: teamsAt(l.Then, names)})
	}
}

// teamsAt are the names of the teams of a place.
func teamsAt(at wire.AssignmentPlace, names map[string]string) string {
	if at.Second == "" {
		return names[at.Team]
	}
	return names[at.Team] + " + " + names[at.Second]
}

// weekLabel is the head of the column of a week.
func weekLabel(t *reader, from pmo.Date) string {
	if at, err := from.Time(t.zone); err == nil {
		return t.dayAndMonth(at)
	}
	return string(from)
}

// oneMore is the choice of a team that there is not yet.
const oneMore = "+"

// peopleOf are the leads and members of teams, by team: who can be away.
func peopleOf(t *reader, teams []wire.TeamProposals, all []wire.TeamLoad) []choice {
	var people []choice
	for _, team := range all {
		if !slices.ContainsFunc(teams, func(p wire.TeamProposals) bool { return p.Team == team.ID }) {
			continue
		}
		for _, id := range slices.Concat(team.Leads, team.Members) {
			if c := (choice{id, t.Name(id) + ", " + team.Name}); !slices.Contains(people, c) {
				people = append(people, c)
			}
		}
	}
	return people
}

// teamChangeForm are the controls for a change of one of the teams, with the people that may be away.
func (s *Site) teamChangeForm(ctx context.Context, t *reader, teams []wire.TeamProposals) ([]control, error) {
	all, err := s.api.Teams(ctx)
	if err != nil {
		return nil, err
	}
	return teamChangeControls(t, teams, peopleOf(t, teams, all.Value.Items)), nil
}

func teamChangeControls(t *reader, teams []wire.TeamProposals, people []choice) []control {
	choices := []choice{{oneMore, t.T("what_if_teams.one_more")}}
	for _, team := range teams {
		choices = append(choices, choice{team.Team, team.Name})
	}
	return []control{
		{Name: "team", Place: "team", Type: typeChoice, Choices: choices, Label: t.T("assignments.team")},
		{Name: "skills", Place: "skills", Type: typeText, Label: t.T("what_if_teams.skills"), Help: t.T("what_if_teams.skills_help")},
		{Name: "capacity", Place: "capacity", Type: typeNumber, Label: t.T("what_if.other_capacity")},
		{Name: "ceiling", Place: "load_ceiling", Type: typeNumber, Label: t.T("what_if_teams.ceiling")},
		{Name: "wip", Place: "wip_limit", Type: typeNumber, Label: t.T("what_if_teams.wip")},
		{Name: "pace", Place: "pace", Type: typeNumber, Label: t.T("what_if_teams.pace"), Help: t.T("what_if_teams.pace_help")},
		{Name: "from", Place: "absences.0.from", Type: typeDate, Label: t.T("what_if_teams.from")},
		{Name: "until", Place: "absences.0.until", Type: typeDate, Label: t.T("what_if_teams.until"), Help: t.T("what_if_teams.until_help")},
		{Name: "who", Place: "absences.0.who", Type: typeChoice, Choices: people, Label: t.T("what_if_teams.who"), Help: t.T("what_if_teams.who_help")},
		{Name: "amount", Place: "absences.0.amount", Type: typeNumber, Label: t.T("what_if_teams.amount"), Help: t.T("what_if_teams.amount_help")},
		{Name: "gone", Place: "gone", Type: typeChoice, Choices: []choice{{"yes", t.T("what_if_teams.gone")}}, Label: t.T("what_if_teams.takes")},
	}
}

// readTeamChange takes the change from the address; asked is false when nothing of it is there.
func readTeamChange(t *reader, controls []control, q url.Values) (change wire.TeamChange, asked, wrong bool) {
	for i := range controls {
		c := &controls[i]
		if c.Value = strings.TrimSpace(q.Get(c.Name)); c.Value == "" {
			continue
		}
		asked = true
		if !setTeamChange(&change, c.Name, c.Value) {
			c.Error, wrong = t.T("what_if.unread"), true
		}
	}
	if asked && controls[0].Value == "" {
		controls[0].Error, wrong = t.T("what_if_teams.which"), true
	}
	if len(change.Absences) > 0 {
		away := &change.Absences[0]
		away.WholeTeam = away.Amount == 0 && away.Who == ""
	}
	return change, asked, wrong
}

// setTeamChange puts the value of a control into a change; false when it cannot be read.
func setTeamChange(change *wire.TeamChange, field, value string) bool {
	number, err := numberIn(value)
	read := err == nil && math.Abs(number) <= 1e6
	away := func() *pmo.Absence {
		if change.Absences == nil {
			change.Absences = []pmo.Absence{{}}
		}
		return &change.Absences[0]
	}
	switch field {
	case "team":
		change.Team = strings.TrimPrefix(value, oneMore)
		return true
	case "skills":
		for _, skill := range strings.Split(value, ",") {
			if skill = strings.TrimSpace(skill); skill != "" {
				change.Skills = append(change.Skills, skill)
			}
		}
		return true
	case "from":
		away().From = pmo.Date(value)
		return true
	case "until":
		away().Until = pmo.Date(value)
		return true
	case "who":
		away().Who = value
		return true
	case "gone":
		change.Gone = true
		return true
	case "capacity":
		change.Capacity = &number
	case "ceiling":
		number /= 100
		change.LoadCeiling = &number
	case "wip":
		change.WIPLimit = new(int(number))
	case "pace":
		change.Pace = &number
	case "amount":
		away().Amount = number
	}
	return read
}

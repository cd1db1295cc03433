package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

// absenceRow is an absence as the page of its team lists it.
type absenceRow struct {
	pmo.Absence
	Index int
	Over  bool // its last day has passed
}

// absencesOf are the absences of a team by their first day.
func absencesOf(t *reader, team pmo.Team) []absenceRow {
	today := pmo.Date(t.now.In(t.zone).Format(time.DateOnly))
	var rows []absenceRow
	for i, a := range team.Absences {
		rows = append(rows, absenceRow{Absence: a, Index: i, Over: a.Until < today})
	}
	slices.SortStableFunc(rows, func(a, b absenceRow) int { return strings.Compare(string(a.From), string(b.From)) })
	return rows
}

// absenceControls ask for an absence of a team.
func (s *Site) absenceControls(t *reader, team pmo.Team) []control {
	var people []choice
	for _, id := range append(slices.Clone(team.Leads), team.Members...) {
		if c := (choice{id, t.Name(id)}); !slices.Contains(people, c) {
			people = append(people, c)
		}
	}
	help := "absence.amount_help"
	if team.CapacityPerPerson > 0 {
		help = "absence.amount_help_people"
	}
	return []control{
		{Name: "from", Type: typeDate, Label: t.T("absence.from"), Required: true}, {Name: "until", Type: typeDate, Label: t.T("absence.until"), Required: true},
		{Name: "amount", Type: typeNumber, Label: t.T("absence.amount"), Help: t.T(help, "n", t.Number(team.Capacity))},
		{Name: "whole_team", Type: typeFlag, Label: t.T("absence.whole")},
		{Name: "who", Type: typeChoice, Label: t.T("absence.who"), Choices: people}, {Name: "reason", Type: typeText, Label: t.T("field.reason")},
	}
}

// changeAbsences adds an absence to a team, or removes one, as of the revision that the page showed.
func (s *Site) changeAbsences(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	view, err := s.teamView(r)
	if err != nil {
		return err
	}
	team := view.Team.Team
	if team.Revision, err = strconv.Atoi(r.PostForm.Get("revision")); err != nil {
		return problem.New(problem.Malformed, "the form has no revision")
	}
	team.Absences = slices.Clone(team.Absences)
	if index := r.PostForm.Get("remove"); index != "" {
		i, err := strconv.Atoi(index)
		if err != nil || i < 0 || i >= len(team.Absences) {
			return errNoPage
		}
		team.Absences = slices.Delete(team.Absences, i, i+1)
	} else {
		view.Absence = fill(view.Absence, r.PostForm)
		doc, faults := document(view.Absence)
		if missing(view.Absence) || faults {
			return render(s, w, r, http.StatusUnprocessableEntity, "team", view)
		}
		team.Absences = append(team.Absences, absenceFrom(doc))
		for i := range view.Absence {
			view.Absence[i].placed("absences", len(team.Absences)-1, view.Absence[i].Name)
		}
	}
	if _, err := s.api.PutTeam(r.Context(), team); err != nil {
		var named bool
		if view.Refused, named = blame(view.Absence, "", err); !named {
			return err
		}
		return render(s, w, r, http.StatusUnprocessableEntity, "team", view)
	}
	http.Redirect(w, r, "/teams/"+team.ID+"?saved=1", http.StatusSeeOther)
	return nil
}

func absenceFrom(doc map[string]any) pmo.Absence {
	text := func(name string) string { value, _ := doc[name].(string); return value }
	a := pmo.Absence{From: pmo.Date(text("from")), Until: pmo.Date(text("until")), Who: text("who"), Reason: text("reason")}
	a.Amount, _ = doc["amount"].(float64)
	a.WholeTeam, _ = doc["whole_team"].(bool)
	return a
}

// AbsenceWrong reports whether anything in the form of an absence must be mended.
func (v teamView) AbsenceWrong() bool {
	return len(v.Refused) > 0 || slices.ContainsFunc(v.Absence, func(c control) bool { return c.Error != "" })
}

// weekBar is a week of the picture of a team's load: what it can hold, what it may, and what it holds.
type weekBar struct {
	wire.TeamWeek
	X, W                           float64
	CapacityY, CapacityH, CeilingY float64
	LoadY, LoadH                   float64
	Over                           bool // the load is above the ceiling
	Label                          string
}

type weeksChart struct {
	axes
	Bars []weekBar
}

// weeksOf is the picture of a team's next weeks; nil without a week.
func weeksOf(t *reader, team wire.TeamDetail) *weeksChart {
	if len(team.Weeks) == 0 {
		return nil
	}
	most := team.Capacity
	for _, w := range team.Weeks {
		most = max(most, w.Load)
	}
	values := scaleFor(most)
	c := &weeksChart{axes: axes{Y: values.ticks(t)}}
	width := (plotRight - plotLeft) / float64(len(team.Weeks))
	for i, w := range team.Weeks {
		b := weekBar{TeamWeek: w, X: tenth(plotLeft + (float64(i)+0.12)*width), W: tenth(width * 0.76), CapacityY: values.y(w.Capacity), CeilingY: values.y(w.Most),
			LoadY: values.y(w.Load), Over: w.Load > w.Most+1e-9}
		b.CapacityH, b.LoadH = tenth(plotBottom-b.CapacityY), tenth(plotBottom-b.LoadY)
		if at, err := w.From.Time(t.zone); err == nil {
			b.Label = t.dayAndMonth(at)
		}
		c.X = append(c.X, tick{tenth(b.X + b.W/2), b.Label})
		c.Bars = append(c.Bars, b)
	}
	return c
}

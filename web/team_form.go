package web

import (
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
)

// teamControls ask for what a team can take: its people with their parts of the week, its capacity and its limits.
func teamControls(t *reader, team pmo.Team) []control {
	number := func(n float64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	percent := func(share float64) string { return number(math.Round(share*1e6) / 1e4) }
	capacity := strconv.FormatFloat(team.Capacity, 'f', -1, 64)
	if team.CapacityPerPerson > 0 || team.CapacityMeasured {
		capacity = ""
	}
	measured := ""
	if team.CapacityMeasured {
		measured = "yes"
	}
	return []control{
		{Name: "capacity", Type: typeNumber, Label: t.T("team.capacity"), Help: t.T("team.capacity_help"), Value: capacity},
		{Name: "capacity_per_person", Type: typeNumber, Label: t.T("team.per_person"), Help: t.T("team.per_person_help"), Value: number(team.CapacityPerPerson)},
		{Name: "capacity_measured", Type: typeFlag, Label: t.T("team.measured"), Help: t.T("team.measured_help"), Value: measured},
		{Name: "other_work", Type: typeNumber, Label: t.T("team.other_work"), Help: t.T("team.other_work_help"), Value: percent(team.OtherWork)},
		{Name: "wip_limit", Type: typeNumber, Label: t.T("teams.wip"), Help: t.T("team.wip_help"), Value: number(float64(team.WIPLimit))},
		{Name: "wip_per_person", Type: typeNumber, Label: t.T("team.wip_per_person"), Help: t.T("team.wip_per_person_help"), Value: number(team.WIPPerPerson)},
		{Name: "load_ceiling", Type: typeNumber, Label: t.T("team.ceiling"), Help: t.T("team.ceiling_help"), Value: percent(team.LoadCeiling)},
		{Name: "pace", Type: typeNumber, Label: t.T("team.pace"), Help: t.T("team.pace_help"), Value: number(team.Pace)},
		{Name: "members", Type: typeWords, Label: t.T("team.members"), Help: t.T("team.members_help"), Value: strings.Join(team.Members, ", ")},
		{Name: "shares", Type: typeWords, Label: t.T("team.shares"), Help: t.T("team.shares_help"), Value: sharesText(team.Shares)},
		{Name: "skills", Type: typeWords, Label: t.T("field.skills"), Help: t.T("team.skills_help"), Value: strings.Join(team.Skills, ", ")},
		{Name: "approaches", Type: typeChecks, Label: t.T("team.approaches"), Help: t.T("team.approaches_help"), Choices: approachChoices(t), Values: team.Approaches},
	}
}

// paceSays is what the measured pace says of the stated one.
type paceSays struct {
	Words string
	Ask   string // address of the question what it would change; empty where it is not proposed
}

// paceOf says it in words; nil where too little is finished to measure a pace.
func paceOf(t *reader, team pmo.Team) *paceSays {
	if team.Finished == nil || team.Finished.Pace == nil {
		return nil
	}
	m, says := team.Finished.Pace, &paceSays{}
	pace, proposed := m.Proposed(team.Pace)
	key := "team.pace_fits"
	switch {
	case proposed:
		key = "team.pace_proposed"
		says.Ask = "/what-if/teams?" + url.Values{"portfolio": {team.Portfolio}, "team": {team.ID}, "pace": {strconv.FormatFloat(pace, 'f', -1, 64)}}.Encode()
	case !m.Possible():
		key = "team.pace_outside"
	}
	says.Words = t.T(key, "pace", t.Exact(m.Pace), "n", m.Requests, "estimated", t.Exact(m.Estimated), "used", t.Exact(m.Used))
	return says
}

// finishedSays says what a team finished, and the capacity that follows or would follow from it; empty where too little is finished.
func finishedSays(t *reader, team pmo.Team) string {
	f := team.Finished
	if f == nil {
		return ""
	}
	key, day := "team.finished_says", string(f.Until)
	if team.CapacityMeasured {
		key = "team.from_finished"
	}
	if at, err := f.Until.Time(t.zone); err == nil {
		day = t.date(at)
	}
	return t.T(key, "weeks", t.Number(f.Weeks), "day", day, "n", f.Requests, "rate", t.Number(f.PerWeek), "each", t.Number(f.WeeksEach), "once", t.Number(f.AtOnce),
		"ceiling", t.Percent(f.Ceiling), "capacity", t.Number(f.Capacity))
}

// sharesText writes parts of the week in percent: bo: 50, theo: 25.
func sharesText(shares map[string]float64) string {
	var words []string
	for _, person := range slices.Sorted(maps.Keys(shares)) {
		words = append(words, fmt.Sprintf("%s: %g", person, math.Round(shares[person]*1e6)/1e4))
	}
	return strings.Join(words, ", ")
}

// sharesOf reads what sharesText writes; ok is false where a word is no person with a number.
func sharesOf(words []string) (shares map[string]float64, ok bool) {
	shares = map[string]float64{}
	for _, word := range words {
		person, percent, _ := strings.Cut(word, ":")
		n, err := numberIn(strings.TrimSuffix(strings.TrimSpace(percent), "%"))
		if err != nil || strings.TrimSpace(person) == "" {
			return nil, false
		}
		shares[strings.TrimSpace(person)] = n / 100
	}
	return shares, true
}

// teamFrom is the team with what the filled form says; a control that cannot be read says so.
func teamFrom(team pmo.Team, controls []control, doc map[string]any) pmo.Team {
	number := func(name string) float64 { n, _ := doc[name].(float64); return n }
	words := func(name string) []string { list, _ := doc[name].([]string); return list }
	wrong := func(name, why string) {
		for i := range controls {
			if controls[i].Name == name && controls[i].Error == "" { // what cannot be read is said first
				controls[i].Error = why
			}
		}
	}
	team.CapacityMeasured, _ = doc["capacity_measured"].(bool)
	if _, stated := doc["capacity"]; !stated && number("capacity_per_person") == 0 && !team.CapacityMeasured {
		wrong("capacity", "required")
	}
	team.Capacity, team.CapacityPerPerson, team.OtherWork = number("capacity"), number("capacity_per_person"), number("other_work")/100
	team.WIPLimit, team.WIPPerPerson, team.LoadCeiling = int(number("wip_limit")), number("wip_per_person"), number("load_ceiling")/100
	if float64(team.WIPLimit) != number("wip_limit") {
		wrong("wip_limit", "number")
	}
	team.Pace = number("pace")
	team.Members, team.Skills, team.Approaches = words("members"), words("skills"), words("approaches")
	shares, ok := sharesOf(words("shares"))
	if !ok {
		wrong("shares", "shares")
	}
	team.Shares = shares
	return team
}

// changeTeam changes what a team can take, as of the revision that the page showed.
func (s *Site) changeTeam(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	view, err := s.teamView(r)
	if err != nil {
		return err
	}
	view.Controls = fill(view.Controls, r.PostForm)
	doc, faults := document(view.Controls)
	changed := teamFrom(view.Team.Team, view.Controls, doc)
	if missing(view.Controls) || faults || view.Wrong() {
		return render(s, w, r, http.StatusUnprocessableEntity, "team", view)
	}
	// The revision is the one the form was shown with, so that a change made since is not undone unseen.
	if changed.Revision, err = strconv.Atoi(r.PostForm.Get("revision")); err != nil {
		return problem.New(problem.Malformed, "the form has no revision")
	}
	if _, err := s.api.PutTeam(r.Context(), changed); err != nil {
		var named bool
		if view.Faults, named = blame(view.Controls, "", err); !named {
			return err
		}
		return render(s, w, r, http.StatusUnprocessableEntity, "team", view)
	}
	http.Redirect(w, r, "/teams/"+changed.ID+"?saved=1", http.StatusSeeOther)
	return nil
}

// Wrong reports whether anything in the form must be mended.
func (v teamView) Wrong() bool {
	return len(v.Faults) > 0 || slices.ContainsFunc(v.Controls, func(c control) bool { return c.Error != "" })
}

package web

import (
	"maps"
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"leanpmo/internal/access"
	"leanpmo/internal/client"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

type teamsView struct {
	Teams  []wire.TeamLoad
	Skills []skillRow
}

// skillRow is a skill with the level that each team has; 0 is none.
type skillRow struct {
	Skill  string
	Levels []int
	One    bool // only one team has it: it is the only one that can take such work
}

// skillRows are the skills of all teams by name. A skill without a level counts as the highest.
func skillRows(teams []wire.TeamLoad) []skillRow {
	byName := map[string][]int{}
	for i, team := range teams {
		for name, level := range pmo.SkillLevels(team.Skills, pmo.MaxSkillLevel) {
			if byName[name] == nil {
				byName[name] = make([]int, len(teams))
			}
			byName[name][i] = level
		}
	}
	rows := make([]skillRow, 0, len(byName))
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		having := 0
		for _, level := range byName[name] {
			having += min(level, 1)
		}
		rows = append(rows, skillRow{name, byName[name], having == 1})
	}
	return rows
}

// teams shows each team with its skills, its work and its load against its ceiling.
func (s *Site) teams(w http.ResponseWriter, r *http.Request) error {
	answer, err := s.api.Teams(r.Context())
	if err != nil {
		return err
	}
	return render(s, w, r, http.StatusOK, "teams", teamsView{Teams: answer.Value.Items, Skills: skillRows(answer.Value.Items)})
}

type teamView struct {
	Team     wire.TeamDetail
	Weeks    *weeksChart
	Finished string     // what the team finished, in words; empty where it is too little to say
	Pace     *paceSays  // nil where too little is finished to say
	Waits    *waitChart // nil where the server says nothing of it
	Absences []absenceRow
	Absence  []control // of the form that adds one
	Refused  []string  // faults of that form that belong to no control
	Supply   supplyView
	Work     []wire.RequestItem
	More     bool
	MayEdit  bool
	Controls []control
	Faults   []string
	Saved    bool
	flowPictures
}

// flowPictures are the pictures of cycle times and ages of a report.
type flowPictures struct {
	Report  wire.FlowReport
	Cycle   *pointChart
	Aging   *pointChart
	Younger int // how many are in progress and younger than those that are shown
}

func picturesOf(t *reader, r wire.FlowReport) flowPictures {
	return flowPictures{Report: r, Cycle: cycleChart(t, r), Aging: agingChart(t, r), Younger: r.AgingTotal - len(r.Aging)}
}

// teamFlowDays is over how long the expectation of a team is measured.
const teamFlowDays = 365

// teamRows is how many requests of its work a team's page shows; a link leads to all of them.
const teamRows = 20

var errNoTeam = problem.New(problem.NotFound, "there is no such team")

// team shows one team: what it carries, what it works on and, to who may change it, what it can take.
func (s *Site) team(w http.ResponseWriter, r *http.Request) error {
	view, err := s.teamView(r)
	if err != nil {
		return err
	}
	view.Saved = r.URL.Query().Get("saved") != ""
	return render(s, w, r, http.StatusOK, "team", view)
}

func (s *Site) teamView(r *http.Request) (teamView, error) {
	id := chi.URLParam(r, "id")
	answer, err := s.api.Team(r.Context(), id)
	if client.IsKind(err, problem.NotFound) {
		return teamView{}, errNoTeam
	}
	if err != nil {
		return teamView{}, err
	}
	t := s.readerOf(r)
	view := teamView{Team: answer.Value, Weeks: weeksOf(t, answer.Value), Finished: finishedSays(t, answer.Value.Team), Pace: paceOf(t, answer.Value.Team), Waits: newWaitChart(t, answer.Value.Curve, teamWaits{id, answer.Value.Name, answer.Value.Waits}),
		Absences: absencesOf(t, answer.Value.Team), Absence: s.absenceControls(t, answer.Value.Team)}
	work, err := s.api.List(r.Context(), client.Filter{Team: id, Sort: "age", Limit: teamRows})
	if err != nil {
		return teamView{}, err
	}
	view.Work, view.More = work.Value.Items, work.Value.Next != ""
	report, err := s.api.Flow(r.Context(), client.Filter{Team: id}, teamFlowDays, agingRows)
	if err != nil {
		return teamView{}, err
	}
	view.flowPictures = picturesOf(t, report.Value)
	viewer, object := viewerOf(r.Context()), access.Object{}
	if slices.Contains(view.Team.Leads, viewer.ID) {
		object.Relation = access.Lead
	}
	view.MayEdit = access.Can(viewer.Actor(), access.EditTeam, object).Allowed
	view.Controls = teamControls(t, view.Team.Team)
	view.Supply = supplyView{Path: "/teams/" + id + supplyPath, File: "supply.file", Says: "supply.says", Accept: ".csv,.ics,.txt,text/csv,text/calendar", Controls: supplyControls(t, view.Absence)}
	return view, nil
}

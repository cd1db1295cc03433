package web

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"leanpmo/internal/access"
	"leanpmo/internal/client"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// commandControls are the controls of the commands that a page offers; amend has those of the content.
func commandControls(t *reader, command string, r *wire.Request) []control {
	reason := control{Name: "reason", Type: typeArea, Label: t.T("field.reason"), Required: true}
	switch command {
	case "withdraw", "resume", "wake":
		reason.Required = false
	case "progress":
		return progressControls(t, r)
	case "raid":
		return raidControls(t, r, "")
	}
	return []control{reason}
}

// rankControls are what the score of a request is computed from, and in words how it stands: a rank is computed and never typed.
func (s *Site) rankControls(r *http.Request, t *reader, request *wire.Request) (controls []control, notes []string, err error) {
	rules, err := s.rules(r)
	if err != nil {
		return nil, nil, err
	}
	controls = inputControls(t, rules)
	given := inputsByName(request.Content.Inputs)
	for i := range controls {
		name := controls[i].Name[len("inputs."):]
		if value, known := given[name]; known {
			controls[i].setValue(value)
			controls[i].Choices = withChosen(controls[i].Choices, controls[i].Value)
		}
		if name == "moscow" {
			controls[i].Value = request.Content.Inputs.MoSCoW
		}
	}
	controls = append(controls, control{Name: "sure", Type: typeChoice, Label: t.T("scoring.sure"), Choices: sureChoices(t)})
	if access.MayChange(viewerOf(r.Context()).Actor(), "class", access.Object{}).Allowed {
		class := s.contentControls(t, rules, "class", t.T("help.class"), false)[0]
		class.Value, class.Required = string(cmp.Or(request.Content.Class, pmo.ClassStandard)), true
		controls = append(controls, class)
	}
	controls = append(controls, control{Name: "reason", Type: typeArea, Label: t.T("field.reason"), Required: true})
	why, err := s.api.Explain(r.Context(), request.ID)
	if err != nil || why.Value.Rank == nil {
		return controls, nil, err
	}
	return controls, []string{t.Capital(why.Value.Rank.Why)}, nil // it says what would change the rank
}

// teamControlsOf are for moving the work to another team, or to two where it needs two: those of its portfolio, without the one that has it alone, and in
// words who has it.
func (s *Site) teamControlsOf(r *http.Request, t *reader, request *wire.Request) (controls []control, notes []string, err error) {
	teams, err := s.api.Teams(r.Context())
	if err != nil {
		return nil, nil, err
	}
	team := control{Name: "team", Type: typeChoice, Label: t.T("field.team"), Help: t.T("help.reassign_team"), Required: true}
	for _, one := range teams.Value.Items {
		has := request.Assignment.Part(one.ID)
		switch {
		case has != nil && has.ConfirmedAt.IsZero():
			notes = append(notes, t.T("reassign.offered", "team", one.Name))
		case has != nil:
			notes = append(notes, t.T("reassign.works", "team", one.Name))
		}
		if one.Portfolio == request.Portfolio && (has == nil || request.Content.SecondTeam.Needed()) { // one of two teams may stay
			team.Choices = append(team.Choices, choice{one.ID, teamChoice(t, request.Content.Skills, one)})
		}
	}
	if len(notes) == 0 {
		notes = []string{t.T("reassign.nobody")}
	}
	controls = []control{team}
	if request.Content.SecondTeam.Needed() {
		second := control{Name: "second", Type: typeChoice, Label: t.T("field.second_team"), Help: t.T("help.reassign_second")}
		for _, one := range teams.Value.Items {
			if one.Portfolio == request.Portfolio {
				second.Choices = append(second.Choices, choice{one.ID, teamChoice(t, request.Content.SecondTeam.Skills, one)})
			}
		}
		controls = append(controls, second)
	}
	return append(controls, control{Name: "reason", Type: typeArea, Label: t.T("field.reason"), Required: true}), notes, nil
}

// teamChoice names a team, with what speaks against it: a skill that it lacks, or that it has as much as it takes at once. The PMO may choose it all the same.
func teamChoice(t *reader, needed []string, team wire.TeamLoad) string {
	var lacks []string
	for _, skill := range needed {
		if !pmo.CoversSkill(team.Skills, skill) {
			lacks = append(lacks, skill)
		}
	}
	name := team.Name
	if len(lacks) > 0 {
		name += " – " + t.T("reassign.lacks", "skills", strings.Join(lacks, ", "))
	}
	if team.NoPeople || team.Limit > 0 && team.WIP >= team.Limit {
		name += " – " + t.T("reassign.full", "n", team.WIP, "limit", team.Limit)
	}
	return name
}

func progressControls(t *reader, r *wire.Request) []control {
	health := control{Name: "health", Type: typeChoice, Label: t.T("field.health")}
	for _, h := range []pmo.Health{pmo.HealthGreen, pmo.HealthAmber, pmo.HealthRed} {
		health.Choices = append(health.Choices, choice{string(h), t.Word("health", h)})
	}
	health.Help = t.T("help.health")
	if h := r.Health; h != nil {
		health.Help = t.T("help.health_by_rule", "health", t.Word("health", h.Rule))
	}
	blocked := control{Name: "blocked", Type: typeText, Label: t.T("field.blocked"), Help: t.T("help.blocked")}
	if r.Progress != nil {
		blocked.Value = r.Progress.Blocked
	}
	milestones := control{Name: "milestones", Type: typeChecks, Label: t.T("field.reached")}
	if r.Plan != nil {
		for _, m := range r.Plan.Milestones {
			if !m.Done {
				milestones.Choices = append(milestones.Choices, choice{m.Name, m.Name})
			}
		}
	}
	controls := []control{{Name: "percent", Type: typeNumber, Label: t.T("field.percent")}, health, blocked}
	if len(milestones.Choices) > 0 {
		controls = append(controls, milestones)
	}
	return append(append(controls, []control{
		{Name: "note", Type: typeArea, Label: t.T("field.note"), Help: t.T("help.note")},
		{Name: "done", Type: typeFlag, Label: t.T("field.done"), Help: t.T("help.done")},
	}...), lessonControls(t)...)
}

// raidControls add an entry to the RAID log, or clear the one that is chosen.
func raidControls(t *reader, r *wire.Request, clears string) []control {
	if clears != "" {
		entry := control{Name: "clear", Type: typeNumber, Label: t.T("raid.entry"), Value: clears, Required: true}
		for _, i := range r.Raid {
			if i.Open() {
				entry.Choices = append(entry.Choices, choice{strconv.Itoa(i.Number), t.Word("raid", i.Kind) + " " + strconv.Itoa(i.Number) + ": " + pmo.Shorten(i.Text, 120)})
			}
		}
		return []control{entry, {Name: "how", Type: typeArea, Label: t.T("raid.how"), Required: true}}
	}
	kind := control{Name: "kind", Type: typeChoice, Label: t.T("raid.kind"), Help: t.T("help.raid_kind"), Required: true}
	for _, k := range pmo.RaidKinds() {
		kind.Choices = append(kind.Choices, choice{string(k), t.Word("raid", k)})
	}
	return []control{kind, {Name: "text", Type: typeArea, Label: t.T("raid.text"), Required: true},
		{Name: "owner", Type: typeText, Label: t.T("raid.owner"), Help: t.T("help.raid_owner")}, {Name: "due", Type: typeDate, Label: t.T("raid.due")}}
}

type commandView struct {
	Request  *wire.Request
	Command  string
	Controls []control
	Faults   []string
	Notes    []string // what the command works on now
}

func (s *Site) command(r *http.Request) (commandView, error) {
	answer, err := s.api.Request(r.Context(), chi.URLParam(r, "ref"))
	if err != nil {
		return commandView{}, err
	}
	view := commandView{Request: &answer.Value, Command: chi.URLParam(r, "command")}
	if !slices.Contains(view.Request.Commands, view.Command) {
		return view, errNotNow
	}
	t := s.readerOf(r)
	switch view.Command {
	case "amend":
		view.Controls, err = s.amendControls(r, t, view.Request)
	case "inputs":
		view.Controls, view.Notes, err = s.rankControls(r, t, view.Request)
	case "raid":
		view.Controls = raidControls(t, view.Request, r.FormValue("clear"))
	case "reassign":
		view.Controls, view.Notes, err = s.teamControlsOf(r, t, view.Request)
	default:
		view.Controls = commandControls(t, view.Command, view.Request)
	}
	return view, err
}

// commandForm shows what a command does and asks for what it needs.
func (s *Site) commandForm(w http.ResponseWriter, r *http.Request) error {
	view, err := s.command(r)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(view.Controls, func(c control) bool { return c.Name == "done" }); i >= 0 && r.URL.Query().Get("done") != "" {
		view.Controls[i].Value = "yes"
	}
	return render(s, w, r, http.StatusOK, "command", view)
}

// giveCommand gives the command.
func (s *Site) giveCommand(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	view, err := s.command(r)
	if err != nil {
		return err
	}
	before := view.Controls
	view.Controls = fill(view.Controls, r.PostForm)
	doc, faults := document(view.Controls)
	faults = missing(view.Controls) || faults
	if lessons, ok := lessonsFrom(view.Controls); !ok {
		faults = true
	} else if len(lessons) > 0 {
		doc["lessons"] = lessons
	}
	if !faults {
		receipt, err := s.send(r, view, before, doc)
		if err == nil {
			return s.toRequest(w, r, refOf(view.Request.Number, view.Request.ID), receipt.Value)
		}
		var named bool
		if view.Faults, named = blame(view.Controls, view.prefix(), err); !named {
			return err
		}
	}
	return render(s, w, r, http.StatusUnprocessableEntity, "command", view)
}

func (v commandView) prefix() string {
	if v.Command == "amend" {
		return "/patch"
	}
	return ""
}

func (s *Site) send(r *http.Request, view commandView, before []control, doc map[string]any) (*client.Answer[pmo.Receipt], error) {
	switch view.Command {
	case "amend":
		return s.amend(r, view, before)
	case "inputs":
		doc = map[string]any{"inputs": map[string]any{}}
		maps.Copy(doc, mergePatch(before, view.Controls))
		doc["reason"] = r.PostForm.Get("reason")
	case "progress":
		// An emptied blocker clears it; one that was never there is not named.
		if i := slices.IndexFunc(before, func(c control) bool { return c.Name == "blocked" && c.Value != "" }); i >= 0 && doc["blocked"] == nil {
			doc["blocked"] = ""
		}
	}
	return s.api.CommandKeyed(r.Context(), view.Request.ID, view.Command, doc, keyOf(r))
}

// missing marks required controls without a value and reports whether there are any.
func missing(controls []control) bool {
	found := false
	for i := range controls {
		if c := &controls[i]; c.Required && c.Value == "" && len(c.Values) == 0 {
			c.Error, found = "required", true
		}
	}
	return found
}

// Key makes a second click the same command.
func (commandView) Key() string { return client.NewKey() }

package pmo

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Remedy is one of the smallest changes by which a request that no team can take would get one: what a team would have to change, when a team has
// room, two teams that do it together, or a split.
type Remedy struct {
	ID   string `json:"id"`             // team/<id of the team>, second, wait or split
	Team string `json:"team,omitempty"` // id of the team that would take it, or a part of it
	Name string `json:"name,omitempty"` // of the team
	// What changes of the team, all of it together.
	WIPLimit    *Raise   `json:"wip_limit,omitempty"`    // requests at once
	LoadCeiling *Raise   `json:"load_ceiling,omitempty"` // share of capacity
	Skills      []string `json:"skills,omitempty"`       // what it would have to know, each with its level
	AskAgain    bool     `json:"ask_again,omitempty"`    // it declined, and is asked again

	Until Date    `json:"until,omitempty"` // wait: the first day of the week in which the team has room, if work ends by its plans
	With  string  `json:"with,omitempty"`  // second and split: the name of the team that has the other skills
	Size  float64 `json:"size,omitempty"`  // split: how large a part may be that the team has room for now, in team-weeks
	Text  string  `json:"text"`            // what is to be done, as a sentence in English

	Second []string `json:"second,omitempty"` // second: what a second team would do of it, each skill with its level
}

// Raise is a limit that becomes another one.
type Raise struct {
	From float64 `json:"from"`
	To   float64 `json:"to"`
}

// The ids of remedies that change no team.
const (
	RemedyWait   = "wait"
	RemedySplit  = "split"
	RemedySecond = "second" // of the request: it needs two teams from then on
)

// RemedyID is the id of what one team would have to change.
func RemedyID(team string) string { return "team/" + team }

// MaxRemedies is how many remedies a question offers.
const MaxRemedies = 7

// ChangesTeam reports whether a team's own limits or skills change.
func (m *Remedy) ChangesTeam() bool {
	return m.WIPLimit != nil || m.LoadCeiling != nil || len(m.Skills) > 0
}

// Answers reports whether a question can be answered with it. A split is a command of its own.
func (m *Remedy) Answers() bool { return m.ID != RemedySplit }

// Say writes what is to be done into Text.
func (m *Remedy) Say() {
	switch {
	case m.ID == RemedyWait:
		m.Text = fmt.Sprintf("Wait until %s, when %s has room if work ends by its plans.", m.Until, m.Name)
		return
	case m.ID == RemedySecond:
		m.Text = fmt.Sprintf("Let two teams do it together: %s, and %s for %s.", m.Name, m.With, strings.Join(m.Second, ", "))
		return
	case m.ID == RemedySplit && m.With != "":
		m.Text = fmt.Sprintf("Split it: %s and %s together have all skills.", m.Name, m.With)
		return
	case m.ID == RemedySplit:
		m.Text = fmt.Sprintf("Split it: %s has room for a part of at most %s team-weeks now.", m.Name, number(m.Size))
		return
	}
	var do []string
	if m.WIPLimit != nil {
		do = append(do, fmt.Sprintf("raise the WIP limit of %s from %s to %s", m.Name, number(m.WIPLimit.From), number(m.WIPLimit.To)))
	}
	if m.LoadCeiling != nil {
		do = append(do, fmt.Sprintf("raise the load ceiling of %s from %s %% to %s %%", m.Name, number(100*m.LoadCeiling.From), number(100*m.LoadCeiling.To)))
	}
	if len(m.Skills) > 0 {
		do = append(do, fmt.Sprintf("let %s learn or borrow %s", m.Name, strings.Join(m.Skills, ", ")))
	}
	if m.AskAgain {
		do = append(do, fmt.Sprintf("ask %s again, which declined", m.Name))
	}
	text := strings.Join(do, ", and ")
	m.Text = strings.ToUpper(text[:1]) + text[1:] + "."
}

func number(x float64) string { return fmt.Sprintf("%g", math.Round(x*100)/100) }

// Apply is the team with the limits and skills of a remedy, which it may have had changed already: no limit is lowered, and no skill lost.
// policyWIP and policyCeiling are the policy's, for a team without its own.
func (m *Remedy) Apply(t Team, policyWIP int, policyCeiling float64) Team {
	if m.WIPLimit != nil {
		if to := int(m.WIPLimit.To); t.takesFewer(policyWIP, to) {
			t.WIPLimit = max(cmp.Or(t.WIPLimit, policyWIP), to)
			if people := t.FullTime(); t.WIPPerPerson > 0 && people > 0 && t.takesFewer(policyWIP, to) {
				t.WIPPerPerson = math.Ceil(100*float64(to)/people) / 100
			}
		}
	}
	if m.LoadCeiling != nil {
		t.LoadCeiling = max(cmp.Or(t.LoadCeiling, policyCeiling), m.LoadCeiling.To)
	}
	for _, skill := range m.Skills {
		if CoversSkill(t.Skills, skill) {
			continue
		}
		name, _ := SkillLevel(skill)
		t.Skills = slices.DeleteFunc(slices.Clone(t.Skills), func(s string) bool { has, _ := SkillLevel(s); return has == name })
		t.Skills = append(t.Skills, Skill(skill))
	}
	return t
}

// takesFewer reports whether the team takes fewer requests at once than so many.
func (t Team) takesFewer(policy, than int) bool {
	limit, limited := t.LimitOr(policy)
	return limited && limit < than
}

// Unplaced is what the searches that found no team left behind, since the first of them.
type Unplaced struct {
	Since    time.Time `json:"since"`
	AskAt    time.Time `json:"ask_at,omitzero"` // when the PMO is asked; zero: at once, because no team could ever take it
	Remedies []Remedy  `json:"remedies,omitempty"`
}

// mostRemediesSaid is how many remedies the text of a question repeats.
const mostRemediesSaid = 3

// remediesText says what would help, for where the list itself is not shown.
func remediesText(list []Remedy) string {
	if len(list) == 0 {
		return ""
	}
	text := " What would help:"
	for i := range list[:min(len(list), mostRemediesSaid)] {
		text += " " + list[i].Text
	}
	return text
}

// checkRemedy returns why the question cannot be answered with a remedy, or nil.
func (q *Question) checkRemedy(id string) *Refusal {
	m := q.Remedy(id)
	if m != nil && m.Answers() {
		return nil
	}
	var ids []string
	for i := range q.Remedies {
		if q.Remedies[i].Answers() {
			ids = append(ids, q.Remedies[i].ID)
		}
	}
	return invalid("/data/remedy", "is one of: %s", strings.Join(ids, ", "))
}

// remedyChosen lets the request look for a team again after the PMO changed what kept it from one. The limits and skills of a team are its own:
// who sent the answer changed them before. A week to wait for puts the question off until then.
func (r *Request) remedyChosen(q Question, d Data, reason string, now time.Time) {
	m := q.Remedy(d.Remedy)
	if m.ID == RemedyWait {
		r.PutOff = append(r.PutOff, r.newPutOff(q, Data{Until: m.Until, UntilAt: d.UntilAt}, now))
		return
	}
	if m.AskAgain {
		r.Declined = slices.DeleteFunc(slices.Clone(r.Declined), func(d Decline) bool { return d.Team == m.Team })
	}
	if m.ID == RemedySecond {
		r.needSecondTeam(m.Second, now)
	}
	r.record(now, Entry{Event: EventReassigned, Actor: q.SettledBy, Text: "A team is looked for again. " + m.Text + " " + sentence(reason)})
	r.RetryAssignment()
}

// Remedy finds what would help by its id, among those that a question was asked with; nil for none.
func (q *Question) Remedy(id string) *Remedy {
	for i := range q.Remedies {
		if q.Remedies[i].ID == id {
			return &q.Remedies[i]
		}
	}
	return nil
}

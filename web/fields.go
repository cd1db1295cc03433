package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
)

// contentControls are the controls of a field of the content; most have one, the baseline and the inputs have four.
func (s *Site) contentControls(t *reader, rules *policy.Document, field, help string, required bool) []control {
	label := func(name string) string { return t.T("field." + name) }
	one := func(kind controlType) []control {
		return []control{{Name: field, Type: kind, Label: label(field), Help: help, Required: required}}
	}
	switch field {
	case "baseline":
		parts := []control{}
		for _, part := range []string{"volume_per_month", "minutes_each", "people", "money_per_year"} {
			parts = append(parts, control{Name: "baseline." + part, Type: typeNumber, Label: label("baseline." + part)})
		}
		parts[0].Help = help
		return parts
	case "inputs":
		return inputControls(t, rules)
	case "second_team":
		return []control{{Name: field + ".skills", Type: typeWords, Label: label(field + ".skills"), Help: help, Required: required},
			{Name: field + ".share", Type: typeNumber, Label: label(field + ".share"), Help: t.T("help.second_team.share")}}
	case "size":
		return one(typeNumber)
	case "wanted_by":
		return one(typeDate)
	case "skills", "needs", "resources":
		return one(typeWords)
	case "confidential":
		return one(typeFlag)
	case "themes":
		c := one(typeChecks)
		for _, p := range rules.Portfolios {
			for _, theme := range p.Themes {
				if v := (choice{theme.ID, theme.Name}); !slices.Contains(c[0].Choices, v) {
					c[0].Choices = append(c[0].Choices, v)
				}
			}
		}
		return c
	case "objectives":
		c := one(typeChecks)
		for _, p := range rules.Portfolios {
			for _, o := range p.Objectives {
				c[0].Choices = append(c[0].Choices, choice{o.ID, o.Name})
			}
		}
		if len(c[0].Choices) == 0 {
			return nil
		}
		return c
	case "sponsor":
		c := one(typeChoice)
		c[0].Choices = s.people()
		return c
	case "class":
		c := one(typeChoice)
		for _, class := range rules.Classes {
			c[0].Choices = append(c[0].Choices, choice{string(class.ID), t.Word("class", class.ID) + ": " + class.Says})
		}
		return c
	case "urgency":
		c := one(typeChoice)
		for _, u := range []string{"flexible", "soon", "critical"} {
			c[0].Choices = append(c[0].Choices, choice{u, t.Word("urgency", u)})
		}
		return c
	case "problem", "outcome", "workaround", "others_to_act":
		return one(typeArea)
	}
	return one(typeText)
}

// inputControls are the inputs of a score that the policy's models need: values of its scale, or any number where it has none.
func inputControls(t *reader, rules *policy.Document) []control {
	var controls []control
	for _, name := range rules.ScoreInputs() {
		c := control{Name: "inputs." + name, Type: typeNumber, Label: t.T("field.inputs." + name), Help: t.hint("help.inputs." + name)}
		switch {
		case name == "moscow":
			c.Type = typeChoice
			for _, word := range pmo.MoSCoWWords() {
				c.Choices = append(c.Choices, choice{word, t.T("moscow." + word)})
			}
		case (pmo.Input{Name: name}).OnScale():
			for _, value := range rules.Scoring.Scale {
				n := strconv.FormatFloat(value, 'g', -1, 64)
				c.Choices = append(c.Choices, choice{n, n})
			}
		}
		controls = append(controls, c)
	}
	return controls
}

func (s *Site) people() []choice {
	var list []choice
	for _, p := range s.People.Principals() {
		if p.Person() {
			list = append(list, choice{p.ID, p.Name})
		}
	}
	return list
}

// principals are the people and the services: whoever may have asked for something, or hold a token.
func (s *Site) principals() []choice {
	var list []choice
	for _, p := range s.People.Principals() {
		list = append(list, choice{p.ID, p.Name})
	}
	return list
}

// formOf are the controls of the form of a kind: what is always asked, what the policy asks of every kind and of this one, and what may be
// added. The second list is shown folded.
func (s *Site) formOf(t *reader, rules *policy.Document, kind policy.KindDoc) (asked, more []control) {
	asked = append(asked, control{Name: "title", Type: typeText, Label: t.T("field.title"), Help: t.T("help.title"), Required: true})
	shown := []string{"title", "kind"}
	for _, field := range append(slices.Clone(kind.Fields), rules.Intake.Fields...) {
		if slices.Contains(shown, field.Field) {
			continue
		}
		shown = append(shown, field.Field)
		asked = append(asked, s.contentControls(t, rules, field.Field, field.Ask, field.Need == policy.NeedRequired)...)
	}
	for _, field := range []string{"wanted_by", "wanted_cause", "size", "themes", "objectives", "needs", "sponsor", "urgency", "users", "others_to_act", "skills", "second_team", "resources", "confidential"} {
		if !slices.Contains(shown, field) {
			more = append(more, s.contentControls(t, rules, field, t.hint("help."+field), false)...)
		}
	}
	return asked, more
}

// hint is a text of the catalogue, or nothing where it has none.
func (t *reader) hint(key string) string {
	if !t.Has(key) {
		return ""
	}
	return t.T(key)
}

func (s *Site) rules(r *http.Request) (*policy.Document, error) {
	answer, err := s.api.Policy(r.Context())
	if err != nil {
		return nil, err
	}
	return &answer.Value.Data, nil
}

// refOf is how a request is named in a link.
func refOf(number int64, id string) string {
	return cmp.Or(pmo.Ref(number), id)
}

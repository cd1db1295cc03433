package web

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"leanpmo/internal/client"
	"leanpmo/internal/priority"
	"leanpmo/internal/wire"
)

type whatIfView struct {
	Portfolio string
	Scenarios []scenarioView
	Asked     bool
	Policy    string
	Faults    []string
	Link      string // of the whole question: who opens it is answered as themselves
	Common    []control
}

// Answered are the scenarios that were asked about.
func (v whatIfView) Answered() (list []scenarioView) {
	for _, s := range v.Scenarios {
		if s.Summary != nil {
			list = append(list, s)
		}
	}
	return list
}

// Funded reports whether the question was what is funded, too.
func (v whatIfView) Funded() bool {
	list := v.Answered()
	return len(list) > 0 && list[0].Funding != nil
}

type scenarioView struct {
	Number   int
	Controls []control
	Effect   *wire.PolicyEffect // nil: it was not asked
	Summary  *wire.BacklogEffect
	Funding  *wire.ScenarioFunding // nil: no capacity was given
}

// Name is what the asker called it, or its number.
func (v scenarioView) Name() string { return v.Controls[0].Value }

// Open reports whether something of it was given.
func (v scenarioView) Open() bool {
	return v.Number == 1 || slices.ContainsFunc(v.Controls, func(c control) bool { return c.Value != "" })
}

// whatIf asks about several scenarios side by side. The whole question is in the address, so that it is shared by link.
func (s *Site) whatIf(w http.ResponseWriter, r *http.Request) error {
	t, q := s.readerOf(r), r.URL.Query()
	view := whatIfView{Portfolio: q.Get("portfolio")}
	body := wire.WhatIf{Portfolio: view.Portfolio}
	view.Common = []control{{Name: "capacity", Place: "capacity", Type: typeNumber, Label: t.T("what_if.capacity"), Help: t.T("what_if.capacity_help"), Value: strings.TrimSpace(q.Get("capacity"))}}
	var asked []int
	capacity, wrong := readCapacity(t, &view.Common[0])
	body.Capacity = capacity
	for n := 1; n <= wire.MostScenarios; n++ {
		one := scenarioView{Number: n, Controls: scenarioControls(t, n)}
		given, faults := one.read(t, q)
		wrong = wrong || faults
		if given != nil {
			body.Scenarios, asked = append(body.Scenarios, *given), append(asked, n-1)
		}
		view.Scenarios = append(view.Scenarios, one)
	}
	if wrong {
		return render(s, w, r, http.StatusUnprocessableEntity, "what_if", view)
	}
	if len(asked) == 0 {
		return render(s, w, r, http.StatusOK, "what_if", view)
	}
	found, err := s.api.WhatIf(r.Context(), body)
	if err != nil {
		return s.whatIfRefused(w, r, view, asked, err)
	}
	view.Asked, view.Policy, view.Link = true, found.Value.Policy, "/what-if?"+compact(q).Encode()
	for i, a := range found.Value.Scenarios {
		one := &view.Scenarios[asked[i]]
		one.Summary, one.Funding = &a.Effect, a.Funding
		one.Effect = &wire.PolicyEffect{At: found.Value.At, Portfolios: []wire.BacklogEffect{a.Effect}}
	}
	return render(s, w, r, http.StatusOK, "what_if", view)
}

// readCapacity is the capacity of the whole question; nil when none is given.
func readCapacity(t *reader, c *control) (capacity *float64, wrong bool) {
	if c.Value == "" {
		return nil, false
	}
	s := wire.Scenario{}
	if !setScenario(&s, "capacity", c.Value) || *s.Capacity < 0 {
		c.Error = t.T("what_if.unread")
		return nil, true
	}
	return s.Capacity, false
}

// whatIfRefused shows each fault with its scenario.
func (s *Site) whatIfRefused(w http.ResponseWriter, r *http.Request, view whatIfView, asked []int, err error) error {
	named := false
	for i, at := range asked {
		_, ok := blame(view.Scenarios[at].Controls, fmt.Sprintf("/scenarios/%d", i), err)
		named = named || ok
	}
	var refused *client.Refused
	if !named || !errors.As(err, &refused) {
		return err
	}
	for _, fault := range refused.Errors {
		view.Faults = append(view.Faults, fault.Detail)
	}
	return render(s, w, r, http.StatusUnprocessableEntity, "what_if", view)
}

// compact is the question without what is empty.
func compact(q url.Values) url.Values {
	out := url.Values{}
	for name, values := range q {
		if len(values) > 0 && values[0] != "" {
			out.Set(name, values[0])
		}
	}
	return out
}

func scenarioControls(t *reader, n int) []control {
	name := func(field string) string { return fmt.Sprintf("s%d.%s", n, field) }
	models := []choice{}
	for _, m := range priority.Models() {
		models = append(models, choice{string(m), string(m)})
	}
	return []control{
		{Name: name("name"), Place: "name", Type: typeText, Label: t.T("what_if.name")},
		{Name: name("model"), Place: "model", Type: typeChoice, Choices: models, Label: t.T("what_if.model")},
		{Name: name("value"), Place: "value", Type: typeNumber, Label: t.T("what_if.value")},
		{Name: name("time"), Place: "time", Type: typeNumber, Label: t.T("what_if.time")},
		{Name: name("risk"), Place: "risk", Type: typeNumber, Label: t.T("what_if.risk")},
		{Name: name("points"), Place: "points", Type: typeNumber, Label: t.T("what_if.points")},
		{Name: name("wip_limit"), Place: "wip_limit", Type: typeNumber, Label: t.T("what_if.wip")},
		{Name: name("capacity"), Place: "capacity", Type: typeNumber, Label: t.T("what_if.other_capacity")},
		{Name: name("without"), Place: "without", Type: typeText, Label: t.T("what_if.without"), Help: t.T("what_if.without_help")},
		{Name: name("more"), Place: "more.inputs", Type: typeText, Label: t.T("what_if.more"), Help: t.T("what_if.more_help")},
		{Name: name("size"), Place: "more.size", Type: typeNumber, Label: t.T("what_if.more_size")},
	}
}

// read takes the scenario from the address; nil when nothing of it is there.
func (v *scenarioView) read(t *reader, q url.Values) (given *wire.Scenario, faults bool) {
	s := wire.Scenario{}
	for i := range v.Controls {
		c := &v.Controls[i]
		if c.Value = strings.TrimSpace(q.Get(c.Name)); c.Value == "" {
			continue
		}
		given = &s
		if !setScenario(&s, c.Place, c.Value) {
			c.Error, faults = t.T("what_if.unread"), true
		}
	}
	return given, faults
}

// setScenario puts the value of a control into a scenario; false when it cannot be read.
func setScenario(s *wire.Scenario, field, value string) bool {
	number, err := numberIn(value)
	switch field {
	case "name":
		s.Name = value
		return true
	case "model":
		s.Model = priority.Model(value)
		return true
	case "without":
		s.Without = strings.Fields(strings.ReplaceAll(value, ",", " "))
		return true
	case "more.inputs":
		inputs, wrong := wire.InputsOf(strings.Fields(value))
		s.More = &wire.NewRequest{Inputs: inputs}
		return wrong == ""
	case "more.size":
		if s.More == nil { // a size alone is no request
			return false
		}
		s.More.Size = number
	case "capacity":
		s.Capacity = &number
	case "wip_limit":
		s.WIPLimit = new(int(number))
	case "value":
		s.Value = &number
	case "points":
		s.Points = &number
	case "time":
		s.Time = &number
	case "risk":
		s.Risk = &number
	}
	return err == nil && !math.IsNaN(number) && math.Abs(number) <= 1e6
}

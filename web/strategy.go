package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"leanpmo/internal/access"
	"leanpmo/internal/client"
	"leanpmo/internal/strategy"
	"leanpmo/internal/wire"
)

type strategyView struct {
	Strategy   wire.Strategy
	Themes     []shareRow
	Horizons   []shareRow
	Kinds      []shareRow
	Targets    bool // the policy sets some
	Guardrails []guardrailRow
	Portfolios []portfolioLink // empty where there is one only
	Controls   []control       // of what a key result is now; none: the reader may not say it
	Key        string
	Faults     []string
}

// shareRow is a theme, a kind or a horizon with the marks of its picture, which is 300 wide.
type shareRow struct {
	strategy.ShareLine
	Label                       string
	Link                        string // its requests
	InProcessX, DeliveredX, Aim float64
	Apart                       string // how far the share in process is from the target, in points
	Off                         bool   // by more than five points
}

// guardrailRow is a guardrail in the reader's language.
type guardrailRow struct {
	strategy.GuardrailFlag
	Says string
}

const (
	shareWidth = 300.0
	// farFromTarget marks a share that is more than five points from its target.
	farFromTarget = 0.05
)

// strategy shows where the capacity of a portfolio goes, and where it should go.
func (s *Site) strategy(w http.ResponseWriter, r *http.Request) error {
	view, err := s.strategyView(r, r.URL.Query().Get("portfolio"))
	if err != nil {
		return err
	}
	view.Key = client.NewKey()
	return render(s, w, r, http.StatusOK, "strategy", view)
}

func (s *Site) strategyView(r *http.Request, portfolio string) (strategyView, error) {
	answer, err := s.api.Strategy(r.Context(), portfolio)
	if err != nil {
		return strategyView{}, err
	}
	rules, err := s.api.Policy(r.Context())
	if err != nil {
		return strategyView{}, err
	}
	t, found := s.readerOf(r), answer.Value
	view := strategyView{Strategy: found, Themes: shareRows(t, found.Themes, "theme", found.InProcess.Size), Horizons: shareRows(t, found.Horizons, "", 0), Kinds: shareRows(t, found.Kinds, "kind", 0),
		Guardrails: guardrailRows(t, found.Guardrails)}
	for _, l := range found.Themes {
		view.Targets = view.Targets || l.Target != nil
	}
	chosen := found.Portfolio
	view.Portfolios = portfolioLinks(rules.Value.Data, &chosen)
	for i, p := range rules.Value.Data.Portfolios {
		if view.Portfolios != nil {
			view.Portfolios[i].Link = "/strategy?portfolio=" + url.QueryEscape(p.ID)
		}
	}
	if access.Can(viewerOf(r.Context()).Actor(), access.SayKeyResult, access.Object{}).Allowed {
		view.Controls = keyResultControls(t, found.Objectives)
	}
	return view, nil
}

// keyResultControls ask what a key result is now; none where there is nothing to say it of.
func keyResultControls(t *reader, objectives []wire.Objective) []control {
	which := control{Name: "key_result", Type: typeChoice, Label: t.T("objectives.key_result"), Required: true}
	for _, o := range objectives {
		for _, k := range o.KeyResults {
			which.Choices = append(which.Choices, choice{o.ID + "/" + k.ID, o.Name + ": " + k.Name})
		}
	}
	if len(which.Choices) == 0 {
		return nil
	}
	return []control{which, {Name: "value", Type: typeNumber, Label: t.T("objectives.value"), Required: true},
		{Name: "note", Type: typeText, Label: t.T("objectives.note"), Help: t.T("objectives.note_help")},
		{Name: "request", Type: typeText, Label: t.T("objectives.request"), Help: t.T("objectives.request_help")}}
}

// sayKeyResult keeps what a key result is now.
func (s *Site) sayKeyResult(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	portfolio := r.URL.Query().Get("portfolio")
	view, err := s.strategyView(r, portfolio)
	if err != nil {
		return err
	}
	view.Key, view.Controls = r.PostForm.Get("key"), fill(view.Controls, r.PostForm)
	if len(view.Controls) > 0 && missing(view.Controls) {
		return render(s, w, r, http.StatusUnprocessableEntity, "strategy", view)
	}
	form := r.PostForm
	objective, keyResult, _ := strings.Cut(form.Get("key_result"), "/")
	value, err := numberIn(form.Get("value"))
	if err != nil {
		view.Faults = []string{s.readerOf(r).T("objectives.no_number")}
		return render(s, w, r, http.StatusUnprocessableEntity, "strategy", view)
	}
	said := wire.SayKeyResult{Portfolio: portfolio, Objective: objective, KeyResult: keyResult, Value: value, Note: form.Get("note"), Request: strings.TrimSpace(form.Get("request"))}
	if _, err := s.api.SayKeyResult(r.Context(), said, keyOf(r)); err != nil {
		var named bool
		if view.Faults, named = blame(view.Controls, "", err); !named {
			return err
		}
		return render(s, w, r, http.StatusUnprocessableEntity, "strategy", view)
	}
	target := "/strategy"
	if portfolio != "" {
		target += "?portfolio=" + url.QueryEscape(portfolio)
	}
	http.Redirect(w, r, target+"#h-objectives", http.StatusSeeOther)
	return nil
}

// Wrong reports whether a control of the form is marked.
func (v strategyView) Wrong() bool {
	return len(v.Faults) > 0 || slices.ContainsFunc(v.Controls, func(c control) bool { return c.Error != "" })
}

// shareRows are the lines of a dimension; filter is the name of the list's filter by it. While nothing is in process nothing is far from its target.
func shareRows(t *reader, lines []strategy.ShareLine, filter string, inProcess float64) []shareRow {
	rows := make([]shareRow, len(lines))
	for i, l := range lines {
		row := shareRow{ShareLine: l, Label: l.Name, InProcessX: tenth(l.InProcess.Share * shareWidth), DeliveredX: tenth(l.Delivered.Share * shareWidth)}
		switch {
		case l.ID == strategy.NoTheme:
			row.Label = t.T("strategy.no_theme")
		case filter != "":
			row.Link = "/requests?" + url.Values{filter: {l.ID}}.Encode()
		}
		if l.Target != nil {
			row.Aim = tenth(*l.Target * shareWidth)
		}
		if l.Target != nil && inProcess > 0 {
			apart := l.InProcess.Share - *l.Target
			row.Apart, row.Off = signed(t, apart*100), apart > farFromTarget || apart < -farFromTarget
		}
		rows[i] = row
	}
	return rows
}

func signed(t *reader, points float64) string {
	if points > 0 {
		return "+" + t.Number(points)
	}
	return t.Number(points)
}

func guardrailRows(t *reader, flags []strategy.GuardrailFlag) []guardrailRow {
	rows := make([]guardrailRow, len(flags))
	for i, f := range flags {
		rows[i] = guardrailRow{f, t.Guardrail(f)}
	}
	return rows
}

// Guardrail says a guardrail with its numbers.
func (t *reader) Guardrail(f strategy.GuardrailFlag) string {
	of := t.T("strategy.of_in_process")
	if f.WindowDays > 0 {
		of = t.T("strategy.of_delivered", "n", f.WindowDays)
	}
	bounds := t.bounds(f)
	if f.Total == 0 {
		return t.T("strategy.guardrail_nothing", "name", f.Name, "of", of, "bounds", bounds)
	}
	return t.T("strategy.guardrail_says", "name", f.Name, "share", t.Percent(f.Share), "of", of, "size", t.Number(f.Size), "total", t.Number(f.Total), "bounds", bounds)
}

// IfPulled says what the pull of a waiting request would do to a guardrail.
func (t *reader) IfPulled(e strategy.GuardrailEffect) string {
	if e.WindowDays > 0 {
		return t.T("guardrail.if_delivered", "name", e.Name, "before", t.Percent(e.Before), "after", t.Percent(e.Share), "n", e.WindowDays, "bounds", t.bounds(e.GuardrailFlag))
	}
	return t.T("guardrail.if_pulled", "name", e.Name, "before", t.Percent(e.Before), "after", t.Percent(e.Share), "bounds", t.bounds(e.GuardrailFlag))
}

// bounds says what a guardrail asks for.
func (t *reader) bounds(f strategy.GuardrailFlag) (bounds string) {
	switch {
	case f.AtLeast != nil && f.AtMost != nil:
		bounds = t.T("strategy.between", "least", t.Percent(*f.AtLeast), "most", t.Percent(*f.AtMost))
	case f.AtLeast != nil:
		bounds = t.T("strategy.at_least", "share", t.Percent(*f.AtLeast))
	case f.AtMost != nil:
		bounds = t.T("strategy.at_most", "share", t.Percent(*f.AtMost))
	}
	return bounds
}

// KeyResultName is the name of a key result of an objective; its id where the policy has it no more.
func (t *reader) KeyResultName(o wire.ServedObjective, id string) string {
	for _, k := range o.KeyResults {
		if k.ID == id {
			return k.Name
		}
	}
	return id
}

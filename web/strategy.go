package web

import (
	"net/http"
	"net/url"

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
	portfolio := r.URL.Query().Get("portfolio")
	answer, err := s.api.Strategy(r.Context(), portfolio)
	if err != nil {
		return err
	}
	rules, err := s.api.Policy(r.Context())
	if err != nil {
		return err
	}
	t, found := s.readerOf(r), answer.Value
	view := strategyView{Strategy: found, Themes: shareRows(t, found.Themes, "theme"), Horizons: shareRows(t, found.Horizons, ""), Kinds: shareRows(t, found.Kinds, "kind"),
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
	return render(s, w, r, http.StatusOK, "strategy", view)
}

// shareRows are the lines of a dimension; filter is the name of the list's filter by it.
func shareRows(t *reader, lines []strategy.ShareLine, filter string) []shareRow {
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
	var bounds string
	switch {
	case f.AtLeast != nil && f.AtMost != nil:
		bounds = t.T("strategy.between", "least", t.Percent(*f.AtLeast), "most", t.Percent(*f.AtMost))
	case f.AtLeast != nil:
		bounds = t.T("strategy.at_least", "share", t.Percent(*f.AtLeast))
	case f.AtMost != nil:
		bounds = t.T("strategy.at_most", "share", t.Percent(*f.AtMost))
	}
	if f.Total == 0 {
		return t.T("strategy.guardrail_nothing", "name", f.Name, "of", of, "bounds", bounds)
	}
	return t.T("strategy.guardrail_says", "name", f.Name, "share", t.Percent(f.Share), "of", of, "size", t.Number(f.Size), "total", t.Number(f.Total), "bounds", bounds)
}

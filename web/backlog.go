package web

import (
	"net/http"
	"net/url"

	"leanpmo/internal/access"
	"leanpmo/internal/strategy"
	"leanpmo/internal/wire"
)

type backlogView struct {
	Funding  string // link to what to fund from this backlog
	Strategy string // to where the capacity goes
	Points   string // to the points of stakeholders
	WhatIf   string // and to what other rules would change
	Filters  filterView
	Items    []wire.RankedRequest
	// Guardrails are those that are not kept now.
	Guardrails []strategy.GuardrailFlag
	Next       string
	MayRun     bool
	MayMove    bool      // the reader may be able to change a rank, by what it is computed from
	Controls   []control // what a run asks for
	Run        *wire.Prioritization
	Faults     []string
}

// backlog shows the ranked backlog with the reason of every rank.
func (s *Site) backlog(w http.ResponseWriter, r *http.Request) error {
	filters, err := s.filters(r, false)
	if err != nil || filters.showDefault(w, r) {
		return err
	}
	view, err := s.backlogView(r)
	if err != nil {
		return err
	}
	view.Filters = filters
	return render(s, w, r, http.StatusOK, "backlog", view)
}

func (s *Site) backlogView(r *http.Request) (backlogView, error) {
	q := r.URL.Query()
	page, err := s.api.Backlog(r.Context(), filterOf(r))
	if err != nil {
		return backlogView{}, err
	}
	viewer := viewerOf(r.Context()).Actor()
	view := backlogView{Funding: "/funding", WhatIf: "/what-if", Strategy: "/strategy", Points: "/points", Items: page.Value.Items, Guardrails: page.Value.Guardrails, Next: nextPage(r, page.Value.Next), MayRun: access.Can(viewer, access.RunPrioritization, access.Object{}).Allowed,
		MayMove: access.Can(viewer, access.SetInputs, access.Object{}).Allowed, Controls: runControls(s.readerOf(r))}
	if portfolio := q.Get("portfolio"); portfolio != "" {
		view.Funding += "?portfolio=" + url.QueryEscape(portfolio)
		view.WhatIf += "?portfolio=" + url.QueryEscape(portfolio)
		view.Strategy += "?portfolio=" + url.QueryEscape(portfolio)
		view.Points += "?portfolio=" + url.QueryEscape(portfolio)
	}
	if id := q.Get("run"); id != "" {
		run, err := s.api.Prioritization(r.Context(), id, 1, "")
		if err != nil {
			return view, err
		}
		view.Run = &run.Value
	}
	return view, nil
}

func runControls(t *reader) []control {
	return []control{{Name: "reason", Type: typeText, Label: t.T("backlog.run_reason"), Required: true}}
}

// runNow ranks the backlog now and shows what the run did.
func (s *Site) runNow(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	controls := fill(runControls(s.readerOf(r)), r.PostForm)
	faults := missing(controls)
	var others []string
	if !faults {
		run, err := s.api.Prioritize(r.Context(), r.URL.Query().Get("portfolio"), r.PostForm.Get("reason"), false)
		if err == nil {
			http.Redirect(w, r, "/backlog?run="+url.QueryEscape(run.Value.ID), http.StatusSeeOther)
			return nil
		}
		var named bool
		if others, named = blame(controls, "", err); !named {
			return err
		}
	}
	view, err := s.backlogView(r)
	if err != nil {
		return err
	}
	view.Controls, view.Faults = controls, others
	if view.Filters, err = s.filters(r, false); err != nil {
		return err
	}
	view.Filters.Path = "/backlog"
	return render(s, w, r, http.StatusUnprocessableEntity, "backlog", view)
}

// Wrong reports whether a control of the run's form is marked.
func (v backlogView) Wrong() bool { return len(v.Faults) > 0 || v.Controls[0].Error != "" }

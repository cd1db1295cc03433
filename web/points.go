package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"leanpmo/internal/client"
	"leanpmo/internal/pmo"
	"leanpmo/internal/strategy"
	"leanpmo/internal/wire"
)

type pointsView struct {
	Points     wire.Points
	LastDay    pmo.Date        // of the period
	Portfolios []portfolioLink // empty where there is one only
}

// points shows who has points in the present period, and where they are.
func (s *Site) points(w http.ResponseWriter, r *http.Request) error {
	found, err := s.api.Points(r.Context(), r.URL.Query().Get("portfolio"))
	if err != nil {
		return err
	}
	rules, err := s.rules(r)
	if err != nil {
		return err
	}
	view := pointsView{Points: found.Value, LastDay: lastDay(found.Value.Period)}
	chosen := found.Value.Portfolio
	view.Portfolios = portfolioLinks(*rules, &chosen)
	for i, p := range rules.Portfolios {
		if view.Portfolios != nil {
			view.Portfolios[i].Link = "/points?portfolio=" + url.QueryEscape(p.ID)
		}
	}
	return render(s, w, r, http.StatusOK, "points", view)
}

// lastDay is the last one of a period.
func lastDay(period *strategy.PointPeriod) pmo.Date {
	if period == nil {
		return ""
	}
	return pmo.Date(period.Until.AddDate(0, 0, -1).Format("2006-01-02"))
}

type requestPointsView struct {
	Request *wire.Request
	Points  wire.RequestPoints
	LastDay pmo.Date
	Forms   []pointsForm // one for each holder whose points the reader may spend
	Key     string
}

// pointsForm sets the points of one holder.
type pointsForm struct {
	strategy.PointBudget
	Now      int // that it has on the request in this period
	Controls []control
	Faults   []string
}

// LeftNow is what is left of the holder's points in this period.
func (f pointsForm) LeftNow() int {
	if f.Left == nil {
		return 0
	}
	return *f.Left
}

// Holder names who has points.
func (t *reader) Holder(h strategy.Holder) string {
	if h.Group != "" {
		return t.T("points.group", "name", t.GroupName(h.Group))
	}
	return t.Name(h.Person)
}

// requestPoints shows the points on a request, with a form for those that the reader may spend.
func (s *Site) requestPoints(w http.ResponseWriter, r *http.Request) error {
	view, err := s.requestPointsView(r)
	if err != nil {
		return err
	}
	return render(s, w, r, http.StatusOK, "request_points", view)
}

func (s *Site) requestPointsView(r *http.Request) (requestPointsView, error) {
	ref := chi.URLParam(r, "ref")
	request, err := s.api.Request(r.Context(), ref)
	if err != nil {
		return requestPointsView{}, err
	}
	found, err := s.api.RequestPoints(r.Context(), ref)
	if err != nil {
		return requestPointsView{}, err
	}
	t := s.readerOf(r)
	view := requestPointsView{Request: &request.Value, Points: found.Value, LastDay: lastDay(found.Value.Period), Key: client.NewKey()}
	for _, b := range found.Value.Mine {
		form := pointsForm{PointBudget: b}
		for _, stake := range found.Value.Stakes {
			if stake.Holder == b.Holder && stake.Period == found.Value.Period.ID {
				form.Now = stake.Points
			}
		}
		form.Controls = []control{{Name: pointsField(b.Group), Place: "points", Type: typeNumber, Label: t.T("points.mine"), Help: t.T("points.mine_help"), Value: strconv.Itoa(form.Now), Required: true}}
		view.Forms = append(view.Forms, form)
	}
	return view, nil
}

// pointsField tells the fields of several forms apart.
func pointsField(group string) string {
	if group == "" {
		return "points"
	}
	return "points-" + group
}

// spendPoints puts points on a request, or takes them back.
func (s *Site) spendPoints(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return errNotNow
	}
	view, err := s.requestPointsView(r)
	if err != nil {
		return err
	}
	group := r.PostForm.Get("group")
	points, wrong := strconv.Atoi(strings.TrimSpace(r.PostForm.Get(pointsField(group))))
	if wrong == nil && points >= 0 {
		if _, err = s.api.SpendPoints(r.Context(), view.Request.ID, wire.SpendPoints{Points: points, Group: group}, keyOf(r)); err == nil {
			http.Redirect(w, r, "/requests/"+url.PathEscape(view.Request.ID)+"/points", http.StatusSeeOther)
			return nil
		}
	}
	for i := range view.Forms {
		form := &view.Forms[i]
		if form.Group != group {
			continue
		}
		form.Controls = fill(form.Controls, r.PostForm)
		if err == nil {
			form.Controls[0].Error = s.readerOf(r).T("points.no_number")
			return render(s, w, r, http.StatusUnprocessableEntity, "request_points", view)
		}
		var named bool
		if form.Faults, named = blame(form.Controls, "", err); named {
			return render(s, w, r, http.StatusUnprocessableEntity, "request_points", view)
		}
	}
	if err == nil {
		return errNotNow
	}
	return err
}

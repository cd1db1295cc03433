package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"leanpmo/internal/client"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

type selectionView struct {
	Filters  filterView
	Kept     []kept // what is asked about, besides the day
	Named    bool   // requests are chosen one by one
	By       string
	Forecast *wire.SelectionForecast // nil: it was refused
	Picture  *forecastPicture
	Faults   []string
}

// selectionForecast answers when several requests are all done. The whole question is in the address, so that it can be kept and shared.
func (s *Site) selectionForecast(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if chosen := q["r"]; len(chosen) > 0 { // the boxes of a list; the address names them in one parameter
		http.Redirect(w, r, "/forecast?"+chosenQuery(q).Encode(), http.StatusSeeOther)
		return nil
	}
	filters, err := s.filters(r, false, "requests", "by")
	if err != nil {
		return err
	}
	view := selectionView{Filters: filters, By: q.Get("by"), Named: q.Get("requests") != ""}
	for name := range chosenQuery(q) {
		if name != "by" {
			view.Kept = append(view.Kept, kept{name, q.Get(name)})
		}
	}
	slices.SortFunc(view.Kept, func(a, b kept) int { return strings.Compare(a.Name, b.Name) })
	chosen := wire.Selection{By: pmo.Date(view.By)}
	if view.Named {
		chosen.Requests = strings.Split(q.Get("requests"), ",")
	}
	found, err := s.api.ForecastSelection(r.Context(), filters.Filter, chosen)
	var refused *client.Refused
	if errors.As(err, &refused) && refused.Status == http.StatusUnprocessableEntity {
		for _, fault := range refused.Errors {
			view.Faults = append(view.Faults, strings.TrimPrefix(fault.Pointer, "/")+" "+fault.Detail)
		}
		return render(s, w, r, refused.Status, "selection", view)
	}
	if err != nil {
		return err
	}
	f := &found.Value
	view.Forecast = f
	if !f.CannotForecast {
		view.Picture = drawForecast(s.readerOf(r), [3]pmo.Date{f.P50, f.P85, f.P95}, chosen.By, f.Words)
	}
	return render(s, w, r, http.StatusOK, "selection", view)
}

// chosenQuery is the question as an address: what a list is filtered by, the requests that are chosen, and the day.
func chosenQuery(q url.Values) url.Values {
	out := url.Values{}
	for _, name := range []string{"portfolio", "stage", "kind", "theme", "team", "class", "requester", "text", "days_in_stage", "requests", "by"} {
		if value := q.Get(name); value != "" {
			out.Set(name, value)
		}
	}
	if chosen := q["r"]; len(chosen) > 0 {
		out.Set("requests", strings.Join(chosen, ","))
	}
	return out
}

// Together is the question of when all requests of the list are done, as the hidden parameters of a form: its boxes choose some of them.
func (v filterView) Together() []kept {
	var list []kept
	for name, values := range queryOf(listFilter(v.Filter)) {
		if name != "sort" && name != "closed" {
			list = append(list, kept{name, values[0]})
		}
	}
	slices.SortFunc(list, func(a, b kept) int { return strings.Compare(a.Name, b.Name) })
	return list
}

package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"leanpmo/internal/client"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// filterOf reads the filter of an address, and stage, order and closed ones of the list of requests.
func filterOf(r *http.Request) client.Filter {
	q := r.URL.Query()
	days, err := strconv.Atoi(q.Get("days_in_stage"))
	if err != nil || days < 0 {
		days = 0 // somebody wrote it by hand; the form shows that it does not count
	}
	return client.Filter{Portfolio: q.Get("portfolio"), Stage: q.Get("stage"), Theme: q.Get("theme"), Kind: q.Get("kind"), Team: q.Get("team"), Class: q.Get("class"),
		Requester: q.Get("requester"), Text: q.Get("text"), DaysInStage: days, Sort: q.Get("sort"), Closed: q.Get("closed") != "", Cursor: q.Get("cursor")}
}

// queryOf is the filter as the parameters of an address.
func queryOf(f wire.ListFilter) url.Values {
	q := url.Values{}
	for name, value := range map[string]string{"portfolio": f.Portfolio, "stage": string(f.Stage), "kind": f.Kind, "theme": f.Theme, "team": f.Team,
		"class": string(f.Class), "requester": f.Requester, "text": f.Text, "sort": f.Sort} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.DaysInStage > 0 {
		q.Set("days_in_stage", strconv.Itoa(f.DaysInStage))
	}
	if f.Closed {
		q.Set("closed", "1")
	}
	return q
}

func listFilter(f client.Filter) wire.ListFilter {
	return wire.ListFilter{Portfolio: f.Portfolio, Stage: pmo.Stage(f.Stage), Kind: f.Kind, Theme: f.Theme, Team: f.Team, Class: pmo.ClassOfService(f.Class),
		Requester: f.Requester, Text: f.Text, DaysInStage: f.DaysInStage, Sort: f.Sort, Closed: f.Closed}
}

// sortNewest is the order of the list of requests where none is chosen.
const sortNewest = "newest"

// plain is the filter without what is so anyway.
func plain(f wire.ListFilter) wire.ListFilter {
	if f.Sort == sortNewest {
		f.Sort = ""
	}
	return f
}

// savedView is a link to a list through a filter that the reader keeps.
type savedView struct {
	wire.View
	Link   string
	Chosen bool
}

// activeFilter is one part of the filter in words, with the list without it.
type activeFilter struct{ Label, Value, Without string }

// filterView is what the reader may choose, has chosen and keeps.
type filterView struct {
	Path   string
	Filter client.Filter
	Fields []control
	Active []activeFilter
	Views  []savedView
	Kept   []kept // other parameters of the address that the form keeps
	All    string // the list without a filter
	Whole  bool   // nothing is chosen
	Full   bool   // stage, order and closed ones may be chosen too
	Chosen *savedView
}

// kept is a parameter that a form passes on.
type kept struct{ Name, Value string }

// mostPeople is how many people a choice lists; of more, it lists the reader and who is chosen.
const mostPeople = 200

// filters reads what a list can be filtered by, and the filters that the reader keeps. also are parameters that the list has beside.
func (s *Site) filters(r *http.Request, full bool, also ...string) (filterView, error) {
	t, f := s.readerOf(r), filterOf(r)
	view := filterView{Path: r.URL.Path, Filter: f, Full: full, All: r.URL.Path + "?all=1"}
	for _, name := range also {
		if value := r.URL.Query().Get(name); value != "" {
			view.Kept = append(view.Kept, kept{name, value})
		}
	}
	var err error
	if view.Fields, err = s.filterFields(r, t, f); err != nil {
		return view, err
	}
	for _, c := range view.Fields {
		if c.Value == "" {
			continue
		}
		q := r.URL.Query()
		q.Del(c.Name)
		q.Del("cursor")
		q.Del("view")
		q.Set("all", "1")
		view.Active = append(view.Active, activeFilter{c.Label, cmp.Or(c.Shown(t), c.Value), r.URL.Path + "?" + q.Encode()})
	}
	views, err := s.api.Views(r.Context())
	if err != nil {
		return view, err
	}
	now := plain(listFilter(f))
	if !full {
		now.Stage, now.Sort, now.Closed = "", "", false
	}
	view.Whole = now == wire.ListFilter{}
	for _, v := range views.Value.Items {
		q := queryOf(v.Filter)
		q.Set("view", v.ID)
		for _, k := range view.Kept {
			q.Set(k.Name, k.Value)
		}
		view.Views = append(view.Views, savedView{View: v, Link: r.URL.Path + "?" + q.Encode(), Chosen: r.URL.Query().Get("view") == v.ID})
		if last := &view.Views[len(view.Views)-1]; last.Chosen {
			view.Chosen = last
		}
	}
	return view, nil
}

// filterFields are the controls of the filter, filled with what is chosen.
func (s *Site) filterFields(r *http.Request, t *reader, f client.Filter) ([]control, error) {
	rules, err := s.rules(r)
	if err != nil {
		return nil, err
	}
	teams, err := s.api.Teams(r.Context())
	if err != nil {
		return nil, err
	}
	field := func(name, label, value string, choices []choice) control {
		return control{Name: name, Type: typeChoice, Label: t.T(label), Value: value, Choices: withChosen(choices, value)}
	}
	var portfolios, kinds, themes, inTeams, classes []choice
	for _, p := range rules.Portfolios {
		portfolios = append(portfolios, choice{p.ID, p.Name})
		for _, theme := range p.Themes {
			if c := (choice{theme.ID, theme.Name}); (f.Portfolio == "" || f.Portfolio == p.ID) && !slices.Contains(themes, c) {
				themes = append(themes, c)
			}
		}
	}
	for _, k := range rules.Intake.Kinds {
		kinds = append(kinds, choice{k.ID, k.Name})
	}
	for _, team := range teams.Value.Items {
		inTeams = append(inTeams, choice{team.ID, team.Name})
	}
	for _, class := range rules.Classes {
		classes = append(classes, choice{string(class.ID), t.Word("class", class.ID)})
	}
	days := ""
	if f.DaysInStage > 0 {
		days = strconv.Itoa(f.DaysInStage)
	}
	return []control{
		{Name: "text", Type: typeText, Label: t.T("requests.search"), Value: f.Text},
		field("portfolio", "field.portfolio", f.Portfolio, portfolios), field("kind", "field.kind", f.Kind, kinds), field("theme", "field.theme", f.Theme, themes),
		field("team", "field.team", f.Team, inTeams), field("class", "field.class", f.Class, classes),
		field("requester", "field.requester", f.Requester, s.requesters(r)),
		field("days_in_stage", "filter.age", days, []choice{{days14, t.T("filter.ageing")}, {days42, t.T("filter.old")}}),
	}, nil
}

// The ages by which a list is filtered are those from which reader.Age says ageing and old.
var (
	days14 = strconv.Itoa(int(ageingAfter.Hours() / 24))
	days42 = strconv.Itoa(int(oldAfter.Hours() / 24))
)

// withChosen are the choices with the one that is chosen, also where it is none of them: the form then says what the list is filtered by.
func withChosen(choices []choice, value string) []choice {
	if value != "" && !slices.ContainsFunc(choices, func(c choice) bool { return c.Value == value }) {
		return append(choices, choice{value, value})
	}
	return choices
}

// requesters are the people who can be chosen.
func (s *Site) requesters(r *http.Request) []choice {
	all := s.principals()
	slices.SortFunc(all, func(a, b choice) int { return strings.Compare(a.Label, b.Label) })
	if len(all) <= mostPeople {
		return all
	}
	chosen := []string{viewerOf(r.Context()).ID, r.URL.Query().Get("requester")}
	return slices.DeleteFunc(all, func(c choice) bool { return !slices.Contains(chosen, c.Value) })
}

// showDefault sends a reader who asks for a list without saying which to the view that they made the default. It reports whether it did.
func (v filterView) showDefault(w http.ResponseWriter, r *http.Request) bool {
	if len(r.URL.Query()) > 0 || r.Header.Get(liveHeader) != "" {
		return false
	}
	for _, saved := range v.Views {
		if saved.Default {
			http.Redirect(w, r, saved.Link, http.StatusSeeOther)
			return true
		}
	}
	return false
}

// With is the address of another list through the same filter.
func (v filterView) With(path string, pairs ...string) string {
	q := queryOf(listFilter(v.Filter))
	for _, name := range []string{"stage", "sort", "closed"} {
		q.Del(name)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return path + "?" + q.Encode()
}

// Here is the address of this list, to come back to.
func (v filterView) Here() string {
	q := queryOf(listFilter(v.Filter))
	for _, k := range v.Kept {
		q.Set(k.Name, k.Value)
	}
	q.Set("all", "1") // and not the default view
	return v.Path + "?" + q.Encode()
}

// Current reports whether the whole list is shown, without a filter or view.
func (v filterView) Current() bool { return v.Whole && v.Chosen == nil }

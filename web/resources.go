package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

type resourcesView struct {
	Resources  []wire.ResourceLoad
	Portfolio  string
	Portfolios []portfolioLink // empty where there is one only
	MayEdit    bool
	Chosen     pmo.Resource // that the form changes; of a new one, empty
	Controls   []control
	Faults     []string
	Saved      bool
	Supply     supplyView
}

// Wrong reports whether anything in the form must be mended.
func (v resourcesView) Wrong() bool {
	return len(v.Faults) > 0 || slices.ContainsFunc(v.Controls, func(c control) bool { return c.Error != "" })
}

// resources shows what requests share and how much of it is held by week, with a form for who may change it.
func (s *Site) resources(w http.ResponseWriter, r *http.Request) error {
	view, err := s.resourcesView(r, r.URL.Query().Get("portfolio"), r.URL.Query().Get("id"))
	if err != nil {
		return err
	}
	view.Saved = r.URL.Query().Get("saved") != ""
	return render(s, w, r, http.StatusOK, "resources", view)
}

func (s *Site) resourcesView(r *http.Request, portfolio, id string) (resourcesView, error) {
	view := resourcesView{Portfolio: portfolio}
	rules, err := s.api.Policy(r.Context())
	if err != nil {
		return view, err
	}
	view.Portfolios = portfolioLinks(rules.Value.Data, &view.Portfolio)
	for i := range view.Portfolios {
		view.Portfolios[i].Link = "/resources?portfolio=" + url.QueryEscape(rules.Value.Data.Portfolios[i].ID)
	}
	found, err := s.api.Resources(r.Context(), view.Portfolio)
	if err != nil {
		return view, err
	}
	view.Resources = found.Value.Items
	for _, resource := range view.Resources {
		if resource.ID == id {
			view.Chosen = resource.Resource
		}
	}
	viewer := viewerOf(r.Context())
	view.MayEdit = access.Can(viewer.Actor(), access.EditResources, access.Object{}).Allowed
	view.Controls = resourceControls(s.readerOf(r), view.Chosen)
	view.Supply = supplyView{Path: resourcesImportPath + "?portfolio=" + url.QueryEscape(view.Portfolio), File: "resources.file", Says: "resources.file_says", Accept: ".csv,.txt,text/csv"}
	return view, nil
}

const resourcesImportPath = "/resources/import"

// importResources says what a file would change of what requests share, and with the confirmation changes it.
func (s *Site) importResources(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseMultipartForm(maxSupplyForm); err != nil {
		return err
	}
	view, err := s.resourcesView(r, r.URL.Query().Get("portfolio"), "")
	if err != nil {
		return err
	}
	taken, err := view.Supply.take(s.readerOf(r), r, func(file string, dry bool) (read supplyRead, err error) {
		done, err := s.api.ImportResources(r.Context(), wire.ImportResources{File: file, Portfolio: view.Portfolio, Dry: dry})
		if err != nil {
			return read, err
		}
		read.Rows = done.Value.Rows
		for _, resource := range done.Value.Resources {
			for _, change := range resource.Changes {
				read.Changes = append(read.Changes, resource.Resource+": "+change)
			}
		}
		return read, nil
	})
	switch {
	case err != nil:
		return err
	case taken:
		http.Redirect(w, r, "/resources?saved=1&portfolio="+url.QueryEscape(view.Portfolio), http.StatusSeeOther)
		return nil
	}
	return render(s, w, r, view.Supply.status(), "resources", view)
}

func resourceControls(t *reader, r pmo.Resource) []control {
	var amounts []string
	for _, a := range r.Amounts {
		amounts = append(amounts, a.Words())
	}
	return []control{
		{Name: "id", Type: typeText, Label: t.T("resources.id"), Help: t.T("resources.id_help"), Required: true, Value: r.ID},
		{Name: "name", Type: typeText, Label: t.T("resources.name"), Required: true, Value: r.Name},
		{Name: "unit", Type: typeText, Label: t.T("resources.unit"), Help: t.T("resources.unit_help"), Value: r.Unit},
		{Name: "amounts", Type: typeWords, Label: t.T("resources.amounts"), Help: t.T("resources.amounts_help"), Required: true, Value: strings.Join(amounts, ", ")},
	}
}

// changeResource creates, changes or deletes a resource, as of the revision that the page showed.
func (s *Site) changeResource(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	view, err := s.resourcesView(r, r.PostForm.Get("portfolio"), r.PostForm.Get("id"))
	if err != nil {
		return err
	}
	if id := r.PostForm.Get("remove"); id != "" {
		err = s.api.DropResource(r.Context(), id)
	} else {
		view.Controls = fill(view.Controls, r.PostForm)
		doc, faults := document(view.Controls)
		form, read := resourceFrom(doc, view.Controls)
		if missing(view.Controls) || faults || !read {
			return render(s, w, r, http.StatusUnprocessableEntity, "resources", view)
		}
		form.Portfolio = view.Portfolio
		if form.Revision, err = strconv.Atoi(r.PostForm.Get("revision")); err != nil {
			return problem.New(problem.Malformed, "the form has no revision")
		}
		_, err = s.api.PutResource(r.Context(), r.PostForm.Get("id"), form)
	}
	if err != nil {
		var named bool
		if view.Faults, named = blame(view.Controls, "", err); !named {
			return err
		}
		return render(s, w, r, http.StatusUnprocessableEntity, "resources", view)
	}
	http.Redirect(w, r, "/resources?saved=1&portfolio="+url.QueryEscape(view.Portfolio), http.StatusSeeOther)
	return nil
}

// resourceFrom is what the filled form says; read is false where a period cannot be read, which its control then says.
func resourceFrom(doc map[string]any, controls []control) (form wire.ResourceForm, read bool) {
	text := func(name string) string { value, _ := doc[name].(string); return value }
	form = wire.ResourceForm{Name: text("name"), Unit: text("unit"), Amounts: []pmo.ResourceAmount{}}
	words, _ := doc["amounts"].([]string)
	for _, word := range words {
		amount, ok := pmo.ReadAmount(word)
		if !ok {
			controls[len(controls)-1].Error = "amounts"
			return form, false
		}
		form.Amounts = append(form.Amounts, amount)
	}
	return form, true
}

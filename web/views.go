package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"leanpmo/internal/wire"
)

// keepView keeps the filter of a list under a name. A view of the same name is replaced.
func (s *Site) keepView(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	back, err := url.Parse(localPath(r.PostForm.Get("back")))
	if err != nil {
		return errNoPage
	}
	views, err := s.api.Views(r.Context())
	if err != nil {
		return err
	}
	name, id := strings.Join(strings.Fields(r.PostForm.Get("name")), " "), uuid.NewString()
	if i := slices.IndexFunc(views.Value.Items, func(v wire.View) bool { return v.Name == name }); i >= 0 {
		id = views.Value.Items[i].ID
	}
	from := r.Clone(r.Context())
	from.URL = back
	if _, err := s.api.PutView(r.Context(), id, wire.SetView{Name: name, Filter: plain(listFilter(filterOf(from))), Default: r.PostForm.Get("default") != ""}); err != nil {
		return err
	}
	q := back.Query()
	q.Del("all")
	q.Set("view", id)
	http.Redirect(w, r, back.Path+"?"+q.Encode(), http.StatusSeeOther)
	return nil
}

// changeView deletes a view of the reader's, or makes it the default or no longer.
func (s *Site) changeView(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	id, back := chi.URLParam(r, "id"), localPath(r.PostForm.Get("back"))
	switch step := r.PostForm.Get("step"); step {
	case "delete":
		if err := s.api.DropView(r.Context(), id); err != nil {
			return err
		}
	case "default", "usual":
		views, err := s.api.Views(r.Context())
		if err != nil {
			return err
		}
		i := slices.IndexFunc(views.Value.Items, func(v wire.View) bool { return v.ID == id })
		if i < 0 {
			return errNoPage
		}
		v := views.Value.Items[i]
		if _, err := s.api.PutView(r.Context(), id, wire.SetView{Name: v.Name, Filter: v.Filter, Default: step == "default"}); err != nil {
			return err
		}
		back += "&view=" + url.QueryEscape(id)
	default:
		return errNoPage
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
	return nil
}

package web

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/client"
	"leanpmo/internal/directory"
	"leanpmo/internal/problem"
	"leanpmo/internal/version"
)

//go:embed pages
var pageFiles embed.FS

// pages are the parsed templates by name of the page.
type pages struct{ byName map[string]*template.Template }

// sharedFiles are parsed with every page: the frame of all, and what several pages show.
var sharedFiles = []string{"pages/layout.html", "pages/parts.html", "pages/charts.html", "pages/filters.html", "pages/effect.html", "pages/standing.html"}

func parsePages(a *assets) (*pages, error) {
	functions := template.FuncMap{
		"asset": func(name string) (string, error) {
			address, known := a.urls[name]
			if !known {
				return "", fmt.Errorf("there is no asset %s", name)
			}
			return address, nil
		},
		"list": func(items ...string) []string { return items },
	}
	maps.Copy(functions, partFunctions)
	files, err := fs.Glob(pageFiles, "pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	p := &pages{byName: map[string]*template.Template{}}
	for _, file := range files {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if slices.Contains(sharedFiles, file) {
			continue
		}
		t, err := template.New("layout.html").Funcs(functions).Option("missingkey=error").ParseFS(pageFiles, append(slices.Clone(sharedFiles), file)...)
		if err != nil {
			return nil, fmt.Errorf("parse template %s: %w", name, err)
		}
		p.byName[name] = t
	}
	return p, nil
}

// frame is what every page shows around its view, and what templates call. View is the typed view of one page.
type frame[V any] struct {
	*reader
	Viewer     directory.Principal
	Path       string
	Query      url.Values
	Version    string
	TemporalUI string
	Position   string // of the feed, before the page was made
	View       V

	fetched bool // by a GET, with success
}

// SignedIn reports whether somebody is signed in.
func (f frame[V]) SignedIn() bool { return f.Viewer.ID != "" }

// Public reports whether the page is one for people without an account.
func (f frame[V]) Public() bool {
	return !f.SignedIn() && (f.At("/start") || strings.HasPrefix(f.Path, statusPath))
}

// At reports whether the page is at a path or below, for the mark in the menu.
func (f frame[V]) At(section string) bool {
	return f.Path == section || section != "/" && strings.HasPrefix(f.Path, section+"/")
}

// InLanguage is the address of the page in another language, with the filters, the page and whatever else the present address has.
func (f frame[V]) InLanguage(lang string) string {
	q := url.Values{}
	maps.Copy(q, f.Query)
	q.Set("lang", lang)
	return "?" + q.Encode()
}

// render answers with a page. The page is made in memory first, so that a fault in it answers an error and not half a page.
func render[V any](s *Site, w http.ResponseWriter, r *http.Request, status int, name string, view V) error {
	f := frame[V]{reader: s.readerOf(r), Viewer: viewerOf(r.Context()), Path: r.URL.Path, Query: r.URL.Query(), Version: version.Number, TemporalUI: s.TemporalUI, View: view,
		fetched: r.Method == http.MethodGet && status == http.StatusOK}
	f.Position, _ = r.Context().Value(positionKey{}).(string)
	t, known := s.pages.byName[name]
	if !known {
		return fmt.Errorf("there is no template %s", name)
	}
	var page bytes.Buffer
	if err := t.Execute(&page, f); err != nil {
		return fmt.Errorf("make page %s: %w", name, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	// Nobody is left to tell when the reader has gone.
	_, _ = page.WriteTo(w)
	return nil
}

var errNoPage = problem.New(problem.NotFound, "there is no such page")

type errorView struct {
	Status int
	Title  string
	Detail string
	Fields []string
	// Refused says that detail and fields are what the API said, which is English.
	Refused bool
	Retry   time.Duration
}

// page makes a handler of a function that may fail.
func (s *Site) page(show func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := show(w, r); err != nil {
			s.fail(w, r, err)
		}
	}
}

// fail answers with a page that says what was refused and what to do.
func (s *Site) fail(w http.ResponseWriter, r *http.Request, err error) {
	view := s.errorView(r, err)
	if view.Status >= http.StatusInternalServerError {
		s.Log.ErrorContext(r.Context(), "page not shown", "path", loggedPath(r), "error", err)
	}
	if err := render(s, w, r, view.Status, "error", view); err != nil {
		s.Log.ErrorContext(r.Context(), "error page not shown", "path", loggedPath(r), "error", err)
		http.Error(w, "This page cannot be shown.", http.StatusInternalServerError)
	}
}

func (s *Site) errorView(r *http.Request, err error) errorView {
	t := s.readerOf(r)
	var refused *client.Refused
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return errorView{Status: http.StatusRequestEntityTooLarge, Title: t.T("error.too_large"), Detail: t.T("error.too_large_detail")}
	case errors.As(err, &refused):
		view := errorView{Refused: true, Status: refused.Status, Title: t.problemTitle(refused.Kind, refused.Title), Detail: refused.Detail, Retry: refused.RetryAfter}
		for _, field := range refused.Errors {
			view.Fields = append(view.Fields, strings.TrimPrefix(field.Pointer, "/")+": "+field.Detail)
		}
		return view
	case problem.As(err) != nil:
		p := problem.From(err)
		return errorView{Refused: true, Status: p.Status, Title: t.problemTitle(p.Kind, p.Title), Detail: p.Detail}
	}
	return errorView{Status: http.StatusInternalServerError, Title: t.T("error.internal"), Detail: t.T("error.internal_detail")}
}

// problemTitle is the title of a kind of problem in the reader's language, or as it was given where the kind is not known.
func (t *reader) problemTitle(kind problem.Kind, given string) string {
	if key := "problem." + string(kind); t.Has(key) {
		return t.T(key)
	}
	return given
}

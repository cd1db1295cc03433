package web

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// withDraft gives the form the id of its draft, and fills it with the draft that the address names.
func (s *Site) withDraft(r *http.Request, view *submitView) error {
	id := r.URL.Query().Get("draft")
	if id == "" {
		view.Draft = uuid.NewString()
		return nil
	}
	draft, err := s.api.Draft(r.Context(), id)
	if err != nil {
		return err
	}
	if draft.Value.Request != "" { // of a comment: it waits on the page of its request
		return errNoPage
	}
	view.Draft, view.Saved = draft.Value.ID, &draft.Value
	view.Asked, view.More = fillDraft(view.Asked, draft.Value.Fields), fillDraft(view.More, draft.Value.Fields)
	view.Open = view.given()
	return nil
}

// given reports whether the folded part of the form has a value.
func (v *submitView) given() bool {
	return slices.ContainsFunc(v.More, func(c control) bool { return c.Given() })
}

// saveSubmission keeps the form as it is filled in so far.
func (s *Site) saveSubmission(w http.ResponseWriter, r *http.Request, view submitView) error {
	fields := map[string][]string{}
	for _, c := range view.All() {
		if values := slices.DeleteFunc(slices.Clone(r.PostForm[c.Name]), func(v string) bool { return strings.TrimSpace(v) == "" }); len(values) > 0 {
			fields[c.Name] = values
		}
	}
	if _, err := s.api.PutDraft(r.Context(), view.Draft, wire.SetDraft{Kind: view.Kind.ID, Fields: fields}); err != nil {
		return err
	}
	if r.Header.Get(liveHeader) != "" { // the script saves while somebody types
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	http.Redirect(w, r, "/requests/new/"+url.PathEscape(view.Kind.ID)+"?draft="+url.QueryEscape(view.Draft), http.StatusSeeOther)
	return nil
}

// dropDraft discards a draft.
func (s *Site) dropDraft(w http.ResponseWriter, r *http.Request) error {
	if err := s.api.DropDraft(r.Context(), r.PostFormValue("draft")); err != nil {
		return err
	}
	http.Redirect(w, r, "/requests/new", http.StatusSeeOther)
	return nil
}

// shortestTitle is how long a title is that similar ones are looked for.
const shortestTitle = 3

// similarTo lists requests that may ask for the same; none while they cannot be looked up.
func (s *Site) similarTo(r *http.Request, title, problem string) wire.SimilarRequests {
	if title = strings.TrimSpace(title); utf8.RuneCountInString(title) < shortestTitle {
		return wire.SimilarRequests{}
	}
	found, err := s.api.Similar(r.Context(), firstRunes(title, 200), firstRunes(strings.TrimSpace(problem), 1000))
	if err != nil {
		s.Log.DebugContext(r.Context(), "similar requests not looked up", "cause", err)
		return wire.SimilarRequests{}
	}
	return found.Value
}

func firstRunes(text string, n int) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), n)])
}

// similarPart is the list of similar requests by itself: the script puts it beside the title as somebody types.
type similarPart struct {
	List    []pmo.Similar
	Lessons []wire.Learned
	Page    *reader
}

func (s *Site) similar(w http.ResponseWriter, r *http.Request) error {
	found := s.similarTo(r, r.URL.Query().Get("title"), "")
	part := similarPart{found.Similar, found.Lessons, s.readerOf(r)}
	var body bytes.Buffer
	if err := s.pages.byName["submit"].ExecuteTemplate(&body, "similar", part); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	// Nobody is left to tell when the reader has gone.
	_, _ = body.WriteTo(w)
	return nil
}

// value is the value of a control of the form.
func (v *submitView) value(name string) string {
	all := v.All()
	if i := slices.IndexFunc(all, func(c control) bool { return c.Name == name }); i >= 0 {
		return all[i].Value
	}
	return ""
}

package web

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"leanpmo/internal/wire"
)

// accessPeople are the accounts that signed in by a provider, and who is blocked.
type accessPeople struct {
	Rows    []wire.SignIn
	More    bool      // there are others, of other people
	Changes bool      // the reader may block, let in again and forget links
	Block   []control // the form for a block
}

// accessPeople reads who signed in by which provider; of a person, or of everybody.
func (s *Site) accessPeople(r *http.Request, person string, changes bool) (accessPeople, error) {
	page, err := s.api.SignIns(r.Context(), person, "")
	if err != nil {
		return accessPeople{}, err
	}
	view := accessPeople{Rows: page.Value.Items, More: page.Value.Next != "", Changes: changes}
	if changes {
		view.Block = s.blockControls(s.readerOf(r), person)
	}
	return view, nil
}

func (s *Site) blockControls(t *reader, person string) []control {
	return []control{{Name: "person", Type: typeChoice, Label: t.T("access.person"), Choices: s.principals(), Value: person, Required: true},
		{Name: "reason", Type: typeText, Label: t.T("access.reason"), Help: t.T("access.reason_help"), Required: true}}
}

// changePerson blocks somebody, lets them in again, or forgets which account they sign in with.
func (s *Site) changePerson(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	person := r.PostFormValue("person")
	var refused error
	switch chi.URLParam(r, "what") {
	case "block":
		refused = s.api.Block(r.Context(), person, r.PostFormValue("reason"))
	case "unblock":
		refused = s.api.Unblock(r.Context(), person)
	default:
		refused = s.api.Unlink(r.Context(), person)
	}
	if refused == nil {
		http.Redirect(w, r, "/access#h-people", http.StatusSeeOther)
		return nil
	}
	view, err := s.accessView(r)
	if err != nil {
		return err
	}
	return s.refuseAccess(w, r, &view, &view.People.Block, refused)
}

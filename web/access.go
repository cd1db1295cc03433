package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"leanpmo/internal/access"
	"leanpmo/internal/client"
	"leanpmo/internal/problem"
	"leanpmo/internal/session"
	"leanpmo/internal/wire"
)

// accessView is one's own access and, for administrators and auditors, everybody's.
type accessView struct {
	Own        accessRows
	SeesAll    bool       // the reader may see All
	Audit      bool       // the reader may read the office ledger
	Channels   bool       // and see what became of notifications
	All        accessRows // of Person, or of everybody
	Person     string
	Everybody  []choice
	People     accessPeople
	Delegation *wire.Delegation
	Made       *wire.MadeToken // shown this once
	Feed       string          // likewise, of the feed of what changed
	Address    string          // of the calendar of a token that was made for one; with the token, shown this once
	Controls   []control
	Delegating []control
	Faults     []string
}

// accessRows are tokens and sessions.
type accessRows struct {
	Tokens   []wire.Token
	Sessions []wire.Session
	More     string // the address of the page with the older ones; empty: there are none
	Ends     bool   // the reader may end them
	Any      bool   // they may be of anybody
	Current  string // the session of this browser
}

func (s *Site) access(w http.ResponseWriter, r *http.Request) error {
	view, err := s.accessView(r)
	if err != nil {
		return err
	}
	return render(s, w, r, http.StatusOK, "access", view)
}

func (s *Site) accessView(r *http.Request) (accessView, error) {
	ctx, viewer := r.Context(), viewerOf(r.Context())
	view := accessView{Person: r.URL.Query().Get("person"), Controls: tokenControls(s.readerOf(r), nil), Delegating: s.delegationControls(s.readerOf(r))}
	var err error
	if view.Own, err = s.accessRows(r, false, ""); err != nil {
		return view, err
	}
	view.Own.Ends, view.Own.Current = true, currentSession(ctx)
	if view.Delegation, err = s.delegation(ctx); err != nil {
		return view, err
	}
	if !access.Can(viewer.Actor(), access.ReadAccess, access.Object{}).Allowed {
		return view, nil
	}
	view.Audit, view.Channels = readsAudit(r), managesChannels(r)
	view.SeesAll, view.Everybody = true, s.principals()
	view.All, err = s.accessRows(r, true, view.Person)
	view.All.Any, view.All.Ends, view.All.Current = true, access.Can(viewer.Actor(), access.ManageAccess, access.Object{}).Allowed, view.Own.Current
	if err == nil {
		view.People, err = s.accessPeople(r, view.Person, view.All.Ends)
	}
	if view.All.Ends {
		view.Controls = tokenControls(s.readerOf(r), s.services())
	}
	return view, err
}

// accessRows reads a page of the tokens, of which those that work are shown, and of the sessions, the newest first.
func (s *Site) accessRows(r *http.Request, all bool, person string) (accessRows, error) {
	part := map[bool]string{false: "own", true: "all"}[all]
	q := r.URL.Query()
	tokens, err := s.api.Tokens(r.Context(), all, person, q.Get(part+"_tokens"))
	if err != nil {
		return accessRows{}, err
	}
	sessions, err := s.api.Sessions(r.Context(), all, person, q.Get(part+"_sessions"))
	if err != nil {
		return accessRows{}, err
	}
	rows := accessRows{Sessions: sessions.Value.Items}
	for _, t := range tokens.Value.Items {
		if t.Works {
			rows.Tokens = append(rows.Tokens, t)
		}
	}
	next := url.Values{}
	if person != "" {
		next.Set("person", person)
	}
	if len(rows.Tokens) == len(tokens.Value.Items) && tokens.Value.Next != "" { // after one that does not work there is none that does
		next.Set(part+"_tokens", tokens.Value.Next)
	}
	if sessions.Value.Next != "" {
		next.Set(part+"_sessions", sessions.Value.Next)
	}
	if next.Has(part+"_tokens") || next.Has(part+"_sessions") {
		rows.More = "/access?" + next.Encode()
	}
	return rows, nil
}

func (s *Site) delegation(ctx context.Context) (*wire.Delegation, error) {
	found, err := s.api.Delegation(ctx)
	switch {
	case client.IsKind(err, problem.NotFound):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return &found.Value, nil
}

// currentSession is the id of the session of this browser.
func currentSession(ctx context.Context) string {
	if v, _ := ctx.Value(visitKey).(*visit); v != nil && v.hash != "" {
		return session.ID(v.hash)
	}
	return ""
}

func (s *Site) services() []choice {
	var list []choice
	for _, p := range s.People.Principals() {
		if !p.Person() {
			list = append(list, choice{p.ID, p.Name})
		}
	}
	return list
}

// tokenControls are the form for a token: one's own or, where there are some to choose from, of a service.
func tokenControls(t *reader, services []choice) []control {
	scopes := control{Name: "scopes", Type: typeChecks, Label: t.T("access.scopes"), Required: true}
	for _, scope := range access.Scopes() {
		if scope == access.ScopeCalendar { // it stands alone and has a form of its own
			continue
		}
		scopes.Choices = append(scopes.Choices, choice{string(scope), t.Word("scope", scope)})
	}
	list := []control{{Name: "name", Type: typeText, Label: t.T("access.name"), Help: t.T("access.name_help"), Required: true}, scopes,
		{Name: "days", Type: typeNumber, Label: t.T("access.days"), Value: "90", Required: true}}
	if len(services) > 0 {
		list = append([]control{{Name: "principal", Type: typeChoice, Label: t.T("access.service"), Help: t.T("access.service_help"), Choices: services}}, list...)
	}
	return list
}

func (s *Site) delegationControls(t *reader) []control {
	return []control{{Name: "delegate", Type: typeChoice, Label: t.T("access.delegate"), Choices: s.people(), Required: true},
		{Name: "until", Type: typeDate, Label: t.T("access.until"), Help: t.T("access.until_help"), Required: true}}
}

// makeToken makes a token and shows it, on the answer to the form alone.
func (s *Site) makeToken(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	days, _ := strconv.Atoi(r.PostFormValue("days")) // what is no number is refused as too few
	form := wire.NewToken{Name: r.PostFormValue("name"), Scopes: append([]string{}, r.PostForm["scopes"]...), Days: days}
	var made *client.Answer[wire.MadeToken]
	var refused error
	if principal := r.PostFormValue("principal"); principal != "" {
		made, refused = s.api.MakeServiceToken(r.Context(), wire.NewServiceToken{Principal: principal, NewToken: form})
	} else {
		made, refused = s.api.MakeToken(r.Context(), form)
	}
	view, err := s.accessView(r)
	if err != nil {
		return err
	}
	if refused != nil {
		return s.refuseAccess(w, r, &view, &view.Controls, refused)
	}
	view.Made = &made.Value
	if made.Value.Calendar != "" {
		view.Address, view.Feed = s.siteURL(r)+made.Value.Calendar, s.siteURL(r)+made.Value.Feed
	}
	return render(s, w, r, http.StatusOK, "access", view)
}

// refuseAccess shows the page with what was wrong in one of its forms.
func (s *Site) refuseAccess(w http.ResponseWriter, r *http.Request, view *accessView, form *[]control, refused error) error {
	*form = fill(*form, r.PostForm)
	faults := s.errorView(r, refused)
	if faults.Status >= http.StatusInternalServerError {
		return refused
	}
	view.Faults = faults.Fields
	if problem.As(refused) != nil { // refused here and not by the API
		for _, field := range problem.From(refused).Errors {
			view.Faults = append(view.Faults, strings.TrimPrefix(field.Pointer, "/")+": "+field.Detail)
		}
	}
	if len(view.Faults) == 0 {
		view.Faults = []string{faults.Detail}
	}
	return render(s, w, r, faults.Status, "access", *view)
}

// endAccess revokes a token or ends a session, one's own or, for administrators, anybody's.
func (s *Site) endAccess(w http.ResponseWriter, r *http.Request) error {
	end := s.api.RevokeToken
	if chi.URLParam(r, "what") == "sessions" {
		end = s.api.EndSession
	}
	if err := end(r.Context(), r.PostFormValue("any") != "", chi.URLParam(r, "id")); err != nil && !client.IsKind(err, problem.NotFound) {
		return err // one that has ended meanwhile is ended
	}
	http.Redirect(w, r, "/access", http.StatusSeeOther)
	return nil
}

// setDelegate names who acts for the reader, or ends that.
func (s *Site) setDelegate(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	var refused error
	if r.PostFormValue("clear") != "" {
		refused = s.api.ClearDelegation(r.Context())
	} else {
		refused = s.delegate(r)
	}
	if refused == nil {
		http.Redirect(w, r, "/access#delegation", http.StatusSeeOther)
		return nil
	}
	view, err := s.accessView(r)
	if err != nil {
		return err
	}
	return s.refuseAccess(w, r, &view, &view.Delegating, refused)
}

package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"leanpmo/internal/directory"
	"leanpmo/internal/signin"
)

type signInView struct {
	People   []directory.Principal
	Provider bool
	Public   bool // there is a form for people without an account
	To       string
	Refusal  string          // the key of a text
	Identity signin.Identity // who the provider says a stranger is, so that an administrator can add them
}

// Begin is the link that begins signing in at the provider. It is a link and not a form: form-action of the page's Content-Security-Policy
// allows our own addresses only.
func (v signInView) Begin() string { return "/sign-in/provider?to=" + url.QueryEscape(v.To) }

func (s *Site) signInPage(w http.ResponseWriter, r *http.Request) error {
	return s.showSignIn(w, r, http.StatusOK, signInView{To: localPath(r.URL.Query().Get("to"))})
}

func (s *Site) showSignIn(w http.ResponseWriter, r *http.Request, status int, view signInView) error {
	view.Provider, view.Public = s.Provider != nil, s.public != nil
	if s.LocalSignIn {
		view.People = slices.DeleteFunc(s.People.Principals(), func(p directory.Principal) bool { return p.Service })
	}
	return render(s, w, r, status, "sign_in", view)
}

func (s *Site) signIn(w http.ResponseWriter, r *http.Request) error {
	person, known := s.People.Principal(r.PostFormValue("person"))
	if !s.LocalSignIn || !known || person.Service {
		s.Log.WarnContext(r.Context(), "sign-in refused", "cause", "no sign-in without proof, or nobody of that id")
		return errSignIn
	}
	return s.enter(w, r, person, "", r.PostFormValue("to"))
}

// longestIDToken is how much of the provider's ID token a session keeps: more does not fit into the address that ends the session there.
const longestIDToken = 4 << 10

// enter begins the session of a person.
func (s *Site) enter(w http.ResponseWriter, r *http.Request, person directory.Principal, idToken, to string) error {
	if err := s.sessions.RenewToken(r.Context()); err != nil { // a token from before signing in must not stay valid
		return err
	}
	s.sessions.Put(r.Context(), personKey, person.ID)
	s.sessions.Remove(r.Context(), idTokenKey)
	if idToken != "" && len(idToken) <= longestIDToken {
		s.sessions.Put(r.Context(), idTokenKey, idToken)
	}
	s.Log.InfoContext(r.Context(), "signed in", "person", person.ID)
	http.Redirect(w, r, localPath(to), http.StatusSeeOther)
	return nil
}

// toProvider sends somebody to the provider.
func (s *Site) toProvider(w http.ResponseWriter, r *http.Request) error {
	if s.Provider == nil {
		return errNoPage
	}
	to := localPath(r.URL.Query().Get("to"))
	address, pending, err := s.Provider.Begin(r.Context(), to)
	if err != nil {
		return s.refuseSignIn(w, r, to, err)
	}
	kept, err := json.Marshal(pending)
	if err != nil {
		return err
	}
	s.sessions.Put(r.Context(), pendingKey, string(kept))
	http.Redirect(w, r, address, http.StatusSeeOther)
	return nil
}

// fromProvider takes somebody back from the provider. What was begun is forgotten first, so that a response counts once.
func (s *Site) fromProvider(w http.ResponseWriter, r *http.Request) error {
	if s.Provider == nil {
		return errNoPage
	}
	var pending signin.Pending
	if kept := s.sessions.PopString(r.Context(), pendingKey); kept != "" {
		if err := json.Unmarshal([]byte(kept), &pending); err != nil {
			return err
		}
	}
	who, err := s.Provider.Finish(r.Context(), pending, r.URL.Query())
	if err != nil {
		return s.refuseSignIn(w, r, localPath(pending.To), err)
	}
	person, known := s.People.ByIdentity(who.Issuer, who.Subject, who.Username)
	if !known {
		s.Log.WarnContext(r.Context(), "sign-in refused", "cause", "not in the directory")
		return s.showSignIn(w, r, http.StatusForbidden, signInView{To: "/", Refusal: "sign_in.stranger", Identity: who})
	}
	return s.enter(w, r, person, who.IDToken, pending.To)
}

func (s *Site) refuseSignIn(w http.ResponseWriter, r *http.Request, to string, err error) error {
	status, text := http.StatusBadRequest, "sign_in.refused"
	switch {
	case errors.Is(err, signin.ErrAway):
		status, text = http.StatusServiceUnavailable, "sign_in.away"
		s.Log.ErrorContext(r.Context(), "sign-in not possible", "error", err)
	default:
		s.Log.WarnContext(r.Context(), "sign-in refused", "cause", err.Error())
	}
	return s.showSignIn(w, r, status, signInView{To: to, Refusal: text})
}

// signOut ends the session here and, where the provider has an address for it, there. The way there is a Refresh header and not a redirect:
// a browser does not follow a redirect of a form to another site than form-action names.
func (s *Site) signOut(w http.ResponseWriter, r *http.Request) error {
	idToken := s.sessions.GetString(r.Context(), idTokenKey)
	if err := s.sessions.Destroy(r.Context()); err != nil {
		return err
	}
	s.Log.InfoContext(r.Context(), "signed out", "person", viewerOf(r.Context()).ID)
	there := ""
	if s.Provider != nil {
		there = s.Provider.EndSession(r.Context(), idToken)
	}
	if there == "" {
		http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
		return nil
	}
	w.Header().Set("Refresh", "0; url="+there)
	r = r.WithContext(withViewer(r.Context(), directory.Principal{}))
	return render(s, w, r, http.StatusOK, "signed_out", signedOutView{There: there})
}

type signedOutView struct{ There string }

package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"

	"leanpmo/internal/audit"
	"leanpmo/internal/claims"
	"leanpmo/internal/directory"
	"leanpmo/internal/people"
	"leanpmo/internal/signin"
)

type signInView struct {
	Providers signin.Providers
	Public    bool // there is a form for people without an account
	To        string
	Refusal   string          // the key of a text
	Identity  signin.Identity // who the provider says a stranger is, so that an administrator can add them
}

// Begin is the link that begins signing in at a provider. It is a link and not a form: form-action of the page's Content-Security-Policy
// allows our own addresses only.
func (v signInView) Begin(p *signin.Provider) string {
	return "/sign-in/provider/" + p.ID + "?to=" + url.QueryEscape(v.To)
}

// Where is the host that a provider signs people in at, so that they see where the link leads.
func (v signInView) Where(p *signin.Provider) string {
	u, err := url.Parse(p.Issuer)
	if err != nil {
		return p.Issuer
	}
	return u.Host
}

func (s *Site) signInPage(w http.ResponseWriter, r *http.Request) error {
	return s.showSignIn(w, r, http.StatusOK, signInView{To: localPath(r.URL.Query().Get("to"))})
}

func (s *Site) showSignIn(w http.ResponseWriter, r *http.Request, status int, view signInView) error {
	view.Providers, view.Public = s.Providers, s.public != nil
	return render(s, w, r, status, "sign_in", view)
}

// longestIDToken is how much of the provider's ID token a session keeps: more does not fit into the address that ends the session there.
const longestIDToken = 4 << 10

// enter begins the session of a person.
func (s *Site) enter(w http.ResponseWriter, r *http.Request, person directory.Principal, who signin.Identity, to string) error {
	if err := s.sessions.RenewToken(r.Context()); err != nil { // a token from before signing in must not stay valid
		return err
	}
	s.sessions.Put(r.Context(), personKey, person.ID)
	s.sessions.Remove(r.Context(), idTokenKey)
	s.sessions.Put(r.Context(), providerKey, who.Provider)
	if who.IDToken != "" && len(who.IDToken) <= longestIDToken {
		s.sessions.Put(r.Context(), idTokenKey, who.IDToken)
	}
	s.Log.InfoContext(r.Context(), "signed in", "person", person.ID)
	if s.Languages != nil {
		if err := s.Languages.KeepLanguage(r.Context(), person.ID, s.readerOf(r).Lang); err != nil { // what is sent to them is in the language before
			s.Log.WarnContext(r.Context(), "language not kept", "person", person.ID, "cause", err)
		}
	}
	http.Redirect(w, r, localPath(to), http.StatusSeeOther)
	return nil
}

// toProvider sends somebody to a provider.
func (s *Site) toProvider(w http.ResponseWriter, r *http.Request) error {
	provider, known := s.Providers.Of(chi.URLParam(r, "provider"))
	if !known {
		return errNoPage
	}
	if name := s.publicName(r); name != "" {
		http.Redirect(w, r, name+r.URL.RequestURI(), http.StatusSeeOther)
		return nil
	}
	to := localPath(r.URL.Query().Get("to"))
	address, pending, err := provider.Begin(r.Context(), to)
	if err != nil {
		return s.refuseSignIn(w, r, signInView{To: to}, err)
	}
	kept, err := json.Marshal(pending)
	if err != nil {
		return err
	}
	s.sessions.Put(r.Context(), pendingKey, string(kept))
	http.Redirect(w, r, address, http.StatusSeeOther)
	return nil
}

// publicName is the public address, where this machine was asked by another of its names: the provider sends people back to the public one,
// and a session is of one name. Empty: it was asked by that one.
func (s *Site) publicName(r *http.Request) string {
	public, err := url.Parse(s.PublicURL)
	asked := url.URL{Host: r.Host}
	if err != nil || r.Host == public.Host || asked.Port() != public.Port() || !claims.Loopback(public.Hostname()) || !claims.Loopback(asked.Hostname()) {
		return ""
	}
	return s.PublicURL
}

// fromProvider takes somebody back from the provider whose address this is. What was begun is forgotten first, so that a response counts
// once.
func (s *Site) fromProvider(w http.ResponseWriter, r *http.Request) error {
	provider, known := s.Providers.At(s.PublicURL + r.URL.Path)
	if !known {
		return errNoPage
	}
	var pending signin.Pending
	if kept := s.sessions.PopString(r.Context(), pendingKey); kept != "" {
		if err := json.Unmarshal([]byte(kept), &pending); err != nil {
			return err
		}
	}
	view := signInView{To: localPath(pending.To)}
	who, err := provider.Finish(r.Context(), pending, r.URL.Query())
	if err != nil {
		return s.refuseSignIn(w, r, view, err)
	}
	person, err := s.SignIns.SignIn(r.Context(), who)
	if err != nil {
		view.Identity = who
		return s.refuseSignIn(w, r, view, err)
	}
	return s.enter(w, r, person, who, pending.To)
}

// signedOutThere hears from a provider whom it has signed out, and signs them out here. No browser is involved: the token is the proof.
func (s *Site) signedOutThere(w http.ResponseWriter, r *http.Request) error {
	provider, known := s.Providers.Of(chi.URLParam(r, "provider"))
	if !known {
		return errNoPage
	}
	out, err := provider.Notice(r.Context(), r.PostFormValue("logout_token"))
	if err == nil {
		err = s.SignIns.SignOut(r.Context(), out)
	}
	status := http.StatusOK
	switch {
	case errors.Is(err, signin.ErrAway) || errors.Is(err, people.ErrAway):
		status = http.StatusServiceUnavailable
	case err != nil:
		status = http.StatusBadRequest
	}
	if err != nil {
		s.Log.WarnContext(r.Context(), "a notice of signing out was not taken", "provider", provider.ID, "cause", err.Error())
	}
	w.WriteHeader(status)
	return nil
}

// refuseSignIn shows why somebody is not signed in. Only who has to tell an administrator who they are is shown it.
func (s *Site) refuseSignIn(w http.ResponseWriter, r *http.Request, view signInView, err error) error {
	status := http.StatusBadRequest
	view.Refusal = "sign_in.refused"
	var refused *people.Refused
	switch {
	case errors.Is(err, signin.ErrAway):
		status, view.Refusal = http.StatusServiceUnavailable, "sign_in.away"
	case errors.Is(err, people.ErrAway):
		status, view.Refusal = http.StatusServiceUnavailable, "sign_in.not_now"
	case errors.As(err, &refused):
		status, view.Refusal, view.To = http.StatusForbidden, "sign_in."+string(refused.Why), "/"
	}
	shown := view
	if refused == nil || refused.Why != people.Stranger && refused.Why != people.OtherLink {
		shown.Identity = signin.Identity{}
	}
	if status == http.StatusServiceUnavailable {
		s.Log.ErrorContext(r.Context(), "sign-in not possible", "error", err)
	} else {
		s.noteRefusal(r, accountOf(view.Identity), err.Error())
	}
	return s.showSignIn(w, r, status, shown)
}

// noteRefusal writes a refused sign-in to the log and to the office ledger.
func (s *Site) noteRefusal(r *http.Request, account, cause string) {
	s.Log.WarnContext(r.Context(), "sign-in refused", "cause", cause)
	s.Refusals.Add(r.Context(), audit.Refusal{Kind: audit.SignIn, About: account, Cause: strings.TrimPrefix(cause, "sign-in refused: ")})
}

// accountOf names whom a provider has signed in.
func accountOf(who signin.Identity) string {
	if who.Subject == "" {
		return ""
	}
	return who.Issuer + " " + who.Subject
}

// signOut ends the session here and, where the provider that signed the person in has an address for it, there. The way there is a Refresh header and not a redirect:
// a browser does not follow a redirect of a form to another site than form-action names.
func (s *Site) signOut(w http.ResponseWriter, r *http.Request) error {
	idToken, by := s.sessions.GetString(r.Context(), idTokenKey), s.sessions.GetString(r.Context(), providerKey)
	if err := s.sessions.Destroy(r.Context()); err != nil {
		return err
	}
	s.Log.InfoContext(r.Context(), "signed out", "person", viewerOf(r.Context()).ID)
	there := ""
	if provider, known := s.Providers.Of(by); known {
		there = provider.EndSession(r.Context(), idToken)
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

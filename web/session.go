package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"leanpmo/internal/directory"
)

const (
	sessionLength = 12 * time.Hour
	sessionIdle   = 30 * time.Minute
	// what a session holds
	personKey  = "person"  // the id of who is signed in
	pendingKey = "pending" // a sign-in begun at the provider, as JSON
	idTokenKey = "id_token"
	// by which provider they signed in, as its id
	providerKey = "provider"
)

func newSessions(o Options) *scs.SessionManager {
	m := scs.New()
	m.Lifetime, m.IdleTimeout = sessionLength, sessionIdle
	m.HashTokenInStore = true
	m.Cookie.Name = "__Host-pmo-session"
	m.Cookie.HttpOnly, m.Cookie.Secure = true, true
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Persist = false
	if o.Plain { // browsers take a __Host- cookie only with the attribute Secure
		m.Cookie.Name, m.Cookie.Secure = "pmo-session", false
	}
	m.Codec = jsonCodec{}
	if o.Sessions != nil {
		m.Store = sessionStore{Store: o.Sessions, codec: m.Codec}
	}
	m.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		o.Log.ErrorContext(r.Context(), "the session cannot be read or kept", "error", err)
		http.Error(w, "The sessions cannot be reached right now. Try again in a minute.", http.StatusServiceUnavailable)
	}
	return m
}

type contextKey int

const (
	viewerKey contextKey = iota
	visitKey
)

// viewerOf is who is signed in; an empty principal on pages without sign-in.
func viewerOf(ctx context.Context) directory.Principal {
	p, _ := ctx.Value(viewerKey).(directory.Principal)
	return p
}

func withViewer(ctx context.Context, viewer directory.Principal) context.Context {
	return context.WithValue(ctx, viewerKey, viewer)
}

// signedIn lets only people through who are signed in and still in the directory, and makes calls to the API theirs. Others are sent to
// sign in and come back to the page they asked for.
func (s *Site) signedIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		viewer, known := s.People.Principal(s.sessions.GetString(r.Context(), personKey))
		if !known {
			target := "/sign-in"
			if r.Method == http.MethodGet && r.URL.Path != "/" {
				target += "?to=" + url.QueryEscape(r.URL.RequestURI())
			}
			http.Redirect(w, r, target, http.StatusSeeOther)
			return
		}
		ctx := withViewer(r.Context(), viewer)
		next.ServeHTTP(w, r.WithContext(s.Caller(ctx, viewer.ID)))
	})
}

// localPath is a path of this site, whatever a link said: it never leads to another one.
func localPath(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") || strings.ContainsRune(path, '\\') {
		return "/"
	}
	return u.RequestURI()
}

func hasRole(p directory.Principal, roles ...string) bool {
	return slices.ContainsFunc(roles, func(role string) bool { return slices.Contains(p.Roles, role) })
}

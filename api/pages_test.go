package api

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/devprovider"
	"leanpmo/internal/directory"
	"leanpmo/internal/people"
	"leanpmo/internal/signin"
	"leanpmo/internal/testkit"
	"leanpmo/web"
)

// pagesBrowser is a person signed in to the pages, which are served by the API as in the product.
type pagesBrowser struct {
	*bundle
	session *http.Cookie
}

// localSignIns takes everybody of the directory whom a provider signs in under their id.
type localSignIns struct{ people *directory.Directory }

func (l localSignIns) SignIn(_ context.Context, who signin.Identity) (directory.Principal, error) {
	person, known := l.people.Principal(who.Subject)
	if !known {
		return person, &people.Refused{Why: people.Stranger}
	}
	return person, nil
}

func (localSignIns) SignOut(context.Context, signin.SignedOut) error { return nil }

func signedInToPages(t *testing.T, b *bundle, who string) *pagesBrowser {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	t.Cleanup(server.Close)
	const public = "http://127.0.0.1"
	provider, err := devprovider.New(devprovider.Options{Issuer: "http://" + server.Listener.Addr().String(), ClientID: "pmo", Redirects: []string{public + "/sign-in/callback"},
		People: func() ([]devprovider.Person, error) { return []devprovider.Person{{Subject: who}}, nil }})
	require.NoError(t, err)
	server.Config.Handler = provider
	server.Start()
	list := signin.Providers{signin.New(signin.Options{ID: "oidc", Issuer: provider.Issuer, ClientID: "pmo", Scopes: []string{"openid"}, Redirect: public + "/sign-in/callback"})}
	site, err := web.New(web.Options{API: b.api, Caller: SignedInAs, People: b.api.Directory, Providers: list, SignIns: localSignIns{b.api.Directory}, PublicURL: public, Plain: true, Now: b.api.Now})
	require.NoError(t, err)
	b.api.ServePages(site)
	p := &pagesBrowser{bundle: b}
	begun := p.send(t, "GET", public+"/sign-in/provider/oidc", nil)
	require.Equal(t, http.StatusSeeOther, begun.Code)
	p.session = begun.Result().Cookies()[0]
	response := p.send(t, "GET", testkit.Choose(t, begun.Header().Get("Location"), who), nil)
	require.Equal(t, http.StatusSeeOther, response.Code, response.Body)
	p.session = response.Result().Cookies()[0]
	return p
}

func (p *pagesBrowser) send(t *testing.T, method, target string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if p.session != nil {
		r.AddCookie(p.session)
	}
	w := httptest.NewRecorder()
	p.api.ServeHTTP(w, r)
	return w
}

// TestFormsOfPagesReachTheAPI: a page is served by a POST while it reads from the API by a GET, and the other way round.
func TestFormsOfPagesReachTheAPI(t *testing.T) {
	p := signedInToPages(t, setup(t), "ana")
	answer := url.Values{"question": {"review/1/approvers"}, "verdict": {"approve"}}
	require.Equal(t, http.StatusOK, p.send(t, "GET", "/requests/R-1/answer?"+answer.Encode(), nil).Code)
	require.Empty(t, p.engine.sent)
	response := p.send(t, "POST", "/requests/R-1/answer", answer)
	require.Equal(t, http.StatusSeeOther, response.Code, response.Body)
	require.Len(t, p.engine.sent, 1)
	require.Equal(t, "ana", p.engine.sent[0].by.Actor)
}

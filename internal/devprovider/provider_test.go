package devprovider

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
	"leanpmo/internal/signin"
)

const redirect, signedOut = "http://127.0.0.1:8080/sign-in/callback", "http://127.0.0.1:8080/sign-in"

// rig is a provider that serves, and the product's side of signing in.
type rig struct {
	*testing.T
	provider *Provider
	client   *signin.Provider
	browser  *http.Client
	now      time.Time
}

func newRig(t *testing.T) *rig {
	server := httptest.NewUnstartedServer(nil)
	t.Cleanup(server.Close)
	issuer := "http://" + server.Listener.Addr().String()
	r := &rig{T: t, now: time.Now()}
	var err error
	r.provider, err = New(Options{Issuer: issuer, ClientID: "pmo", ClientSecret: "s:e cret", Redirects: []string{redirect}, SignedOut: []string{signedOut},
		People: func() ([]Person, error) {
			return []Person{{Subject: "sam", Name: "Sam Okafor", Note: "requester"}}, nil
		}, Now: func() time.Time { return r.now }})
	require.NoError(t, err)
	server.Config.Handler = r.provider
	server.Start()
	r.client = signin.New(signin.Options{ID: "oidc", Issuer: issuer, ClientID: "pmo", ClientSecret: "s:e cret", Scopes: []string{"openid"}, Redirect: redirect, SignedOut: signedOut})
	r.browser = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return r
}

// choose begins at the product, chooses somebody, and returns what the browser brings back.
func (r *rig) choose(subject string) (signin.Pending, url.Values) {
	r.Helper()
	address, pending, err := r.client.Begin(r.Context(), "/inbox")
	require.NoError(r, err)
	page := r.get(address)
	require.Equal(r, http.StatusOK, page.StatusCode)
	require.Contains(r, page.Header.Get("Content-Security-Policy"), "form-action 'self' http://127.0.0.1:8080")
	require.Contains(r, text(r.T, page), "Sam Okafor")
	return pending, r.back(address, subject)
}

func (r *rig) back(address, subject string) url.Values {
	r.Helper()
	response, err := r.browser.PostForm(address, url.Values{"subject": {subject}})
	require.NoError(r, err)
	require.NoError(r, response.Body.Close())
	require.Equal(r, http.StatusSeeOther, response.StatusCode)
	to, err := response.Location()
	require.NoError(r, err)
	require.True(r, strings.HasPrefix(to.String(), redirect+"?"))
	return to.Query()
}

func (r *rig) get(address string) *http.Response {
	r.Helper()
	response, err := r.browser.Get(address)
	require.NoError(r, err)
	r.Cleanup(func() { _ = response.Body.Close() })
	return response
}

func text(t *testing.T, response *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return string(body)
}

// TestTheProductSignsInAndOut goes the whole way with the product's own side of it.
func TestTheProductSignsInAndOut(t *testing.T) {
	r := newRig(t)
	pending, q := r.choose("sam")
	who, err := r.client.Finish(t.Context(), pending, q)
	require.NoError(t, err)
	require.Equal(t, "sam", who.Subject)
	require.Equal(t, r.provider.Issuer, who.Issuer)
	_, err = r.client.Finish(t.Context(), pending, q)
	require.ErrorContains(t, err, "invalid_grant", "a code counts once")

	out := r.get(r.client.EndSession(t.Context(), who.IDToken))
	require.Equal(t, http.StatusSeeOther, out.StatusCode)
	require.Equal(t, signedOut, out.Header.Get("Location"))
	for name, hint := range map[string]string{"no token": "", "somebody's": who.IDToken[:len(who.IDToken)-4] + "AAAA"} {
		out := r.get(r.client.EndSession(t.Context(), hint))
		require.Equal(t, http.StatusOK, out.StatusCode, "%s leads nowhere else", name)
		require.Contains(t, text(t, out), "You are signed out.")
	}

	pending, q = r.choose("")
	_, err = r.client.Finish(t.Context(), pending, q)
	require.ErrorContains(t, err, "access_denied")
	pending, q = r.choose("sam")
	r.now = r.now.Add(codeLife + time.Second)
	_, err = r.client.Finish(t.Context(), pending, q)
	require.ErrorContains(t, err, "invalid_grant", "a code lives for a minute")
}

// TestWhatIsNotAsTheFlowWantsIsRefused: the provider holds the client to PKCE, state, nonce, its address and its secret.
func TestWhatIsNotAsTheFlowWantsIsRefused(t *testing.T) {
	r := newRig(t)
	address, pending, err := r.client.Begin(t.Context(), "/")
	require.NoError(t, err)
	change := func(name, value string) string {
		u, err := url.Parse(address)
		require.NoError(t, err)
		q := u.Query()
		q.Set(name, value)
		u.RawQuery = q.Encode()
		return u.String()
	}
	for name, value := range map[string]string{"client_id": "other", "redirect_uri": "https://evil.example/"} {
		response := r.get(change(name, value))
		require.Equal(t, http.StatusBadRequest, response.StatusCode, name)
		require.Empty(t, response.Header.Get("Location"))
	}
	for name, value := range map[string]string{"code_challenge": "", "code_challenge_method": "plain", "state": "", "nonce": "", "response_type": "token", "prompt": "none"} {
		response := r.get(change(name, value))
		require.Equal(t, http.StatusSeeOther, response.StatusCode, name)
		require.Contains(t, response.Header.Get("Location"), "error=", name)
		require.NotContains(t, response.Header.Get("Location"), "code=", name)
	}
	response, err := r.browser.PostForm(address, url.Values{"subject": {"mallory"}})
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusBadRequest, response.StatusCode)

	wrong := pending
	wrong.Verifier = strings.Repeat("x", 43)
	_, err = r.client.Finish(t.Context(), wrong, r.back(address, "sam"))
	require.ErrorContains(t, err, "invalid_grant")
	r.client.ClientSecret = "another"
	guess := signin.New(r.client.Options)
	_, err = guess.Finish(t.Context(), pending, r.back(address, "sam"))
	require.ErrorContains(t, err, "invalid_client")
}

// TestOnlyThisMachineIsServed: neither another machine, nor a name that leads here, nor a page of another site chooses who somebody is.
func TestOnlyThisMachineIsServed(t *testing.T) {
	r := newRig(t)
	address, _, err := r.client.Begin(t.Context(), "/")
	require.NoError(t, err)
	ask := func(peer, host, site string) int {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader("subject=sam"))
		request.RemoteAddr, request.Host = peer, host
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Sec-Fetch-Site", site)
		w := httptest.NewRecorder()
		r.provider.ServeHTTP(w, request)
		return w.Code
	}
	own := r.provider.host
	require.Equal(t, http.StatusSeeOther, ask("127.0.0.1:5000", own, "same-origin"))
	require.Equal(t, http.StatusForbidden, ask("192.0.2.7:5000", own, "same-origin"))
	require.Equal(t, http.StatusForbidden, ask("127.0.0.1:5000", "rebound.example", "same-origin"))
	require.Equal(t, http.StatusForbidden, ask("127.0.0.1:5000", own, "cross-site"))
	for _, issuer := range []string{"http://0.0.0.0:8180", "http://192.0.2.7:8180", "https://id.example.org", "http://127.0.0.1:8180/path", "127.0.0.1:8180", ""} {
		_, err := New(Options{Issuer: issuer})
		require.ErrorIs(t, err, ErrNotLocal, issuer)
	}
}

func TestServeEndsWithItsContext(t *testing.T) {
	r := newRig(t)
	p, err := New(r.provider.Options)
	require.NoError(t, err)
	require.Error(t, p.Serve(t.Context()), "the address is in use")
	p.host = "127.0.0.1:0"
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Serve(ctx) }()
	cancel()
	require.NoError(t, <-ended)
}

// TestThePeopleOfADirectory: each person of the local directory is known to the provider by their id, and nobody else is listed.
func TestThePeopleOfADirectory(t *testing.T) {
	const issuer = "http://127.0.0.1:8180"
	src, err := WithIdentities(directory.Local(), issuer)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(src), "# Who may sign in"))
	d, err := directory.Parse(src)
	require.NoError(t, err)
	plain, err := directory.Parse(directory.Local())
	require.NoError(t, err)
	require.Equal(t, plain.Groups(), d.Groups())
	people, err := FromDirectory(src, issuer)
	require.NoError(t, err)
	var names []string
	for _, p := range people {
		who, known := d.BySubject(issuer, p.Subject)
		require.True(t, known)
		require.Equal(t, p.Name, who.Name)
		names = append(names, who.ID)
	}
	require.Equal(t, []string{"sam", "rita", "ana", "bo", "petra", "paul", "theo", "lena", "kai", "ada"}, names)
	people, err = FromDirectory(directory.Local(), issuer)
	require.NoError(t, err)
	require.Empty(t, people)
	_, err = FromDirectory([]byte("principals: ["), issuer)
	require.Error(t, err)
}

// TestFaultsOfThePeopleAreShown: a directory that cannot be read signs nobody in.
func TestFaultsOfThePeopleAreShown(t *testing.T) {
	r := newRig(t)
	address, _, err := r.client.Begin(t.Context(), "/")
	require.NoError(t, err)
	r.provider.People = func() ([]Person, error) { return nil, errors.New("no file") }
	response := r.get(address)
	require.Equal(t, http.StatusInternalServerError, response.StatusCode)
	require.Contains(t, text(t, response), "The people cannot be read.")
	require.NotContains(t, text(t, r.get(r.provider.Issuer+"/")), "Sam")
}

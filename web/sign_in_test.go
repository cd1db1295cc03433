package web

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/claims"
	"leanpmo/internal/clientaddr"
	"leanpmo/internal/directory"
	"leanpmo/internal/people"
	"leanpmo/internal/ratelimit"
	"leanpmo/internal/signin"
)

const secureCookie = "__Host-pmo-session"

// signInRig is a browser of pages behind TLS on which people sign in with providers.
type signInRig struct {
	*browser
	p      *testProvider // the first provider, staff
	log    *bytes.Buffer
	people *directory.Directory
	store  *signInStore
	keeper *people.Keeper
	moment time.Time
}

// withProvider signs people in with one provider that admits people of the file alone: sam by subject, bo by the claim.
func withProvider(t *testing.T) (*browser, *testProvider, *bytes.Buffer) {
	rig := withProviders(t, func(settings *claims.Settings) {}, newTestProvider(t))
	return rig.browser, rig.p, rig.log
}

// withProviders signs people in with several. The first is called staff, the others other-1 and so on.
func withProviders(t *testing.T, change func(*claims.Settings), providers ...*testProvider) *signInRig {
	file, err := directory.Parse(fmt.Appendf(nil, `
principals:
  - {id: sam, name: Sam Okafor, roles: [requester], oidc: [{issuer: %[1]q, subject: subject-of-sam}]}
  - {id: bo, name: Bo Hansen, roles: [approver], oidc: [{issuer: %[1]q}]}
  - {id: ada, name: Ada Silva, email: ada@example.org, roles: [admin], token: secret}
groups:
  - {id: approvers, name: Approvers, members: [bo]}
`, providers[0].server.URL))
	require.NoError(t, err)
	rig := &signInRig{p: providers[0], log: &bytes.Buffer{}, people: file, store: &signInStore{}, moment: now}
	clock := func() time.Time { return rig.moment }
	settings := claims.Settings{Groups: []claims.Group{{ID: "architects", Name: "Architects"}}}
	var list signin.Providers
	for i, p := range providers {
		id := "staff"
		if i > 0 {
			id = fmt.Sprintf("other-%d", i)
		}
		settings.Providers = append(settings.Providers, claims.Provider{ID: id, Name: "Account of " + id, Issuer: p.server.URL, Admit: claims.AdmitListed, LinkBy: "preferred_username",
			Names: claims.Names{Name: "name", Email: "email", Username: "preferred_username", Groups: "groups", Roles: "realm_access.roles"}})
		list = append(list, signin.New(signin.Options{ID: id, Name: "Account of " + id, Issuer: p.server.URL, ClientID: testClient, ClientSecret: testSecret, Now: clock,
			Scopes: []string{"openid", "profile"}, Redirect: "https://pmo.example.org/sign-in/callback/" + id, SignedOut: "https://pmo.example.org/sign-in"}))
	}
	change(&settings)
	file.FillGroups([]directory.Group{{ID: "architects", Name: "Architects"}})
	log := slog.New(slog.NewTextHandler(rig.log, nil))
	rig.keeper = &people.Keeper{Directory: file, Store: rig.store, NotFound: errNoSignIn, Settings: settings, Log: log, Now: clock}
	api := newFakeAPI()
	site, err := New(Options{API: api, Caller: callerIn, People: file, PublicURL: "https://pmo.example.org", Now: clock, Log: log, Providers: list, SignIns: rig.keeper})
	require.NoError(t, err)
	rig.browser = &browser{t: t, site: site, api: api, cookies: map[string]string{}, headers: http.Header{}}
	return rig
}

// begin sends the browser to the provider, and returns the response the provider sends it back with.
func (b *browser) begin(p *testProvider, to string) url.Values {
	return b.beginAt("staff", p, to)
}

func (b *browser) beginAt(id string, p *testProvider, to string) url.Values {
	response := b.do("GET", "/sign-in/provider/"+id+"?to="+url.QueryEscape(to), nil)
	require.Equal(b.t, http.StatusSeeOther, response.StatusCode)
	return p.authorize(response.Header.Get("Location"))
}

func (b *browser) back(q url.Values) *http.Response { return b.backAt("staff", q) }

func (b *browser) backAt(id string, q url.Values) *http.Response {
	return b.do("GET", "/sign-in/callback/"+id+"?"+q.Encode(), nil)
}

func (b *browser) isSignedIn() bool { return b.do("GET", "/", nil).StatusCode == http.StatusOK }

func TestSigningInWithAProvider(t *testing.T) {
	b, p, log := withProvider(t)
	require.Contains(t, b.text(b.do("GET", "/sign-in?to=/inbox", nil)), `href="/sign-in/provider/staff?to=%2Finbox"`)
	q := b.begin(p, "/inbox?x=1")
	before := b.cookies[secureCookie]
	response := b.back(q)
	require.Equal(t, http.StatusSeeOther, response.StatusCode)
	require.Equal(t, "/inbox?x=1", response.Header.Get("Location"))
	require.NotEqual(t, before, b.cookies[secureCookie], "the session begins anew")
	cookie := response.Cookies()[0]
	require.True(t, cookie.Secure && cookie.HttpOnly && cookie.SameSite == http.SameSiteLaxMode && cookie.Path == "/" && cookie.Domain == "" && cookie.MaxAge == 0)
	require.True(t, b.isSignedIn())
	require.Equal(t, "sam", b.api.caller)

	signedIn := b.cookies[secureCookie]
	response = b.do("POST", "/sign-out", nil)
	require.Equal(t, http.StatusOK, response.StatusCode)
	refresh := response.Header.Get("Refresh")
	require.Contains(t, refresh, "0; url="+p.server.URL+"/end?")
	require.Contains(t, refresh, "id_token_hint=")
	require.Contains(t, refresh, "post_logout_redirect_uri="+url.QueryEscape("https://pmo.example.org/sign-in"))
	b.cookies[secureCookie] = signedIn
	require.False(t, b.isSignedIn())
	require.Contains(t, log.String(), `msg="signed in" person=sam`)
	for _, secret := range []string{q.Get("code"), q.Get("state"), "subject-of-sam", testSecret, "eyJ"} {
		require.NotContains(t, log.String(), secret)
	}
}

func TestPeopleWithoutASubjectAreKnownByTheClaim(t *testing.T) {
	b, p, _ := withProvider(t)
	p.subject = "another"
	require.Equal(t, http.StatusSeeOther, b.back(b.begin(p, "/")).StatusCode)
	require.True(t, b.isSignedIn())
	require.Equal(t, "bo", b.api.caller)
}

func TestOnlyPeopleOfTheDirectorySignIn(t *testing.T) {
	for _, name := range []string{"mallory", "ada", "sam", ""} { // ada is not listed with the provider, sam only with a subject
		b, p, log := withProvider(t)
		p.subject, p.change = "stranger-7", func(claims map[string]any) { claims["preferred_username"] = name }
		response := b.back(b.begin(p, "/"))
		require.Equal(t, http.StatusForbidden, response.StatusCode, name)
		text := b.text(response)
		require.Contains(t, text, "not in the directory")
		require.Contains(t, text, "stranger-7", "an administrator can add it")
		require.False(t, b.isSignedIn())
		require.Contains(t, log.String(), `msg="sign-in refused" cause="sign-in refused: not in the directory"`)
		require.NotContains(t, log.String(), "stranger-7")
	}
}

func TestWhatTheProviderSendsIsRefused(t *testing.T) {
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	set := func(claim string, value any) func(*testProvider, url.Values) {
		return func(p *testProvider, _ url.Values) { p.change = func(claims map[string]any) { claims[claim] = value } }
	}
	answer := func(name string, values ...string) func(*testProvider, url.Values) {
		return func(_ *testProvider, q url.Values) { q[name] = values }
	}
	for name, c := range map[string]struct {
		spoil func(*testProvider, url.Values)
		cause string
	}{
		"wrong state":        {answer("state", "x"), "state"},
		"no state":           {answer("state"), "state"},
		"wrong issuer":       {answer("iss", "https://evil.example"), "another issuer"},
		"no issuer":          {answer("iss"), "another issuer"},
		"unknown code":       {answer("code", "x"), "invalid_grant"},
		"no code":            {answer("code"), "no code"},
		"refused there":      {answer("error", "access_denied"), "access_denied"},
		"odd error":          {answer("error", "secret\nline"), "answered an error"},
		"wrong nonce":        {set("nonce", "x"), "nonce"},
		"no nonce":           {set("nonce", nil), "nonce"},
		"issuer of token":    {set("iss", "https://evil.example"), "not valid"},
		"audience":           {set("aud", "other"), "not valid"},
		"two audiences":      {set("aud", []string{testClient, "other"}), "another client"},
		"authorized party":   {set("azp", "other"), "another client"},
		"expired":            {set("exp", now.Add(-2*time.Minute).Unix()), "not valid"},
		"of the future":      {set("iat", now.Add(time.Hour).Unix()), "of the future"},
		"odd subject":        {set("sub", "s\u00e4m"), "other characters"},
		"endless subject":    {set("sub", strings.Repeat("x", 256)), "too long"},
		"endless token":      {set("groups", strings.Repeat("x", 200<<10)), "larger than"},
		"no subject":         {set("sub", ""), "no subject"},
		"signed by somebody": {func(p *testProvider, _ url.Values) { p.sign(other, "k") }, "not valid"},
		"another verifier": {func(p *testProvider, q url.Values) {
			q.Set("code", p.codeFor("code_challenge", strings.Repeat("x", 43)))
		}, "invalid_grant"},
	} {
		b, p, log := withProvider(t)
		q := b.begin(p, "/")
		c.spoil(p, q)
		response := b.back(q)
		require.Equal(t, http.StatusBadRequest, response.StatusCode, name)
		require.Contains(t, b.text(response), "Please begin again", name)
		require.False(t, b.isSignedIn(), name)
		require.Contains(t, log.String(), c.cause, name)
	}
}

func TestAResponseCountsOnceAndInItsOwnSession(t *testing.T) {
	b, p, _ := withProvider(t)
	q := b.begin(p, "/")
	require.Equal(t, http.StatusSeeOther, b.back(q).StatusCode)
	require.Equal(t, http.StatusBadRequest, b.back(q).StatusCode, "the same response again")

	q = b.begin(p, "/")
	victim := &browser{t: t, site: b.site, api: b.api, cookies: map[string]string{}, headers: http.Header{}}
	require.Equal(t, http.StatusBadRequest, victim.back(q).StatusCode, "begun in another browser")
	require.False(t, victim.isSignedIn())
}

func TestTheProviderMayBeAwayAtFirst(t *testing.T) {
	rig := withProviders(t, func(*claims.Settings) {}, newTestProvider(t))
	b, p := rig.browser, rig.p
	p.setAway(true)
	response := b.do("GET", "/sign-in/provider/staff", nil)
	require.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
	require.Contains(t, b.text(response), "cannot be reached right now")
	p.setAway(false)
	rig.moment = now.Add(3 * time.Second)
	require.Equal(t, http.StatusSeeOther, b.back(b.begin(p, "/")).StatusCode)
}

func TestWithoutAProviderThereIsNoWayToOne(t *testing.T) {
	b := newBrowser(t)
	require.Equal(t, http.StatusNotFound, b.do("GET", "/sign-in/provider/staff", nil).StatusCode)
	require.Equal(t, http.StatusNotFound, b.do("GET", "/sign-in/callback/staff", nil).StatusCode)
}

func TestSigningInIsBoundedByAddress(t *testing.T) {
	b, _, log := withProvider(t)
	b.site.signIns = ratelimit.PerMinute(2, 2, func() time.Time { return now })
	b.site.Proxies, _ = clientaddr.Parse("192.0.2.1")
	from := func(address string) *http.Response {
		b.headers.Set("X-Forwarded-For", address)
		return b.do("GET", "/sign-in/provider/staff", nil)
	}
	for range 2 {
		require.Equal(t, http.StatusSeeOther, from("198.51.100.1").StatusCode)
	}
	response := from("198.51.100.1")
	require.Equal(t, http.StatusTooManyRequests, response.StatusCode)
	require.Equal(t, "30", response.Header.Get("Retry-After"))
	require.Contains(t, log.String(), "too often from one address")
	require.Equal(t, http.StatusSeeOther, from("198.51.100.2").StatusCode)
	require.Equal(t, http.StatusTooManyRequests, from("6.6.6.6, 198.51.100.1").StatusCode, "what a client writes there does not count")
}

// TestSigningInBeginsAtThePublicName: a session is of one name of this machine, and the provider sends people back to the public one.
func TestSigningInBeginsAtThePublicName(t *testing.T) {
	b, _, _ := withProvider(t)
	begin := func(public, host string) string {
		b.site.PublicURL = public
		return b.do("GET", "http://"+host+"/sign-in/provider/staff?to=%2Finbox", nil).Header.Get("Location")
	}
	require.Equal(t, "http://127.0.0.1:8080/sign-in/provider/staff?to=%2Finbox", begin("http://127.0.0.1:8080", "localhost:8080"))
	for public, host := range map[string]string{"http://127.0.0.1:8080": "127.0.0.1:8080", "http://localhost:9090": "127.0.0.1:8080", "https://pmo.example.org": "127.0.0.1:8080",
		"http://localhost:8080": "pmo.example.org:8080"} {
		require.Contains(t, begin(public, host), "/authorize?", "%s is asked as %s: a proxy may not pass the name on", public, host)
	}
}

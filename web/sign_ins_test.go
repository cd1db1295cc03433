package web

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/claims"
	"leanpmo/internal/directory"
)

// errNoSignIn is what signInStore does not find.
var errNoSignIn = errors.New("no sign-in")

// signInStore keeps sign-ins in memory, by the rules of the store.
type signInStore struct {
	mu      sync.Mutex
	version int64
	rows    []directory.SignIn
	blocked []string
	ended   []string // whose sessions
	away    bool
}

var errDatabaseAway = errors.New("the database is away")

func (s *signInStore) do(f func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away {
		return errDatabaseAway
	}
	return f()
}

func (s *signInStore) PeopleVersion(context.Context) (version int64, err error) {
	err = s.do(func() error { version = s.version; return nil })
	return version, err
}

func (s *signInStore) People(context.Context) (stored directory.Stored, err error) {
	err = s.do(func() error {
		stored = directory.Stored{Version: s.version, Blocked: slices.Clone(s.blocked)}
		for _, row := range s.rows {
			stored.Claimed = append(stored.Claimed, row.Claimed)
		}
		return nil
	})
	return stored, err
}

func (s *signInStore) find(issuer, subject string) int {
	return slices.IndexFunc(s.rows, func(r directory.SignIn) bool { return r.Issuer == issuer && r.Subject == subject })
}

func (s *signInStore) SignedIn(_ context.Context, issuer, subject string) (c directory.Claimed, err error) {
	err = s.do(func() error {
		i := s.find(issuer, subject)
		if i < 0 {
			return errNoSignIn
		}
		c = s.rows[i].Claimed
		return nil
	})
	return c, err
}

func (s *signInStore) KeepSignIn(_ context.Context, k directory.SignIn) (changed bool, err error) {
	return true, s.do(func() error {
		i := s.find(k.Issuer, k.Subject)
		switch {
		case slices.Contains(s.blocked, k.Principal):
			return directory.ErrBlocked
		case k.Link != "" && slices.ContainsFunc(s.rows, func(r directory.SignIn) bool {
			return r.Issuer == k.Issuer && r.Link == k.Link && r.Subject != k.Subject
		}):
			return directory.ErrLinkTaken
		case i < 0:
			s.rows = append(s.rows, k)
		default:
			s.rows[i] = k
		}
		if k.State == directory.SignInRefused {
			s.ended = append(s.ended, k.Principal)
		}
		s.version++
		return nil
	})
}

func (s *signInStore) RefuseOtherIssuers(context.Context, []string, time.Time) ([]string, error) {
	return nil, nil
}

func (s *signInStore) EndSessionsOf(_ context.Context, person, _ string, _, _ time.Time) error {
	return s.do(func() error { s.ended = append(s.ended, person); return nil })
}

func admitting(settings *claims.Settings) {
	for i := range settings.Providers {
		p := &settings.Providers[i]
		p.Admit, p.LinkBy = claims.AdmitEverybody, ""
		p.Groups, p.Roles = map[string]string{"it-architects": "architects"}, map[string]string{"pmo-approver": "approver"}
	}
}

// TestPeopleComeFromClaims: name, roles and groups are of the claims of the last sign-in; issuer and subject are who they are.
func TestPeopleComeFromClaims(t *testing.T) {
	rig := withProviders(t, admitting, newTestProvider(t))
	rig.p.subject = "zoe-1"
	say := map[string]any{"name": "Zoe\u202e Ahmadi", "preferred_username": "zoe", "email": "ada@example.org", "groups": []any{"it-architects", "others", 7},
		"realm_access": map[string]any{"roles": []any{"pmo-approver", "offline_access"}}}
	rig.p.change = func(c map[string]any) {
		for name, value := range say {
			c[name] = value
		}
	}
	require.Equal(t, http.StatusSeeOther, rig.back(rig.begin(rig.p, "/")).StatusCode)
	require.True(t, rig.isSignedIn())
	id := directory.PrincipalID(rig.p.server.URL, "zoe-1")
	require.Equal(t, id, rig.api.caller, "her address is another person's, and decides nothing")
	zoe, known := rig.people.Principal(id)
	require.True(t, known)
	require.Equal(t, []string{"Zoe Ahmadi", "requester", "approver", "architects"}, slices.Concat([]string{zoe.Name}, zoe.Roles, zoe.Groups))
	require.Equal(t, []string{id}, rig.people.Members("architects"))

	say["groups"], say["realm_access"], say["name"] = "it-others", nil, "Zoe A."
	require.Equal(t, http.StatusSeeOther, rig.back(rig.begin(rig.p, "/")).StatusCode)
	zoe, _ = rig.people.Principal(id)
	require.Equal(t, []string{"Zoe A.", "requester"}, append([]string{zoe.Name}, zoe.Roles...))
	require.Empty(t, rig.people.Members("architects"), "at once")
	require.Len(t, rig.store.rows, 1)
}

// TestClaimsThatGrantNothingAnyMore refuse a person, end their sessions, and leave no trace of strangers.
func TestClaimsThatGrantNothingAnyMore(t *testing.T) {
	rig := withProviders(t, func(s *claims.Settings) {
		admitting(s)
		s.Providers[0].Require = &claims.Require{Claim: "groups", Values: []string{"pmo-users"}}
		s.Providers[0].Domains = []string{"example.org"}
	}, newTestProvider(t))
	rig.p.subject = "zoe-1"
	say := map[string]any{"groups": []any{"pmo-users"}, "email": "zoe@Example.org", "email_verified": true}
	rig.p.change = func(c map[string]any) {
		for name, value := range say {
			c[name] = value
		}
	}
	id := directory.PrincipalID(rig.p.server.URL, "zoe-1")
	for name, change := range map[string]func(){
		"no group":       func() { say["groups"] = []any{"others"} },
		"too many":       func() { say["groups"] = slices.Repeat([]any{"pmo-users"}, 1001) },
		"not verified":   func() { say["email_verified"] = false },
		"verified as":    func() { say["email_verified"] = "true" },
		"another domain": func() { say["email"] = "zoe@example.org.evil.example" },
	} {
		say["groups"], say["email"], say["email_verified"] = []any{"pmo-users"}, "zoe@Example.org", true
		require.Equal(t, http.StatusSeeOther, rig.back(rig.begin(rig.p, "/")).StatusCode, name)
		require.True(t, rig.isSignedIn(), name)
		rig.store.ended = nil
		change()
		response := rig.back(rig.begin(rig.p, "/"))
		require.Equal(t, http.StatusForbidden, response.StatusCode, name)
		text := rig.text(response)
		require.Contains(t, text, "not meant for Lean PMO", name)
		require.NotContains(t, text, "zoe-1", name)
		require.Equal(t, []string{id}, rig.store.ended, name)
		require.False(t, rig.isSignedIn(), name, "the session before is a stranger's too")
	}
	rig.p.subject = "mallory"
	before := len(rig.store.rows)
	require.Equal(t, http.StatusForbidden, rig.back(rig.begin(rig.p, "/")).StatusCode)
	require.Len(t, rig.store.rows, before, "strangers are not kept")
	require.NotContains(t, rig.log.String(), "Example.org")
}

// TestABlockedPersonStaysOut, whether the file lists them or their claims admit them.
func TestABlockedPersonStaysOut(t *testing.T) {
	rig := withProviders(t, admitting, newTestProvider(t))
	require.Equal(t, http.StatusSeeOther, rig.back(rig.begin(rig.p, "/")).StatusCode)
	require.True(t, rig.isSignedIn())
	rig.store.blocked, rig.store.version = []string{"sam", directory.PrincipalID(rig.p.server.URL, "zoe-1")}, 9
	require.NoError(t, rig.keeper.Look(t.Context()))
	require.False(t, rig.isSignedIn(), "at the next page")
	for _, subject := range []string{"subject-of-sam", "zoe-1"} {
		rig.p.subject = subject
		response := rig.back(rig.begin(rig.p, "/"))
		require.Equal(t, http.StatusForbidden, response.StatusCode)
		require.Contains(t, rig.text(response), "An administrator has ended your access")
		require.False(t, rig.isSignedIn())
	}
}

// TestANameIsLinkedToOneAccount: the claim counts at the first sign-in; then the subject is who they are, whatever name they take.
func TestANameIsLinkedToOneAccount(t *testing.T) {
	rig := withProviders(t, func(*claims.Settings) {}, newTestProvider(t))
	name := "bo"
	rig.p.change = func(c map[string]any) { c["preferred_username"] = name }
	rig.p.subject = "account-1"
	require.Equal(t, http.StatusSeeOther, rig.back(rig.begin(rig.p, "/")).StatusCode)
	name = "renamed"
	require.Equal(t, http.StatusSeeOther, rig.back(rig.begin(rig.p, "/")).StatusCode)
	require.True(t, rig.isSignedIn())
	require.Equal(t, "bo", rig.api.caller)

	name, rig.p.subject = "bo", "account-2"
	response := rig.back(rig.begin(rig.p, "/"))
	require.Equal(t, http.StatusForbidden, response.StatusCode)
	text := rig.text(response)
	require.Contains(t, text, "belongs to another account")
	require.Contains(t, text, "account-2", "an administrator can compare")
}

// TestSeveralProviders: each is offered, each signs in its own people and signs them out again; no response of one counts at another.
func TestSeveralProviders(t *testing.T) {
	staff, other := newTestProvider(t), newTestProvider(t)
	rig := withProviders(t, admitting, staff, other)
	page := rig.text(rig.do("GET", "/sign-in", nil))
	require.Contains(t, page, "Account of staff")
	require.Contains(t, page, `href="/sign-in/provider/other-1?to=%2F"`)

	require.Equal(t, http.StatusSeeOther, rig.backAt("other-1", rig.beginAt("other-1", other, "/")).StatusCode)
	require.True(t, rig.isSignedIn())
	require.Equal(t, directory.PrincipalID(other.server.URL, "subject-of-sam"), rig.api.caller, "the same subject at another issuer is somebody else")
	response := rig.do("POST", "/sign-out", nil)
	require.Contains(t, response.Header.Get("Refresh"), other.server.URL+"/end?", "at the provider that signed in")

	for name, c := range map[string]struct {
		begun, back string
		iss         string
	}{
		"begun at one, answered at the other's address": {"staff", "other-1", other.server.URL},
		"the other's issuer at one's address":           {"staff", "staff", other.server.URL},
		"the other way round":                           {"other-1", "staff", staff.server.URL},
	} {
		from := staff
		if c.begun == "other-1" {
			from = other
		}
		q := rig.beginAt(c.begun, from, "/")
		q.Set("iss", c.iss)
		response := rig.backAt(c.back, q)
		require.Equal(t, http.StatusBadRequest, response.StatusCode, name)
		require.False(t, rig.isSignedIn(), name)
	}
	require.Equal(t, http.StatusNotFound, rig.do("GET", "/sign-in/provider/none", nil).StatusCode)
	require.Equal(t, http.StatusNotFound, rig.do("GET", "/sign-in/callback/none", nil).StatusCode)
	require.Equal(t, http.StatusNotFound, rig.do("GET", "/sign-in/callback", nil).StatusCode)
}

// TestKeysAreRotated: a key that is not known yet is fetched, one that is not published any more is not believed.
func TestKeysAreRotated(t *testing.T) {
	rig := withProviders(t, func(*claims.Settings) {}, newTestProvider(t))
	require.Equal(t, http.StatusSeeOther, rig.back(rig.begin(rig.p, "/")).StatusCode)
	next, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	old := rig.p.key
	rig.p.rotate(next, "k2")
	require.Equal(t, http.StatusSeeOther, rig.back(rig.begin(rig.p, "/")).StatusCode)
	rig.p.sign(old, "k")
	require.Equal(t, http.StatusBadRequest, rig.back(rig.begin(rig.p, "/")).StatusCode)
}

// TestClocksMayDifferALittle: by a minute after the end of a token, and some minutes before its beginning.
func TestClocksMayDifferALittle(t *testing.T) {
	rig := withProviders(t, func(*claims.Settings) {}, newTestProvider(t))
	for ago, want := range map[time.Duration]int{50 * time.Second: http.StatusSeeOther, 70 * time.Second: http.StatusBadRequest, -4 * time.Minute: http.StatusSeeOther} {
		rig.p.change = func(c map[string]any) {
			c["iat"], c["exp"] = now.Add(-ago-time.Hour).Unix(), now.Add(-ago).Unix()
			if ago < 0 {
				c["iat"] = now.Add(-ago).Unix()
				c["exp"] = now.Add(time.Hour).Unix()
			}
		}
		require.Equal(t, want, rig.back(rig.begin(rig.p, "/")).StatusCode, ago)
	}
}

// TestWhatIsAwayWhileSomebodySignsIn is said, and signs nobody in: the provider, the database, or a provider that does not stop answering.
func TestWhatIsAwayWhileSomebodySignsIn(t *testing.T) {
	rig := withProviders(t, admitting, newTestProvider(t))
	q := rig.begin(rig.p, "/")
	rig.store.away = true
	response := rig.back(q)
	require.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
	require.Contains(t, rig.text(response), "the database does not answer")
	rig.store.away = false

	q = rig.begin(rig.p, "/")
	rig.p.endless = true
	require.Equal(t, http.StatusServiceUnavailable, rig.back(q).StatusCode)
	rig.p.endless = false
	require.False(t, rig.isSignedIn())

	rig.p.setAway(true)
	rig.moment = now.Add(2 * time.Hour)
	require.Equal(t, http.StatusSeeOther, rig.do("GET", "/sign-in/provider/staff", nil).StatusCode, "its addresses are known from before")
	rig.p.server.Close()
	q.Set("state", "x")
	require.Equal(t, http.StatusBadRequest, rig.back(q).StatusCode)
}

// TestTheProviderSignsOut: a logout token ends the sessions of its person, and no other token does.
func TestTheProviderSignsOut(t *testing.T) {
	rig := withProviders(t, admitting, newTestProvider(t), newTestProvider(t))
	rig.p.subject = "zoe-1"
	require.Equal(t, http.StatusSeeOther, rig.back(rig.begin(rig.p, "/")).StatusCode)
	token := func(change func(map[string]any)) string {
		c := map[string]any{"iss": rig.p.server.URL, "aud": testClient, "sub": "zoe-1", "jti": "1", "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
			"events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}}}
		change(c)
		return rig.p.signed(c)
	}
	send := func(provider, token string) int {
		return rig.do("POST", "/sign-in/signed-out/"+provider, url.Values{"logout_token": {token}}).StatusCode
	}
	for name, change := range map[string]func(map[string]any){
		"an ID token":      func(c map[string]any) { delete(c, "events"); c["nonce"] = "x" },
		"with a nonce":     func(c map[string]any) { c["nonce"] = "x" },
		"another audience": func(c map[string]any) { c["aud"] = "other" },
		"another issuer":   func(c map[string]any) { c["iss"] = "https://evil.example" },
		"expired":          func(c map[string]any) { c["exp"] = now.Add(-time.Hour).Unix() },
		"a session alone":  func(c map[string]any) { delete(c, "sub"); c["sid"] = "s" },
	} {
		require.Equal(t, http.StatusBadRequest, send("staff", token(change)), name)
	}
	good := token(func(map[string]any) {})
	require.Equal(t, http.StatusBadRequest, send("other-1", good), "of another provider")
	require.Equal(t, http.StatusBadRequest, send("staff", ""))
	require.Equal(t, http.StatusNotFound, send("none", good))
	require.Empty(t, rig.store.ended)
	require.Equal(t, http.StatusOK, send("staff", token(func(c map[string]any) { c["sub"] = "never-here" })))
	require.Empty(t, rig.store.ended)
	require.Equal(t, http.StatusOK, send("staff", good))
	require.Equal(t, []string{directory.PrincipalID(rig.p.server.URL, "zoe-1")}, rig.store.ended)
	require.NotContains(t, rig.log.String(), "zoe-1")
	rig.store.away = true
	require.Equal(t, http.StatusServiceUnavailable, send("staff", good), "the provider may try again")
}

// TestSigningInLeadsToThisSiteAlone: what was asked for before is a page of ours, or the start page.
func TestSigningInLeadsToThisSiteAlone(t *testing.T) {
	rig := withProviders(t, admitting, newTestProvider(t))
	for to, want := range map[string]string{"//evil.example": "/", "https://evil.example/": "/", `/\evil.example`: "/", "/%5Cevil.example": "/%5Cevil.example", "javascript:alert(1)": "/",
		"/inbox": "/inbox", "\t//evil.example": "/", "/\t/evil.example": "/"} {
		require.Equal(t, want, rig.back(rig.begin(rig.p, to)).Header.Get("Location"), to)
	}
}

// TestOddClaimsAreShownAsText, or not at all.
func TestOddClaimsAreShownAsText(t *testing.T) {
	for claim, c := range map[string]struct {
		value any
		want  string
	}{
		"markup": {"<script>alert(1)</script>", "<script>alert(1)</script>"}, "a number": {7, "zoe"}, "a list": {[]any{"Zoe"}, "zoe"}, "nothing": {"\u200b\u202e", "zoe"},
		"lines": {"Zoe\n\tAhmadi", "Zoe Ahmadi"}, "long": {strings.Repeat("Zoe ", 100), strings.TrimSpace(strings.Repeat("Zoe ", 50))}, "endless": {strings.Repeat("x", 5000), "zoe"},
	} {
		rig := withProviders(t, admitting, newTestProvider(t))
		rig.p.change = func(claims map[string]any) { claims["name"], claims["preferred_username"] = c.value, "ZOE" }
		rig.p.subject = "zoe-1"
		require.Equal(t, http.StatusSeeOther, rig.back(rig.begin(rig.p, "/")).StatusCode, claim)
		zoe, _ := rig.people.Principal(directory.PrincipalID(rig.p.server.URL, "zoe-1"))
		require.Equal(t, c.want, zoe.Name, claim)
		require.NotContains(t, rig.text(rig.do("GET", "/", nil)), "<script>alert", claim)
	}
}

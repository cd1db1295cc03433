package people_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/claims"
	"leanpmo/internal/directory"
	"leanpmo/internal/people"
	"leanpmo/internal/session"
	"leanpmo/internal/signin"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const issuer = "https://id.example.org"

var now = time.Date(2027, 3, 1, 8, 0, 0, 0, time.UTC)

// server is one of several that share a database.
func server(t *testing.T, s *store.Store) *people.Keeper {
	d, err := directory.Parse([]byte(`
principals:
  - {id: bo, name: Bo, roles: [pmo], oidc: [{issuer: "https://id.example.org"}]}
  - {id: ada, name: Ada, roles: [admin], token: secret}
`))
	require.NoError(t, err)
	d.FillGroups([]directory.Group{{ID: "architects", Name: "Architects"}})
	settings, err := claims.Read([]byte(`
groups: [{id: architects, name: Architects}]
providers:
  - {id: staff, name: Staff, issuer: "https://id.example.org", client_id: x, claims: {groups: groups}, groups: {it: architects}, admit: everybody, link_by: preferred_username}
`))
	require.NoError(t, err)
	return &people.Keeper{Directory: d, Store: s, NotFound: store.ErrNotFound, Settings: settings, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return now }}
}

func open(t *testing.T) *store.Store {
	if testing.Short() {
		t.Skip("needs Postgres; run without -short")
	}
	s, err := store.Open(t.Context(), testkit.Database(t, store.Migrate), store.Options{})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

func who(subject string, said map[string]any) signin.Identity {
	return signin.Identity{Provider: "staff", Issuer: issuer, Subject: subject, Claims: said}
}

// TestServersKnowWhoSignsInElsewhere: two servers and a worker share people, groups and blocks within a look.
func TestServersKnowWhoSignsInElsewhere(t *testing.T) {
	s := open(t)
	here, there := server(t, s), server(t, s)
	ctx, stop := context.WithCancel(t.Context())
	followed := make(chan struct{})
	go func() { defer close(followed); there.Follow(ctx) }()
	defer func() { stop(); <-followed }()

	zoe, err := here.SignIn(ctx, who("zoe", map[string]any{"name": "Zoe", "groups": []any{"it"}}))
	require.NoError(t, err)
	require.Equal(t, []string{zoe.ID}, here.Directory.Members("architects"), "at once, where she signed in")
	require.Eventually(t, func() bool { return len(there.Directory.Members("architects")) == 1 }, testkit.Patience, 10*time.Millisecond)

	_, err = here.SignIn(ctx, who("zoe", map[string]any{"name": "Zoe"}))
	require.NoError(t, err)
	require.Eventually(t, func() bool { return len(there.Directory.Members("architects")) == 0 }, testkit.Patience, 10*time.Millisecond)

	require.NoError(t, s.Block(ctx, zoe.ID, "ada", "left", now))
	require.Eventually(t, func() bool { _, known := there.Directory.Principal(zoe.ID); return !known }, testkit.Patience, 10*time.Millisecond)
	var refused *people.Refused
	_, err = there.SignIn(ctx, who("zoe", nil))
	require.ErrorAs(t, err, &refused)
	require.Equal(t, people.Blocked, refused.Why)

	// A server that has not looked since knows by the sign-in itself.
	stop()
	<-followed
	lee, err := here.SignIn(t.Context(), who("lee", map[string]any{"name": "Lee"}))
	require.NoError(t, err)
	_, known := there.Directory.Principal(lee.ID)
	require.False(t, known)
	same, err := there.SignIn(t.Context(), who("lee", map[string]any{"name": "Lee"}))
	require.NoError(t, err)
	require.Equal(t, lee.ID, same.ID)
}

// TestALinkedPersonIsThatOfTheFile, by subject from the first sign-in on, until an administrator forgets the link.
func TestALinkedPersonIsThatOfTheFile(t *testing.T) {
	s := open(t)
	k := server(t, s)
	ctx := t.Context()
	bo, err := k.SignIn(ctx, who("1", map[string]any{"preferred_username": "bo", "groups": []any{"it"}}))
	require.NoError(t, err)
	require.Equal(t, "bo", bo.ID)
	require.Equal(t, []string{"bo"}, k.Directory.Members("architects"))
	bo, err = k.SignIn(ctx, who("1", map[string]any{"preferred_username": "somebody"}))
	require.NoError(t, err)
	require.Equal(t, "bo", bo.ID)
	var refused *people.Refused
	_, err = k.SignIn(ctx, who("2", map[string]any{"preferred_username": "bo"}))
	require.ErrorAs(t, err, &refused)
	require.Equal(t, people.OtherLink, refused.Why)
	require.NoError(t, s.Unlink(ctx, "bo", "ada", now))
	bo, err = k.SignIn(ctx, who("2", map[string]any{"preferred_username": "bo"}))
	require.NoError(t, err)
	require.Equal(t, "bo", bo.ID)
	other, err := k.SignIn(ctx, who("1", map[string]any{"preferred_username": "ada"}))
	require.NoError(t, err)
	require.Equal(t, directory.PrincipalID(issuer, "1"), other.ID, "ada is not listed with the provider")
}

// TestWhoIsSignedOutByTheProvider: sessions that were begun before; those after stay, also when the notice comes again.
func TestWhoIsSignedOutByTheProvider(t *testing.T) {
	s := open(t)
	k := server(t, s)
	ctx := t.Context()
	zoe, err := k.SignIn(ctx, who("zoe", nil))
	require.NoError(t, err)
	for hash, begun := range map[string]time.Time{"before": now.Add(-time.Hour), "after": now.Add(time.Hour)} {
		require.NoError(t, s.KeepSession(ctx, session.Kept{Hash: hash, Person: zoe.ID, Data: []byte("x"), At: begun, Expires: now.Add(5 * time.Hour)}))
	}
	for range 2 {
		require.NoError(t, k.SignOut(ctx, signin.SignedOut{Issuer: issuer, Subject: "zoe", At: now}))
		for hash, want := range map[string]bool{"before": false, "after": true} {
			_, found, err := s.FindSession(ctx, hash, now)
			require.NoError(t, err)
			require.Equal(t, want, found, hash)
		}
	}
	require.NoError(t, k.SignOut(ctx, signin.SignedOut{Issuer: issuer, Subject: "never", At: now}))
}

// TestPeopleOfAProviderThatIsGone are not admitted any more; a server without providers says nothing about it.
func TestPeopleOfAProviderThatIsGone(t *testing.T) {
	s := open(t)
	k := server(t, s)
	zoe, err := k.SignIn(t.Context(), who("zoe", nil))
	require.NoError(t, err)
	next := server(t, s)
	next.Settings.Providers = nil
	next.RefuseOthers(t.Context())
	require.NoError(t, next.Look(t.Context()))
	_, known := next.Directory.Principal(zoe.ID)
	require.True(t, known)
	next.Settings.Providers = []claims.Provider{{ID: "other", Issuer: "https://other.example"}}
	next.RefuseOthers(t.Context())
	require.NoError(t, k.Look(t.Context()))
	_, known = k.Directory.Principal(zoe.ID)
	require.False(t, known)
}

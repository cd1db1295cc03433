package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
	"leanpmo/internal/store"
)

const issuerA = "https://a.example"

func signedIn(subject string, state directory.SignInState, change func(*directory.SignIn)) directory.SignIn {
	k := directory.SignIn{Claimed: directory.Claimed{Issuer: issuerA, Subject: subject, State: state, Name: "Zoe", Email: "zoe@example.org", Username: "zoe",
		Roles: []string{"requester"}, Groups: []string{"architects"}}, Principal: directory.PrincipalID(issuerA, subject), Provider: "staff", At: day}
	if change != nil {
		change(&k)
	}
	return k
}

func TestSignInsAreKept(t *testing.T) {
	s := open(t)
	ctx := t.Context()
	before, err := s.PeopleVersion(ctx)
	require.NoError(t, err)
	first := signedIn("1", directory.SignInAdmitted, nil)
	changed, err := s.KeepSignIn(ctx, first)
	require.NoError(t, err)
	require.True(t, changed)
	stored, err := s.People(ctx)
	require.NoError(t, err)
	require.Equal(t, before+1, stored.Version)
	require.Equal(t, []directory.Claimed{first.Claimed}, stored.Claimed)

	first.At = hours(5)
	changed, err = s.KeepSignIn(ctx, first)
	require.NoError(t, err)
	require.False(t, changed, "only seen again")
	version, err := s.PeopleVersion(ctx)
	require.NoError(t, err)
	require.Equal(t, stored.Version, version)
	page, err := s.SignIns(ctx, "", 0, "")
	require.NoError(t, err)
	require.Equal(t, hours(5), *page.Items[0].LastSeen)
	require.Equal(t, day, *page.Items[0].FirstSeen)

	first.Groups = nil
	changed, err = s.KeepSignIn(ctx, first)
	require.NoError(t, err)
	require.True(t, changed, "other groups")
	again, err := s.SignedIn(ctx, issuerA, "1")
	require.NoError(t, err)
	require.Empty(t, again.Groups)
	_, err = s.SignedIn(ctx, "https://b.example", "1")
	require.ErrorIs(t, err, store.ErrNotFound, "another issuer is another person")
}

// A name that was linked to one account is not given to a second one, until an administrator says so.
func TestALinkIsOneAccounts(t *testing.T) {
	s := open(t)
	ctx := t.Context()
	link := func(subject string) directory.SignIn {
		return signedIn(subject, directory.SignInLinked, func(k *directory.SignIn) { k.Link, k.Principal = "bo", "bo" })
	}
	_, err := s.KeepSignIn(ctx, link("1"))
	require.NoError(t, err)
	keep(t, s, "h1", "bo", "bo", day)
	_, err = s.KeepSignIn(ctx, link("2"))
	require.ErrorIs(t, err, directory.ErrLinkTaken)
	require.NoError(t, s.Unlink(ctx, "bo", "ada", day))
	require.Empty(t, held(t, s, "h1", day))
	_, err = s.KeepSignIn(ctx, link("2"))
	require.NoError(t, err)
}

// Whoever is refused is signed out, in the same transaction.
func TestWhoeverIsRefusedIsSignedOut(t *testing.T) {
	s := open(t)
	ctx := t.Context()
	_, err := s.KeepSignIn(ctx, signedIn("1", directory.SignInAdmitted, nil))
	require.NoError(t, err)
	_, err = s.KeepSignIn(ctx, signedIn("2", directory.SignInAdmitted, nil))
	require.NoError(t, err)
	one, two := directory.PrincipalID(issuerA, "1"), directory.PrincipalID(issuerA, "2")
	keep(t, s, "h1", one, "x", day)
	keep(t, s, "h2", two, "x", day)
	_, err = s.KeepSignIn(ctx, signedIn("1", directory.SignInRefused, func(k *directory.SignIn) { k.Cause = "no group" }))
	require.NoError(t, err)
	require.Empty(t, held(t, s, "h1", day))
	require.NotEmpty(t, held(t, s, "h2", day))

	refused, err := s.RefuseOtherIssuers(ctx, []string{issuerA}, day)
	require.NoError(t, err)
	require.Empty(t, refused)
	refused, err = s.RefuseOtherIssuers(ctx, []string{"https://b.example"}, day)
	require.NoError(t, err)
	require.Equal(t, []string{two}, refused, "who was refused already is not told again")
	require.Empty(t, held(t, s, "h2", day))
}

func TestABlockEndsEverything(t *testing.T) {
	s := open(t)
	ctx := t.Context()
	person := directory.PrincipalID(issuerA, "1")
	_, err := s.KeepSignIn(ctx, signedIn("1", directory.SignInAdmitted, nil))
	require.NoError(t, err)
	keep(t, s, "h1", person, "x", day)
	hash := [32]byte{1}
	_, err = s.MakeToken(ctx, hash, store.Token{Principal: person, Name: "x", Scopes: []string{"read"}, Made: day, MadeBy: person, Expires: day.AddDate(0, 0, 1)})
	require.NoError(t, err)

	require.NoError(t, s.Block(ctx, person, "ada", "left the company", hours(1)))
	require.NoError(t, s.Block(ctx, person, "ada", "again", hours(2)), "twice is once")
	require.Empty(t, held(t, s, "h1", hours(1)))
	token, err := s.TokenOf(ctx, hash, hours(1))
	require.NoError(t, err)
	require.False(t, token.Works(hours(1)))
	_, err = s.KeepSignIn(ctx, signedIn("1", directory.SignInAdmitted, nil))
	require.ErrorIs(t, err, directory.ErrBlocked)
	stored, err := s.People(ctx)
	require.NoError(t, err)
	require.Equal(t, []string{person}, stored.Blocked)

	require.NoError(t, s.Block(ctx, "bo", "ada", "a person of the file", hours(1)))
	page, err := s.SignIns(ctx, "", 1, "")
	require.NoError(t, err)
	require.Equal(t, "bo", page.Items[0].Principal)
	page, err = s.SignIns(ctx, "", 1, page.Next)
	require.NoError(t, err)
	require.Equal(t, []string{person, "left the company", "ada"}, []string{page.Items[0].Principal, page.Items[0].Reason, page.Items[0].BlockedBy})
	require.Empty(t, page.Next)

	keep(t, s, "h2", person, "raced", hours(1))
	require.NoError(t, s.Unblock(ctx, person, "ada", hours(3)))
	require.Empty(t, held(t, s, "h2", hours(1)), "a session that raced with the block does not come back")
	token, err = s.TokenOf(ctx, hash, hours(3))
	require.NoError(t, err)
	require.False(t, token.Works(hours(3)), "nor does a token")
	_, err = s.KeepSignIn(ctx, signedIn("1", directory.SignInAdmitted, nil))
	require.NoError(t, err)
}

// A server that does not know of somebody's first sign-in yet does not sign them out as unknown.
func TestNobodyIsEndedByOlderKnowledge(t *testing.T) {
	s := open(t)
	ctx := t.Context()
	old, err := s.PeopleVersion(ctx)
	require.NoError(t, err)
	_, err = s.KeepSignIn(ctx, signedIn("1", directory.SignInAdmitted, nil))
	require.NoError(t, err)
	keep(t, s, "h1", directory.PrincipalID(issuerA, "1"), "x", day)
	_, err = s.EndSessionsOfOthers(ctx, []string{"sam"}, old, day)
	require.ErrorIs(t, err, store.ErrPeopleChanged)
	_, err = s.ClearDelegationsOfOthers(ctx, []string{"sam"}, old, day)
	require.ErrorIs(t, err, store.ErrPeopleChanged)
	require.NotEmpty(t, held(t, s, "h1", day))
	ended, err := s.EndSessionsOfOthers(ctx, []string{"sam"}, old+1, day.Add(time.Minute))
	require.NoError(t, err)
	require.Len(t, ended, 1)
}

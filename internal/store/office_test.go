package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/audit"
	"leanpmo/internal/clientaddr"
	"leanpmo/internal/pmo"
	"leanpmo/internal/session"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

// office reads lines of the office ledger as "kind event about by actor from address", the newest first.
func office(t testing.TB, s *store.Store, f store.OfficeFilter) (said []string, lines []store.OfficeLine) {
	t.Helper()
	page, err := s.Office(context.Background(), f)
	require.NoError(t, err)
	for _, l := range page.Items {
		said = append(said, fmt.Sprintf("%s %s %s by %s from %s", l.Kind, l.Event, l.ID, l.Actor, l.Address))
	}
	return said, page.Items
}

func TestTheOfficeLedgerSaysWhoDidWhatFromWhere(t *testing.T) {
	s := open(t)
	ctx := clientaddr.With(t.Context(), netip.MustParseAddr("203.0.113.7"))
	team := pmo.Team{ID: "falcon", Name: "Falcon", Portfolio: "core", Leads: []string{"theo"}, Members: []string{"mia", "noa"}, Skills: []string{"go"}, Capacity: 10}
	team, err := s.PutTeam(ctx, team, "petra", day)
	require.NoError(t, err)
	team.Members, team.Capacity = []string{"mia"}, 8
	_, err = s.PutTeam(ctx, team, "theo", hours(1))
	require.NoError(t, err)
	require.NoError(t, s.SetDelegation(ctx, store.Delegation{Person: "ana", Delegate: "kai", From: day, Until: hours(9)}, "ana", hours(2)))
	require.NoError(t, s.SetDelegation(ctx, store.Delegation{Person: "ana", Delegate: "bo", From: day, Until: hours(9)}, "ana", hours(3)))
	require.NoError(t, s.ClearDelegation(ctx, "ana", "ana", hours(4)))
	hash := [32]byte{7, 7, 7, 7}
	made, err := s.MakeToken(ctx, hash, store.Token{Principal: "robot", Name: "nightly", Scopes: []string{"read"}, Made: hours(5), MadeBy: "ada", Expires: hours(99)})
	require.NoError(t, err)
	require.NoError(t, s.RevokeToken(ctx, made.ID, "", "ada", hours(6)))
	require.NoError(t, s.PutPolicyInForce(t.Context(), policyVersion(3)))
	require.NoError(t, s.AddRefusal(ctx, audit.Refusal{At: hours(7), Kind: audit.SignIn, About: "https://id.example.org s-1", Cause: "not in the directory"}))
	require.NoError(t, s.AddRefusal(t.Context(), audit.Refusal{At: hours(8), Kind: audit.Right, More: &audit.More{Count: 12, Since: hours(7)}}))

	said, lines := office(t, s, store.OfficeFilter{})
	require.Equal(t, []string{
		"right more_refused  by system from ",
		"sign_in refused https://id.example.org s-1 by  from 203.0.113.7",
		"policy took_force 3 by operator from ",
		"token revoked " + made.ID + " by ada from 203.0.113.7",
		"token made " + made.ID + " by ada from 203.0.113.7",
		"delegation cleared ana by ana from 203.0.113.7",
		"delegation set ana by ana from 203.0.113.7",
		"delegation set ana by ana from 203.0.113.7",
		"team changed falcon by theo from 203.0.113.7",
		"team created falcon by petra from 203.0.113.7",
	}, said)
	body := func(i int) (fields map[string]any) {
		require.NoError(t, json.Unmarshal(lines[i].Body, &fields))
		return fields
	}
	require.Equal(t, map[string]any{"members": []any{"mia", "noa"}, "capacity": 10.0}, body(8)["before"], "what was removed")
	require.Equal(t, "kai", body(6)["before"].(map[string]any)["delegate"])
	require.Equal(t, "bo", body(5)["delegate"])
	require.EqualValues(t, 12, body(0)["count"])
	require.NotContains(t, body(2), "source", "the text of a policy is not in lists")
	for _, l := range lines {
		require.NotContains(t, string(l.Body), "07070707", "no hash of a token")
	}
	v, _ := verifyLedgers(t, s, nil)
	require.Nil(t, v.First)
	require.EqualValues(t, len(lines), v.Lines)
}

func TestTheOfficeLedgerIsFilteredAndPaged(t *testing.T) {
	s := open(t)
	for n := range 5 {
		putTeam(t, s, fmt.Sprintf("team-%d", n))
		require.NoError(t, s.SetDelegation(t.Context(), store.Delegation{Person: "ana", Delegate: "kai", From: day, Until: hours(9)}, "ada", hours(n)))
	}
	count := func(f store.OfficeFilter) int {
		said, _ := office(t, s, f)
		return len(said)
	}
	require.Equal(t, 5, count(store.OfficeFilter{Kind: store.OfficeTeam}))
	require.Equal(t, 5, count(store.OfficeFilter{Person: "petra"}), "who did it")
	require.Equal(t, 5, count(store.OfficeFilter{Person: "ana"}), "whom it is about")
	require.Equal(t, 5, count(store.OfficeFilter{Person: "kai"}), "who is named")
	require.Zero(t, count(store.OfficeFilter{Person: "team-1"}), "a team is nobody")
	require.Equal(t, 2, count(store.OfficeFilter{Kind: store.OfficeDelegation, From: hours(3)}))
	require.Equal(t, 3, count(store.OfficeFilter{Kind: store.OfficeDelegation, Until: hours(3)}))
	var all []string
	f := store.OfficeFilter{Limit: 3}
	for {
		page, err := s.Office(t.Context(), f)
		require.NoError(t, err)
		for _, l := range page.Items {
			all = append(all, fmt.Sprint(l.Line))
		}
		if f.Cursor = page.Next; f.Cursor == "" {
			break
		}
	}
	require.Equal(t, []string{"10", "9", "8", "7", "6", "5", "4", "3", "2", "1"}, all)
	_, err := s.Office(t.Context(), store.OfficeFilter{Cursor: "x"})
	require.ErrorIs(t, err, store.ErrBadCursor)
}

// Whichever process sees a change of the file first writes it, once, also one that was made while none ran.
func TestChangedRightsAreWrittenOnce(t *testing.T) {
	s := open(t)
	people := map[string]store.DirectoryRights{}
	for n := range 450 {
		people[fmt.Sprintf("p%03d", n)] = store.DirectoryRights{Roles: []string{"requester"}, Groups: []string{}}
	}
	require.NoError(t, s.RecordRights(t.Context(), people, day))
	said, lines := office(t, s, store.OfficeFilter{})
	require.Equal(t, []string{"person first_read  by system from "}, said)
	require.JSONEq(t, `{"people": 450}`, string(lines[0].Body))

	delete(people, "p001")
	people["new"] = store.DirectoryRights{Roles: []string{"admin"}, Groups: []string{"pmo"}}
	people["p002"] = store.DirectoryRights{Roles: []string{"requester", "pmo"}, Groups: nil}
	people["p003"] = store.DirectoryRights{Roles: []string{"requester"}, Groups: nil} // as before
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { require.NoError(t, s.RecordRights(context.Background(), people, hours(1))) })
	}
	all.Wait()
	said, lines = office(t, s, store.OfficeFilter{From: hours(1)})
	require.Equal(t, []string{"person changed p002 by system from ", "person removed p001 by system from ", "person added new by system from "}, said)
	require.JSONEq(t, `{"rights": {"roles": ["requester", "pmo"], "groups": null}, "before": {"roles": ["requester"], "groups": []}}`, string(lines[0].Body))

	for id := range people { // more than one transaction takes
		people[id] = store.DirectoryRights{Roles: []string{"team"}}
	}
	require.NoError(t, s.RecordRights(t.Context(), people, hours(2)))
	require.NoError(t, s.RecordRights(t.Context(), people, hours(3)))
	v, _ := verifyLedgers(t, s, nil)
	require.EqualValues(t, 1+3+450, v.Lines)
}

// Lines are written when everything else of a transaction is: two that change the same rows in another order do not wait for each other.
func TestTheOfficeLedgerIsLockedLast(t *testing.T) {
	s, dsn := openDSN(t)
	pool := testkit.Pool(t, dsn)
	require.NoError(t, s.KeepSession(t.Context(), session.Kept{Hash: "h", Person: "sam", Data: []byte("x"), At: day, Expires: hours(9)}))
	held, err := pool.Begin(t.Context())
	require.NoError(t, err)
	_, err = held.Exec(t.Context(), `LOCK TABLE api_token`)
	require.NoError(t, err)
	ended := make(chan error, 1)
	go func() { ended <- s.Block(context.Background(), "sam", "ada", "left", day) }() // ends sessions, then waits for the tokens
	require.Eventually(t, func() bool {
		var waits bool
		require.NoError(t, pool.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)`).Scan(&waits))
		return waits
	}, testkit.Patience, time.Millisecond)
	putTeam(t, s, "falcon")
	require.NoError(t, held.Rollback(t.Context()))
	require.NoError(t, <-ended)
}

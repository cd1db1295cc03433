package api

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
	"leanpmo/internal/store"
)

const issuer = "https://id.example.org"

// withZoe has the API know zoe, who came by claims.
func withZoe(b *bundle, blocked ...string) string {
	_, version := b.api.Directory.Known()
	b.api.Directory.Take(directory.Stored{Version: version + 2, Blocked: blocked, Claimed: []directory.Claimed{{Issuer: issuer, Subject: "zoe-1", State: directory.SignInAdmitted,
		Name: "Zoe Ahmadi", Username: "zoe", Roles: []string{"requester"}}}})
	return directory.PrincipalID(issuer, "zoe-1")
}

func TestAdministratorsBlockPeople(t *testing.T) {
	b := setup(t)
	zoe := withZoe(b)
	told := 0
	b.api.PeopleChanged = func(context.Context) error {
		told++
		withZoe(b, zoe)
		return nil
	}
	for who, want := range map[string]int{"sam": 403, "petra": 403, "ana": 403, "": 401} {
		for _, call := range [][2]string{{"PUT", "/v1/people/" + zoe + "/block"}, {"DELETE", "/v1/people/" + zoe + "/block"}, {"DELETE", "/v1/people/" + zoe + "/link"}} {
			body := ""
			if call[0] == "PUT" {
				body = `{"reason":"x"}`
			}
			status, _, _ := b.call(t, who, call[0], call[1], body)
			require.Equal(t, want, status, who)
		}
		status, _, _ := b.call(t, who, "GET", "/v1/sign-ins", "")
		require.Equal(t, want, status, who)
	}
	require.Zero(t, told)
	status, doc, _ := b.call(t, "ada", "PUT", "/v1/people/ada/block", `{"reason":"x"}`)
	require.Equal(t, http.StatusConflict, status, doc)
	status, _, _ = b.call(t, "ada", "PUT", "/v1/people/nobody/block", `{"reason":"x"}`)
	require.Equal(t, http.StatusNotFound, status)
	status, _, _ = b.call(t, "ada", "PUT", "/v1/people/"+zoe+"/block", `{"reason":" "}`)
	require.Equal(t, http.StatusUnprocessableEntity, status)

	status, _, _ = b.call(t, "ada", "PUT", "/v1/people/"+zoe+"/block", `{"reason":"left the company"}`)
	require.Equal(t, http.StatusNoContent, status)
	require.Equal(t, map[string]string{zoe: "left the company"}, b.store.blocked)
	require.Equal(t, 1, told, "this process knows at once")
	_, doc, _ = b.call(t, "sam", "GET", "/v1/people", "")
	require.NotContains(t, doc, zoe)
	_, known := b.api.Directory.Principal(zoe)
	require.False(t, known)
	status, _, _ = b.call(t, "ada", "DELETE", "/v1/people/"+zoe+"/link", "")
	require.Equal(t, http.StatusNoContent, status)
	require.Equal(t, []string{zoe}, b.store.unlinked)
	status, _, _ = b.call(t, "ada", "DELETE", "/v1/people/"+zoe+"/block", "")
	require.Equal(t, http.StatusNoContent, status)
	require.Empty(t, b.store.blocked)
}

func TestSignInsAreListedForAdministratorsAndAuditors(t *testing.T) {
	b := setup(t)
	zoe := withZoe(b)
	at := b.api.Now()
	b.store.signIns = []store.SignInRow{
		{Principal: zoe, Issuer: issuer, Subject: "zoe-1", Provider: "staff", State: "refused", Cause: "no group", Name: "Z.", Email: "zoe@example.org", FirstSeen: &at, LastSeen: &at,
			BlockedAt: &at, BlockedBy: "ada", Reason: "left"},
		{Principal: "sam", BlockedAt: &at, BlockedBy: "ada", Reason: "holiday"},
	}
	status, doc, _ := b.call(t, "ada", "GET", "/v1/sign-ins", "")
	require.Equal(t, http.StatusOK, status)
	items := doc["items"].([]any)
	require.Len(t, items, 2)
	first := items[0].(map[string]any)
	require.Equal(t, []any{zoe, "Zoe Ahmadi", "refused", "zoe-1"}, []any{first["person"], first["name"], first["state"], first["subject"]})
	require.Equal(t, "left", first["blocked"].(map[string]any)["reason"])
	_, doc, _ = b.call(t, "ada", "GET", "/v1/sign-ins?person=sam", "")
	require.Len(t, doc["items"], 1)
	require.NotContains(t, doc["items"].([]any)[0], "issuer")
}

// People from claims are in the list of people, and are mentioned by their user name.
func TestPeopleFromClaimsTakePart(t *testing.T) {
	b := setup(t)
	zoe := withZoe(b)
	_, doc, _ := b.call(t, "sam", "GET", "/v1/people", "")
	items := doc["items"].([]any)
	last := items[len(items)-1].(map[string]any)
	require.Equal(t, []any{zoe, "Zoe Ahmadi", "zoe", true}, []any{last["id"], last["name"], last["username"], last["claims"]})
	status, doc, _ := b.call(t, "sam", "POST", "/v1/requests/R-1/comments", `{"text":"What do you think, @zoe?"}`)
	require.Equal(t, http.StatusCreated, status, doc)
	require.Equal(t, []any{zoe}, doc["mentions"])
	status, _, _ = b.call(t, "ana", "PUT", "/v1/me/delegation", `{"delegate":"`+zoe+`","until":"2027-03-10T08:00:00Z"}`)
	require.Equal(t, http.StatusOK, status)
}

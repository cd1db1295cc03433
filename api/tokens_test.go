package api

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
	"leanpmo/internal/session"
)

// asToken calls with a token that was made.
func (b *bundle) asToken(t *testing.T, token, method, path, body string) (int, map[string]any) {
	t.Helper()
	status, doc, _ := b.call(t, "", method, path, body, "Authorization", "Bearer "+token)
	return status, doc
}

func (b *bundle) made(t *testing.T, who, body string) (secret, id string) {
	t.Helper()
	status, doc, _ := b.call(t, who, "POST", "/v1/me/tokens", body)
	require.Equal(t, 201, status, doc)
	return doc["token"].(string), doc["id"].(string)
}

func TestATokenHasItsScopesOfItsOwnersRights(t *testing.T) {
	b := setup(t)
	secret, id := b.made(t, "sam", `{"name":"laptop","scopes":["read"],"days":30}`)
	require.True(t, strings.HasPrefix(secret, "pmo_") && len(secret) > 50)
	status, doc := b.asToken(t, secret, "GET", "/v1/requests/R-1", "")
	require.Equal(t, 200, status, doc)
	require.Empty(t, doc["commands"], "what the token may not do is not offered")
	status, _ = b.asToken(t, secret, "GET", "/v1/requests/R-2", "")
	require.Equal(t, 404, status, "another's, and confidential")
	for _, refused := range [][3]string{
		{"POST", "/v1/requests", `{"title":"Invoices by e-mail","kind":"enhancement"}`},
		{"POST", "/v1/requests/R-1/withdraw", `{"reason":"a"}`},
		{"PUT", "/v1/me/delegation", `{"delegate":"kai","until":"2027-03-10T08:00:00Z"}`},
		{"POST", "/v1/me/tokens", `{"name":"more","scopes":["read","submit"],"days":300}`},
		{"DELETE", "/v1/me/tokens/" + id, ""},
		{"GET", "/v1/tokens", ""},
	} {
		status, doc = b.asToken(t, secret, refused[0], refused[1], refused[2])
		require.Equal(t, 403, status, "%v: %v", refused, doc)
	}
	submits, _ := b.made(t, "sam", `{"name":"form","scopes":["submit"],"days":30}`)
	status, doc = b.asToken(t, submits, "POST", "/v1/requests", `{"title":"Invoices by e-mail","kind":"enhancement"}`)
	require.Equal(t, 201, status, doc)
	answers, _ := b.made(t, "ana", `{"name":"bot","scopes":["answer"],"days":30}`)
	status, _ = b.asToken(t, answers, "GET", "/v1/requests/R-1", "")
	require.Equal(t, 403, status)
	status, doc = b.asToken(t, answers, "POST", "/v1/requests/R-1/decisions", `{"decision":"review/1/approvers","verdict":"approve"}`)
	require.Equal(t, 200, status, doc)
	reads, _ := b.made(t, "ana", `{"name":"reads","scopes":["read"],"days":30}`)
	status, _ = b.asToken(t, reads, "POST", "/v1/requests/R-1/decisions", `{"decision":"review/1/approvers","verdict":"approve"}`)
	require.Equal(t, 403, status)
}

func TestATokenEnds(t *testing.T) {
	b := setup(t)
	secret, id := b.made(t, "sam", `{"name":"laptop","scopes":["read"],"days":30}`)
	status, doc, _ := b.call(t, "sam", "POST", "/v1/me/tokens", `{"name":"laptop","scopes":["read"],"days":30}`)
	require.Equal(t, 409, status, doc)
	status, _, _ = b.call(t, "ana", "DELETE", "/v1/me/tokens/"+id, "")
	require.Equal(t, 404, status, "another's")
	status, doc, _ = b.call(t, "sam", "GET", "/v1/me/tokens", "")
	require.Equal(t, 200, status)
	require.NotContains(t, doc["items"].([]any)[0], "token", "it is shown once")

	at := now
	b.api.Now = func() time.Time { return at }
	at = now.AddDate(0, 0, 30)
	status, _ = b.asToken(t, secret, "GET", "/v1/requests", "")
	require.Equal(t, 401, status, "expired")
	at = now
	status, _ = b.asToken(t, secret, "GET", "/v1/requests", "")
	require.Equal(t, 200, status)
	b.store.down = true
	status, _ = b.asToken(t, secret, "GET", "/v1/requests", "")
	require.Equal(t, 503, status)
	b.store.down = false
	for range 2 {
		status, _, _ = b.call(t, "sam", "DELETE", "/v1/me/tokens/"+id, "")
		require.Equal(t, 204, status)
	}
	status, _ = b.asToken(t, secret, "GET", "/v1/requests", "")
	require.Equal(t, 401, status, "revoked")
	for _, token := range []string{"pmo_", "pmo_x", secret + "x"} {
		status, _ = b.asToken(t, token, "GET", "/v1/requests", "")
		require.Equal(t, 401, status)
	}
	require.NotContains(t, b.log.String(), secret)

	other, _ := b.made(t, "sam", `{"name":"other","scopes":["read"],"days":30}`)
	without, err := directory.Parse([]byte("principals: [{id: petra, name: P, roles: [pmo], token: dev-petra}]"))
	require.NoError(t, err)
	b.api.Directory.Replace(without)
	status, _ = b.asToken(t, other, "GET", "/v1/requests", "")
	require.Equal(t, 401, status, "its owner has left")
}

func TestARepeatedAnswerHasNoToken(t *testing.T) {
	b := setup(t)
	call := func() (map[string]any, string) {
		status, doc, header := b.call(t, "sam", "POST", "/v1/me/tokens", `{"name":"laptop","scopes":["read"],"days":30}`, "Idempotency-Key", "k")
		require.Equal(t, 201, status, doc)
		return doc, header.Get("Idempotency-Replayed")
	}
	first, _ := call()
	again, replayed := call()
	require.Equal(t, "true", replayed)
	require.Equal(t, first["id"], again["id"])
	require.NotContains(t, again, "token")
	for _, kept := range b.store.keys {
		require.NotContains(t, string(kept.answer), first["token"])
	}
}

func TestTokenFormsAreChecked(t *testing.T) {
	b := setup(t)
	for _, body := range []string{`{"name":"","scopes":["read"],"days":1}`, `{"name":"a","scopes":[],"days":1}`, `{"name":"a","scopes":["all"],"days":1}`,
		`{"name":"a","scopes":["read"],"days":0}`, `{"name":"a","scopes":["read"],"days":367}`, `{"name":"a","scopes":["read"]}`, `{"name":"\u200b","scopes":["read"],"days":1}`} {
		status, doc, _ := b.call(t, "sam", "POST", "/v1/me/tokens", body)
		require.Equal(t, 422, status, "%s: %v", body, doc)
	}
}

const withServices = `
principals:
  - {id: sam, name: Sam, roles: [requester], token: dev-sam}
  - {id: ada, name: Ada, roles: [admin], token: dev-ada}
  - {id: audit, name: Audit, roles: [auditor], token: dev-audit}
  - {id: petra, name: Petra, roles: [pmo], token: dev-petra}
  - {id: robot, name: Robot, roles: [approver], service: true}
groups:
  - {id: approvers, name: Approvers, members: [robot]}
`

func TestAdministratorsMakeTokensForServicesAlone(t *testing.T) {
	b := setup(t)
	dir, err := directory.Parse([]byte(withServices))
	require.NoError(t, err)
	b.api.Directory.Replace(dir)
	status, doc, _ := b.call(t, "ada", "POST", "/v1/tokens", `{"principal":"robot","name":"nightly","scopes":["read","answer"],"days":90}`)
	require.Equal(t, 201, status, doc)
	secret := doc["token"].(string)
	for _, principal := range []string{"sam", "ada", "nobody"} {
		status, _, _ = b.call(t, "ada", "POST", "/v1/tokens", `{"principal":"`+principal+`","name":"x","scopes":["read"],"days":90}`)
		require.Equal(t, 422, status, principal)
	}
	for _, who := range []string{"sam", "petra", "audit"} {
		status, _, _ = b.call(t, who, "POST", "/v1/tokens", `{"principal":"robot","name":"x","scopes":["read"],"days":90}`)
		require.Equal(t, 403, status, who)
	}
	status, _ = b.asToken(t, secret, "GET", "/v1/requests/R-1", "")
	require.Equal(t, 200, status)
	r := inReview(requestA, 1, "sam")
	r.Questions[0].People = []string{"robot"}
	b.hold(r)
	status, doc = b.asToken(t, secret, "POST", "/v1/requests/R-1/decisions", `{"decision":"review/1/approvers","verdict":"approve"}`)
	require.Equal(t, 403, status, "a service does not judge: %v", doc)
}

func TestWhoSeesAndEndsWhoseAccess(t *testing.T) {
	b := setup(t)
	dir, err := directory.Parse([]byte(withServices))
	require.NoError(t, err)
	b.api.Directory.Replace(dir)
	const own, others = "00000000-0000-7000-8000-0000000000a1", "00000000-0000-7000-8000-0000000000a2"
	b.store.sessions = []session.Session{{ID: own, Person: "sam", Made: now}, {ID: others, Person: "ada", Made: now}}
	_, token := b.made(t, "sam", `{"name":"laptop","scopes":["read"],"days":30}`)
	count := func(who, path string) int {
		status, doc, _ := b.call(t, who, "GET", path, "")
		if status != 200 {
			return -status
		}
		return len(doc["items"].([]any))
	}
	require.Equal(t, 1, count("sam", "/v1/me/sessions"))
	require.Equal(t, -403, count("sam", "/v1/sessions"))
	require.Equal(t, -403, count("petra", "/v1/tokens"))
	require.Equal(t, 2, count("ada", "/v1/sessions"))
	require.Equal(t, 1, count("audit", "/v1/sessions?person=sam"))
	require.Equal(t, 1, count("audit", "/v1/tokens"))
	end := func(who, path string) int {
		status, _, _ := b.call(t, who, "DELETE", path, "")
		return status
	}
	require.Equal(t, 404, end("sam", "/v1/me/sessions/"+others))
	require.Equal(t, 403, end("audit", "/v1/sessions/"+own))
	require.Equal(t, 403, end("audit", "/v1/tokens/"+token))
	require.Equal(t, 204, end("ada", "/v1/sessions/"+own))
	require.Equal(t, 404, end("ada", "/v1/sessions/"+own))
	require.Equal(t, 204, end("ada", "/v1/tokens/"+token))
}

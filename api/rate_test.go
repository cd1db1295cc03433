package api

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestCallsAreBounded(t *testing.T) {
	b := setup(t)
	d := b.api.Deps
	at := now
	d.CallsPerMinute, d.Now = 100, func() time.Time { return at }
	b.api = New(d)
	status := func(who string) int {
		code, _, _ := b.call(t, who, "GET", "/v1/teams", "")
		return code
	}
	for range 10 {
		require.Equal(t, 200, status("sam"))
	}
	code, doc, header := b.call(t, "sam", "GET", "/v1/teams", "")
	require.Equal(t, 429, code)
	require.Equal(t, "rate_limited", doc["kind"])
	require.Equal(t, "1", header.Get("Retry-After"))
	require.Equal(t, 200, status("ana"), "another's calls are hers")
	at = at.Add(time.Minute)
	require.Equal(t, 200, status("sam"))

	secret, _ := b.made(t, "ana", `{"name":"bot","scopes":["read"],"days":30}`)
	for range 5 {
		code, _ = b.asToken(t, secret, "GET", "/v1/teams", "")
		require.Equal(t, 200, code)
	}
	code, _ = b.asToken(t, secret, "GET", "/v1/teams", "")
	require.Equal(t, 429, code, "a token has half")
	f := &following{api: b.api}
	r := httptest.NewRequest("GET", "/v1/events", nil)
	r.Header.Set("Authorization", "Bearer "+secret)
	require.True(t, f.stillKnown(r), "who follows the events by it is not sent away")
	r.Header.Set("Authorization", "Bearer pmo_revoked")
	require.False(t, f.stillKnown(r))
	require.Equal(t, 200, status("ana"), "its owner goes on")

	for range 60 {
		require.Equal(t, 401, status("nobody"))
	}
	require.Equal(t, 429, status("nobody"))
	require.Equal(t, 200, status("petra"), "who has a token is not locked out by others at the same address")
}

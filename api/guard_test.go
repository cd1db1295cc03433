package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/problem"
)

func TestGuard(t *testing.T) {
	deep := func(n int) string { return strings.Repeat(`[`, n) + strings.Repeat(`]`, n) }
	for _, c := range []struct {
		name, body, pointer string
		status              int
		header              map[string]string
		query               string
	}{
		{name: "fine", body: `{"title":"a","n":[1,2.5e3,-0,true,null,"\u00e4\ud83d\ude00"]}`, status: 200},
		{name: "empty", body: ``, status: 200},
		{name: "spaces only", body: ` `, status: 400},
		{name: "charset", body: `{}`, header: map[string]string{"Content-Type": "application/json; charset=UTF-8"}, status: 200},
		{name: "other charset", body: `{}`, header: map[string]string{"Content-Type": "application/json; charset=latin1"}, status: 415},
		{name: "form", body: `a=b`, header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, status: 415},
		{name: "no media type", body: `{}`, header: map[string]string{"Content-Type": ""}, status: 415},
		{name: "cbor", body: `{}`, header: map[string]string{"Content-Type": "application/cbor"}, status: 415},
		{name: "compressed", body: `{}`, header: map[string]string{"Content-Encoding": "gzip"}, status: 415},
		{name: "too large", body: `"` + strings.Repeat("a", maxBody) + `"`, status: 413},
		{name: "cut", body: `{"secret":`, pointer: "/secret", status: 400},
		{name: "trailing value", body: `{"secret":1} {}`, status: 400},
		{name: "trailing comma", body: `{"secret":1,}`, status: 400},
		{name: "comment", body: `{/*secret*/}`, status: 400},
		{name: "bad UTF-8", body: "{\"a\":{\"b\":[\"ok\",\"secret\xff\"]}}", pointer: "/a/b/1", status: 400},
		{name: "bad UTF-8 in a key", body: "{\"a\":{\"secret\xff\":1}}", pointer: "/a", status: 400},
		{name: "raw NUL", body: "{\"a\":\"secret\x00\"}", pointer: "/a", status: 400},
		{name: "escaped NUL", body: `{"a":"secret\u0000"}`, pointer: "/a", status: 400},
		{name: "lone surrogate", body: `{"a":"secret\ud800"}`, pointer: "/a", status: 400},
		{name: "lone low surrogate", body: `{"a":"secret\udc00"}`, pointer: "/a", status: 400},
		{name: "wrong second surrogate", body: `{"a":"secret\ud800\u0041"}`, pointer: "/a", status: 400},
		{name: "duplicate key", body: `{"a":{"k~/":"secret","k~/":2}}`, pointer: "/a/k~0~1", status: 400},
		{name: "case-folded key", body: `{"title":"secret","Title":"x"}`, pointer: "/Title", status: 400},
		{name: "kelvin key", body: `{"k":"secret","\u212a":"x"}`, pointer: "/\u212a", status: 400},
		{name: "escaped duplicate", body: `{"a":"secret","\u0061":"x"}`, pointer: "/a", status: 400},
		{name: "deep enough", body: deep(33), status: 200},
		{name: "too deep", body: deep(34), pointer: strings.Repeat("/0", 33), status: 400},
		{name: "very deep", body: deep(200000), pointer: strings.Repeat("/0", 33), status: 400},
		{name: "leading zero", body: `{"a":01}`, pointer: "", status: 400},
		{name: "bare dot", body: `{"a":1.}`, pointer: "/a", status: 400},
		{name: "NaN", body: `{"a":NaN}`, pointer: "/a", status: 400},
		{name: "out of range", body: `{"a":1e999}`, pointer: "/a", status: 422},
		{name: "newline in a string", body: "{\"a\":\"sec\nret\"}", pointer: "/a", status: 400},
		{name: "key", body: `{}`, header: map[string]string{keyHeader: `"8e03978e-40d5-43dd-bc93-6894a57f9324"`}, status: 200},
		{name: "long key", body: `{}`, header: map[string]string{keyHeader: strings.Repeat("secret", 30)}, pointer: "header/Idempotency-Key", status: 422},
		{name: "empty key", body: `{}`, header: map[string]string{keyHeader: ""}, pointer: "header/Idempotency-Key", status: 422},
		{name: "key with a space", body: `{}`, header: map[string]string{keyHeader: "my secret"}, pointer: "header/Idempotency-Key", status: 422},
		{name: "parameter twice", query: "limit=1&limit=2", pointer: "query/limit", status: 422},
		{name: "bad query", query: "a=%zz", status: 400},
		{name: "bad UTF-8 in query", query: "text=%ff", status: 400},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest("POST", "/v1/requests?"+c.query, strings.NewReader(c.body))
			r.Header.Set("Content-Type", "application/json")
			for name, value := range c.header {
				r.Header.Set(name, value)
			}
			rec := httptest.NewRecorder()
			var passed bytes.Buffer
			guard(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = passed.ReadFrom(r.Body) })).ServeHTTP(rec, r)
			require.Equal(t, c.status, rec.Code, rec.Body)
			if c.status == 200 {
				require.Equal(t, c.body, passed.String())
				return
			}
			require.Equal(t, problem.MediaType, rec.Header().Get("Content-Type"))
			require.NotContains(t, rec.Body.String(), "secret:")
			require.NotRegexp(t, `[^/]secret`, rec.Body.String(), "a value came back")
			var doc problem.Problem
			require.NoError(t, json.Unmarshal(rec.Body.Bytes(), &doc))
			require.Equal(t, c.status, doc.Status)
			if c.pointer != "" {
				require.Equal(t, c.pointer, doc.Errors[0].Pointer)
			}
		})
	}
}

func TestGuardRefusesTwoKeys(t *testing.T) {
	r := httptest.NewRequest("POST", "/", nil)
	r.Header[keyHeader] = []string{"a", "b"}
	_, err := checked(httptest.NewRecorder(), r)
	require.True(t, problem.Is(err, problem.Invalid))
}

func FuzzScanJSON(f *testing.F) {
	for _, seed := range []string{`{}`, `[]`, `"\ud83d\ude00"`, `{"a":{"b":[1,2,-3.5e+7]}}`, `{"a":1,"A":2}`, "\"\xff\"", `{"a":"\u0000"}`, `1 2`, `[[[[`, `nul`, `-`, `{"a" : true , "b":null}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		err := scanJSON(body)
		if err == nil {
			require.True(t, json.Valid(body), "took what is not JSON: %q", body)
			require.True(t, utf8.Valid(body))
			var v any
			require.NoError(t, json.Unmarshal(body, &v))
			return
		}
		p := problem.From(err)
		require.Contains(t, []int{400, 422}, p.Status)
		require.True(t, utf8.ValidString(p.Errors[0].Pointer))
	})
}

package api

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheFirstAnswerIsMarked when a command is repeated, on every route that gives a command to a request.
func TestTheFirstAnswerIsMarked(t *testing.T) {
	for _, c := range []struct{ who, method, path, body string }{
		{"sam", "POST", "/v1/requests", `{"title":"Invoices by e-mail","kind":"enhancement"}`},
		{"sam", "POST", "/v1/requests/R-1/hold", `{"reason":"budget"}`},
		{"sam", "POST", "/v1/requests/R-1/withdraw", `{"reason":"budget"}`},
		{"sam", "PATCH", "/v1/requests/R-1", `{"revision":1,"patch":{"title":"Invoices by post"}}`},
		{"ana", "POST", "/v1/requests/R-1/decisions", `{"decision":"review/1/approvers","verdict":"approve"}`},
		{"petra", "POST", "/v1/requests/R-1/split", `{"reason":"two","parts":[{"title":"One","kind":"support"},{"title":"Two","kind":"support"}]}`},
	} {
		b := setup(t)
		for _, want := range []string{"", "true"} {
			b.engine.replayed = want != ""
			status, doc, header := b.call(t, c.who, c.method, c.path, c.body, "Idempotency-Key", "k")
			require.Less(t, status, http.StatusMultipleChoices, doc)
			require.Equal(t, want, header.Get("Idempotency-Replayed"), c.path)
		}
	}
}

package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestOpeningTheLinkOfANotificationChangesNothing: mail and chat programs open links before people do, some with their sign-in. The page shows
// the question, also with a verdict in the address, and only a POST answers it.
func TestOpeningTheLinkOfANotificationChangesNothing(t *testing.T) {
	for _, headers := range []map[string]string{{}, {"Sec-Purpose": "prefetch"}, {"Purpose": "preview"}} {
		b := newBrowser(t).signIn("ana")
		for name, value := range headers {
			b.headers.Set(name, value)
		}
		for _, link := range []string{"/requests/R-8", "/requests/R-8/answer?question=review%2F1%2Fapprovers", "/requests/R-8/answer?question=review%2F1%2Fapprovers&verdict=approve"} {
			require.Equal(t, http.StatusOK, b.do(http.MethodGet, link, nil).StatusCode)
			b.do(http.MethodHead, link, nil)
		}
		require.Empty(t, b.api.sent)
		require.NotEmpty(t, b.api.query)
		for call := range b.api.query {
			require.True(t, strings.HasPrefix(call, "GET "), call)
		}
	}
}

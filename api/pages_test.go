package api

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/web"
)

// pagesBrowser is a person signed in to the pages, which are served by the API as in the product.
type pagesBrowser struct {
	*bundle
	session *http.Cookie
}

func signedInToPages(t *testing.T, b *bundle, who string) *pagesBrowser {
	t.Helper()
	site, err := web.New(web.Options{API: b.api, Caller: SignedInAs, People: b.api.Directory, LocalSignIn: true, Plain: true, Now: b.api.Now})
	require.NoError(t, err)
	b.api.ServePages(site)
	p := &pagesBrowser{bundle: b}
	response := p.send(t, "POST", "/sign-in", url.Values{"person": {who}})
	require.Equal(t, http.StatusSeeOther, response.Code)
	p.session = response.Result().Cookies()[0]
	return p
}

func (p *pagesBrowser) send(t *testing.T, method, target string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if p.session != nil {
		r.AddCookie(p.session)
	}
	w := httptest.NewRecorder()
	p.api.ServeHTTP(w, r)
	return w
}

// TestFormsOfPagesReachTheAPI: a page is served by a POST while it reads from the API by a GET, and the other way round.
func TestFormsOfPagesReachTheAPI(t *testing.T) {
	p := signedInToPages(t, setup(t), "ana")
	answer := url.Values{"question": {"review/1/approvers"}, "verdict": {"approve"}}
	require.Equal(t, http.StatusOK, p.send(t, "GET", "/requests/R-1/answer?"+answer.Encode(), nil).Code)
	require.Empty(t, p.engine.sent)
	response := p.send(t, "POST", "/requests/R-1/answer", answer)
	require.Equal(t, http.StatusSeeOther, response.Code, response.Body)
	require.Len(t, p.engine.sent, 1)
	require.Equal(t, "ana", p.engine.sent[0].by.Actor)
}

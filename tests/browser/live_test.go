package browser

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"leanpmo/tests/harness"
)

// signIn signs somebody in to the pages of the local stack.
func (b *browser) signIn(url, who string) {
	b.t.Helper()
	b.do(chromedp.Navigate(url + "/sign-in/provider/oidc"))
	_, err := evaluate[any](b, fmt.Sprintf(`document.querySelector('button[name="subject"][value=%q]').click()`, who))
	require.NoError(b.t, err)
	b.await("Waits for you")
}

// mark leaves a mark in the page that a page loaded anew would not have.
func (b *browser) mark() {
	b.t.Helper()
	_, err := evaluate[any](b, `window.mark = "kept"; null`)
	require.NoError(b.t, err)
}

func (b *browser) kept() {
	b.t.Helper()
	mark, err := evaluate[string](b, `window.mark ?? ""`)
	require.NoError(b.t, err)
	require.Equal(b.t, "kept", mark, "the page was not loaded anew")
}

// TestPagesFollowWhatHappens: two browsers see each other's changes in place, and none is taken from under what somebody writes.
func TestPagesFollowWhatHappens(t *testing.T) {
	chrome := program(t)
	e := harness.Start(t, harness.Options{Mode: harness.Local, AsShipped: true})
	r := e.API.Submit("sam", form("Type the project lists once"))
	r.AwaitOpen("review/1/approvers")

	ana, bo := open(t, chrome, ""), open(t, chrome, "")
	ana.signIn(e.API.URL, "ana")
	bo.signIn(e.API.URL, "bo")
	ana.see(e.API.URL+"/requests/"+r.Ref, "Type the project lists once")
	bo.see(e.API.URL+"/inbox", "Type the project lists once")
	ana.mark()
	bo.mark()
	r.Decide("ana", "review/1/approvers", "abstain", "reason", "not mine to say")
	ana.await("not mine to say")
	ana.kept()

	e.API.Submit("rita", form("Show the bus lines on the map of road works"))
	bo.await("Show the bus lines on the map of road works")
	bo.kept()

	// A comment reaches whoever shows the request, and the inbox whom it is for.
	e.API.As("bo").Call(http.StatusCreated, http.MethodPost, r.Path("/comments"), map[string]any{"text": "@ana, is the money there?"})
	ana.await("is the money there?")
	ana.kept()

	// Somebody is writing: the page waits, and says so.
	bo.see(e.API.URL+"/requests/"+r.ID+"/answer?question=review/1/approvers&verdict=reject", "Reject")
	bo.mark()
	_, err := evaluate[any](bo, `document.querySelector("textarea").value = "half a sentence"; null`)
	require.NoError(t, err)
	require.Less(t, r.Do("sam", "hold", map[string]any{"reason": "budget"}).Status, 300)
	bo.await("Something on this page has changed")
	written, err := evaluate[string](bo, `document.querySelector("textarea").value`)
	require.NoError(t, err)
	require.Equal(t, "half a sentence", written)
	bo.kept()
}

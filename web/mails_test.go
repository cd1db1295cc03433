package web

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/caught"
)

func TestTheMailsOfTheLocalStack(t *testing.T) {
	box := &caught.Box{}
	b := newBrowserWith(t, func(o *Options) { o.Mails = box }).signIn("sam")
	require.Contains(t, b.text(b.do("GET", "/mails", nil)), "No mail has been sent yet.")
	require.NoError(t, box.Add(strings.NewReader("Subject: Please review <R-7>\r\nTo: ana@example.test\r\nContent-Type: text/html\r\n\r\n<html><head></head><script>alert(1)</script><p>Hello</p>"), now))
	require.NoError(t, box.Add(strings.NewReader("Subject: Plain\r\n\r\nonly text <b>"), now))
	list := b.text(b.do("GET", "/mails", nil))
	require.Contains(t, list, `<a href="/mails/1">Please review &lt;R-7&gt;</a>`)
	require.Contains(t, b.text(b.do("GET", "/mails?lang=de", nil))+b.text(b.do("GET", "/mails", nil)), "Mails dieser lokalen Installation")
	require.NoError(t, box.Add(strings.NewReader("Subject: For Bo\r\nTo: \"Bo Hansen\" <bo@example.test>\r\n\r\ntext"), now))
	bos := b.text(b.do("GET", "/mails?to=bo@example.test", nil))
	require.Contains(t, bos, `Bo Hansen<br><a class="small" href="/mails?to=bo%40example.test">bo@example.test</a>`)
	require.Contains(t, bos, "For Bo")
	require.NotContains(t, bos, "Please review")
	require.Contains(t, b.text(b.do("GET", "/mails", nil)), "Please review")

	page := b.do("GET", "/mails/1", nil)
	require.Contains(t, page.Header.Get("Content-Security-Policy"), "frame-src 'self'")
	text := b.text(page)
	require.Contains(t, text, `src="/mails/1/html"`)
	require.NotContains(t, text, "alert(1)")
	frame := b.do("GET", "/mails/1/html", nil)
	policy := frame.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "sandbox allow-popups", "frame-ancestors 'self'"} {
		require.Contains(t, policy, want)
	}
	require.NotContains(t, policy, "script-src")
	require.NotContains(t, policy, "allow-scripts")
	require.Contains(t, b.text(frame), "<p>Hello</p>")
	require.Contains(t, b.text(b.do("GET", "/mails/2", nil)), "only text &lt;b&gt;")
	for _, unknown := range []string{"/mails/4", "/mails/x", "/mails/4/html"} {
		require.Equal(t, http.StatusNotFound, b.do("GET", unknown, nil).StatusCode, unknown)
	}
}

// TestOnlyTheLocalStackShowsMails, to who is signed in.
func TestOnlyTheLocalStackShowsMails(t *testing.T) {
	b := newBrowser(t).signIn("ada")
	for _, page := range []string{"/mails", "/mails/1", "/mails/1/html"} {
		require.Equal(t, http.StatusNotFound, b.do("GET", page, nil).StatusCode, page)
	}
	out := newBrowserWith(t, func(o *Options) { o.Mails = &caught.Box{} })
	require.Equal(t, http.StatusSeeOther, out.do("GET", "/mails", nil).StatusCode)
}

type keptLanguages map[string]string

func (k keptLanguages) KeepLanguage(_ context.Context, person, language string) error {
	k[person] = language
	return nil
}

// TestTheLanguageOfWhoSignsInIsKept, so that mails to them are in it.
func TestTheLanguageOfWhoSignsInIsKept(t *testing.T) {
	kept := keptLanguages{}
	b := newBrowserWith(t, func(o *Options) { o.Languages = kept })
	b.signIn("sam")
	b.headers.Set("Accept-Language", "de-AT,de;q=0.9")
	b.signIn("rita")
	require.Equal(t, keptLanguages{"sam": "en", "rita": "de"}, kept)
}

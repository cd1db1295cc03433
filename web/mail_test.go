package web

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/wire"
)

// TestTheDraftOfAMailSaysSo, and that its attachments were not kept.
func TestTheDraftOfAMailSaysSo(t *testing.T) {
	b := newBrowser(t).signIn("sam")
	path := "/requests/new/enhancement?draft=" + draftID
	require.NotContains(t, b.text(b.do("GET", path, nil)), "by e-mail")
	draft := wire.Draft{ID: draftID, Kind: "enhancement", At: now, Fields: map[string][]string{"title": {"Half a form"}, wire.DraftByMail: {"yes"}}}
	b.api.answers["GET /v1/me/drafts/"+draftID] = draft
	page := b.text(b.do("GET", path, nil))
	require.Contains(t, page, "This is what you wrote by e-mail.")
	require.NotContains(t, page, "Attachments are not kept")
	draft.Fields[wire.DraftLeftOut] = []string{"2"}
	require.Contains(t, b.text(b.do("GET", path, nil)), "Attachments are not kept (2)")
}

// TestTheDiscussionHasTheReadersAddress, which is the reader's alone.
func TestTheDiscussionHasTheReadersAddress(t *testing.T) {
	require.NotContains(t, newPage(t, nil, "sam"), "mailto:", "no mail is taken")
	address := func(_ context.Context, person, ref string) (string, error) {
		return "pmo+" + ref + ".for" + person + "@example.org", nil
	}
	for _, person := range []string{"sam", "ana"} {
		require.Contains(t, newPage(t, address, person), `href="mailto:pmo&#43;R-8.for`+person+`@example.org"`)
	}
	away := func(context.Context, string, string) (string, error) { return "", errors.New("away") }
	require.NotContains(t, newPage(t, away, "sam"), "mailto:")
}

func newPage(t *testing.T, address func(ctx context.Context, person, ref string) (string, error), person string) string {
	b := newBrowserWith(t, func(o *Options) { o.MailAddress = address }).signIn(person)
	return b.text(b.do("GET", "/requests/R-8", nil))
}

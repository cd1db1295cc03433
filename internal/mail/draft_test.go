package mail

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWhoWroteAMailIsToldWhereItsDraftIs, in both languages, with what was not kept; the answer is marked so that no program answers it.
func TestWhoWroteAMailIsToldWhereItsDraftIs(t *testing.T) {
	d := Draft{ID: "0b5f4d5e-0000-4000-8000-000000000009", Person: "ana", Address: "ana@example.test", Title: "Lists of\r\nBcc: eve@evil.example", Page: "https://pmo.example/requests/new/enhancement?draft=x", LeftOut: 2, At: at}
	office := newPostOffice(t)
	require.NoError(t, newSender(t, Settings{Address: office.address}).SendDraft(t.Context(), d))
	got := office.all()
	require.Len(t, got, 1)
	require.Equal(t, "<draft-"+d.ID+"@example.test>", got[0].header.Get("Message-ID"))
	require.Equal(t, "auto-generated", got[0].header.Get("Auto-Submitted"))
	require.Empty(t, got[0].header.Get("Bcc"))
	require.Empty(t, got[0].header.Get("List-Unsubscribe"))
	plain, rich := parts(t, got[0])
	for _, text := range []string{plain, rich} {
		require.Contains(t, text, "https://pmo.example/requests/new/enhancement?draft=x")
		require.Contains(t, text, "Attachments are not kept (2)")
	}
	german := draftLetter(Draft{Page: "/relative"}, "de")
	require.Equal(t, "Aus Ihrer E-Mail wurde ein Entwurf", german.Subject)
	require.Equal(t, german.Subject, german.Heading, "a mail without a subject")
	require.Len(t, german.Lines, 1)
	require.Empty(t, german.Page)
}

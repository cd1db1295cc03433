package api

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
)

const commentsOfA = "/v1/requests/R-1/comments"

// TestWhomACommentMentions is told of it, by the ledger; the ledger does not say what was said.
func TestWhomACommentMentions(t *testing.T) {
	b := setup(t)
	status, doc, _ := b.call(t, "sam", "POST", commentsOfA, `{"text":"@ana, see a@bo.example and @nobody; @sam too. <b>bold</b>","mentions":["theo","ana"],"question":"review/1/approvers"}`)
	require.Equal(t, http.StatusCreated, status, doc)
	require.Equal(t, []any{"theo", "ana"}, doc["mentions"])
	require.Equal(t, "@ana, see a@bo.example and @nobody; @sam too. <b>bold</b>", doc["text"], "kept as it was written")
	noted := b.store.discussion.noted[0]
	require.Equal(t, []string{"theo", "ana"}, noted.Recipients)
	require.Equal(t, "commented", noted.Event)
	require.Equal(t, "wrote a comment for theo, ana", noted.Text)
	require.Zero(t, noted.Seq)
	for body, want := range map[string]string{
		`{"text":"x","question":"plan/1"}`:                                   "/question",
		`{"text":"x","mentions":["mallory"]}`:                                "/mentions/0",
		`{"text":" \u200b "}`:                                                "/text",
		`{"text":"` + strings.Repeat("x", 4001) + `"}`:                       "/text",
		`{"text":"x","mentions":["` + strings.Repeat(`ana","`, 20) + `bo"]}`: "/mentions",
	} {
		status, doc, _ := b.call(t, "sam", "POST", commentsOfA, body)
		require.Equal(t, http.StatusUnprocessableEntity, status, body)
		require.Equal(t, []string{want}, pointers(doc), body)
	}
	require.Len(t, b.store.discussion.noted, 1)

	r := b.store.rows[requestA].Request
	r.Watchers = []string{"kim"}
	b.put(r)
	status, doc, _ = b.call(t, "ana", "POST", commentsOfA, `{"text":"@theo and @ana, who knows more?"}`)
	require.Equal(t, http.StatusCreated, status, doc)
	require.Equal(t, []string{"theo", "sam", "kim"}, b.store.discussion.noted[1].Recipients, "requester and watchers hear of it, who wrote it does not")
}

// TestAConfidentialDiscussionStaysAmongItsReaders.
func TestAConfidentialDiscussionStaysAmongItsReaders(t *testing.T) {
	b := setup(t)
	const path = "/v1/requests/R-2/comments"
	for _, c := range []struct{ method, body string }{{"GET", ""}, {"POST", `{"text":"x"}`}} {
		status, _, _ := b.call(t, "sam", c.method, path, c.body)
		require.Equal(t, http.StatusNotFound, status)
	}
	status, doc, _ := b.call(t, "rita", "POST", path, `{"text":"@sam what do you think?"}`)
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Equal(t, []string{"/text"}, pointers(doc), "sam may not read it")
	status, doc, _ = b.call(t, "rita", "POST", path, `{"text":"@ana and @petra, what do you think?"}`)
	require.Equal(t, http.StatusCreated, status, doc)
	require.Equal(t, []any{"ana", "petra"}, doc["mentions"], "ana is asked, petra reads all")
	status, _, _ = b.call(t, "sam", "GET", "/v1/requests/R-1/comments/"+b.store.discussion.comments[1].ID, "")
	require.Equal(t, http.StatusNotFound, status, "not by way of another request")
}

// TestMentionsAreBoundedBeforeTheyAreLookedUp: each costs a read of the database.
func TestMentionsAreBoundedBeforeTheyAreLookedUp(t *testing.T) {
	b := setup(t)
	file, text := string(directory.Local()), strings.Builder{}
	people, groups, _ := strings.Cut(file, "\ngroups:")
	for i := range 200 {
		people += fmt.Sprintf("  - {id: p%d, name: P, roles: [pmo], token: dev-p%d}\n", i, i)
		fmt.Fprintf(&text, "@p%d ", i)
	}
	more, err := directory.Parse([]byte(people + "\ngroups:" + groups))
	require.NoError(t, err)
	b.api.Directory.Replace(more)
	before := b.store.standings.Load()
	status, doc, _ := b.call(t, "rita", "POST", "/v1/requests/R-2/comments", `{"text":"`+text.String()+`"}`)
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Equal(t, []string{"/text"}, pointers(doc))
	require.LessOrEqual(t, int(b.store.standings.Load()-before), mostMentions+5)
}

func TestOwnCommentsAreEditedAndWithdrawn(t *testing.T) {
	b := setup(t)
	const path = commentsOfA + "/" + commentA
	edit := `{"text":"second, @bo","version":1}`
	for who, want := range map[string]int{"ana": http.StatusForbidden, "petra": http.StatusForbidden} {
		status, _, _ := b.call(t, who, "PUT", path, edit)
		require.Equal(t, want, status, who)
		status, _, _ = b.call(t, who, "DELETE", path, "")
		require.Equal(t, want, status, who)
	}
	status, doc, _ := b.call(t, "sam", "PUT", path, edit)
	require.Equal(t, http.StatusOK, status, doc)
	require.Equal(t, []string{"bo"}, b.store.discussion.noted[0].Recipients)
	status, doc, _ = b.call(t, "sam", "PUT", path, edit)
	require.Equal(t, http.StatusConflict, status)
	require.Equal(t, "stale_revision", doc["kind"])
	status, _, _ = b.call(t, "sam", "PUT", path, `{"text":"third, @bo and @ana","version":2}`)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, []string{"ana"}, b.store.discussion.noted[1].Recipients, "bo was told before")
	_, doc, _ = b.call(t, "bo", "GET", path, "")
	require.Equal(t, "third, @bo and @ana", doc["text"])
	require.Len(t, doc["earlier"], 2)
	require.Nil(t, doc["own"])
	status, _, _ = b.call(t, "sam", "DELETE", path, "")
	require.Equal(t, http.StatusNoContent, status)
	_, doc, _ = b.call(t, "bo", "GET", path, "")
	require.Nil(t, doc["text"])
	require.Empty(t, doc["earlier"])
	require.NotEmpty(t, doc["withdrawn_at"])
	_, doc, _ = b.call(t, "sam", "GET", commentsOfA, "")
	require.Len(t, doc["items"], 1)
	status, _, _ = b.call(t, "sam", "PUT", path, `{"text":"again","version":3}`)
	require.Equal(t, http.StatusConflict, status)
}

func TestAttachmentsAreLinks(t *testing.T) {
	b := setup(t)
	const path = "/v1/requests/R-1/attachments"
	for _, address := range []string{"javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://x.example", "https://", "//x.example", "https://good.example@evil.example/", "https://x.example/a b", "https:x"} {
		status, doc, _ := b.call(t, "sam", "POST", path, `{"url":"`+address+`","title":"x"}`)
		require.Equal(t, http.StatusUnprocessableEntity, status, address)
		require.Equal(t, []string{"/url"}, pointers(doc), address)
	}
	status, _, _ := b.call(t, "kai", "POST", path, `{"url":"https://x.example","title":"x"}`)
	require.Equal(t, http.StatusForbidden, status, "kai has nothing to do with it")
	status, doc, _ := b.call(t, "ana", "POST", path, `{"url":"https://x.example/a?b=c#d","title":"Offer"}`)
	require.Equal(t, http.StatusCreated, status, doc)
	require.Equal(t, "attached “Offer”", b.store.discussion.noted[0].Text)
	offer := path + "/" + doc["id"].(string)
	_, doc, _ = b.call(t, "bo", "GET", path, "")
	require.Len(t, doc["items"], 2)
	status, _, _ = b.call(t, "bo", "DELETE", offer, "")
	require.Equal(t, http.StatusForbidden, status)
	status, _, _ = b.call(t, "ana", "DELETE", offer, "")
	require.Equal(t, http.StatusNoContent, status)
	status, _, _ = b.call(t, "ana", "DELETE", offer, "")
	require.Equal(t, http.StatusNotFound, status)
	status, _, _ = b.call(t, "petra", "DELETE", path+"/"+attachmentA, "")
	require.Equal(t, http.StatusNoContent, status)
}

func TestNamesInAText(t *testing.T) {
	require.Equal(t, []string{"ana", "jörg.k", "bo"}, namesIn("@ana: (@jörg.k) mail@x.example @ana @ @bo."))
}

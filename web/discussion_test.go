package web

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/problem"
)

const commentID = "018f0000-0000-7000-8000-0000000000c1"

func TestDiscussion(t *testing.T) {
	const path = "/v1/requests/" + requestID + "/comments"
	b := newBrowser(t).signIn("sam")
	page := b.text(b.do("GET", "/requests/R-8", nil))
	require.Contains(t, page, "&lt;b&gt;see&lt;/b&gt; @bo", "stored text is never markup")
	require.Contains(t, page, "Told: Bo Hansen.")
	require.Contains(t, page, "This comment was withdrawn.")
	require.Contains(t, page, `<a href="https://wiki.example/plan" rel="noopener noreferrer nofollow">Plan</a>`)
	asked := b.text(b.do("GET", "/requests/R-8/answer?question=review/1/approvers", nil))
	require.Contains(t, asked, "on the question")
	require.NotContains(t, asked, "&lt;b&gt;see", "another comment is not about the question")
	require.Contains(t, asked, "https://wiki.example/plan", "approvers see what is attached")

	response := b.do("POST", "/requests/R-8/comments", url.Values{"text": {"Hello @bo"}, "mentions.0": {"ana"}, "question": {"review/1/approvers"}, "key": {"k1"}})
	require.Equal(t, "/requests/R-8/answer?question=review%2F1%2Fapprovers#discussion", response.Header.Get("Location"))
	require.JSONEq(t, `{"text":"Hello @bo","mentions":["ana"],"question":"review/1/approvers"}`, string(b.api.sent["POST "+path]))
	require.Len(t, b.api.keys[0], 64)
	require.Equal(t, http.StatusUnprocessableEntity, b.do("POST", "/requests/R-8/comments", url.Values{"text": {" "}}).StatusCode)
	b.api.refuse["POST "+path] = problem.InvalidField("/mentions/0", "may not read this request")
	response = b.do("POST", "/requests/R-8/comments", url.Values{"text": {"Hello"}, "mentions.0": {"kai"}})
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
	page = b.text(response)
	require.Contains(t, page, "May not read this request")
	require.Contains(t, page, "Hello", "what was written is not lost")

	require.Contains(t, b.text(b.do("GET", "/requests/R-8/comments/"+commentID, nil)), "first")
	response = b.do("POST", "/requests/R-8/comments/"+commentID, url.Values{"text": {"third"}, "version": {"2"}})
	require.Equal(t, "/requests/R-8#discussion", response.Header.Get("Location"))
	require.JSONEq(t, `{"text":"third","version":2}`, string(b.api.sent["PUT "+path+"/"+commentID]))
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/requests/R-8/comments/"+commentID, url.Values{"step": {"withdraw"}}).StatusCode)
}

func TestAttachments(t *testing.T) {
	const call = "POST /v1/requests/" + requestID + "/attachments"
	b := newBrowser(t).signIn("sam")
	link := url.Values{"url": {"https://x.example"}, "title": {"Offer"}, "key": {"k"}}
	require.Equal(t, "/requests/R-8#attachments", b.do("POST", "/requests/R-8/attachments", link).Header.Get("Location"))
	require.JSONEq(t, `{"url":"https://x.example","title":"Offer"}`, string(b.api.sent[call]))
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/requests/R-8/attachments/a1/remove", nil).StatusCode)
	b.api.refuse[call] = problem.InvalidField("/url", "does not begin with https:// or http://")
	response := b.do("POST", "/requests/R-8/attachments", link)
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
	require.Contains(t, b.text(response), "Does not begin with https:// or http://")
}

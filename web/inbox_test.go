package web

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

const noteCall = "PATCH /v1/requests/" + requestID + "/note"

// TestAFormSentAgainIsTheSameCommand only while it holds the same.
func TestAFormSentAgainIsTheSameCommand(t *testing.T) {
	b := newBrowser(t).signIn("ana")
	send := func(reason, step string) string {
		b.do("POST", "/requests/R-8/answer", url.Values{"question": {"review/1/approvers"}, "verdict": {"reject"}, "reason": {reason}, "key": {"k"}, "step": {step}})
		return b.api.keys[len(b.api.keys)-1]
	}
	first := send("too dear", "")
	require.Equal(t, first, send("too dear", "send"))
	require.NotEqual(t, first, send("too late", ""))
	b.do("POST", "/requests/R-8/withdraw", url.Values{"reason": {"x"}})
	require.Empty(t, b.api.keys[len(b.api.keys)-1], "a form without a key has none")
}

// TestTheAnswerOfACommandIsShownOnce, and the page is not older than it.
func TestTheAnswerOfACommandIsShownOnce(t *testing.T) {
	b := newBrowser(t).signIn("ana")
	b.api.answers[decisions] = pmo.Receipt{ID: requestID, Says: "ana rejects, 1 of 2; waits on bo", Seq: 9}
	response := b.do("POST", "/requests/R-8/answer", url.Values{"question": {"review/1/approvers"}, "verdict": {"reject"}, "reason": {"too dear"}})
	require.Equal(t, "/requests/R-8", response.Header.Get("Location"))
	require.Contains(t, b.text(b.do("GET", "/requests/R-8", nil)), "Ana rejects, 1 of 2; waits on bo")
	require.Equal(t, "at_least=9&burn_up=true", b.api.query["GET /v1/requests/R-8"])
	require.NotContains(t, b.text(b.do("GET", "/requests/R-8", nil)), "1 of 2")
}

func TestNotesOnAQuestion(t *testing.T) {
	b := newBrowser(t).signIn("ana")
	const page = "/requests/R-8/answer?question=review/1/approvers"
	require.Contains(t, b.text(b.do("GET", page, nil)), "You have begun an answer: Reject.")
	require.Contains(t, b.text(b.do("GET", page+"&verdict=reject", nil)), "half a sentence")
	require.NotContains(t, b.text(b.do("GET", page+"&verdict=abstain", nil)), "half a sentence")
	for step, want := range map[string]string{"claim": `{"question":"q","claimed":true}`, "release": `{"question":"q","claimed":false}`,
		"follow_up": `{"question":"q","follow_up":"2027-03-05"}`, "clear_draft": `{"question":"q","draft":{}}`} {
		response := b.do("POST", "/requests/"+requestID+"/note", url.Values{"question": {"q"}, "step": {step}, "follow_up": {"2027-03-05"}, "back": {"/inbox"}})
		require.Equal(t, "/inbox", response.Header.Get("Location"))
		require.JSONEq(t, want, string(b.api.sent[noteCall]))
	}
	draft := url.Values{"question": {"review/1/approvers"}, "verdict": {"defer"}, "reason": {"bud"}, "until": {""}, "step": {"draft"}, "for": {"bo"}}
	response := b.do("POST", "/requests/R-8/answer", draft)
	require.Equal(t, http.StatusSeeOther, response.StatusCode)
	require.JSONEq(t, `{"question":"review/1/approvers","draft":{"verdict":"defer","on_behalf_of":"bo","fields":{"reason":["bud"],"until":[""]}}}`, string(b.api.sent[noteCall]))
	b.headers.Set(liveHeader, "1")
	require.Equal(t, http.StatusNoContent, b.do("POST", "/requests/R-8/answer", draft).StatusCode)
	require.NotContains(t, b.api.sent, decisions, "a draft decides nothing")
}

// TestSeveralAtOnce: a GET lists, a POST gives each answer under its own key, and each has its own result.
func TestSeveralAtOnce(t *testing.T) {
	b := newBrowser(t).signIn("ana")
	const other = "018f0000-0000-7000-8000-00000000000b"
	first := b.api.answers["GET /v1/inbox"].(wire.Page[wire.InboxItem]).Items[0]
	second := first
	second.Request.ID, second.Request.Ref, second.For, second.OnBehalf = other, "R-9", "ana", false
	b.api.answers["GET /v1/inbox"] = wire.Page[wire.InboxItem]{Items: []wire.InboxItem{first, second}}
	b.api.answers[decisions] = pmo.Receipt{ID: requestID, Says: "ana approves"}
	b.api.refuse["POST /v1/requests/"+other+"/decisions"] = problem.New(problem.Stale, "it was answered")
	names := []string{requestID + " review/1/approvers bo", other + " review/1/approvers", other + " review/9/gone", "R-404 review/1/approvers"}
	page := b.text(b.do("GET", "/inbox/several?"+url.Values{"q": names}.Encode(), nil))
	require.Equal(t, "request="+url.QueryEscape(requestID+","+other+",R-404"), b.api.query["GET /v1/inbox"], "all in one call")
	require.Contains(t, page, "for Bo Hansen")
	require.Contains(t, page, "do not wait for you any more: 2", "one was answered, and one is not for the reader any more")
	require.NotContains(t, page, `value="defer"`, "a deferral needs a form")
	require.Empty(t, b.api.sent)

	field := func(name, id string) string { return name + "." + id + ".review/1/approvers" }
	form := url.Values{"q": names, field("verdict", requestID): {"approve"}, field("key", requestID): {"k1"}, field("verdict", other): {"reject"}, field("reason", other): {"no"}, field("key", other): {"k2"}}
	page = b.text(b.do("POST", "/inbox/several", form))
	require.JSONEq(t, `{"decision":"review/1/approvers","verdict":"approve","on_behalf_of":"bo"}`, string(b.api.sent[decisions]))
	require.Contains(t, page, "Ana approves")
	require.Contains(t, page, "Not answered: <span lang=\"en\">it was answered</span>")
	require.NotEqual(t, b.api.keys[0], b.api.keys[1])
	keys := b.api.keys
	b.do("POST", "/inbox/several", form)
	require.Equal(t, keys, b.api.keys[2:], "sent again, each is the same command")
	form.Del(field("reason", other))
	require.Contains(t, b.text(b.do("POST", "/inbox/several", form)), "This answer needs a reason")
}

func TestWhatIDecided(t *testing.T) {
	b := newBrowser(t).signIn("ana")
	page := b.text(b.do("GET", "/decided?text=lists", nil))
	require.Contains(t, page, "Ana approves")
	require.Contains(t, page, "cursor=after&amp;text=lists")
	require.Equal(t, "text=lists", b.api.query["GET /v1/me/decisions"])
	require.Contains(t, b.text(b.do("GET", "/inbox", nil)), `href="/decided"`)
}

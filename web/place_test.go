package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// TestWorkWithoutRoomIsAskedAboutAndShown: the question in the inbox, its page with what silence leads to, the answer, and the page of the request.
func TestWorkWithoutRoomIsAskedAboutAndShown(t *testing.T) {
	const why = "Now Falcon has a capacity of 3 team-weeks, of which 80 % may be taken: 2.4. It has accepted 3.5. This work takes 1 team-week."
	b := newBrowser(t).signIn("theo")
	question := pmo.Question{ID: "place/1", Kind: pmo.KindPlace, Text: why + " Shall it stay?", Options: pmo.Options(pmo.KindPlace), OnSilence: pmo.VerdictKeep, DueAt: now.AddDate(0, 0, 7)}
	inbox := b.api.answers["GET /v1/inbox"].(wire.Page[wire.InboxItem])
	item := inbox.Items[0]
	item.Question, item.OnSilence = question, pmo.VerdictKeep
	b.api.answers["GET /v1/inbox"] = wire.Page[wire.InboxItem]{Items: []wire.InboxItem{item}}
	request := b.api.answers["GET /v1/requests/R-8"].(wire.Request)
	request.Questions = []wire.OpenQuestion{{Question: question, MayAnswer: true}}
	request.Assignment = &pmo.Assignment{Team: "falcon", ConfirmedAt: now, NoRoom: &pmo.NoRoom{Team: "falcon", Why: why, At: now}}
	b.api.answers["GET /v1/requests/R-8"] = request
	show := func(address string) string { return b.text(b.do("GET", address, nil)) }
	for lang, words := range map[string]map[string][]string{
		"en": {"/inbox": {"No room any more", "It stays with the team"}, "/requests/R-8/answer?question=place/1": {why, "Another team", "It stays with the team"},
			"/requests/R-8": {"No room in the team any more", why}},
		"de": {"/inbox": {"Kein Platz mehr", "Es bleibt beim Team"}, "/requests/R-8/answer?question=place/1": {why, "Ein anderes Team", "Es bleibt beim Team"},
			"/requests/R-8": {"Kein Platz mehr im Team", why}},
	} {
		b.cookies["lang"] = lang
		for address, want := range words {
			text := show(address)
			for _, w := range want {
				require.Contains(t, text, w, "%s in %s", address, lang)
			}
		}
		require.NotContains(t, show("/requests/R-8"), "limits, as settled")
	}
	call := "POST /v1/requests/" + request.ID + "/decisions"
	b.api.answers[call] = pmo.Receipt{ID: request.ID, Number: 8, Says: "theo keeps it with the team"}
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/requests/R-8/answer", url.Values{"question": {"place/1"}, "verdict": {"keep"}}).StatusCode, "no reason is needed")
	var decision wire.Decision
	require.NoError(t, json.Unmarshal(b.api.sent[call], &decision))
	require.Equal(t, pmo.VerdictKeep, decision.Verdict)

	b.cookies["lang"] = "en"
	request.Assignment.NoRoom.Kept = now
	require.Contains(t, show("/requests/R-8"), "limits, as settled")
}

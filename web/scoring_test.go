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

func withScoring(b *browser, open bool, commands ...string) {
	b.api.answers["GET /v1/requests/R-7"] = wire.Request{Ref: "R-7", State: wire.State{ID: "R-7", Content: pmo.Content{Title: "<i>Ledger</i>"}}, Commands: commands}
	round := wire.ScoringRound{No: 2, Open: open, OpenedBy: "petra", OpenedAt: now, Inputs: []string{"business_value"}, People: []wire.ScoringPerson{{Person: "sam", Scored: true}, {Person: "paul"}},
		Mine: &wire.PrivateScore{Inputs: pmo.Inputs{BusinessValue: new(8.0)}, Sure: pmo.SureLow, Reason: "why not"}}
	if !open {
		round.Results = []wire.ScoringResult{{Input: "business_value", Low: "1", High: "8", Middle: "1", Apart: true, Scores: []wire.ScoreGiven{{Person: "sam", Value: "8", Sure: "low", Reason: "<b>why</b>"}, {Person: "paul", Value: "1"}}}}
	}
	b.api.answers["GET /v1/requests/R-7/scoring"] = round
	b.api.answers["PUT /v1/requests/R-7/scoring/mine"], b.api.answers["POST /v1/requests/R-7/scoring"], b.api.answers["POST /v1/requests/R-7/scoring/reveal"] = round, round, round
}

func TestScoresAreGivenAndRevealedOnAPage(t *testing.T) {
	b := newBrowser(t)
	withScoring(b, true)
	b.signIn("sam")
	page := b.text(b.do("GET", "/requests/R-7/scoring", nil))
	for _, said := range []string{"Round 2", "has scored", "not yet", "why not", `value="8" selected`, "Change my scores"} {
		require.Contains(t, page, said)
	}
	require.NotContains(t, page, "Reveal now")
	response := b.do("POST", "/requests/R-7/scoring/mine", url.Values{"key": {"k"}, "inputs.business_value": {"13"}, "sure": {"high"}})
	require.Equal(t, http.StatusSeeOther, response.StatusCode)
	var sent wire.PrivateScore
	require.NoError(t, json.Unmarshal(b.api.sent["PUT /v1/requests/R-7/scoring/mine"], &sent))
	require.Equal(t, wire.PrivateScore{Inputs: pmo.Inputs{BusinessValue: new(13.0)}, Sure: pmo.SureHigh}, sent)

	b = newBrowser(t)
	withScoring(b, true, "inputs")
	b.signIn("petra")
	require.Contains(t, b.text(b.do("GET", "/requests/R-7/scoring", nil)), "Reveal now")
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/requests/R-7/scoring/reveal", url.Values{"key": {"k"}}).StatusCode)
	withScoring(b, false, "inputs")
	page = b.text(b.do("GET", "/requests/R-7/scoring", nil))
	for _, said := range []string{"far apart", "From 1 to 8; in the middle 1.", "/requests/R-7#discussion", "&lt;b&gt;why", "/requests/R-7/inputs", "at least two"} {
		require.Contains(t, page, said)
	}
	b.do("POST", "/requests/R-7/scoring/open", url.Values{"key": {"k"}, "people": {"ana", "bo"}})
	require.JSONEq(t, `{"people":["ana","bo"]}`, string(b.api.sent["POST /v1/requests/R-7/scoring"]))
}

func TestTheInboxNamesWhatIsToScore(t *testing.T) {
	b := newBrowser(t)
	b.api.answers["GET /v1/me/scoring"] = wire.Page[wire.ScoringWait]{Items: []wire.ScoringWait{{Request: "x", Ref: "R-9", Title: "<i>Roads</i>", OpenedBy: "petra", OpenedAt: now}}}
	b.signIn("sam")
	page := b.text(b.do("GET", "/inbox", nil))
	require.Contains(t, page, "/requests/x/scoring")
	require.Contains(t, page, "&lt;i&gt;Roads")
}

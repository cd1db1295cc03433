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

// TestWhatWouldHelpIsAnswered: the page lists it in the reader's language, and the answer names one; a split is no answer.
func TestWhatWouldHelpIsAnswered(t *testing.T) {
	b := newBrowser(t).signIn("petra")
	request := b.api.answers["GET /v1/requests/R-8"].(wire.Request)
	request.Stage = pmo.StageAssignment
	request.Questions = []wire.OpenQuestion{{MayAnswer: true, Question: pmo.Question{ID: "exception/1/no_team", Kind: pmo.KindException, Group: "no_team", Text: "No team. What now?", Options: pmo.Options(pmo.KindException), OnSilence: pmo.VerdictBacklog,
		DueAt: now, Remedies: []pmo.Remedy{
			{ID: "team/falcon", Team: "falcon", Name: "Falcon", WIPLimit: &pmo.Raise{From: 3, To: 4}, LoadCeiling: &pmo.Raise{From: .8, To: .875}},
			{ID: "team/otter", Team: "otter", Name: "Otter <b>", Skills: []string{"gis:3", "tax:1"}, AskAgain: true},
			{ID: pmo.RemedySecond, Team: "falcon", Name: "Falcon", With: "Otter", Second: []string{"tax:1"}},
			{ID: pmo.RemedySplit, Team: "falcon", Name: "Falcon", Size: 1.5}, {ID: pmo.RemedyWait, Team: "falcon", Name: "Falcon", Until: "2027-03-22"}}}}}
	b.api.answers["GET /v1/requests/R-8"], b.api.answers["GET /v1/requests/"+request.ID] = request, request
	path := "/requests/R-8/answer?question=exception/1/no_team"
	page := b.text(b.do("GET", path, nil))
	for _, want := range []string{"What would help", "Raise the WIP limit of Falcon from 3 to 4; Raise the load ceiling of Falcon from 80 % to 87.5 %", "Otter &lt;b&gt; learns or borrows gis:3, tax:1; Ask Otter &lt;b&gt; again, which declined",
		"Two teams do it together: Falcon, and Otter for tax:1", "Split the request: Falcon has room now for a part of at most 1.5 team-weeks", "Falcon has room then", "verdict=remedy"} {
		require.Contains(t, page, want)
	}
	form := b.text(b.do("GET", path+"&verdict=remedy", nil))
	require.Contains(t, form, `value="team/falcon"`)
	require.Contains(t, form, `value="wait"`)
	require.Contains(t, form, `value="second"`)
	require.NotContains(t, form, `value="split"`)

	const sent = "POST /v1/requests/018f0000-0000-7000-8000-00000000000a/decisions"
	b.api.answers[sent] = pmo.Receipt{ID: request.ID, Says: "A team is looked for again"}
	answers := url.Values{"question": {"exception/1/no_team"}, "verdict": {"remedy"}, "reason": {"a law"}, "key": {"a-key"}}
	require.Equal(t, http.StatusUnprocessableEntity, b.do("POST", "/requests/R-8/answer", answers).StatusCode, "none is named")
	answers.Set("remedy", "team/falcon")
	require.Equal(t, http.StatusSeeOther, b.do("POST", "/requests/R-8/answer", answers).StatusCode)
	var decision wire.Decision
	require.NoError(t, json.Unmarshal(b.api.sent[sent], &decision))
	require.Equal(t, wire.Decision{Decision: "exception/1/no_team", Verdict: pmo.VerdictRemedy, Reason: "a law", Data: pmo.Data{Remedy: "team/falcon"}}, decision)
}

func TestWhatWouldHelpInGerman(t *testing.T) {
	german := &reader{Lang: "de"}
	require.Equal(t, "Das WIP-Limit von Falcon von 3 auf 4 heben", german.Remedy(pmo.Remedy{Name: "Falcon", WIPLimit: &pmo.Raise{From: 3, To: 4}}))
	require.Equal(t, "Die Anfrage teilen: Falcon hat jetzt Platz für einen Teil von höchstens 1,5 Teamwochen", german.Remedy(pmo.Remedy{ID: pmo.RemedySplit, Name: "Falcon", Size: 1.5}))
	require.Equal(t, "Die Anfrage teilen: Falcon und Otter haben zusammen alle Fähigkeiten", german.Remedy(pmo.Remedy{ID: pmo.RemedySplit, Name: "Falcon", With: "Otter"}))
}

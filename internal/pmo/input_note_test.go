package pmo_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// TestInputsSayWhoGaveThemWhenAndHowSure: with the form, by command and by an amendment; what is unknown again has no author.
func TestInputsSayWhoGaveThemWhenAndHowSure(t *testing.T) {
	at := time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
	r := pmo.New("id", "digest", pmo.Submission{Content: pmo.Content{Title: "T", Kind: "bug", Inputs: pmo.Inputs{JobSize: ptr(3.0)}}, Requester: "sam", SubmittedBy: "rita", At: at})
	require.Equal(t, map[string]pmo.InputNote{"job_size": {By: "rita", At: at}}, r.InputNotes)

	later := at.AddDate(0, 0, 30)
	set := pmo.SetInputs{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Inputs: pmo.Inputs{BusinessValue: ptr(0.0), MoSCoW: "must"}, Sure: pmo.SureLow}
	require.Nil(t, r.CheckInputs(set))
	r.ApplyInputs(set, later)
	require.Equal(t, pmo.InputNote{By: "petra", At: later, Sure: pmo.SureLow}, r.InputNotes["business_value"])
	require.Equal(t, "petra", r.InputNotes["moscow"].By)
	require.Equal(t, "rita", r.InputNotes["job_size"].By, "what was not given keeps its author")
	require.True(t, r.InputNotes["job_size"].Stale(20*24*time.Hour, later))
	require.False(t, r.InputNotes["business_value"].Stale(20*24*time.Hour, later))

	r.ApplyInputs(pmo.SetInputs{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Clear: []string{"business_value", "moscow"}}, later)
	require.NotContains(t, r.InputNotes, "business_value")
	require.NotContains(t, r.InputNotes, "moscow")
	require.NotNil(t, r.CheckInputs(pmo.SetInputs{Sure: "very"}))
	require.NotNil(t, r.CheckInputs(pmo.SetInputs{Inputs: pmo.Inputs{MoSCoW: "perhaps"}}))
	require.NotNil(t, r.CheckInputs(pmo.SetInputs{Inputs: pmo.Inputs{Ease: ptr(11.0)}}))
}

// TestARequestAsksForTheInputsOfItsModel: those of its rules, and those of WSJF where they name none.
func TestARequestAsksForTheInputsOfItsModel(t *testing.T) {
	r := &pmo.Request{}
	require.Equal(t, pmo.ScoreInputs(), r.NeededInputs())
	r.Rules.ScoreInputs = []string{"reach", "effort"}
	require.Equal(t, []string{"reach", "effort"}, r.NeededInputs())
}

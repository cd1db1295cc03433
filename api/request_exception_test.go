package api

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// TestAnExceptionNamesWhomWeKnow: a team or person that does not exist is refused with its field, and so is a person who could not answer.
func TestAnExceptionNamesWhomWeKnow(t *testing.T) {
	b := setup(t)
	row := b.store.rows[requestA]
	row.Questions = []pmo.Question{{ID: "review/1/board", Kind: pmo.KindReview, Status: pmo.QuestionOpen},
		{ID: "exception/1/nobody", Kind: pmo.KindException, About: "review/1/board", People: []string{"petra"}, Status: pmo.QuestionOpen}}
	b.store.rows[requestA] = row
	b.store.teams = []store.TeamLoad{{Team: pmo.Team{ID: "falcon"}}}
	decide := func(verdict, data string) (int, map[string]any) {
		status, doc, _ := b.call(t, "petra", "POST", "/v1/requests/R-1/decisions", `{"decision":"exception/1/nobody","verdict":"`+verdict+`","reason":"because","data":`+data+`}`)
		return status, doc
	}
	for data, pointer := range map[string]string{`{"team":"nowhere"}`: "/data/team", `{"person":"nobody"}`: "/data/person", `{"person":"sam"}`: "/data/person"} {
		status, doc := decide("name_person", data)
		require.Equal(t, 422, status, data)
		require.Equal(t, []string{pointer}, pointers(doc), data)
	}
	status, doc := decide("name_team", `{"team":"falcon"}`)
	require.Equal(t, 200, status, doc)
	status, doc = decide("name_person", `{"person":"bo"}`)
	require.Equal(t, 200, status, doc)
	require.Equal(t, "bo", b.engine.sent[1].cmd.(*pmo.Decide).Data.Person)
}

package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/approach"
	"leanpmo/internal/wire"
)

func TestApproachPageAsksOneQuestion(t *testing.T) {
	b := newBrowser(t)
	score := 5.0
	b.api.answers["GET /v1/requests/R-7"] = wire.Request{Ref: "R-7", State: wire.State{ID: "x", Revision: 3}, Commands: []string{"amend"}}
	b.api.answers["GET /v1/requests/R-7/approach"] = wire.ApproachAdvice{Approach: "scrum", Sure: "medium", Possible: []string{"scrum", "kanban"}, Reasons: []string{"one <b>team</b>"},
		Suitability: wire.ApproachFilter{Known: 1, Mean: 5, Max: 5, Answers: []wire.ApproachFilterMark{{Question: "trust", Score: &score}, {Question: "buy_in"}}},
		Dimensions:  wire.ApproachDimensions{Axes: []wire.ApproachDimension{{Name: "size", Value: &score}}},
		Next:        &wire.ApproachQuestion{Question: "people", Unit: "people", TellsApart: []string{"scrum", "kanban"}, Left: 2, Options: make([]wire.ApproachOption, 5)}}
	b.api.answers["PATCH /v1/requests/R-7"] = wire.Request{}
	b.signIn("sam")
	text := b.text(b.do("GET", "/requests/R-7/approach", nil))
	for _, want := range []string{"Way of working: Scrum", "Fairly sure. What is not answered can still lead to: Scrum, Kanban.", "How many people does the whole effort take?", "50 to 125",
		"Nobody knows yet", "2 questions can still change the answer", "One &lt;b&gt;team", "<dt>Trust</dt><dd>5 of 10</dd>", "<dt>Buy-in</dt><dd>not known</dd>"} {
		require.Contains(t, text, want)
	}
	answered := b.do("POST", "/requests/R-7/approach", url.Values{"revision": {"3"}, "question": {"people"}, "answer": {"3"}})
	require.Equal(t, http.StatusSeeOther, answered.StatusCode)
	require.JSONEq(t, `{"revision":3,"patch":{"context":{"people":80}}}`, string(b.api.sent["PATCH /v1/requests/R-7"]))
	b.do("GET", "/requests/R-7/approach?lang=de", nil)
	require.Contains(t, b.text(b.do("GET", "/requests/R-7/approach", nil)), "Wie viele Menschen braucht das ganze Vorhaben?")
}

func TestAnAnswerTakesItsQuestionOffTheListOfTheUnknown(t *testing.T) {
	trust, incremental := approach.QuestionNamed("trust"), approach.QuestionNamed("incremental")
	for name, c := range map[string]struct {
		question *approach.Question
		answer   string
		want     map[string]any
	}{
		"an answer":            {incremental, "1", map[string]any{"incremental": false}},
		"an answer after all":  {trust, "0", map[string]any{"trust": "yes", "dont_know": []string{"buy_in"}}},
		"nobody knows":         {incremental, "dont_know", map[string]any{"dont_know": []string{"trust", "buy_in", "incremental"}}},
		"nobody knows, again":  {trust, "dont_know", map[string]any{"dont_know": []string{"buy_in", "trust"}}},
		"nothing chosen":       {trust, "", nil},
		"no option of its own": {trust, "3", nil},
	} {
		got, known := approachPatch([]string{"trust", "buy_in"}, c.question, c.answer)
		require.Equal(t, c.want != nil, known, name)
		require.Equal(t, c.want, got, name)
	}
}

// TestQuestionsReadAlikeOnThePageAndInTheEngine, and in every language each has its words.
func TestQuestionsReadAlikeOnThePageAndInTheEngine(t *testing.T) {
	for _, q := range approach.Questions() {
		require.Equal(t, q.Ask, texts["en"]["approach.ask."+q.Name])
		view := approachView{}
		for i, o := range q.Options {
			key := fmt.Sprintf("approach.option.%s.%s", q.Name, view.OptionKey(&wire.ApproachQuestion{Question: q.Name, Unit: q.Unit}, i))
			require.Equal(t, o.Label, texts["en"][key])
			require.NotEmpty(t, texts["de"][key])
		}
	}
}

func TestRadarPlacesMarksAroundTheCentre(t *testing.T) {
	rim, centre := 10.0, 0.0
	p := radarOf([]radarMark{{Name: "a"}, {Name: "b"}, {Name: "c"}, {Name: "d"}}, []*float64{&rim, &centre, nil, &rim}, 5, 10)
	require.Equal(t, []float64{55, 110}, p.Rings)
	require.Equal(t, "210,50 210,160 100,160", p.Shape)
	require.False(t, p.Marks[2].Known)
	require.Equal(t, []string{"middle", "start", "middle", "end"}, []string{p.Marks[0].Anchor, p.Marks[1].Anchor, p.Marks[2].Anchor, p.Marks[3].Anchor})
	require.Equal(t, 1, strings.Count(radarOf([]radarMark{{}, {}, {}}, []*float64{&rim, &rim, nil}).Shape+"-", "-"), "two marks are no shape")
}

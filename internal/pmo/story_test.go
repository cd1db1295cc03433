package pmo_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

func TestShortenKeepsCharacters(t *testing.T) {
	require.Equal(t, "ab…", pmo.Shorten("abe\u0301fgh", 4), "no accent without its letter")
	require.Equal(t, "a…", pmo.Shorten("a👩\u200d🚀 in space", 4), "no half of a sign that is joined")
}

func TestShownTitle(t *testing.T) {
	r := submitted()
	r.Number, r.Content.Title = 42, "Site  closure\nin spring"
	require.Equal(t, "Site closure in spring", r.ShownTitle())
	r.Content.Title = strings.Repeat("界", 200)
	require.Equal(t, strings.Repeat("界", 119)+"…", r.ShownTitle())
	r.Content.Confidential = true
	require.Equal(t, "R-42", r.ShownTitle())
	r.Number = 0
	require.Equal(t, "Confidential request", r.ShownTitle())
}

// TestEveryVerdictReadsAsASentence: whoever adds a verdict or a kind says how it reads in the history of a request.
func TestEveryVerdictReadsAsASentence(t *testing.T) {
	for _, kind := range pmo.Kinds() {
		require.False(t, strings.HasPrefix(pmo.QuestionSpec{Kind: kind}.Asking(1), " "), "%s has no words in story.go", kind)
		for _, o := range pmo.Options(kind) {
			r := submitted()
			r.Questions = []pmo.Question{{ID: "q/1", Kind: kind, Status: pmo.QuestionOpen, People: []string{"ana"}, Answers: []pmo.Answer{{By: "ana", For: "ana", Verdict: o.Verdict}}}}
			says := r.Story([]pmo.Entry{{Event: pmo.EventAnswered, Actor: "ana", Question: "q/1"}})
			require.NotContains(t, says, "ana answers "+o.Verdict, "%s has no words in story.go", o.Verdict)
		}
	}
}

func TestStory(t *testing.T) {
	at := time.Date(2026, 11, 9, 9, 0, 0, 0, time.UTC)
	r := submitted()
	r.Number, r.Content.Title = 42, "Site closure"
	r.Questions = []pmo.Question{{ID: "review/1/approvers", Kind: pmo.KindReview, Group: "approvers", Status: pmo.QuestionSettled, Verdict: pmo.VerdictApprove,
		People: []string{"ana", "bo"}, Options: pmo.Options(pmo.KindReview), DueAt: at,
		Answers: []pmo.Answer{{By: "ana", For: "ana", Verdict: pmo.VerdictApprove}, {By: "cleo", For: "bo", Verdict: pmo.VerdictApprove, Reason: "it pays"}}}}
	q := "review/1/approvers"
	passed := []pmo.Entry{{Event: pmo.EventAnswered, Actor: "cleo", For: "bo", Question: q}, {Event: pmo.EventSettled, Question: q},
		{Event: pmo.EventStage, Stage: pmo.StagePrioritization}}
	asked := []pmo.Entry{{Event: pmo.EventSubmitted, Actor: "sam"}, {Event: pmo.EventAsked, Question: q}}
	free := []pmo.Entry{{Event: pmo.EventAmended, Actor: "sam", Text: "Changed: title. The plant in Essen closes."}}

	require.Equal(t, "cleo for bo approves (it pays): review passed → prioritization", r.Story(passed))
	require.Equal(t, "sam submits R-42 Site closure; asked: ana, bo (review/1/approvers, due 2026-11-09 09:00 UTC)", r.Story(asked))
	require.Equal(t, "sam: Changed: title. The plant in Essen closes", r.Story(free))
	accepted := []pmo.Entry{passed[0], passed[1], {Event: pmo.EventClosed, Actor: "bo", Text: "Closed as answered: no work."}}
	require.Equal(t, "cleo for bo approves (it pays): Closed as answered: no work", r.Story(accepted))
	r.Content.Confidential = true
	require.Equal(t, "cleo for bo approves: review passed → prioritization", r.Story(passed))
	require.Equal(t, "sam submits R-42; asked: ana, bo (review/1/approvers, due 2026-11-09 09:00 UTC)", r.Story(asked))
	require.Equal(t, "sam: amended", r.Story(free))

	r.Content.Confidential = false
	var many []pmo.Entry
	for range 100 {
		many = append(many, pmo.Entry{Event: pmo.EventAmended, Actor: "sam", Text: strings.Repeat("<", 4000)})
	}
	data, err := json.Marshal(r.Story(many))
	require.NoError(t, err)
	require.LessOrEqual(t, len(data), 360, "the server takes no more")
}

// TestDetails: what the page of a request in Temporal shows; of a confidential one, no free text.
func TestDetails(t *testing.T) {
	r := submitted()
	r.Number, r.Content.Title, r.Forecast, r.Link = 42, "Site *closure*", "in 9 to 12 weeks", "https://pmo.example/v1/requests/R-42"
	r.Stage, r.StageSince, r.SubmittedAt = pmo.StageReview, start, start
	r.Questions = []pmo.Question{{ID: "review/1/approvers", Kind: pmo.KindReview, Status: pmo.QuestionOpen, Text: "Shall we do \"Site closure\"?", People: []string{"ana", "bo"},
		Answers: []pmo.Answer{{By: "ana", For: "ana", Verdict: pmo.VerdictApprove}}, DueAt: start.Add(7 * day)}}
	r.Latest = []pmo.Moment{{At: start, Says: "sam submits R-42"}, {At: start.Add(time.Hour), Says: "ana approves, 1 of 2"}}
	text := r.Details(start.Add(2 * time.Hour))
	for _, want := range []string{"**R-42 Site \\*closure\\***", "stage review since " + start.Format("2006-01-02 15:04 MST"), "waits on **bo** until " + start.Add(7*day).Format("2006-01-02 15:04 MST"),
		"Shall we do", "ana approves, 1 of 2", "sam submits", "in 9 to 12 weeks", "](https://pmo.example/requests/R-42)"} {
		require.Contains(t, text, want)
	}
	require.Less(t, strings.Index(text, "ana approves"), strings.Index(text, "sam submits"), "the newest first")
	r.Content.Confidential = true
	require.NotContains(t, strings.ToLower(r.Details(start)), "closure")
	require.Contains(t, r.Details(start), "waits on **bo**")
}

// TestTheLastThreeThingsAreKept: what happened last survives the projection of the ledger.
func TestTheLastThreeThingsAreKept(t *testing.T) {
	r := working()
	for _, note := range []string{"one", "two", "three", "four"} {
		r.ApplyReport(pmo.Report{Header: pmo.Header{By: pmo.By{Actor: "theo", Via: "api"}}, Note: note}, start)
		r.KeepLatest()
		r.MarkProjected(r.LedgerSeq, start)
		r.KeepLatest()
	}
	require.Len(t, r.Latest, 3)
	require.Contains(t, r.Latest[0].Says, "two")
	require.Contains(t, r.Latest[2].Says, "four")
	require.Empty(t, r.Public().Latest, "the API tells it by the ledger")
}

// TestUnrecorded: a write to the read model without a new entry of the ledger says what it is about.
func TestUnrecorded(t *testing.T) {
	r := &pmo.Request{Stage: pmo.StageExecution, Status: pmo.StatusOpen}
	require.Equal(t, "nothing new: execution", r.Unrecorded())
	r.Questions = []pmo.Question{{ID: "report/1", Kind: pmo.KindReport, Status: pmo.QuestionOpen, People: []string{"theo"}}}
	require.Equal(t, "nothing new: execution, waits on theo", r.Unrecorded())
	r.Work = &pmo.WorkItem{Key: "r/1", Requested: pmo.WorkItemState{Status: pmo.WorkOpen}, Pending: true}
	require.Equal(t, "the team's tool is to show the work item as open", r.Unrecorded())
	r.Work.Pending, r.Status, r.Outcome = false, pmo.StatusClosed, pmo.OutcomeDelivered
	require.Equal(t, "nothing new: closed as delivered", r.Unrecorded())
}

func TestSentenceOfAWorkItemReport(t *testing.T) {
	open := pmo.WorkItemState{Status: pmo.WorkOpen}
	for want, report := range map[string]pmo.WorkItemReport{
		"the team's tool shows the item as open":                           {State: open, ID: "17", URL: "https://tool.example/17"},
		"the team's tool shows the item as closed":                         {State: pmo.WorkItemState{Status: pmo.WorkClosed}, ID: "17"},
		"the team's tool has no item: no such project":                     {State: open, Fault: &pmo.SyncFault{Reason: "no such project"}},
		"the team's tool could not set it to closed: it answered with 503": {State: pmo.WorkItemState{Status: pmo.WorkClosed}, ID: "17", Fault: &pmo.SyncFault{Reason: "it answered with 503"}},
		"the team's tool has the item no more":                             {State: open, ID: "17", Missing: true},
	} {
		require.Equal(t, want, report.Sentence())
	}
	require.LessOrEqual(t, len(pmo.WorkItemReport{Fault: &pmo.SyncFault{Reason: strings.Repeat("x", 9000)}}.Sentence()), 200, "bounded")
}

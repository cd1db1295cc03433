package activities

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

func TestCheckActorJudgesLikeTheDoor(t *testing.T) {
	b := newBench(t)
	now := time.Now()
	for _, d := range []store.Delegation{{Person: "bo", Delegate: "lena", From: now.Add(-time.Hour), Until: now.Add(time.Hour)}, {Person: "ana", Delegate: "sam", From: now.Add(-time.Hour), Until: now.Add(time.Hour)}} {
		require.NoError(t, b.store.SetDelegation(t.Context(), d, d.Person, now))
	}
	for name, c := range map[string]struct {
		actor, seat string
		kind        pmo.Kind
		allowed     bool
		answersFor  string
	}{
		"asked":                        {"ana", "", pmo.KindReview, true, ""},
		"delegate of somebody asked":   {"lena", "", pmo.KindReview, true, "bo"},
		"not asked":                    {"theo", "", pmo.KindReview, false, ""},
		"the requester as a delegate":  {"sam", "ana", pmo.KindReview, false, ""},
		"for somebody who did not ask": {"lena", "ana", pmo.KindReview, false, ""},
		"nobody we know":               {"mallory", "", pmo.KindReview, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := b.CheckActor(t.Context(), contract.CheckActorInput{Actor: c.actor, For: c.seat, Kind: c.kind, Seats: []string{"ana", "bo"}, Requester: "sam"})
			require.NoError(t, err)
			require.Equal(t, c.allowed, out.Allowed, out.Reason)
			if c.allowed {
				require.Equal(t, c.answersFor, out.For)
				return
			}
			require.NotEmpty(t, out.Reason)
		})
	}
	for _, text := range []string{"   ", "\u200b", "\u202ea"} {
		out, err := b.CheckActor(t.Context(), contract.CheckActorInput{Actor: "ana", Kind: pmo.KindReview, Seats: []string{"ana"}, Requester: "sam", Text: text})
		require.NoError(t, err)
		require.False(t, out.Allowed, "the reason is judged as the API judges it")
		require.Contains(t, out.Reason, "the reason ")
	}
	refused, err := b.CheckActor(t.Context(), contract.CheckActorInput{Actor: "ana", Kind: pmo.KindReview, Seats: []string{"ana"}, Requester: "sam", Kept: pmo.Kept{Bytes: 600 << 10}})
	require.NoError(t, err)
	require.False(t, refused.Allowed)
	require.Contains(t, refused.Reason, "holds so much text")
	out, err := b.CheckActor(t.Context(), contract.CheckActorInput{Actor: "ana", Kind: pmo.KindReview, Seats: []string{"ana"}, Requester: "sam", Portfolio: "digital", Until: "2027-07-01"})
	require.NoError(t, err)
	require.Equal(t, b.Policy.Now().DayBegins("digital", "2027-07-01"), out.UntilAt)
	require.False(t, out.UntilAt.IsZero())
	gone := b.waiting("gone", 1, 1)
	gone.Status, gone.Outcome, gone.Reason, gone.ClosedAt, gone.Seq = pmo.StatusClosed, pmo.OutcomeWithdrawn, "because", day, gone.Seq+1
	open := b.waiting("open", 1, 1)
	_, _, err = b.store.Project(t.Context(), "run-1", gone, nil)
	require.NoError(t, err)
	for of, allowed := range map[string]bool{gone.ID: false, open.ID: true, uuid.NewString(): false} {
		out, err = b.CheckActor(t.Context(), contract.CheckActorInput{ID: uuid.NewString(), Actor: "ana", Kind: pmo.KindReview, Seats: []string{"ana"}, Requester: "sam", Decision: pmo.Decide{Data: pmo.Data{Of: of}}})
		require.NoError(t, err)
		require.Equal(t, allowed, out.Allowed, out.Reason)
	}
	b.SignalDecisions = false
	out, err = b.CheckActor(t.Context(), contract.CheckActorInput{Actor: "ana", Kind: pmo.KindReview, Seats: []string{"ana"}, Requester: "sam"})
	require.NoError(t, err)
	require.False(t, out.Allowed, "decisions by signal are not allowed")
}

// TestASignalCarriesOnlyWhatTheAPITakes: sizes, texts, scales, dates and other requests are judged as at the API.
func TestASignalCarriesOnlyWhatTheAPITakes(t *testing.T) {
	b := newBench(t)
	b.team("falcon", 4, 2, "web")
	other := pmo.New("7f3c2a10-0000-4000-8000-000000000042", "d", pmo.Submission{Requester: "rita", SubmittedBy: "rita", At: time.Now(), Content: pmo.Content{Title: "x", Kind: "bug", Confidential: true}})
	other.Number, other.Portfolio, other.Seq = 4242, "digital", 1
	_, _, err := b.store.Project(t.Context(), "run", *other, nil)
	require.NoError(t, err)
	much, size, title := 5000.0, -4.0, "a\u202eb"
	for name, c := range map[string]struct {
		data pmo.Data
		kept pmo.Kept
		want string
	}{
		"nothing":                   {},
		"a team that exists":        {data: pmo.Data{Team: "falcon"}},
		"a team nobody knows":       {data: pmo.Data{Team: "nowhere"}, want: "/data/team is no team we know"},
		"a person nobody knows":     {data: pmo.Data{Person: "mallory"}, want: "/data/person is not a person of the directory"},
		"the requester as judge":    {data: pmo.Data{Person: "sam"}, want: "/data/person may not answer it: it is their own request"},
		"a person who may":          {data: pmo.Data{Person: "petra"}},
		"inputs off the scale":      {data: pmo.Data{Inputs: &pmo.Inputs{BusinessValue: &much}}, want: "/data/inputs/business_value is one of"},
		"a size below nothing":      {data: pmo.Data{Patch: &pmo.Patch{Size: &size}}, want: "/data/patch/size lies between"},
		"a date long ago":           {data: pmo.Data{Until: "0226-01-01"}, want: "/data/until "},
		"a title that turns":        {data: pmo.Data{Patch: &pmo.Patch{Title: &title}}, want: "a text "},
		"no such request":           {data: pmo.Data{Of: "R-99"}, want: "/data/of is no other request"},
		"a request of others":       {data: pmo.Data{Of: "R-4242"}, want: "/data/of is no other request"},
		"inputs of their own":       {data: pmo.Data{Patch: &pmo.Patch{Inputs: &pmo.Inputs{BusinessValue: &much}}}, want: "/data/patch/inputs: "},
		"more lessons than is kept": {data: pmo.Data{Lessons: []pmo.Lesson{{Observation: "o"}}}, kept: pmo.Kept{Lessons: 100}, want: "/data/lessons a request keeps 100 lessons"},
		"a full request":            {kept: pmo.Kept{Bytes: 600 << 10}, want: " the request holds so much text"},
		"a long text":               {data: pmo.Data{Plan: &pmo.Plan{Summary: strings.Repeat("x", 5000)}}, want: "/data/plan/summary is longer than"},
	} {
		t.Run(name, func(t *testing.T) {
			in := contract.CheckActorInput{ID: requestOfSignal, Actor: "ana", Kind: pmo.KindReview, Seats: []string{"ana"}, Requester: "sam", Stage: pmo.StageExecution, About: pmo.KindReview,
				Kept: c.kept, Decision: pmo.Decide{Data: c.data}, Content: pmo.Content{Title: "Permit map", Kind: "bug"}}
			out, err := b.CheckActor(t.Context(), in)
			require.NoError(t, err)
			require.Equal(t, c.want == "", out.Allowed, out.Reason)
			require.Contains(t, out.Reason, c.want)
		})
	}
	out, err := b.CheckActor(t.Context(), contract.CheckActorInput{ID: requestOfSignal, Actor: "petra", Kind: pmo.KindScore, Seats: []string{"petra"}, Requester: "sam", Decision: pmo.Decide{Data: pmo.Data{Of: "R-4242"}}})
	require.NoError(t, err)
	require.True(t, out.Allowed, out.Reason)
	require.Equal(t, other.ID, out.Of, "the number becomes the id")
}

const requestOfSignal = "7f3c2a10-0000-4000-8000-000000000041"

package playbooks

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// TestEveryApproachHasItsPlaybookInBothLanguages with the same sections and as many items in each.
func TestEveryApproachHasItsPlaybookInBothLanguages(t *testing.T) {
	titles := map[string]bool{}
	for _, approach := range pmo.Approaches() {
		english, err := Of(approach, "en")
		require.NoError(t, err, approach)
		german, err := Of(approach, "de")
		require.NoError(t, err)
		require.Equal(t, "de", german.Language)
		require.False(t, titles[english.Title], english.Title)
		titles[english.Title] = true
		require.Len(t, english.Sections, len(Sections()))
		for i, name := range Sections() {
			require.Equal(t, name, english.Sections[i].Name, approach)
			require.Equal(t, name, german.Sections[i].Name, approach)
			require.NotEmpty(t, english.Sections[i].Items)
			require.Len(t, german.Sections[i].Items, len(english.Sections[i].Items), "%s %s", approach, name)
			for n, item := range english.Sections[i].Items {
				require.NotEqual(t, item, german.Sections[i].Items[n])
				require.Less(t, len(item), 220, "one page, not a book")
			}
		}
	}
	french, err := Of("kanban", "fr")
	require.NoError(t, err)
	require.Equal(t, "en", french.Language)
	for _, none := range []string{"", "waterfall", "../texts/kanban"} {
		_, err := Of(none, "en")
		require.Error(t, err, none)
	}
}

func TestAdviceIsShownWhenItMatters(t *testing.T) {
	now := time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
	working := func(days float64) pmo.Request {
		return pmo.Request{Status: pmo.StatusOpen, Stage: pmo.StageExecution, Approach: &pmo.Approach{Recommended: "scrum"}, Plan: &pmo.Plan{ReviewDays: 14},
			StartedAt: now.Add(-time.Duration(days * float64(day)))}
	}
	for days, want := range map[float64]Moment{0: AtStart, 1.9: AtStart, 3: "", 11: "", 12.5: BeforeReview, 13.9: BeforeReview, 14.5: "", 27: BeforeReview} {
		r := working(days)
		got, sections := Due(&r, now)
		require.Equal(t, want, got, "%v days", days)
		require.Equal(t, want != "", len(sections) > 0)
	}
	r := working(0)
	r.StartedAt = time.Time{}
	at, _ := Due(&r, now)
	require.Equal(t, AtStart, at, "while the plan is discussed")
	r = working(5)
	r.Plan.ReviewDays = 0
	at, _ = Due(&r, now)
	require.Empty(t, at, "there are no reviews")
	r.Stage = pmo.StageClosure
	at, sections := Due(&r, now)
	require.Equal(t, AtClosure, at)
	scrum, err := Of("scrum", "en")
	require.NoError(t, err)
	require.Len(t, scrum.Only(sections...).Sections, 1)
	r.AcceptedAt = now
	at, _ = Due(&r, now)
	require.Empty(t, at)
	r.AcceptedAt, r.Status = time.Time{}, pmo.StatusOnHold
	at, _ = Due(&r, now)
	require.Empty(t, at)
}

// TestAdviceForAReviewComesBeforeTheReviewThatIsAsked: its day counts from the agreement on the plan and the review before, not from the beginning of work.
func TestAdviceForAReviewComesBeforeTheReviewThatIsAsked(t *testing.T) {
	now := time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
	r := pmo.Request{Process: pmo.LatestProcess, Status: pmo.StatusOpen, Stage: pmo.StageExecution, Approach: &pmo.Approach{Recommended: "scrum"},
		Plan: &pmo.Plan{ReviewDays: 14, AgreedAt: now.Add(-5 * day)}, StartedAt: now.Add(-27 * day)}
	at, _ := Due(&r, now)
	require.Empty(t, at, "another plan was agreed five days ago")
	at, _ = Due(&r, now.Add(7*day))
	require.Equal(t, BeforeReview, at)
	r.LastReview = &pmo.PlanReview{At: now.Add(6 * day)}
	at, _ = Due(&r, now.Add(7*day))
	require.Empty(t, at, "it was reviewed yesterday")
	r.Questions = []pmo.Question{{Kind: pmo.KindPlanReview, Status: pmo.QuestionOpen}}
	at, _ = Due(&r, now.Add(7*day))
	require.Equal(t, BeforeReview, at, "it is asked")
}

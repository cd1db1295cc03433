package backtest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/backtest"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
)

var inForce = policy.Default()

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) // a Monday

func day(n float64) time.Time { return start.Add(time.Duration(n * 24 * float64(time.Hour))) }

// other is the default policy with changes.
func other(t *testing.T, pairs ...string) *policy.Policy {
	t.Helper()
	text := string(policy.Default().Source())
	for i := 0; i+1 < len(pairs); i += 2 {
		require.Contains(t, text, pairs[i])
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	p, err := policy.Parse([]byte(text))
	require.NoError(t, err)
	return p
}

// ended is a request that was admitted by the default policy, waited from one day to another and was accepted ten days later.
func ended(number int64, content pmo.Content, from, pulled float64) backtest.Request {
	content.Title, content.Kind = fmt.Sprintf("Request %d", number), "feature"
	r := backtest.Request{BacklogAt: day(from)}
	r.ID, r.Number, r.Requester, r.Revision, r.Content, r.SubmittedAt = fmt.Sprintf("id-%d", number), number, "sam", 1, content, day(0)
	a := inForce.Admit(content, nil)
	r.Portfolio, r.Lane, r.Severity = a.Portfolio, a.Lane, a.Severity
	route, err := inForce.Route(pmo.RouteInput{Portfolio: a.Portfolio, Lane: a.Lane, Severity: a.Severity, Content: content})
	if err != nil {
		panic(err)
	}
	r.Route, r.PulledAt, r.AcceptedAt = &route, day(pulled), day(pulled+10)
	return r
}

func put(group string, quorum pmo.Quorum, verdict string, from, to float64, yes ...float64) pmo.Question {
	q := pmo.Question{Kind: pmo.KindReview, Group: group, Round: 1, People: []string{"a", "b", "c"}, Quorum: quorum, Status: pmo.QuestionSettled, Verdict: verdict,
		OpenedAt: day(from), SettledAt: day(to), DueAt: day(from + 7)}
	for _, at := range yes {
		q.Answers = append(q.Answers, pmo.Answer{Verdict: pmo.VerdictApprove, At: day(at)})
	}
	return q
}

func inputs(value, size float64) pmo.Inputs {
	return pmo.Inputs{BusinessValue: &value, TimeCriticality: new(1.0), RiskReduction: new(1.0), JobSize: &size}
}

func run(t *testing.T, past backtest.Past, then *policy.Policy) backtest.Result {
	t.Helper()
	found, err := backtest.Run(past, inForce, then)
	require.NoError(t, err)
	return found
}

func TestThePolicyThatWasInForceChangesNothing(t *testing.T) {
	past := backtest.Past{Ended: []backtest.Request{ended(1, pmo.Content{Size: 4}, 3, 5), ended(2, pmo.Content{Size: 1}, 3, 6)}}
	found := run(t, past, inForce)
	require.Empty(t, found.Lines)
	require.Equal(t, 2, found.Requests)
	require.Equal(t, 2, found.Ranked)
}

func TestAnotherLaneHasAnotherWayThroughReviewAndTakesItsTime(t *testing.T) {
	r := ended(1, pmo.Content{Size: 3}, 6, 7)
	r.Questions = []pmo.Question{put("approvers", r.Route.Steps[0].Quorum, pmo.VerdictApprove, 0, 5, 1, 5)}
	past := backtest.Past{Ended: []backtest.Request{r}}
	found := run(t, past, other(t, "size <= 2 && money", "size <= 3 && money"))
	require.Equal(t, 1, found.Lanes)
	require.Equal(t, 1, found.Routes)
	line := found.Lines[0]
	require.Equal(t, pmo.LaneStandard, line.Was.Lane)
	require.Equal(t, pmo.LaneExpress, line.Then.Lane)
	require.Equal(t, 5*24*time.Hour, *line.Was.Review)
	require.Equal(t, 24*time.Hour, *line.Then.Review, "one yes is enough, and the first came after a day")
	require.False(t, line.Then.Assumed)
	require.Equal(t, backtest.Wait{Now: 5 * 24 * time.Hour, Then: 24 * time.Hour, Of: 1}, found.Review)
	require.Contains(t, strings.Join(line.Words(), " "), "Lane express instead of standard.")
	require.Contains(t, strings.Join(line.Words(), " "), "in 1.0 days instead of 5.0 days")
}

// Groups of another order come after each other; one that was not asked takes the time that it usually takes.
func TestAGroupThatWasNotAskedTakesItsUsualTime(t *testing.T) {
	small, large := ended(1, pmo.Content{Size: 4}, 6, 7), ended(2, pmo.Content{Size: 20}, 8, 9)
	two := small.Route.Steps[0].Quorum
	small.Questions = []pmo.Question{put("approvers", two, pmo.VerdictApprove, 0, 2, 1, 2)}
	large.Questions = []pmo.Question{put("approvers", two, pmo.VerdictApprove, 0, 1, 0.5, 1), put("architecture", pmo.Quorum{}, pmo.VerdictApprove, 1, 4, 4)}
	past := backtest.Past{Ended: []backtest.Request{small, large}}
	found := run(t, past, other(t, "size > 12 ||", "size > 3 ||"))
	line := found.Lines[0]
	require.Equal(t, "id-1", line.ID)
	require.Nil(t, line.Then.Review, "nobody knows how long finance takes")

	large.Questions = append(large.Questions, put("finance", pmo.Quorum{}, pmo.VerdictApprove, 1, 6, 6))
	past.Ended[1] = large
	line = run(t, past, other(t, "size > 12 ||", "size > 3 ||")).Lines[0]
	require.Equal(t, 7*24*time.Hour, *line.Then.Review, "two days, and then the five of finance, beside the three of architecture")
	require.True(t, line.Then.Assumed)
}

func TestWhoRejectedAndWouldNotHaveBeenAskedIsNamed(t *testing.T) {
	r := ended(1, pmo.Content{Size: 20}, 6, 7)
	r.Outcome, r.BacklogAt, r.PulledAt, r.AcceptedAt, r.ClosedAt = pmo.OutcomeRejected, time.Time{}, time.Time{}, time.Time{}, day(4)
	r.Questions = []pmo.Question{put("architecture", pmo.Quorum{}, pmo.VerdictReject, 1, 4)}
	found := run(t, backtest.Past{Ended: []backtest.Request{r}}, other(t, "size > 12 ||", "size > 50 ||"))
	require.Equal(t, []string{"architecture"}, found.Lines[0].Rejecters)
	require.Contains(t, strings.Join(found.Lines[0].Words(), " "), "rejected by architecture, which would not have been asked")
	require.Zero(t, found.Ranked)
}

// The places that became free are given by the other weights, at the moments at which they were free.
func TestThePullsAreRunAgainInAnotherOrder(t *testing.T) {
	cheap, dear, given := ended(1, pmo.Content{Inputs: inputs(1, 1)}, 1, 10), ended(2, pmo.Content{Inputs: inputs(20, 8)}, 1, 20), ended(3, pmo.Content{Inputs: inputs(20, 1)}, 12, 15)
	given.Override = true
	gone := ended(4, pmo.Content{Inputs: inputs(3, 8)}, 1, 5)
	gone.PulledAt, gone.AcceptedAt, gone.ClosedAt = time.Time{}, time.Time{}, day(15)
	past := backtest.Past{Ended: []backtest.Request{cheap, dear, given, gone}}
	ice := other(t, "business_value: 1", "business_value: 50")
	found := run(t, past, ice)
	require.Equal(t, 2, found.Ranked, "a pull by override is not run again")
	byID := map[string]backtest.Line{}
	for _, l := range found.Lines {
		byID[l.ID] = l
	}
	require.Equal(t, 1, byID["id-1"].Now.Rank)
	require.Equal(t, 2, byID["id-1"].Then.Rank)
	require.Equal(t, day(10), byID["id-2"].Then.PullAt)
	require.Equal(t, day(20), byID["id-1"].Then.PullAt)
	require.Contains(t, strings.Join(byID["id-1"].Words(), " "), "Pulled 10.0 days later.")
	require.NotContains(t, byID, "id-3")
	require.Equal(t, 1, found.Earlier)
	require.Equal(t, 1, found.Later)
}

// Who gave up waiting leaves the backlog on that day, unless a place would have come before.
func TestARequestThatGaveUpCouldHaveBeenPulled(t *testing.T) {
	first, gone := ended(1, pmo.Content{Inputs: inputs(1, 1)}, 1, 10), ended(2, pmo.Content{Inputs: inputs(20, 8)}, 1, 20)
	gone.PulledAt, gone.AcceptedAt, gone.ClosedAt = time.Time{}, time.Time{}, day(15)
	found := run(t, backtest.Past{Ended: []backtest.Request{first, gone}}, other(t, "business_value: 1", "business_value: 50"))
	require.Contains(t, strings.Join(found.Lines[0].Words(), " "), "Pulled after 9.0 days; it was given up after 14.0 days without a pull.")
	require.Contains(t, strings.Join(found.Lines[1].Words(), " "), "It would not have been pulled.")
	require.Equal(t, []backtest.Line{found.Lines[1]}, found.After(2, "id-2"))
}

func TestLateAnswersAreCountedByTheOtherDeadline(t *testing.T) {
	r := ended(1, pmo.Content{Size: 4}, 6, 7)
	r.Questions = []pmo.Question{put("approvers", r.Route.Steps[0].Quorum, pmo.VerdictApprove, 0, 2, 1, 2)}
	text := string(policy.Default().Source())
	i := strings.Index(text, "\n  review:\n")
	require.Positive(t, i)
	due := strings.Index(text[i:], "due: ")
	rest := text[i+due:]
	end := strings.IndexAny(rest, ",\n")
	p, err := policy.Parse([]byte(text[:i+due] + "due: 1h" + rest[end:]))
	require.NoError(t, err)
	found := run(t, backtest.Past{Ended: []backtest.Request{r}}, p)
	require.Equal(t, 1, found.Late)
	require.Zero(t, found.LateNow)
	require.Contains(t, strings.Join(found.Lines[0].Words(), " "), "approvers answered after the deadline")
}

// What costs too much is left out, from the oldest on, and said.
func TestWorkIsBounded(t *testing.T) {
	const n = 1000
	var past backtest.Past
	for i := range int64(n) {
		past.Ended = append(past.Ended, ended(i+1, pmo.Content{Inputs: inputs(float64(i%13+1), float64(i%7+1))}, 1, 2+float64(i)))
	}
	began := time.Now()
	found := run(t, past, other(t, "business_value: 1", "business_value: 9"))
	t.Logf("%d requests: %d pulls run again, %d not, in %s", n, found.Ranked, found.Unranked, time.Since(began))
	require.Equal(t, n, found.Ranked+found.Unranked)
	require.Positive(t, found.Unranked)
}

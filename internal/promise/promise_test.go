package promise

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/forecast"
	"leanpmo/internal/forecast/cache"
	"leanpmo/internal/pmo"
)

var at = time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)

func answer(days int, q forecast.Queue) *cache.Answer {
	counts := make([]int, 200)
	for i := range counts {
		counts[i] = 1 + i%2
	}
	m := forecast.Learn(forecast.History{Counts: counts, PeriodDays: 1}, forecast.Options{Start: at})
	return &cache.Answer{Start: m.When(days / 2), Finish: m.When(days), Queue: q, PerWeek: m.PerWeek()}
}

func TestNewPromise(t *testing.T) {
	r := &pmo.Request{ID: "a", Portfolio: "core", Requester: "sam", SubmittedBy: "sam", Watchers: []string{"rita"}, Content: pmo.Content{WantedBy: "2027-04-30"},
		Assignment: &pmo.Assignment{Team: "otter"}}
	p := New(r, cache.Place{Rank: 4}, answer(30, forecast.Queue{Ahead: 3, InProgress: 2}), at, Submitted)
	require.Equal(t, []string{"sam", "rita"}, p.To)
	require.Equal(t, pmo.Date("2027-03-01"), p.Day)
	require.Less(t, p.Finish.P50, p.Finish.P85)
	require.Less(t, p.Start.P85, p.Finish.P85)
	require.Positive(t, p.Wanted)
	require.Equal(t, Facts{Approval: 1, Ahead: 5, InProgress: 2, Rank: 4, Team: "otter", PerWeek: 10.5}, p.Facts)

	p = New(r, cache.Place{}, &cache.Answer{Finish: forecast.Learn(forecast.History{}, forecast.Options{}).When(3)}, at, Daily)
	require.Contains(t, p.Cannot, "nothing was finished")
	require.Equal(t, Days{}, p.Finish)
	require.Empty(t, p.WantedBy)
}

func TestAPromiseChangesBeyondRounding(t *testing.T) {
	before := &Promise{Day: "2027-03-01", Finish: Days{"2027-05-01", "2027-06-09", "2027-07-01"}}
	for days, changed := range map[Days]bool{
		{"2027-05-01", "2027-06-09", "2027-07-01"}: false,
		{"2027-05-02", "2027-06-13", "2027-07-03"}: false, // within five percent of the hundred days that were left
		{"2027-05-01", "2027-06-15", "2027-07-01"}: true,
		{"2027-04-20", "2027-06-09", "2027-07-01"}: true,
		{"2027-05-01", "2027-06-09", ""}:           true,
	} {
		require.Equal(t, changed, Changed(before, &Promise{Day: "2027-03-01", Finish: days}), days)
	}
	near := &Promise{Finish: Days{"2027-03-03", "2027-03-05", "2027-03-09"}}
	require.False(t, Changed(near, &Promise{Day: "2027-03-02", Finish: Days{"2027-03-04", "2027-03-05", "2027-03-09"}}))
	require.True(t, Changed(near, &Promise{Day: "2027-03-02", Finish: Days{"2027-03-05", "2027-03-05", "2027-03-09"}}))
	require.True(t, Changed(near, &Promise{Cannot: "the pace broke"}))
	require.True(t, Changed(&Promise{Cannot: "nothing yet"}, near))
	require.False(t, Changed(&Promise{Cannot: "nothing yet"}, &Promise{Cannot: "still nothing"}))
	require.True(t, Changed(near, &Promise{Day: "2027-03-02", Finish: near.Finish, Wanted: .2}))
}

func TestAChangedPromiseSaysWhy(t *testing.T) {
	base := Facts{Undecided: true, Approval: .6, Ahead: 10, InProgress: 3, WIPLimit: 3, Rank: 0, PerWeek: 5}
	for words, change := range map[string]func(f *Facts){
		"it was approved":                      func(f *Facts) { f.Undecided = false },
		"it was pulled":                        func(f *Facts) { f.Pulled, f.Ahead = true, 2 },
		"team otter has it":                    func(f *Facts) { f.Team = "otter" },
		"ahead of it were 10 requests, now 14": func(f *Facts) { f.Ahead = 14 },
		"the pace went from 5 to 3.5 a week":   func(f *Facts) { f.PerWeek = 3.5 },
		"the WIP limit went from 3 to 2":       func(f *Facts) { f.WIPLimit = 2 },
		"of those expected to come and rank above it were 0 a week, now 0.4": func(f *Facts) { f.Above = .4 },
		"of what has to come first were 0, now 2":                            func(f *Facts) { f.Needs = 2 },
		"time passed and it was not done":                                    func(f *Facts) { f.PerWeek = 5.2 },
	} {
		now := base
		change(&now)
		why := Why(&Promise{Facts: base}, &Promise{Facts: now})
		require.Len(t, why, 1, words)
		require.Equal(t, words, why[0].Words())
	}
	ranked := Why(&Promise{Facts: Facts{Rank: 9, Ahead: 8, Pulled: false}}, &Promise{Facts: Facts{Rank: 2, Ahead: 1}})
	require.Equal(t, []Difference{{Priority, "9", "2"}, {Queue, "8", "1"}}, ranked)
	require.Equal(t, "its rank went from 9 to 2", ranked[0].Words())
	require.Equal(t, "its slot was given back", Why(&Promise{Facts: Facts{Pulled: true}}, &Promise{})[0].Words())
	require.Equal(t, "team heron has it instead of otter", Why(&Promise{Facts: Facts{Team: "otter"}}, &Promise{Facts: Facts{Team: "heron"}})[0].Words())
	require.Equal(t, "it can no longer be forecast: the pace broke", Why(&Promise{}, &Promise{Cannot: "the pace broke"})[0].Words())
	require.Equal(t, "enough is known to forecast it", Why(&Promise{Cannot: "nothing"}, &Promise{})[0].Words())
	require.Equal(t, "another day is wanted", Why(&Promise{}, &Promise{WantedBy: "2027-05-01"})[0].Words())
}

func TestAPromiseIsJudgedWhenItsDayIsOver(t *testing.T) {
	done := Outcome{FinishedOn: "2027-03-10"}
	require.Equal(t, Pending, done.Judge("2027-03-20", "2027-03-15"), "finished early, and not judged early")
	require.Equal(t, Pending, done.Judge("2027-03-20", "2027-03-20"), "the day itself is not over")
	require.Equal(t, Kept, done.Judge("2027-03-20", "2027-03-21"))
	require.Equal(t, Kept, done.Judge("2027-03-10", "2027-03-21"))
	require.Equal(t, Missed, done.Judge("2027-03-09", "2027-03-21"))
	require.Equal(t, Missed, Outcome{}.Judge("2027-03-09", "2027-03-10"), "unfinished ones count once the day is over")
	require.Equal(t, Void, Outcome{ClosedOn: "2027-03-09"}.Judge("2027-03-20", "2027-03-21"))
	require.Equal(t, Missed, Outcome{ClosedOn: "2027-03-25"}.Judge("2027-03-20", "2027-03-26"), "it was late before it was closed")
	require.Equal(t, None, done.Judge("", "2027-03-21"))
	accepted, zone := time.Date(2027, 3, 10, 23, 30, 0, 0, time.UTC), time.FixedZone("east", 3600)
	require.Equal(t, Outcome{FinishedOn: "2027-03-11"}, OutcomeOf(&accepted, nil, zone))
	require.Equal(t, Outcome{ClosedOn: "2027-03-11"}, OutcomeOf(nil, &accepted, zone))
	require.Equal(t, Outcome{}, OutcomeOf(nil, nil, zone))
}

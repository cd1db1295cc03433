package pmo_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

func lastEntry(t *testing.T, r *pmo.Request) pmo.Entry {
	t.Helper()
	require.NotEmpty(t, r.Ledger)
	return r.Ledger[len(r.Ledger)-1]
}

// TestReportsSayHowFarTheWorkIs: in numbers, and those of a report before 0.9 are read from its words; both ways lead to the same picture.
func TestReportsSayHowFarTheWorkIs(t *testing.T) {
	r := working()
	r.StartedAt, r.Content.Size = start, 8
	for i, body := range []string{`{"percent":25}`, `{"health":"red","note":"50 % of the data is lost, done"}`, `{"percent":100,"health":"amber","note":"x"}`, `{"no_percent":true,"note":"nobody knows"}`,
		`{"percent":0,"blocked":"no licence"}`, `{"percent":90,"happened_at":"` + start.Add(4*day).Format("2006-01-02T15:04:05Z") + `"}`, `{"done":true}`} {
		report(t, r, start.Add(5*day).AddDate(0, 0, i), body)
		reports := slices.DeleteFunc(slices.Clone(r.Ledger), func(e pmo.Entry) bool { return e.Event != pmo.EventReported })
		require.Len(t, reports, i+1, "a change of health has an entry of its own")
		e := reports[i]
		require.NotNil(t, e.Completion, body)
		require.Equal(t, r.Completion().Done, e.Completion.Done, body)
	}
	now := r.Completion()
	require.Equal(t, pmo.Completion{Unit: pmo.UnitTeamWeeks, Scope: 8, Done: 8}, now)
	withNumbers := pmo.BurnUpOf(r.Ledger, now)
	var old []pmo.Entry
	for _, e := range r.Ledger {
		e.Completion = nil
		old = append(old, e)
	}
	require.Equal(t, pmo.UnitTeamWeeks, withNumbers.Unit)
	fromWords := map[int64]float64{}
	for _, p := range pmo.BurnUpOf(old, now).Points {
		fromWords[p.At.Unix()] = p.Done
	}
	require.Len(t, withNumbers.Points, 7)
	for i, p := range withNumbers.Points {
		if i > 0 {
			require.False(t, p.At.Before(withNumbers.Points[i-1].At), "the earliest first")
		}
		if done, said := fromWords[p.At.Unix()]; said {
			require.InDelta(t, p.Done, done, 1e-9)
		}
	}
	require.Len(t, fromWords, 5, "all but the one without a percent and the one that changed nothing")
}

// TestAChangeOfSizeIsAStepOfTheScope, and a size that becomes known later makes all percent.
func TestAChangeOfSizeIsAStepOfTheScope(t *testing.T) {
	r := working()
	r.StartedAt, r.Content.Size = start, 4
	report(t, r, start.Add(day), `{"percent":50}`)
	r.Content.Size = 6
	report(t, r, start.Add(2*day), `{"percent":50}`)
	b := pmo.BurnUpOf(r.Ledger, r.Completion())
	require.Len(t, b.Points, 2)
	require.Equal(t, []float64{4, 2, 6, 3}, []float64{b.Points[0].Scope, b.Points[0].Done, b.Points[1].Scope, b.Points[1].Done})

	r = working()
	r.StartedAt, r.Content.Size, r.Plan.Milestones = start, 0, []pmo.Milestone{{Name: "a"}, {Name: "b"}, {Name: "c"}, {Name: "d"}}
	report(t, r, start.Add(day), `{"percent":25}`)
	require.Equal(t, pmo.Completion{Unit: pmo.UnitMilestones, Scope: 4, Done: 1}, *lastEntry(t, r).Completion)
	r.Content.Size = 6
	report(t, r, start.Add(2*day), `{"percent":50}`)
	b = pmo.BurnUpOf(r.Ledger, r.Completion())
	require.Equal(t, pmo.UnitPercent, b.Unit)
	require.Equal(t, []float64{100, 25, 100, 50}, []float64{b.Points[0].Scope, b.Points[0].Done, b.Points[1].Scope, b.Points[1].Done})
	r.Content.Size, r.Plan.Milestones, r.Plan.Iterations = 0, nil, 3
	require.Equal(t, pmo.UnitIterations, r.Completion().Unit)
	r.Plan.Iterations = 0
	require.Equal(t, pmo.Completion{Unit: pmo.UnitPercent, Scope: 100, Done: 50}, r.Completion())
	require.Empty(t, pmo.BurnUpOf([]pmo.Entry{{Event: pmo.EventReported, Text: "A report of yesterday came after a later one and changes nothing. It said: Health green, 40 %."}}, r.Completion()).Points)
}

// TestHowMuchTheScopeChangesInAMonth counts growth and shrinkage of the first scope.
func TestHowMuchTheScopeChangesInAMonth(t *testing.T) {
	months := func(n float64) time.Time { return start.Add(time.Duration(n * 365.25 / 12 * 24 * float64(time.Hour))) }
	b := pmo.BurnUp{Unit: pmo.UnitTeamWeeks, Points: []pmo.BurnUpPoint{{At: start, Scope: 10}, {At: months(1), Scope: 13}, {At: months(2), Scope: 12}}}
	require.InDelta(t, 20, *b.ChangePerMonth(months(2)), 1e-6, "4 of 10 in two months")
	require.InDelta(t, 10, *b.ChangePerMonth(months(4)), 1e-6)
	require.Nil(t, b.ChangePerMonth(months(0.9)), "too early to tell")
	b.Unit = pmo.UnitPercent
	require.Nil(t, b.ChangePerMonth(months(2)))
	require.Nil(t, pmo.BurnUp{Unit: pmo.UnitTeamWeeks}.ChangePerMonth(months(2)))
}

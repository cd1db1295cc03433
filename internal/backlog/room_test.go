package backlog_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"leanpmo/internal/assign"
	"leanpmo/internal/backlog"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
)

var monday = time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)

func dayAfter(days int) pmo.Date { return pmo.Date(monday.AddDate(0, 0, days).Format(time.DateOnly)) }

func weekFrom(day int) (days pmo.Days) {
	for i := range 5 {
		days.Worked = append(days.Worked, dayAfter(day+i))
	}
	return days
}

// ahead looks eight weeks ahead, at teams with capacity.
func ahead(wip int, teams ...pmo.Team) *backlog.Placement {
	p := &backlog.Placement{Rules: policy.AssignPolicy{LoadCeiling: 0.8, WIPLimit: wip, Today: dayAfter(0), Days: weekFrom(0)}}
	for k := 1; k < policy.WeeksAhead; k++ {
		p.Rules.Weeks = append(p.Rules.Weeks, policy.AssignWeek{From: dayAfter(7 * k), Days: weekFrom(7 * k)})
	}
	for _, t := range teams {
		p.Teams = append(p.Teams, store.TeamLoad{Team: t})
	}
	return p
}

func falcon(capacity float64, away ...pmo.Absence) pmo.Team {
	return pmo.Team{ID: "falcon", Name: "Falcon", Capacity: capacity, Absences: away}
}

func away(from, days int) pmo.Absence {
	return pmo.Absence{From: dayAfter(from), Until: dayAfter(from + days - 1), WholeTeam: true}
}

// work is accepted work that may be proposed; change makes it otherwise.
func work(id string, size float64, rank int, change ...func(*store.AcceptedWork)) store.AcceptedWork {
	w := store.AcceptedWork{RequestID: id, Team: "falcon", Size: size, Rank: rank, Accepted: monday, Class: pmo.ClassStandard, Proposable: true}
	for _, f := range change {
		f(&w)
	}
	return w
}

func lostIDs(list []backlog.NoRoom) (ids []string) {
	for _, w := range list {
		ids = append(ids, w.RequestID)
	}
	return ids
}

func foundIDs(list []store.AcceptedWork) (ids []string) {
	for _, w := range list {
		ids = append(ids, w.RequestID)
	}
	return ids
}

func TestWhatNoLongerFits(t *testing.T) {
	marked := func(w *store.AcceptedWork) { w.NoRoom = true }
	kept := func(w *store.AcceptedWork) { w.NoRoom, w.Kept = true, true }
	expedite := func(w *store.AcceptedWork) { w.Class = pmo.ClassExpedite }
	byPMO := func(w *store.AcceptedWork) { w.OverLimit, w.Proposable = true, false }
	fixed := func(w *store.AcceptedWork) { w.Proposable = false }
	later := func(w *store.AcceptedWork) { w.Accepted = monday.Add(time.Hour) }
	until := func(day int) func(*store.AcceptedWork) {
		return func(w *store.AcceptedWork) { w.Until = dayAfter(day) }
	}
	three := []store.AcceptedWork{work("a", 1, 1), work("b", 1, 2), work("c", 1, 3)}
	for name, c := range map[string]struct {
		plan        *backlog.Placement
		work        []store.AcceptedWork
		lost, found []string
	}{
		"all fits":                             {ahead(0, falcon(4)), three, nil, nil},
		"the worst ranked first":               {ahead(0, falcon(3)), three, []string{"c"}, nil},
		"as many as needed":                    {ahead(0, falcon(2)), three, []string{"c", "b"}, nil},
		"nothing is left":                      {ahead(0, falcon(0)), three, []string{"c", "b", "a"}, nil},
		"the WIP limit":                        {ahead(2, falcon(9)), three, []string{"c"}, nil},
		"without a rank is worst":              {ahead(2, falcon(9)), []store.AcceptedWork{work("a", 1, 0), work("b", 1, 1), work("c", 1, 2)}, []string{"a"}, nil},
		"accepted last first":                  {ahead(2, falcon(9)), []store.AcceptedWork{work("a", 1, 2, later), work("b", 1, 2), work("c", 1, 1)}, []string{"a"}, nil},
		"expedite work last":                   {ahead(2, falcon(9)), []store.AcceptedWork{work("a", 1, 1), work("b", 1, 2), work("c", 1, 3, expedite)}, []string{"b"}, nil},
		"what fits beside the large one":       {ahead(0, falcon(5)), []store.AcceptedWork{work("a", 3, 1), work("b", 3, 2), work("c", 1, 3)}, []string{"b"}, nil},
		"three weeks away":                     {ahead(0, falcon(4, away(0, 21))), three, nil, nil},
		"four weeks away":                      {ahead(0, falcon(4, away(14, 28))), three, []string{"c", "b", "a"}, nil},
		"away where its plan has ended":        {ahead(0, falcon(4, away(14, 28))), []store.AcceptedWork{work("a", 1, 1, until(9)), work("b", 1, 2)}, []string{"b"}, nil},
		"plans that end soon make room":        {ahead(0, falcon(3)), []store.AcceptedWork{work("a", 1, 1), work("b", 1, 2), work("c", 1, 3, until(16))}, nil, nil},
		"plans that end late do not":           {ahead(0, falcon(3)), []store.AcceptedWork{work("a", 1, 1), work("b", 1, 2), work("c", 1, 3, until(23))}, []string{"c"}, nil},
		"only what may be proposed":            {ahead(0, falcon(3)), []store.AcceptedWork{work("a", 1, 1), work("b", 1, 2), work("c", 1, 3, fixed)}, []string{"b"}, nil},
		"nothing that may be proposed":         {ahead(0, falcon(1)), []store.AcceptedWork{work("a", 1, 1, fixed)}, nil, nil},
		"what the PMO put over the limits":     {ahead(2, falcon(3)), []store.AcceptedWork{work("a", 1, 1), work("b", 1, 2), work("c", 1, 3, byPMO)}, nil, nil},
		"asked already":                        {ahead(0, falcon(3)), []store.AcceptedWork{work("a", 1, 1, marked), work("b", 1, 2), work("c", 1, 3)}, nil, nil},
		"one more beside what is asked":        {ahead(0, falcon(2)), []store.AcceptedWork{work("a", 1, 1, marked), work("b", 1, 2), work("c", 1, 3)}, []string{"c"}, nil},
		"kept is over the limits by agreement": {ahead(0, falcon(2)), []store.AcceptedWork{work("a", 1, 1, kept), work("b", 1, 2), work("c", 1, 3, marked)}, nil, nil},
		"room for all again":                   {ahead(0, falcon(4)), []store.AcceptedWork{work("a", 1, 1, kept), work("b", 1, 2), work("c", 1, 3, marked)}, nil, []string{"a", "c"}},
		"room for one again":                   {ahead(0, falcon(3)), []store.AcceptedWork{work("a", 1, 1, marked), work("b", 1, 2), work("c", 1, 3, marked)}, nil, []string{"a"}},
		"another team's work":                  {ahead(0, falcon(0), pmo.Team{ID: "otter", Capacity: 9}), []store.AcceptedWork{work("a", 1, 1, func(w *store.AcceptedWork) { w.Team = "otter" })}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			lost, found := c.plan.Rooms(c.work)
			require.Equal(t, c.lost, lostIDs(lost))
			slices.Sort(c.found)
			require.ElementsMatch(t, c.found, foundIDs(found))
		})
	}
}

func TestWhyItNoLongerFits(t *testing.T) {
	why := func(p *backlog.Placement, list ...store.AcceptedWork) string {
		lost, _ := p.Rooms(list)
		require.NotEmpty(t, lost)
		return lost[0].Why
	}
	require.Equal(t, "Now Falcon has a capacity of 3 team-weeks, of which 80 % may be taken: 2.4. It has accepted 3.5. This work takes 1.5 team-weeks.",
		why(ahead(0, falcon(3)), work("a", 2, 1), work("b", 1.5, 2)))
	require.Equal(t, "Now Falcon has a WIP limit of 1 and has accepted 2 requests. This work takes 0.5 team-weeks.", why(ahead(1, falcon(3)), work("a", 1, 1), work("b", 0.5, 2)))
	require.Equal(t, "From 2026-12-07 Falcon has a capacity of 0 team-weeks, 4 less than now, of which 80 % may be taken: 0. It has accepted 1. This work takes 1 team-week.",
		why(ahead(1, falcon(4, away(7, 60))), work("a", 1, 1)))
}

// TestRoomsHaveTheirProperties: what is chosen is enough and not more than that, the order of input does not matter, and once it is marked nothing more
// is chosen and nothing given back.
func TestRoomsHaveTheirProperties(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p := ahead(rapid.IntRange(0, 4).Draw(r, "wip"), falcon(rapid.Float64Range(0, 6).Draw(r, "capacity")))
		if rapid.Bool().Draw(r, "away") {
			p.Teams[0].Absences = []pmo.Absence{away(rapid.IntRange(0, 40).Draw(r, "from"), rapid.IntRange(1, 60).Draw(r, "days"))}
		}
		var list []store.AcceptedWork
		for i := range rapid.IntRange(0, 7).Draw(r, "requests") {
			w := work(fmt.Sprint(i), float64(rapid.IntRange(1, 12).Draw(r, "size"))/4, rapid.IntRange(0, 5).Draw(r, "rank"))
			w.Proposable = rapid.IntRange(0, 3).Draw(r, "proposable") > 0
			w.NoRoom = rapid.IntRange(0, 4).Draw(r, "marked") == 0
			w.Kept = w.NoRoom && rapid.Bool().Draw(r, "kept")
			if rapid.Bool().Draw(r, "planned") {
				w.Until = dayAfter(rapid.IntRange(-5, 70).Draw(r, "until"))
			}
			list = append(list, w)
		}
		lost, found := p.Rooms(list)
		reversed := slices.Clone(list)
		slices.Reverse(reversed)
		again, foundAgain := p.Rooms(reversed)
		require.Equal(r, lost, again)
		require.Equal(r, found, foundAgain)

		marked := slices.Clone(list)
		for i := range marked {
			w := &marked[i]
			w.NoRoom = w.NoRoom && !slices.Contains(foundIDs(found), w.RequestID) || slices.Contains(lostIDs(lost), w.RequestID)
			w.Kept = w.Kept && w.NoRoom
		}
		more, back := p.Rooms(marked)
		require.Empty(r, more, "what was told is not told again")
		require.Empty(r, back)

		rest := slices.DeleteFunc(slices.Clone(marked), func(w store.AcceptedWork) bool { return w.NoRoom })
		short := func(list []store.AcceptedWork) []string {
			list = slices.Clone(list)
			for i := range list {
				list[i].Proposable, list[i].NoRoom, list[i].Kept = true, false, false
			}
			lost, _ := p.Rooms(list)
			return lostIDs(lost)
		}
		left := short(rest)
		for _, w := range rest {
			require.False(r, w.Proposable && slices.Contains(left, w.RequestID), "%s does not fit and was not chosen", w.RequestID)
		}
		for _, w := range marked {
			if w.NoRoom && len(left) == 0 {
				require.NotEmpty(r, short(append(slices.Clone(rest), w)), "%s fits and was chosen", w.RequestID)
			}
		}
	})
}

// TestATeamWithoutPeopleHasNoRoom where its people limit how many requests it takes: neither for what it accepted nor for more, until somebody joins.
func TestATeamWithoutPeopleHasNoRoom(t *testing.T) {
	nobody := falcon(10)
	nobody.WIPPerPerson = 2
	p := ahead(5, nobody)
	lost, _ := p.Rooms([]store.AcceptedWork{work("a", 1, 1)})
	require.Equal(t, []string{"a"}, lostIDs(lost))
	require.Contains(t, lost[0].Why, "Falcon has a WIP limit of 0 and has accepted 1 requests")
	p.Holds = []store.TeamHold{{RequestID: "b", Team: "falcon", Size: 1, Offered: true}}
	require.Len(t, p.LostPlaces(), 1)

	planned := func(teams []assign.Team) string {
		plan, err := assign.Assign([]assign.Request{{ID: "r", Rank: 1, Size: 1}}, teams, assign.DefaultPolicy())
		require.NoError(t, err)
		return plan.Decisions[0].Team
	}
	require.Empty(t, planned(backlog.Candidates(p.Teams, p.Rules)))
	p.Teams[0].Members = []string{"ana"}
	require.Equal(t, "falcon", planned(backlog.Candidates(p.Teams, p.Rules)))
}

package approach

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// TestSignsThatAPlanNoLongerFits has each sign at its border, both ways.
func TestSignsThatAPlanNoLongerFits(t *testing.T) {
	weeks := func(n int) time.Time { return monday.AddDate(0, 0, 7*n) }
	sprints := pmo.Plan{Approach: "scrum", Iterations: 4, WeeksEach: 2}
	late := func(done bool) pmo.Plan {
		return pmo.Plan{Approach: "predictive", Milestones: []pmo.Milestone{{Name: "a", Due: "2026-03-05"}, {Name: "b", Due: "2026-03-06", Done: done}, {Name: "c", Due: "2026-03-09"}, {Name: "d"}}}
	}
	for name, c := range map[string]struct {
		course   Course
		kind     string
		suggests Approach
	}{
		"a third unplanned":                      {Course{Plan: sprints, Unplanned: ptr(31.0)}, "unplanned", Scrumban},
		"more than half unplanned":               {Course{Plan: sprints, Unplanned: ptr(51.0)}, "unplanned", Kanban},
		"thirty per cent are borne":              {Course{Plan: sprints, Unplanned: ptr(30.0)}, "", ""},
		"a flow takes what comes":                {Course{Plan: pmo.Plan{Approach: "kanban"}, Unplanned: ptr(90.0)}, "", ""},
		"two milestones late":                    {Course{Plan: late(false), Now: weeks(1), Today: dateOf(weeks(1))}, "late", ""},
		"one milestone late":                     {Course{Plan: late(true), Now: weeks(1), Today: dateOf(weeks(1))}, "", ""},
		"two iterations behind":                  {Course{Plan: sprints, Percent: ptr(25), Started: monday, Now: weeks(6)}, "pace", ""},
		"one iteration behind":                   {Course{Plan: sprints, Percent: ptr(50), Started: monday, Now: weeks(6)}, "", ""},
		"long over, and nothing reported":        {Course{Plan: sprints, Started: monday, Now: weeks(60)}, "", ""},
		"the answers changed":                    {Course{Plan: sprints, Fits: Hybrid, FitsBecause: "a contract fixes price and scope", Followed: true}, "answers", Hybrid},
		"another one was chosen":                 {Course{Plan: sprints, Fits: Hybrid}, "", ""},
		"the scope changes more":                 {Course{Plan: sprints, Changed: ptr(12.0), Answered: ptr(5.0), FitsChanged: Kanban, Followed: true}, "volatility", Kanban},
		"it changes more, and fits all the same": {Course{Plan: sprints, Changed: ptr(12.0), Answered: ptr(5.0), FitsChanged: Scrum, Followed: true}, "volatility", ""},
		"within the range of the answer":         {Course{Plan: sprints, Changed: ptr(24.0), Answered: ptr(10.0), FitsChanged: Kanban, Followed: true}, "", ""},
		"less than was answered":                 {Course{Plan: sprints, Changed: ptr(0.0), Answered: ptr(30.0), FitsChanged: Kanban, Followed: true}, "", ""},
		"nobody answered":                        {Course{Plan: sprints, Changed: ptr(50.0)}, "", ""},
		"it still fits":                          {Course{Plan: sprints, Fits: Scrum, Followed: true}, "", ""},
	} {
		signs := c.course.Signs()
		if c.kind == "" {
			require.Empty(t, signs, name)
			continue
		}
		require.Len(t, signs, 1, name)
		require.Equal(t, c.kind, signs[0].Kind, name)
		require.Equal(t, c.suggests, signs[0].Suggests, name)
		require.NotEmpty(t, signs[0].Says)
	}
	both := Course{Plan: sprints, Unplanned: ptr(40.0), Percent: ptr(0), Started: monday, Now: weeks(8)}
	require.Len(t, both.Signs(), 2)
	require.Equal(t, "4 iterations of 4 are over, and what is done would fit into 0", both.Signs()[1].Says)
}

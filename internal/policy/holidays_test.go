package policy_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// TestAWeekSaysWhichOfItsDaysAreHolidays: a team can hold nothing on them. A weekend has no day that is worked in any week, so both of its days count.
func TestAWeekSaysWhichOfItsDaysAreHolidays(t *testing.T) {
	p := edited(t, "holidays: []", "holidays: [2026-12-24, 2026-12-25, 2026-12-26, 2026-12-28, 2026-12-29, 2026-12-30, 2026-12-31, 2027-01-01]")
	monday := time.Date(2026, 12, 21, 9, 0, 0, 0, time.UTC)
	require.Equal(t, pmo.Days{Worked: []pmo.Date{"2026-12-21", "2026-12-22", "2026-12-23"}, Off: 2}, p.WorkingDays("digital", monday, 7), "a holiday on a Saturday takes nothing")
	rules := p.AssignPolicyAt("digital", monday)
	require.Equal(t, 2, rules.Days.Off)
	require.Equal(t, pmo.Days{Off: 5}, rules.Weeks[0].Days)
	require.Zero(t, pmo.Team{Capacity: 5}.CapacityIn(rules.Weeks[0].Days))
	require.Len(t, p.WorkingDays("digital", monday.AddDate(0, 0, 5), 2).Worked, 2)
}

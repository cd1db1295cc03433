package activities

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
)

// policyWith is the default policy as a later version, with texts of it replaced.
func policyWith(t *testing.T, version int, pairs ...string) *policy.Policy {
	t.Helper()
	text := string(policy.Default().Source())
	for i := 0; i < len(pairs); i += 2 {
		require.Equal(t, 1, strings.Count(text, pairs[i]), pairs[i])
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	p, err := policy.Parse([]byte(strings.Replace(text, "\nversion: 1\n", fmt.Sprintf("\nversion: %d\n", version), 1)))
	require.NoError(t, err)
	return p
}

// TestAcceptedWorkThatNoLongerFitsUnderANewPolicyIsFound: where the policy's limit holds for the team, and only what was accepted before.
func TestAcceptedWorkThatNoLongerFitsUnderANewPolicyIsFound(t *testing.T) {
	const wip, ceiling, holidays = "\n  wip_limit: 4\n", "\n  load_ceiling: 0.8\n", "    holidays: []\n"
	var fortnight []string
	for k := range 60 {
		fortnight = append(fortnight, day.AddDate(0, 0, k).Format(time.DateOnly))
	}
	for name, c := range map[string]struct {
		change []string
		own    func(*pmo.Team) // a value of the team's own, under which the policy's says nothing; nil where there is none
		why    string
	}{
		"wip limit": {[]string{wip, "\n  wip_limit: 1\n"}, func(team *pmo.Team) { team.WIPLimit = 2 }, "Falcon has a WIP limit of 1 and has accepted 2 requests"},
		"ceiling":   {[]string{ceiling, "\n  load_ceiling: 0.4\n"}, func(team *pmo.Team) { team.LoadCeiling = 0.8 }, "of which 40 % may be taken: 4. It has accepted 5"},
		"holidays":  {[]string{holidays, "    holidays: [" + strings.Join(fortnight, ", ") + "]\n"}, nil, "has a capacity of 0 team-weeks"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.team("falcon", 10, 0, "web")
			require.NoError(t, b.changeTeam(t.Context(), "falcon", func(team *pmo.Team) { team.Name = "Falcon" }))
			b.accepted(t, "First", 2, day)
			last := b.accepted(t, "Last", 3, day.Add(time.Minute))
			run := func(id string) []string {
				ids := []string{}
				for _, n := range b.rankAt(id, false, day.Add(2*time.Hour)).NoRoom {
					require.Contains(t, n.Why, c.why)
					ids = append(ids, n.RequestID)
				}
				return ids
			}
			require.Empty(t, run("run-0"), "it fits")
			b.Policy = policy.Holding(policyWith(t, 2))
			require.Empty(t, run("run-1"), "another policy that changes nothing of room")
			require.Equal(t, 0, b.count(`SELECT count(*) FROM portfolio WHERE num_nonnulls(wip_limit_changed_at, load_ceiling_changed_at, days_changed_at) > 0`))

			b.Policy = policy.Holding(policyWith(t, 3, c.change...))
			found := run("run-2")
			require.Contains(t, found, last)
			b.Policy = policy.Holding(policyWith(t, 2))
			require.Empty(t, run("run-3"), "a worker that still has the policy before")
			require.Equal(t, 1, b.count(`SELECT count(*) FROM portfolio WHERE (room_rules ->> 'policy')::int = 3`))

			b.Policy = policy.Holding(policyWith(t, 3, c.change...))
			require.Equal(t, found, run("run-4"))
			if c.own != nil {
				require.NoError(t, b.changeTeam(t.Context(), "falcon", c.own))
				require.Empty(t, run("run-5"), "the team has a value of its own")
			}
		})
	}
}

// TestWorkAcceptedUnderThePolicyIsNotProposed: what is over a limit that the policy had when it was accepted stays, and so does all work at first.
func TestWorkAcceptedUnderThePolicyIsNotProposed(t *testing.T) {
	b := newBench(t)
	b.team("falcon", 10, 0, "web")
	b.accepted(t, "First", 4, day)
	b.accepted(t, "Last", 4, day)
	run := func(id string) int { return len(b.rankAt(id, false, day.Add(2*time.Hour)).NoRoom) }
	require.Zero(t, run("run-0"), "no policy was known before")
	before := policyWith(t, 2, "\n  load_ceiling: 0.8\n", "\n  load_ceiling: 0.7\n")
	require.NoError(t, b.store.PutPolicyInForce(t.Context(), store.PolicyVersion{Version: 2, Source: before.Source(), Since: day.Add(-time.Hour), Actor: "operator"}))
	b.Policy = policy.Holding(before)
	require.Zero(t, run("run-1"), "it took force before they were accepted")
	b.Policy = policy.Holding(policyWith(t, 3, "\n  load_ceiling: 0.8\n", "\n  load_ceiling: 0.75\n"))
	require.Equal(t, 1, run("run-2"))
}

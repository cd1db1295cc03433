package cli

import (
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/testkit"
	"leanpmo/internal/wire"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// line is what the list shows of a request.
type line struct {
	Ref, Title, Stage, Status, Outcome, Team, Health, Class string
	Rank                                                    *int
	WaitingOn                                               []string `json:"waiting_on"`
}

func (p *product) portfolio() []line {
	p.T.Helper()
	var page struct{ Items []line }
	require.NoError(p.T, json.Unmarshal([]byte(p.do("petra", "list", "--closed", "--limit", "200", "-o", "json")), &page))
	return page.Items
}

// TestDemo starts the product with --demo twice: the first start fills it within a minute, the second changes nothing.
func TestDemo(t *testing.T) {
	began := time.Now()
	p := start(t, "--demo")
	require.Eventually(t, func() bool {
		return strings.Contains(p.Stack.Whole.Output(), "requests added") || strings.Contains(p.Stack.Whole.Output(), "not everything")
	},
		testkit.Patience, 100*time.Millisecond, "the demo comes to its end")
	t.Logf("the demo was there after %s", time.Since(began).Round(time.Second)) // under a minute, unless other tests use the machine too
	require.NotContains(t, p.Stack.Whole.Output(), "not everything could be added")
	require.Contains(t, p.Stack.Whole.Output(), "demo: 10 of ")

	before := p.portfolio()
	open, stages, seen := 0, map[string]int{}, map[string]int{}
	for _, r := range before {
		if r.Status != "closed" {
			open++
			stages[r.Stage]++
		}
		for _, what := range []string{r.Status, r.Outcome, r.Health, "class " + r.Class} {
			seen[what]++
		}
	}
	require.GreaterOrEqual(t, open, 30)
	for _, stage := range []string{"intake", "review", "prioritization", "approach", "assignment", "execution", "closure"} {
		require.NotZero(t, stages[stage], "somebody is in %s: %v", stage, stages)
	}
	for _, what := range []string{"on_hold", "deferred", "delivered", "rejected", "answered", "merged", "withdrawn", "red", "amber", "green", "class expedite", "class fixed_date"} {
		require.NotZero(t, seen[what], "%s is there: %v", what, seen)
	}

	require.Contains(t, p.do("petra", "backlog", "-o", "json"), "it needs R-", "one waits for another one")
	p.demoTells(before)
	p.agrees()
	p.reports()
	p.simulates()
	p.Stack.Restart()
	require.Eventually(t, func() bool { return strings.Contains(p.Stack.Whole.Output(), "already complete; nothing added") }, testkit.Patience, 50*time.Millisecond)
	require.Equal(t, before, p.portfolio())
}

// simulates: the demo's past is imported work, and says how many requests come in a week.
func (p *product) simulates() {
	p.T.Helper()
	answer := read[wire.PortfolioSimulation](p, "simulate", "--weeks", "8")
	require.False(p.T, answer.CannotSimulate, answer.Why)
	require.Greater(p.T, answer.Basis.ImportedWeeks, 26)
	require.InDelta(p.T, 3, answer.Basis.PerWeek, 1)
	require.Positive(p.T, answer.Now.Delivered.P50)
}

// reports: what the report says of the demo, in a terminal of 100 columns.
func (p *product) reports() {
	p.T.Helper()
	report := p.do("petra", "report", "flow")
	for _, line := range strings.Split(report, "\n") {
		require.LessOrEqual(p.T, len([]rune(line)), 100, line)
	}
	for _, want := range []string{"by week", "in progress", "lead time", "cycle time", "age", "IN STAGE", "prioritization", "WAITED FOR", "approvers", "delivery leads", "falcon", "OLDEST IN PROGRESS"} {
		require.Contains(p.T, report, want)
	}
	require.Contains(p.T, p.do("petra", "report", "flow", "--csv"), "days_with_approvers")
	for _, item := range read[wire.Page[wire.RequestItem]](p, "list", "--closed", "--limit", "200").Items {
		require.NotEmpty(p.T, item.WaitsOn, "%s waits on something", item.Ref)
	}
	require.Regexp(p.T, `(?m)^REF +AGE .*\n(R-\d+ +\d+[mhdw] .*\n)`, p.do("petra", "list", "--sort", "age"))
	require.Regexp(p.T, `(?m)^falcon .* \d of 4 `, p.do("petra", "teams"))
	p.startTells()
}

// demoTells: one request was approved on conditions, answered by its plan and judged at its acceptance; for another the PMO named the team.
func (p *product) demoTells(portfolio []line) {
	p.T.Helper()
	find := func(title string) line {
		i := slices.IndexFunc(portfolio, func(r line) bool { return strings.HasPrefix(r.Title, title) })
		require.GreaterOrEqual(p.T, i, 0, title)
		return portfolio[i]
	}
	onConditions := p.do("petra", "status", find("Tell riders by text message").Ref)
	require.Contains(p.T, onConditions, "A pilot with two bus lines before all lines follow (met)")
	require.Contains(p.T, strings.Join(strings.Fields(onConditions), " "), "(not met: The translations into two languages come with the next contract.)")
	named := find("Find a radio call")
	require.Equal(p.T, "delivered", named.Outcome)
	require.Equal(p.T, "falcon", named.Team)
	require.Contains(p.T, strings.Join(strings.Fields(p.do("petra", "ledger", named.Ref)), " "), "Falcon has worked with the vendor's interface before")
}

// startTells: the first line of a start is the portal's address, the tokens name roles, and the demo stands before it says "ready".
func (p *product) startTells() {
	p.T.Helper()
	said := p.Stack.Whole.Output()
	require.True(p.T, strings.HasPrefix(said, "Lean PMO         "+p.Stack.HTTP+"\n"), said)
	require.Contains(p.T, said, "Sign-in          "+p.Stack.SignIn+" asks who you want to be\n")
	require.Regexp(p.T, `(?m)^ +dev-ana +Ana Moreau, requester and approver$`, said)
	require.Less(p.T, strings.Index(said, "requests added"), strings.Index(said, "ready in "), said)
}

func TestDemoNeedsItsPlayers(t *testing.T) {
	if testing.Short() {
		t.Skip("builds pmo-local; run without -short")
	}
	people := testkit.Dir(t) + "/people.yaml"
	require.NoError(t, os.WriteFile(people, []byte("principals: []\n"), 0o600))
	for _, args := range [][]string{{"--demo", "--only", "postgres"}, {"--demo", "--directory", people}} {
		cmd := exec.Command(testkit.Program(t, "pmo-local"), append(args, "--data", testkit.Dir(t))...)
		out, err := cmd.CombinedOutput()
		require.Error(t, err)
		require.Equal(t, 2, cmd.ProcessState.ExitCode(), "%s", out)
		require.Contains(t, string(out), "--demo")
	}
}

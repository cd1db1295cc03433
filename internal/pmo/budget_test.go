package pmo_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"leanpmo/internal/pmo"
)

// Budgets are a quarter of what the Temporal server takes: 2 MiB in a payload, such as the state of continue-as-new, the arguments of an
// update or a signal, and the inputs of activities. The budgets of what Temporal shows are tested in workflows.
const (
	budgetState   = 512 << 10
	budgetCommand = 512 << 10
	budgetInput   = 512 << 10
	budgetReceipt = 2048
)

// TestEverythingStaysWithinItsBudget drives any legal sequence of commands whose texts and lists are as long as they may be, with a
// database that is away as often as not. It draws the same requests every time.
func TestEverythingStaysWithinItsBudget(t *testing.T) {
	largest := map[string]int{}
	measure := func(name string, v any) int {
		size := len(asJSON(v))
		largest[name] = max(largest[name], size)
		return size
	}
	all := newReached()
	run := rapid.Custom(func(draw *rapid.T) int {
		m := newMachine(draw, all, true)
		m.away = rapid.Bool().Draw(draw, "away")
		for range 150 {
			m.step(draw)
			if m.over > 0 {
				break
			}
			if size := measure("state", m.Request); size > budgetState {
				t.Log(m.last, size, sizes(m.Request))
				t.Fail()
				break
			}
			require.LessOrEqual(t, measure("receipt", m.WithOpenQuestions(m.SubmissionReceipt())), budgetReceipt)
			ends := pmo.Stop{Header: pmo.Header{By: pmo.By{Actor: "petra"}}, Reason: strings.Repeat("<", 4000)}
			require.Nil(t, m.CheckLimits(ends), "it can always be ended, held and resumed")
			require.LessOrEqual(t, measure("command", ends), budgetCommand)
			for name, input := range activityInputs(m.Request, m.driver.now) {
				require.LessOrEqual(t, measure(name, input), budgetInput, name)
			}
		}
		return 0
	})
	for seed := range 20 {
		run.Example(seed)
	}
	require.LessOrEqual(t, all.largest, budgetCommand, "a command, which a signal may carry too")
	largest["command"] = all.largest
	t.Logf("%d steps; the largest, in bytes: %v; commands taken: %v", all.steps, largest, all.commands)
	require.Greater(t, largest["state"], budgetState/2, "the texts are large enough to reach the limits")
}

// activityInputs are what the steps of the process send to activities, apart from ids.
func activityInputs(r *pmo.Request, now time.Time) map[string]any {
	inputs := map[string]any{
		"projection": []any{r.Snapshot(), r.UnprojectedEntries()},
		"assessment": r.ContentToAssess(),
		"route":      r.RouteInput(),
		"work item":  []any{r.Content.Title, r.WorkItemSummary(), r.WorkItemMilestones()},
		"team":       []any{r.Content, r.DeclinedTeams()},
	}
	for _, q := range r.OpenQuestions() {
		inputs["people"] = r.PeopleInput(q, now)
		inputs["sender"] = []any{r.PeopleInput(q, now), r.Content, q.Seats(), strings.Repeat("x", pmo.SignalBytesForTest)}
		inputs["terms"] = r.TermsInput(q.Kind, q.Round, q.Group, &q.Quorum, now)
	}
	return inputs
}

// TestSizesAreThoseOfJSON: the size is computed, and what is refused is the same as if the value were written.
func TestSizesAreThoseOfJSON(t *testing.T) {
	all := newReached()
	rapid.Check(t, func(draw *rapid.T) {
		m := newMachine(draw, all, false)
		for range 30 {
			m.step(draw)
			require.Equal(draw, len(asJSON(m.Request)), pmo.JSONBytesForTest(m.Request))
			c := rapid.SampledFrom(allCommands).Draw(draw, "command")
			command := m.value(c.payload, "", false)
			m.setSender(command, m.sender())
			require.Equal(draw, len(asJSON(command.Interface())), pmo.JSONBytesForTest(command.Interface()))
		}
	})
	odd := "\x00\x1f\"\\<>&\u2028\u2029\xff\xc3é界🚀\b\f\n\r\t\x7f"
	inf := math.Inf(1)
	for _, v := range []any{pmo.Report{Note: odd, HappenedAt: time.Date(2026, 1, 2, 3, 4, 5, 6_000_000, time.FixedZone("", 5400))}, pmo.Report{Risks: []pmo.Risk{}}, map[string]int{odd: -1},
		&pmo.Amend{Patch: pmo.Patch{Size: ptr(1e21), Themes: &[]string{}}}, pmo.Request{}, pmo.Receipt{}, (*pmo.Request)(nil)} {
		require.Equal(t, len(asJSON(v)), pmo.JSONBytesForTest(v))
	}
	require.Greater(t, pmo.JSONBytesForTest(pmo.Amend{Patch: pmo.Patch{Size: &inf}}), 320<<10, "JSON has no infinity")
}

func sizes(r *pmo.Request) map[string]int {
	s := map[string]int{"content": len(asJSON(r.Content)), "questions": len(asJSON(r.Questions)), "ledger": len(asJSON(r.Ledger)), "entries": len(r.Ledger),
		"keys": len(asJSON(r.Keys)), "plan": len(asJSON(r.Plan)), "progress": len(asJSON(r.Progress)), "change": len(asJSON(r.Change)), "lessons": len(asJSON(r.Lessons))}
	return s
}

// BenchmarkCheckLimits measures the check of a command, which takes the size of the whole state.
func BenchmarkCheckLimits(b *testing.B) {
	for name, notes := range map[string]int{"small": 0, "full": 120} {
		b.Run(name, func(b *testing.B) {
			r := working()
			for range notes {
				r.ApplyReport(pmo.Report{Header: pmo.Header{By: pmo.By{Actor: "theo"}}, Note: strings.Repeat("n", 4000)}, start)
			}
			b.ReportMetric(float64(len(asJSON(r))), "state-bytes")
			b.ResetTimer()
			for b.Loop() {
				_ = r.CheckLimits(pmo.Report{Note: "goes on"})
			}
		})
	}
}

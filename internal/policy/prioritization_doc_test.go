package policy_test

import (
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/policy"
	"leanpmo/internal/priority"
	"leanpmo/internal/strategy"
	"leanpmo/internal/testkit"
)

var update = flag.Bool("update", false, "print the example of docs/prioritization.md anew")

// TestPrioritizationPageShowsWhatTheProgramPrints: the worked example is computed, not written.
func TestPrioritizationPageShowsWhatTheProgramPrints(t *testing.T) {
	for mark, text := range map[string]string{"example": printExample(), "needs": printNeeds(), "points": printPoints(t), "guardrails": printGuardrails(), "what-if": printWhatIf(t)} {
		testkit.Printed(t, filepath.Join("..", "..", "docs", "prioritization.md"), mark, text, *update, "go test ./internal/policy -run TestPrioritizationPage -update")
	}
}

// printGuardrails holds the default policy's guardrails against work in process, and says what two waiting requests would do to them.
func printGuardrails() string {
	at := time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
	rules := policy.Default().Strategy("digital")
	work := []strategy.Work{{ID: "1", Kind: "support", Size: 6}, {ID: "2", Kind: "bug", Size: 2}}
	waiting := []strategy.Work{{ID: "3", Kind: "support", Size: 2}, {ID: "4", Kind: "enhancement", Size: 4}}
	var b strings.Builder
	for _, f := range strategy.Broken(strategy.Flags(rules, work, at)) {
		fmt.Fprintf(&b, "- %s\n", f.Words)
	}
	for i, effects := range strategy.IfPulled(rules, work, waiting, at) {
		for _, e := range effects {
			fmt.Fprintf(&b, "- R-%s, a request of kind %s and %g team-weeks, if it were pulled now: %s.\n", waiting[i].ID, waiting[i].Kind, waiting[i].Size, e.Words)
		}
	}
	return b.String()
}

// printWhatIf ranks the requests of the first example with another weight, and says who moves.
func printWhatIf(t *testing.T) string {
	at, none := time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC), 0.0
	other, err := policy.Default().With("digital", policy.Patch{Time: &none})
	require.NoError(t, err)
	now := priority.Rank(exampleItems(at), policy.Default().Scoring("digital"), at)
	items := exampleItems(at)
	for i := range items {
		for _, e := range now.Entries {
			if e.Item.ID == items[i].ID {
				items[i].PrevRank = e.Rank
			}
		}
	}
	then := priority.Rank(items, other.Scoring("digital"), at)
	was := map[int64]priority.Entry{}
	for _, e := range now.Entries {
		was[e.Item.Number] = e
	}
	moves := map[int64]string{}
	for _, m := range priority.Diff(now, then) {
		moves[m.Number] = m.Because()
	}
	var b strings.Builder
	b.WriteString("| rank then | request | rank now | score then | score now | moved by |\n|---|---|---|---|---|---|\n")
	for _, e := range then.Entries {
		fmt.Fprintf(&b, "| %d | R-%d | %d | %.2f | %.2f | %s |\n", e.Rank, e.Item.Number, was[e.Item.Number].Rank, e.Score.Value, was[e.Item.Number].Score.Value, moves[e.Item.Number])
	}
	return b.String()
}

// printPoints ranks two requests that differ in the points of stakeholders alone.
func printPoints(t *testing.T) string {
	at, half := time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC), 0.5
	p, err := policy.Default().With("digital", policy.Patch{Points: &half})
	require.NoError(t, err)
	request := func(n int64, points float64) priority.Item {
		inputs := []float64{8, 5, 3, 5}
		return priority.Item{ID: fmt.Sprint("example-", n), Number: n, SubmittedAt: at, Class: priority.Standard, Points: points,
			Inputs: priority.Inputs{BusinessValue: &inputs[0], TimeCriticality: &inputs[1], RiskReduction: &inputs[2], JobSize: &inputs[3]}}
	}
	r := priority.Rank([]priority.Item{request(1, 0), request(2, 32)}, p.Scoring("digital"), at)
	var b strings.Builder
	for i := range r.Entries {
		fmt.Fprintf(&b, "- %s\n", r.Explain(i, 0).Sentence)
	}
	return b.String()
}

func printNeeds() string {
	at := time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
	request := func(n int64, value, size float64, needs ...string) priority.Item {
		zero := 0.0
		return priority.Item{ID: fmt.Sprint("example-", n), Number: n, SubmittedAt: at, Class: priority.Standard, Needs: needs,
			Inputs: priority.Inputs{BusinessValue: &value, TimeCriticality: &zero, RiskReduction: &zero, JobSize: &size}}
	}
	r := priority.Rank([]priority.Item{request(1, 2, 2), request(2, 20, 2, "example-1"), request(3, 12, 3)}, policy.Default().Scoring("digital"), at)
	var b strings.Builder
	for i := range r.Entries {
		fmt.Fprintf(&b, "- %s\n", r.Explain(i, 0).Sentence)
	}
	return b.String()
}

// exampleItems are the requests of the first example.
func exampleItems(at time.Time) []priority.Item {
	request := func(n int64, waited int, inputs ...float64) priority.Item {
		return priority.Item{ID: fmt.Sprint("example-", n), Number: n, SubmittedAt: at.AddDate(0, 0, -7*waited), Class: priority.Standard,
			Inputs: priority.Inputs{BusinessValue: &inputs[0], TimeCriticality: &inputs[1], RiskReduction: &inputs[2], JobSize: &inputs[3]}}
	}
	return []priority.Item{request(1, 0, 8, 5, 3, 5), request(2, 0, 13, 8, 2, 13), request(3, 0, 5, 13, 1, 3), request(4, 0, 3, 1, 8, 2), request(5, 40, 20, 3, 1, 20)}
}

func printExample() string {
	at := time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
	items := exampleItems(at)
	r := priority.Rank(items, policy.Default().Scoring("digital"), at)
	const top = 3
	ranges := r.Ranges(len(items), top)
	var b strings.Builder
	b.WriteString("| rank | request | inputs | waited | score | made of |\n|---|---|---|---|---|---|\n")
	for i, e := range r.Entries {
		var parts []string
		for _, p := range r.Explain(i, top).Parts {
			parts = append(parts, fmt.Sprintf("%s %.2f", strings.ReplaceAll(p.Code, "_", " "), p.Amount))
		}
		in := e.Item.Inputs
		fmt.Fprintf(&b, "| %d | R-%d | %g + %g + %g; %g | %d weeks | %.2f | %s |\n", e.Rank, e.Item.Number, *in.BusinessValue, *in.TimeCriticality, *in.RiskReduction, *in.JobSize,
			e.Score.WeeksWaited, e.Score.Value, strings.Join(parts, " + "))
	}
	b.WriteString("\n")
	for i := range r.Entries {
		fmt.Fprintf(&b, "- %s %s.\n", r.Explain(i, top).Sentence, ranges[i].Words())
	}
	return b.String()
}

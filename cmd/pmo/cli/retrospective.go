package cli

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/wire"
)

func (k Kit) retrospective() *cobra.Command {
	cmd := k.command(spec{
		use: "retrospective", short: "Compare what was recommended, what was chosen, and what came of it", run: retrospective,
		long:    "\nForecast error is how much longer work took than its first agreed plan said. Suggestions change nothing: pmo policy propose does, with a second person.",
		example: "  pmo approach retrospective\n  pmo approach retrospective --portfolio core --days 90",
	})
	cmd.Flags().Int("days", 365, "how far back it was delivered, 1 to 1095")
	cmd.Flags().String("portfolio", "", "which one; all of them when absent")
	return cmd
}

func retrospective(ctx context.Context, c *console, _ []string) error {
	found, err := c.api.Retrospective(ctx, c.flag("portfolio"), c.number("days"))
	if err != nil {
		return err
	}
	return show(c, found, printRetrospective)
}

func printRetrospective(p *text.Printer, r *wire.Retrospective) {
	p.Line("%s delivered from %s to %s.", count(r.Requests, "request"), r.From.Local().Format(time.DateOnly), r.To.Local().Format(time.DateOnly))
	if r.Requests == 0 {
		return
	}
	known := func(value *float64) string {
		if value == nil {
			return "–"
		}
		return percent(*value)
	}
	t := text.Table{Columns: []text.Column{{Head: "APPROACH"}, {Head: "N", Right: true}, {Head: "DAYS", Right: true}, {Head: "WAITED", Right: true}, {Head: "FORECAST ERROR", Right: true}, {Head: "LATE", Right: true},
		{Head: "REWORK", Right: true}, {Head: "SATISFIED", Right: true}, {Head: "BENEFIT", Right: true}}}
	for _, a := range r.Approaches {
		t.Rows = append(t.Rows, []string{spaced(a.Approach), strconv.Itoa(a.N), fmt.Sprintf("%.1f", a.Days), fmt.Sprintf("%.1f", a.Waiting), known(a.ForecastError), known(a.Late), percent(a.Rework), percent(a.Satisfied), known(a.Realised)})
	}
	p.Table(t)
	p.Line("")
	t = text.Table{Columns: []text.Column{{Head: "RECOMMENDED"}, {Head: "N", Right: true}, {Head: "BEGUN", Right: true}, {Head: "KEPT", Right: true}, {Head: "INSTEAD"}}}
	for _, f := range r.Followed {
		t.Rows = append(t.Rows, []string{spaced(f.Recommended), strconv.Itoa(f.N), strconv.Itoa(f.Begun), strconv.Itoa(f.Kept), spaced(f.Instead)})
	}
	p.Table(t)
	for _, s := range r.Suggestions {
		p.Line("")
		p.Wrapped(0, fmt.Sprintf("Suggestion: %s. Evidence: %s.", s.Says, s.Evidence))
	}
	if len(r.Suggestions) > 0 {
		p.Line("Who agrees proposes it: pmo policy propose")
	}
}

package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/strategy"
	"leanpmo/internal/wire"
)

func (k Kit) strategy() *cobra.Command {
	cmd := k.command(spec{
		use: "strategy", short: "Show where the capacity goes, by theme, kind and horizon, and where it should go", group: GroupPortfolio, run: showStrategy,
		example: "  pmo strategy\n  pmo strategy --portfolio digital",
	})
	cmd.Flags().String("portfolio", "", "which one; the policy's first when absent")
	return cmd
}

func showStrategy(ctx context.Context, c *console, _ []string) error {
	found, err := c.api.Strategy(ctx, c.flag("portfolio"))
	if err != nil {
		return err
	}
	return show(c, found, printStrategy)
}

func printStrategy(p *text.Printer, s *wire.Strategy) {
	p.Line("%s: %.1f team-weeks in process, %.1f delivered in %d days.", s.Name, s.InProcess.Size, s.Delivered.Size, s.WindowDays)
	if s.Assumed > 0 {
		p.Line("Nobody estimated the size of %d requests: the policy's counts for them.", s.Assumed)
	}
	for _, part := range []struct {
		head  string
		lines []strategy.ShareLine
	}{{"THEME", s.Themes}, {"HORIZON", s.Horizons}, {"KIND", s.Kinds}} {
		if len(part.lines) > 0 {
			p.Line("")
			printShares(p, part.head, part.lines)
		}
	}
	if len(s.Guardrails) > 0 {
		p.Line("")
		printGuardrails(p, s.Guardrails)
	}
}

func printShares(p *text.Printer, head string, lines []strategy.ShareLine) {
	t := text.Table{Columns: []text.Column{{Head: head, Flex: true}, {Head: "TARGET", Right: true}, {Head: "IN PROCESS", Right: true}, {Head: "WEEKS", Right: true},
		{Head: "DELIVERED", Right: true}, {Head: "WEEKS", Right: true}}}
	for _, l := range lines {
		name, target := l.Name, "-"
		if l.ID == strategy.NoTheme {
			name = "(none)"
		}
		if l.Target != nil {
			target = percent(*l.Target)
		}
		t.Rows = append(t.Rows, []string{name, target, percent(l.InProcess.Share), fmt.Sprintf("%.1f", l.InProcess.Size), percent(l.Delivered.Share), fmt.Sprintf("%.1f", l.Delivered.Size)})
	}
	p.Table(t)
}

// printGuardrails says of each whether it is kept, with the numbers.
func printGuardrails(p *text.Printer, flags []strategy.GuardrailFlag) {
	for _, f := range flags {
		kept := "kept"
		switch {
		case f.Broken:
			kept = "NOT KEPT"
		case f.Total == 0:
			kept = "nothing yet"
		}
		p.Wrapped(0, "Guardrail "+f.ID+", "+kept+": "+f.Words)
	}
}

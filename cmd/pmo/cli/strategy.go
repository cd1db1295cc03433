package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/client"
	"leanpmo/internal/strategy"
	"leanpmo/internal/wire"
	"leanpmo/internal/yamlstrict"
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
	for _, o := range s.Objectives {
		p.Line("")
		printObjective(p, o.ObjectiveNow)
		var serving []string
		for _, r := range o.Requests {
			serving = append(serving, r.Ref)
		}
		if len(serving) > 0 {
			p.Wrapped(2, "served by "+strings.Join(serving, ", "))
		}
	}
}

// printObjective says how far an objective is, and who said so when.
func printObjective(p *text.Printer, o strategy.ObjectiveNow) {
	p.Wrapped(0, fmt.Sprintf("Objective %s: %s (%s)", o.ID, o.Name, wayWords(o.Progress)))
	for _, k := range o.KeyResults {
		now := "unknown: nobody has said it"
		if k.Said != nil {
			now = fmt.Sprintf("%g %s, said by %s %s", k.Said.Value, k.Unit, k.Said.By, p.When(k.Said.At))
			if k.Stale {
				now += ", STALE"
			}
		}
		p.Wrapped(2, fmt.Sprintf("%s: %s, from %g to %g; now %s (%s)", k.ID, k.Name, k.Start, k.Target, now, wayWords(k.Progress)))
	}
}

func wayWords(progress *float64) string {
	if progress == nil {
		return "how far is unknown"
	}
	return percent(*progress) + " of the way"
}

func (k Kit) keyResult() *cobra.Command {
	cmd := k.command(spec{
		use: "key-result OBJECTIVE KEY-RESULT VALUE", short: "Say what a key result of an objective is now", group: GroupPortfolio, args: cobra.ExactArgs(3), run: sayKeyResult,
		example: "  pmo key-result permits days 22 --note \"counted in October\"\n  pmo key-result typing hours 260 --request R-7",
	})
	cmd.Flags().String("portfolio", "", "which one; the policy's first when absent")
	cmd.Flags().String("note", "", "where the number comes from")
	cmd.Flags().String("request", "", "the request that brought it")
	return cmd
}

func sayKeyResult(ctx context.Context, c *console, args []string) error {
	value, err := strconv.ParseFloat(args[2], 64)
	if err != nil || !yamlstrict.Decimal(args[2]) {
		return usagef("VALUE is a number, such as 22 or 0.5")
	}
	said, err := c.api.SayKeyResult(ctx, wire.SayKeyResult{Portfolio: c.flag("portfolio"), Objective: args[0], KeyResult: args[1], Value: value, Note: c.flag("note"), Request: c.flag("request")}, client.NewKey())
	if err != nil {
		return err
	}
	return show(c, said, func(p *text.Printer, s *strategy.Said) { p.Line("%s of %s is %g.", s.KeyResult, s.Objective, s.Value) })
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

// objectiveFacts are an objective that a request serves, and what was reported because of it.
func objectiveFacts(p *text.Printer, o wire.ServedObjective) []text.Fact {
	facts := []text.Fact{{Name: "serves", Value: fmt.Sprintf("%s: %s (%s)", o.ID, o.Name, wayWords(o.Progress))}}
	for _, said := range o.Reported {
		facts = append(facts, text.Fact{Name: "reported", Value: strings.TrimSpace(fmt.Sprintf("%s is %g, said by %s %s. %s", said.KeyResult, said.Value, said.By, p.When(said.At), said.Note))})
	}
	return facts
}

package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/client"
	"leanpmo/internal/wire"
)

func (k Kit) backlog() *cobra.Command {
	cmd := k.command(spec{
		use: "backlog", short: "Show the ranked backlog with scores and reasons", group: GroupPortfolio, run: backlog,
		example: "  pmo backlog\n  pmo backlog --portfolio digital --limit 10",
	})
	cmd.Flags().String("portfolio", "", "which one; the policy's first when absent")
	paging(cmd)
	return cmd
}

func backlog(ctx context.Context, c *console, _ []string) error {
	found, err := c.api.Backlog(ctx, client.Filter{Portfolio: c.flag("portfolio"), Limit: c.number("limit"), Cursor: c.flag("cursor")})
	if err != nil {
		return err
	}
	return show(c, found, func(p *text.Printer, page *wire.Backlog) {
		if len(page.Items) == 0 && page.Unranked == 0 {
			p.Line("The backlog is empty, or no run has ranked it yet.")
			return
		}
		if len(page.Items) > 0 {
			printRanked(p, page.Items)
		}
		if page.Unranked > 0 {
			p.Line("%d more came after the last run; the next one ranks them.", page.Unranked)
		}
		printGuardrails(p, page.Guardrails)
		p.Line("Why each has its rank: pmo explain REF")
		more(p, page.Next)
	})
}

func printRanked(p *text.Printer, lines []wire.RankedRequest) {
	t := text.Table{Columns: []text.Column{{Head: "RANK", Right: true}, {Head: "WAS", Right: true, Spare: true}, {Head: "REF"}, {Head: "SCORE", Right: true},
		{Head: "CLASS"}, {Head: "TITLE", Flex: true}, {Head: "PULLED"}, {Head: "BECAUSE", Wrap: true}, {Head: "MOVED BY", Wrap: true, Spare: true}}}
	for _, r := range lines {
		was, score, pulled := "new", "-", ""
		if r.PreviousRank > 0 {
			was = fmt.Sprint(r.PreviousRank)
		}
		if r.Scored {
			score = fmt.Sprintf("%.2f", r.Score)
		}
		if r.Pulled {
			pulled = "yes"
		}
		because := []string{r.LimitReason}
		for _, e := range r.IfPulled {
			because = append(because, "if pulled, "+e.Words)
		}
		t.Rows = append(t.Rows, []string{fmt.Sprint(r.Rank), was, nameOf(r.Ref, r.ID), score, spaced(r.Class), r.Title, pulled, strings.Trim(strings.Join(because, "; "), "; "), r.Cause})
	}
	p.Table(t)
}

func (k Kit) prioritize() *cobra.Command {
	cmd := k.command(spec{
		use: "prioritize --reason TEXT", short: "Rank the backlog and pull now, or only compute what would move (PMO)", group: GroupPortfolio, run: prioritize,
		example: `  pmo prioritize --dry --reason "before the meeting"
  pmo prioritize --reason "two teams came free"`,
	})
	cmd.Flags().Bool("dry", false, "compute only: nothing is ranked or pulled, and nobody is notified")
	cmd.Flags().String("reason", "", "why now; it goes into the ledger")
	cmd.Flags().String("portfolio", "", "which one; the policy's first when absent")
	cmd.Flags().Duration("wait", 30*time.Second, "how long to wait for the result")
	return cmd
}

func prioritize(ctx context.Context, c *console, _ []string) error {
	reason, err := c.needed("reason", "it goes into the ledger")
	if err != nil {
		return err
	}
	wait, err := c.cmd.Flags().GetDuration("wait")
	if err != nil {
		return fmt.Errorf("read --wait: %w", err)
	}
	run, err := c.api.Prioritize(ctx, c.flag("portfolio"), reason, c.yes("dry"))
	if err != nil {
		return err
	}
	if run, err = c.awaitRun(ctx, run, wait); err != nil {
		return err
	}
	return show(c, run, printRun)
}

// awaitRun reads a run again until it is done, or the wait is over.
func (c *console) awaitRun(ctx context.Context, run *client.Answer[wire.Prioritization], most time.Duration) (*client.Answer[wire.Prioritization], error) {
	id, limit := run.Value.ID, time.After(most)
	for !run.Value.Done {
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for run %s: %w", id, context.Cause(ctx))
		case <-limit:
			return run, nil
		case <-time.After(500 * time.Millisecond):
		}
		next, err := c.api.Prioritization(ctx, id, 200, "")
		if err != nil {
			return nil, err
		}
		run = next
	}
	return run, nil
}

func printRun(p *text.Printer, r *wire.Prioritization) {
	if !r.Done {
		p.Line("The run has started and is not done yet. See: pmo runs %s", r.ID)
		return
	}
	p.Wrapped(0, r.Words)
	printGuardrails(p, r.Guardrails)
	dry := ""
	if r.Dry {
		dry = "yes: nothing was changed"
	}
	p.Facts(text.Fact{Name: "run", Value: r.ID}, text.Fact{Name: "at", Value: p.When(r.At)}, text.Fact{Name: "dry", Value: dry},
		text.Fact{Name: "because", Value: strings.TrimSpace(r.Reason + " " + inBrackets(r.Actor))}, text.Fact{Name: "policy", Value: r.Policy}, text.Fact{Name: "model", Value: r.Model}, text.Fact{Name: "lead time", Value: leadWords(r)})
	if len(r.Lines) > 0 {
		p.Line("")
		printRanked(p, r.Lines)
	}
	if r.Next != "" {
		p.Line("%d of %d ranked requests on this page. There is more: pmo runs %s --cursor %s", len(r.Lines), r.Count, r.ID, r.Next)
	}
}

// leadWords says how long before a fixed date requests are started, and what that rests on.
func leadWords(r *wire.Prioritization) string {
	switch {
	case r.Model == "":
		return "" // a run before 0.8
	case r.LeadDays == 0:
		return "the policy's: too few finished requests (" + fmt.Sprint(r.LeadOf) + ") to forecast"
	}
	return fmt.Sprintf("85 %% of %d finished requests took at most %d days from pull to acceptance", r.LeadOf, r.LeadDays)
}

func inBrackets(s string) string {
	if s == "" {
		return ""
	}
	return "(" + s + ")"
}

func (k Kit) runs() *cobra.Command {
	cmd := k.command(spec{
		use: "runs [ID]", short: "List prioritization runs, or show one with its moves and causes", group: GroupPortfolio,
		args: cobra.MaximumNArgs(1), complete: runIDs, run: runs,
		example: "  pmo runs\n  pmo runs prioritization/digital-2027-03-31T12:00:00Z",
	})
	cmd.Flags().String("portfolio", "", "which one; the policy's first when absent")
	paging(cmd)
	return cmd
}

func runs(ctx context.Context, c *console, args []string) error {
	if len(args) == 1 {
		found, err := c.api.Prioritization(ctx, args[0], c.number("limit"), c.flag("cursor"))
		if err != nil {
			return err
		}
		return show(c, found, printRun)
	}
	found, err := c.api.Prioritizations(ctx, c.flag("portfolio"), c.number("limit"), c.flag("cursor"))
	if err != nil {
		return err
	}
	return show(c, found, func(p *text.Printer, page *wire.Page[wire.Prioritization]) {
		if len(page.Items) == 0 {
			p.Line("No run yet.")
			return
		}
		t := text.Table{Columns: []text.Column{{Head: "AT"}, {Head: "CAUSE"}, {Head: "BY"}, {Head: "RANKED", Right: true}, {Head: "MOVED", Right: true},
			{Head: "PULLED", Right: true}, {Head: "DRY"}, {Head: "ID", Spare: true}}}
		for _, r := range page.Items {
			dry := ""
			if r.Dry {
				dry = "dry"
			}
			t.Rows = append(t.Rows, []string{p.When(r.At), spaced(r.Cause), r.Actor, fmt.Sprint(r.Count), fmt.Sprint(r.Moves), fmt.Sprint(len(r.Pulled)), dry, r.ID})
		}
		p.Table(t)
		more(p, page.Next)
	})
}

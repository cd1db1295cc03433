package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/client"
	"leanpmo/internal/strategy"
	"leanpmo/internal/wire"
)

func (k Kit) points() *cobra.Command {
	return parent("points", "Stakeholders put points on the requests that matter to them", GroupPortfolio,
		k.listPoints(), k.showPoints(), k.spendPoints(), k.takePointsBack())
}

func (k Kit) listPoints() *cobra.Command {
	cmd := k.command(spec{use: "list", short: "Who has points in this period, and where they are", example: "  pmo points list",
		run: func(ctx context.Context, c *console, _ []string) error {
			found, err := c.api.Points(ctx, c.flag("portfolio"))
			if err != nil {
				return err
			}
			return show(c, found, printPoints)
		}})
	cmd.Flags().String("portfolio", "", "which one; the policy's first when absent")
	return cmd
}

func (k Kit) showPoints() *cobra.Command {
	return k.command(spec{use: "show REF", short: "The points on a request, and what you have left", args: cobra.ExactArgs(1), example: "  pmo points show R-42",
		run: func(ctx context.Context, c *console, args []string) error {
			found, err := c.api.RequestPoints(ctx, args[0])
			if err != nil {
				return err
			}
			return show(c, found, printRequestPoints)
		}})
}

func (k Kit) spendPoints() *cobra.Command {
	cmd := k.command(spec{use: "spend REF POINTS", short: "Have so many points of this period on a request", args: cobra.ExactArgs(2),
		example: "  pmo points spend R-42 5\n  pmo points spend R-42 20 --from approvers",
		run: func(ctx context.Context, c *console, args []string) error {
			points, err := strconv.Atoi(args[1])
			if err != nil || points < 1 {
				return usagef("POINTS is a whole number from 1 on; pmo points take-back takes them back")
			}
			return c.setPoints(ctx, args[0], points)
		}})
	cmd.Flags().String("from", "", "the group of yours whose points they are; your own when absent")
	return cmd
}

func (k Kit) takePointsBack() *cobra.Command {
	cmd := k.command(spec{use: "take-back REF", short: "Take the points of this period back from a request", args: cobra.ExactArgs(1), example: "  pmo points take-back R-42",
		run: func(ctx context.Context, c *console, args []string) error { return c.setPoints(ctx, args[0], 0) }})
	cmd.Flags().String("from", "", "the group of yours whose points they are; your own when absent")
	return cmd
}

func (c *console) setPoints(ctx context.Context, ref string, points int) error {
	done, err := c.api.SpendPoints(ctx, ref, wire.SpendPoints{Points: points, Group: c.flag("from")}, client.NewKey())
	if err != nil {
		return err
	}
	return show(c, done, printRequestPoints)
}

func printPoints(p *text.Printer, found *wire.Points) {
	if found.Period == nil {
		p.Line("The policy gives no points in %s.", text.Clean(found.Name))
		return
	}
	p.Line("%s, %s: until %s. %s", text.Clean(found.Name), found.Period.ID, lastDay(found.Period), weightWords(found.Weight))
	p.Line("")
	t := text.Table{Columns: []text.Column{{Head: "WHO", Flex: true}, {Head: "POINTS", Right: true}, {Head: "SPENT", Right: true}, {Head: "LEFT", Right: true}}}
	for _, b := range found.Budgets {
		t.Rows = append(t.Rows, []string{holderWords(b.Holder), strconv.Itoa(b.Points), strconv.Itoa(b.Spent), leftWords(b)})
	}
	p.Table(t)
	if len(found.Requests) == 0 {
		p.Line("Nobody has put points on a request that you may read.")
		return
	}
	p.Line("")
	t = text.Table{Columns: []text.Column{{Head: "REF"}, {Head: "TITLE", Flex: true}, {Head: "POINTS", Right: true}, {Head: "OF WHOM", Wrap: true}}}
	for _, r := range found.Requests {
		t.Rows = append(t.Rows, []string{r.Ref, r.Title, strconv.Itoa(r.Points), stakesWords(r.Stakes)})
	}
	p.Table(t)
	if found.More {
		p.Line("There are more than are listed.")
	}
}

func printRequestPoints(p *text.Printer, found *wire.RequestPoints) {
	p.Line("%d points. %s", found.Points, weightWords(found.Weight))
	if len(found.Stakes) > 0 {
		p.Table(stakesTable(p, found.Stakes))
	}
	switch {
	case found.Closed != "":
		p.Line("They can no longer be changed: %s.", text.Clean(found.Closed))
	case found.Period == nil:
		p.Line("The policy gives no points in its portfolio.")
	}
	for _, b := range found.Mine {
		p.Line("Of the points of %s, %s of %d are left in %s.", holderWords(b.Holder), leftWords(b), b.Points, found.Period.ID)
	}
}

func stakesTable(p *text.Printer, stakes []wire.Stake) text.Table {
	t := text.Table{Columns: []text.Column{{Head: "WHO", Flex: true}, {Head: "PERIOD"}, {Head: "POINTS", Right: true}, {Head: "BY"}, {Head: "WHEN"}, {Head: ""}}}
	for _, s := range stakes {
		back := ""
		if s.Returned {
			back = "came back"
		}
		t.Rows = append(t.Rows, []string{holderWords(s.Holder), s.Period, strconv.Itoa(s.Points), s.By, p.Since(s.At), back})
	}
	return t
}

func stakesWords(stakes []wire.Stake) string {
	var list []string
	for _, s := range stakes {
		words := fmt.Sprintf("%s %d", s.Name(), s.Points)
		if s.Returned {
			words += " (came back)"
		}
		list = append(list, words)
	}
	return strings.Join(list, ", ")
}

func holderWords(h strategy.Holder) string {
	if h.Group != "" {
		return h.Group + " (group)"
	}
	return h.Person
}

func leftWords(b strategy.PointBudget) string {
	if b.Left == nil {
		return "-"
	}
	return strconv.Itoa(*b.Left)
}

func weightWords(weight float64) string {
	if weight == 0 {
		return "Points do not count in scores."
	}
	return fmt.Sprintf("Points count in scores with the weight %g.", weight)
}

// lastDay is the last day of a period as its portfolio counts it.
func lastDay(period *strategy.PointPeriod) string {
	return period.Until.Add(-time.Second).Format(time.DateOnly)
}

package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/wire"
	"leanpmo/internal/yamlstrict"
)

func (k Kit) funding() *cobra.Command {
	cmd := k.command(spec{
		use: "funding --capacity TEAM-WEEKS", short: "Show what to fund: the set of most value beside the ranked list's cut line", group: GroupPortfolio, run: funding,
		example: "  pmo funding --capacity 26\n  pmo funding --capacity 26 --needs R-12:R-7 --needs R-13:R-7",
	})
	cmd.Flags().String("capacity", "", "team-weeks that can be given to the backlog in the period")
	cmd.Flags().StringArray("needs", nil, "beside what requests say they need: R-12:R-7 for R-12 needs R-7, R-12: for R-12 needs nothing; may be repeated")
	cmd.Flags().String("portfolio", "", "which one; the policy's first when absent")
	return cmd
}

func funding(ctx context.Context, c *console, _ []string) error {
	given, err := c.needed("capacity", "how many team-weeks there are")
	if err != nil {
		return err
	}
	capacity, err := strconv.ParseFloat(given, 64)
	if err != nil || !yamlstrict.Decimal(given) {
		return usagef("--capacity is a number of team-weeks, such as 26")
	}
	found, err := c.api.Funding(ctx, c.flag("portfolio"), capacity, c.list("needs"))
	if err != nil {
		return err
	}
	return show(c, found, printFunding)
}

func printFunding(p *text.Printer, f *wire.Funding) {
	for _, sentence := range f.Words {
		p.Wrapped(0, sentence)
	}
	if len(f.Items) > 0 {
		p.Line("")
		printFundingLines(p, f)
	}
	for _, rest := range []struct {
		n    int
		text string
	}{{f.MoreItems, "%d more of set and list are not shown."}, {f.Others, "%d more are in neither."},
		{f.Waiting, "%d more need a request that cannot be funded from this backlog."}, {f.Unscored, "%d more have no score: nothing says what they are worth."}, {f.Unranked, "%d more came after the last run; the next one ranks them."}} {
		if rest.n > 0 {
			p.Line(rest.text, rest.n)
		}
	}
}

func printFundingLines(p *text.Printer, f *wire.Funding) {
	t := text.Table{Columns: []text.Column{{Head: "RANK", Right: true}, {Head: "REF"}, {Head: "VALUE", Right: true}, {Head: "WEEKS", Right: true}, {Head: "LIST"}, {Head: "SET"},
		{Head: "TITLE", Flex: true}, {Head: "BECAUSE", Wrap: true}}}
	for _, l := range f.Items {
		because := []string{l.Why}
		if l.Must {
			because = append(because, spaced(l.Class)+": funded first.")
		}
		if l.SizeAssumed {
			because = append(because, "Its size is assumed.")
		}
		t.Rows = append(t.Rows, []string{fmt.Sprint(l.Rank), l.Ref, fmt.Sprintf("%.1f", l.Value), fmt.Sprintf("%.1f", l.Size), yesOr(l.InList), yesOr(l.InSet), l.Title,
			strings.TrimSpace(strings.Join(because, " "))})
	}
	p.Table(t)
	if f.CutLine > 0 {
		p.Line("The list's cut line is below rank %d.", f.CutLine)
	}
}

func yesOr(in bool) string {
	if in {
		return "yes"
	}
	return "-"
}

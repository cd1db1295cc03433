package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// resources are the commands for what requests share.
func (k Kit) resources() *cobra.Command {
	cmd := k.command(spec{
		use: "resources", short: "Show what requests share, such as environments and licences, and how much of it is held", group: GroupOffice, example: "  pmo resources",
		run: func(ctx context.Context, c *console, _ []string) error {
			found, err := c.api.Resources(ctx, c.flag("portfolio"))
			if err != nil {
				return err
			}
			return show(c, found, printResources)
		},
	})
	put := k.command(spec{
		use: "put ID", short: "Create a resource, or change it", args: cobra.ExactArgs(1), run: putResource,
		long: `
What is not given stays as it is; the periods that are given take the place of all. The PMO and administrators may. A change after which requests under
way would hold more than there is is refused, with their names.`,
		example: "  pmo resources put staging --name Staging --portfolio digital --amount '2027-01-01..: 2'\n  pmo resources put licences --amount '2027-01-01..2027-06-30: 5' --amount '2027-07-01..: 8'",
	})
	put.Flags().String("name", "", "its name")
	put.Flags().String("unit", "", "what an amount counts; empty: nothing in particular")
	put.Flags().StringArray("amount", nil, "a period and how much there is: 2027-01-01..2027-06-30: 2, or 2027-01-01..: 2 without an end; several times; none for no period")
	drop := k.command(spec{
		use: "remove ID", short: "Delete a resource that nobody holds", args: cobra.ExactArgs(1), example: "  pmo resources remove staging",
		run: func(ctx context.Context, c *console, args []string) error {
			return c.said(c.api.DropResource(ctx, args[0]), "There is no resource "+args[0]+" any more.")
		},
	})
	read := k.command(spec{
		use: "import FILE", short: "Create and change resources from CSV", args: cobra.ExactArgs(1), run: importResources,
		long: `
The columns are resource, name, unit, portfolio, from, until and amount; only resource is needed, and examples/resources.csv shows them. All rows are
taken, or none: each one that is wrong is named with its line and field, also one that leaves less than requests under way hold. A period takes the
place of the one that begins on the same day, and no other one is removed. A file that is imported again changes nothing. The PMO and administrators may.`,
		example: "  pmo resources import examples/resources.csv --dry\n  pmo resources import resources.csv --portfolio digital",
	})
	read.Flags().Bool("dry", false, "say what would change, and change nothing")
	for _, sub := range []*cobra.Command{cmd, put, read} {
		sub.Flags().String("portfolio", "", "another portfolio than the policy's first")
	}
	cmd.AddCommand(put, read, drop)
	return cmd
}

func importResources(ctx context.Context, c *console, args []string) error {
	file, err := c.supplyFile(args[0])
	if err != nil {
		return err
	}
	done, err := c.api.ImportResources(ctx, wire.ImportResources{File: file, Portfolio: c.flag("portfolio"), Dry: c.yes("dry")})
	if err != nil {
		return err
	}
	return show(c, done, func(p *text.Printer, done *wire.ResourcesImported) {
		for _, r := range done.Resources {
			printDifferences(p, r.Resource, r.Changes)
		}
		printRead(p, done.Rows, "", done.Dry)
	})
}

func putResource(ctx context.Context, c *console, args []string) error {
	found, err := c.api.Resources(ctx, c.flag("portfolio"))
	if err != nil {
		return err
	}
	form := wire.ResourceForm{Portfolio: c.flag("portfolio"), Amounts: []pmo.ResourceAmount{}}
	if at := slices.IndexFunc(found.Value.Items, func(r wire.ResourceLoad) bool { return r.ID == args[0] }); at >= 0 {
		now := found.Value.Items[at].Resource
		form = wire.ResourceForm{Name: now.Name, Unit: now.Unit, Portfolio: now.Portfolio, Amounts: now.Amounts, Revision: now.Revision}
	} else if form.Portfolio == "" {
		return usagef("a new resource needs its portfolio: give --portfolio")
	}
	for name, into := range map[string]*string{"name": &form.Name, "unit": &form.Unit} {
		if c.cmd.Flags().Changed(name) { // an empty unit is none
			*into = c.flag(name)
		}
	}
	if words := c.list("amount"); len(words) > 0 {
		form.Amounts = []pmo.ResourceAmount{}
		if len(words) == 1 && words[0] == "none" {
			words = nil
		}
		for _, word := range words {
			amount, ok := pmo.ReadAmount(word)
			if !ok {
				return usagef("%q is no period with an amount, such as '2027-01-01..2027-06-30: 2'", word)
			}
			form.Amounts = append(form.Amounts, amount)
		}
	}
	done, err := c.api.PutResource(ctx, args[0], form)
	if err != nil {
		return err
	}
	return show(c, done, func(p *text.Printer, r *pmo.Resource) {
		p.Line("%s is at revision %d.", text.Clean(r.Name), r.Revision)
	})
}

func printResources(p *text.Printer, page *wire.Page[wire.ResourceLoad]) {
	if len(page.Items) == 0 {
		p.Line("No resources yet. Create one with: pmo resources put ID")
		return
	}
	t := text.Table{Columns: []text.Column{{Head: "RESOURCE"}, {Head: "NAME", Flex: true}}}
	for k, r := range page.Items {
		row := []string{r.ID, text.Clean(r.Name)}
		for _, w := range r.Weeks {
			if k == 0 {
				t.Columns = append(t.Columns, text.Column{Head: string(w.From)[5:], Right: true})
			}
			row = append(row, fmt.Sprintf("%g of %g", w.Held, w.Amount))
		}
		t.Rows = append(t.Rows, row)
	}
	p.Table(t)
	p.Line("By week: how much is held by requests that have a team, of what there is.")
}

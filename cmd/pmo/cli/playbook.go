package cli

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/client"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

func (k Kit) playbook() *cobra.Command {
	cmd := k.command(spec{
		use: "playbook APPROACH|REF", short: "Show the playbook of a way of working, or the part that matters for a request now", args: cobra.ExactArgs(1), complete: refs,
		long:    "\nIt has the first steps, cadence, roles, pitfalls, how progress is read, and what to do at the end. Of a request it is the part for the day work begins, for a review, or for the end.",
		example: "  pmo approach playbook kanban\n  pmo approach playbook R-42 --lang de",
		run: func(ctx context.Context, c *console, args []string) error {
			var found *client.Answer[wire.Playbook]
			var err error
			if slices.Contains(pmo.Approaches(), args[0]) {
				found, err = c.api.Playbook(ctx, args[0], c.flag("lang"))
			} else {
				found, err = c.api.Advice(ctx, args[0], c.flag("lang"))
			}
			if err != nil {
				return err
			}
			return show(c, found, printPlaybook)
		},
	})
	cmd.Flags().String("lang", "en", "en or de")
	fixed(cmd, "lang", []string{"en", "de"})
	return cmd
}

func printPlaybook(p *text.Printer, b *wire.Playbook) {
	p.Line("%s", text.Clean(b.Title))
	for _, s := range b.Sections {
		p.Line("")
		p.Line("%s", spaced(s.Name))
		for _, item := range s.Items {
			p.Wrapped(2, "- "+item)
		}
	}
}

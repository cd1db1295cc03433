package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/client"
	"leanpmo/internal/wire"
)

func (k Kit) audit() *cobra.Command {
	list := k.command(spec{use: "list", short: "List the office ledger, the newest line first", run: listAudit,
		long: `
What concerns no request: policies, teams, delegations, tokens, sessions, people whose rights changed, refused sign-ins and refused attempts to
use administrative rights. For administrators and auditors.`,
		example: "  pmo audit list\n  pmo audit list --kind token --person ana\n  pmo audit list --from 2027-03-01 --until 2027-03-31 --csv > march.csv"})
	list.Flags().String("kind", "", "only this kind: policy, team, delegation, token, session, history, person, sign_in, right, channel or resource")
	list.Flags().String("person", "", "only what this person did or what is about them")
	list.Flags().String("from", "", "not earlier than this day or time")
	list.Flags().String("until", "", "not later than this day or time")
	list.Flags().Int("limit", 50, "how many lines, 200 at most")
	list.Flags().Bool("csv", false, "for a spreadsheet: the newest 10,000 of what is asked for")
	return parent("audit", "Read and verify the ledgers", GroupOffice, list)
}

func listAudit(ctx context.Context, c *console, _ []string) error {
	from, ferr := moment("from", c.flag("from"), false)
	until, uerr := moment("until", c.flag("until"), true)
	if err := errors.Join(ferr, uerr); err != nil {
		return err
	}
	filter := client.AuditFilter{Kind: c.flag("kind"), Person: c.flag("person"), From: from, Until: until, Limit: c.number("limit")}
	if c.yes("csv") {
		table, err := c.api.AuditCSV(ctx, filter)
		if err != nil {
			return err
		}
		return c.raw(table)
	}
	page, err := c.api.Audit(ctx, filter)
	if err != nil {
		return err
	}
	return show(c, page, printAudit)
}

func printAudit(p *text.Printer, page *wire.Page[wire.AuditLine]) {
	if len(page.Items) == 0 {
		p.Line("No line is like that.")
		return
	}
	t := text.Table{Columns: []text.Column{{Head: "LINE"}, {Head: "AT"}, {Head: "KIND"}, {Head: "EVENT"}, {Head: "ABOUT", Flex: true}, {Head: "WHO"}, {Head: "FROM"}, {Head: "DETAILS", Spare: true}}}
	for _, l := range page.Items {
		t.Rows = append(t.Rows, []string{fmt.Sprint(l.Line), l.At.UTC().Format(time.DateTime), l.Kind, l.Event, l.About, l.Actor, l.Address, string(l.Details)})
	}
	p.Table(t)
	if page.Next != "" {
		p.Line("There are older lines: --until, or -o json and its next.")
	}
}

package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/client"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// raid is the RAID log of a request: without a subcommand it shows the log.
func (k Kit) raid() *cobra.Command {
	cmd := k.command(spec{
		use: "raid REF", short: "Show the risks, assumptions, issues, dependencies and blockers of work under way", group: GroupRequests, args: cobra.ExactArgs(1), complete: refs, run: raid,
		example: "  pmo raid R-42\n  pmo raid add R-42 blocker \"The vendor does not answer\" --owner petra --due 2027-03-19\n  pmo raid clear R-42 3 \"They sent the interface\"",
	})
	add := k.command(spec{
		use: "add REF KIND TEXT", short: "Add a risk, assumption, issue, dependency or blocker", group: GroupRequests, args: cobra.ExactArgs(3), complete: refs, run: addRaid,
		example: "  pmo raid add R-42 risk \"The law comes into force before\" --probability 4 --impact 5",
	})
	add.Flags().String("owner", "", "who can clear it: a person's id, or in words")
	add.Flags().String("due", "", "the day by which it ought to be cleared")
	add.Flags().Int("probability", 0, "of a risk, 1 to 5")
	add.Flags().Int("impact", 0, "of a risk, 1 to 5")
	cmd.AddCommand(add, k.command(spec{
		use: "clear REF NUMBER HOW", short: "Say how a risk, assumption, issue, dependency or blocker was cleared", group: GroupRequests, args: cobra.ExactArgs(3), complete: refs, run: clearRaid,
		example: "  pmo raid clear R-42 3 \"They sent the interface\"",
	}))
	for _, sub := range cmd.Commands() {
		sub.GroupID = ""
	}
	return cmd
}

func raid(ctx context.Context, c *console, args []string) error {
	found, err := c.api.Request(ctx, args[0])
	if err != nil {
		return err
	}
	return show(c, found, printRaid)
}

func printRaid(p *text.Printer, r *wire.Request) {
	p.Facts(healthFacts(p, r)...)
	if len(r.Raid) == 0 {
		p.Line("Nothing is logged.")
		return
	}
	t := text.Table{Columns: []text.Column{{Head: "NO", Right: true}, {Head: "KIND"}, {Head: "SINCE", Right: true}, {Head: "TEXT", Wrap: true}, {Head: "CAN CLEAR IT"}, {Head: "DUE"}, {Head: "CLEARED", Wrap: true}}}
	for _, i := range r.Raid {
		cleared := ""
		if !i.Open() {
			cleared = fmt.Sprintf("%s: %s", i.ClearedBy, i.Cleared)
		}
		t.Rows = append(t.Rows, []string{strconv.Itoa(i.Number), string(i.Kind), p.Since(i.Since), raidWords(i), i.Owner, string(i.Due), cleared})
	}
	p.Table(t)
}

func raidWords(i pmo.RaidItem) string {
	return riskWords(pmo.Risk{Text: i.Text, Probability: i.Probability, Impact: i.Impact})
}

func addRaid(ctx context.Context, c *console, args []string) error {
	return c.logRaid(ctx, args[0], wire.Raid{Kind: pmo.RaidKind(strings.ToLower(args[1])), Text: args[2], Owner: c.flag("owner"), Due: pmo.Date(c.flag("due")),
		Probability: c.number("probability"), Impact: c.number("impact")})
}

func clearRaid(ctx context.Context, c *console, args []string) error {
	number, err := strconv.Atoi(args[1])
	if err != nil || number < 1 {
		return usagef("%q is not the number of an entry; pmo raid %s shows them", args[1], args[0])
	}
	return c.logRaid(ctx, args[0], wire.Raid{Clear: number, How: args[2]})
}

func (c *console) logRaid(ctx context.Context, ref string, body wire.Raid) error {
	done, err := c.api.LogRaid(ctx, ref, body, client.NewKey())
	if err != nil {
		return err
	}
	return c.receipt(ref, done)
}

// healthFacts say how work under way stands and why.
func healthFacts(p *text.Printer, r *wire.Request) []text.Fact {
	h := r.Health
	if h == nil || r.Closed() {
		return nil
	}
	facts := []text.Fact{{Name: "health", Value: fmt.Sprintf("%s since %s", h.Health, p.When(h.Since))}}
	if o := h.Override; o != nil {
		facts = append(facts, text.Fact{Name: "override", Value: fmt.Sprintf("%s by the word of %s, %s, where the rule gives %s: %s", o.Health, o.By, p.When(o.At), h.Rule, o.Why)})
	}
	for _, reason := range h.Because {
		facts = append(facts, text.Fact{Name: "because", Value: fmt.Sprintf("%s (%s)", reason.Says, reason.Health)})
	}
	return facts
}

// raidFacts are the open entries of the log.
func raidFacts(p *text.Printer, r *wire.Request) []text.Fact {
	var facts []text.Fact
	for _, i := range r.Raid {
		if !i.Open() || r.Closed() {
			continue
		}
		words := fmt.Sprintf("%d: %s; since %s", i.Number, strings.TrimSuffix(raidWords(i), "."), p.When(i.Since))
		if i.Owner != "" {
			words += "; " + i.Owner + " can clear it"
		}
		if i.Due != "" {
			words += "; due " + string(i.Due)
		}
		facts = append(facts, text.Fact{Name: string(i.Kind), Value: words})
	}
	return facts
}

package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/client"
	"leanpmo/internal/policy"
	"leanpmo/internal/wire"
)

func (k Kit) policy() *cobra.Command {
	return parent("policy", "Show the rules; propose others, and decide on what was proposed", GroupOffice, k.showPolicy(), k.proposePolicy(), k.diffPolicy(), k.replayPolicy(), k.proposals(),
		k.decideProposal("accept", "Let a proposed policy take force, for the PMO; not your own", "  pmo policy accept 0198c0de-0000-7000-8000-000000000001"),
		k.decideProposal("reject", "Reject a proposed policy, for the PMO; not your own", `  pmo policy reject 0198c0de-0000-7000-8000-000000000001 --reason "Finance has to see it first"`),
		k.decideProposal("withdraw", "Take back what you proposed", "  pmo policy withdraw 0198c0de-0000-7000-8000-000000000001"),
		k.rollbackPolicy(), k.policyHistory())
}

func (k Kit) showPolicy() *cobra.Command {
	cmd := k.command(spec{
		use: "show", short: "Show the rules in force, in plain words or as YAML",
		example: "  pmo policy show\n  pmo policy show --yaml > policy.yaml",
		run: func(ctx context.Context, c *console, _ []string) error {
			if c.yes("yaml") && c.json {
				return usagef("give either --yaml or -o json")
			}
			found, err := c.api.Policy(ctx)
			if err != nil {
				return err
			}
			if c.yes("yaml") {
				return c.raw([]byte(found.Value.YAML))
			}
			return show(c, found, func(p *text.Printer, v *wire.Policy) {
				p.Line("Policy %s", text.Clean(v.Name))
				for _, line := range v.Words {
					p.Wrapped(2, line)
				}
			})
		},
	})
	cmd.Flags().Bool("yaml", false, "the document as it was written")
	return cmd
}

func (k Kit) proposePolicy() *cobra.Command {
	cmd := k.command(spec{use: "propose -f FILE --reason WHY", short: "Propose other rules, for the PMO", run: proposePolicy,
		long: `
It says what the file would change, in words, and what that would do to the backlogs as they are. It takes force when another member of the PMO
accepts it, on every server and worker and without a restart. The version is raised to the one after that in force. With --dry nothing is stored.`,
		example: "  pmo policy show --yaml > policy.yaml\n  pmo policy propose -f policy.yaml --dry\n  pmo policy propose -f policy.yaml --reason \"Value counts more than haste\""})
	cmd.Aliases = []string{"apply"}
	cmd.Flags().StringP("file", "f", "", "the policy, as YAML; - is standard input")
	cmd.Flags().String("reason", "", "why")
	cmd.Flags().Bool("dry", false, "only say what it would change")
	return cmd
}

func (k Kit) diffPolicy() *cobra.Command {
	cmd := k.command(spec{use: "diff -f FILE", short: "Say in words what a file changes of the rules in force", example: "  pmo policy diff -f policy.yaml",
		run: func(ctx context.Context, c *console, _ []string) error {
			body, err := c.proposalOfFile()
			if err != nil {
				return err
			}
			body.Dry = true
			found, err := c.api.ProposePolicy(ctx, body, "")
			if err != nil {
				return err
			}
			return show(c, found, func(p *text.Printer, v *wire.PolicyProposal) { printDifference(p, v.Difference) })
		}})
	cmd.Flags().StringP("file", "f", "", "the policy, as YAML; - is standard input")
	return cmd
}

func (k Kit) rollbackPolicy() *cobra.Command {
	cmd := k.command(spec{use: "rollback VERSION --reason WHY", short: "Propose to return to the rules of an earlier version, for the PMO", args: cobra.ExactArgs(1),
		example: "  pmo policy rollback 3 --reason \"Small things waited too long\"",
		run: func(ctx context.Context, c *console, args []string) error {
			version, err := strconv.Atoi(args[0])
			if err != nil || version < 1 {
				return usagef("%q is no version; pmo policy history lists them", args[0])
			}
			return c.propose(ctx, wire.ProposePolicy{ReturnsTo: version, Reason: c.flag("reason"), Dry: c.yes("dry")})
		}})
	cmd.Flags().String("reason", "", "why")
	cmd.Flags().Bool("dry", false, "only say what it would change")
	return cmd
}

func proposePolicy(ctx context.Context, c *console, _ []string) error {
	body, err := c.proposalOfFile()
	if err != nil {
		return err
	}
	body.Reason, body.Dry = c.flag("reason"), c.yes("dry")
	return c.propose(ctx, body)
}

func (c *console) proposalOfFile() (wire.ProposePolicy, error) {
	path, err := c.needed("file", "the policy")
	if err != nil {
		return wire.ProposePolicy{}, err
	}
	_, content, err := c.readFile(path)
	return wire.ProposePolicy{YAML: string(content)}, err
}

func (c *console) propose(ctx context.Context, body wire.ProposePolicy) error {
	if !body.Dry && strings.TrimSpace(body.Reason) == "" {
		return usagef("--reason is needed: why it is proposed; --dry only says what it would change")
	}
	done, err := c.api.ProposePolicy(ctx, body, client.NewKey())
	if err != nil {
		return err
	}
	return show(c, done, func(p *text.Printer, v *wire.PolicyProposal) {
		printProposal(p, v)
		if v.ID != "" {
			p.Line("")
			p.Line("Another member of the PMO decides: pmo policy accept %s", text.Clean(v.ID))
		}
	})
}

func (k Kit) decideProposal(command, short, example string) *cobra.Command {
	cmd := k.command(spec{use: command + " ID", short: short, args: cobra.ExactArgs(1), example: example, run: func(ctx context.Context, c *console, args []string) error {
		if command == "reject" && strings.TrimSpace(c.flag("reason")) == "" {
			return usagef("--reason is needed: why it is rejected")
		}
		done, err := c.api.DecideProposal(ctx, args[0], command, c.flag("reason"), client.NewKey())
		if err != nil {
			return err
		}
		return show(c, done, func(p *text.Printer, v *wire.PolicyProposal) {
			p.Line("Policy %d  %s", v.Version, v.State)
			if v.State == "accepted" {
				p.Line("It is in force: servers and workers take it within seconds, and requests at their next stage.")
			}
		})
	}})
	cmd.Flags().String("reason", "", "why")
	return cmd
}

func (k Kit) proposals() *cobra.Command {
	cmd := k.command(spec{use: "proposals [ID]", short: "Proposed policies; of one, what it changes and what that would do", args: cobra.MaximumNArgs(1), run: listProposals,
		example: "  pmo policy proposals\n  pmo policy proposals 0198c0de-0000-7000-8000-000000000001"})
	pageFlags(cmd)
	return cmd
}

func pageFlags(cmd *cobra.Command) {
	cmd.Flags().Int("limit", 50, "how many")
	cmd.Flags().String("cursor", "", "the next page, as the one before says")
}

func listProposals(ctx context.Context, c *console, args []string) error {
	if len(args) == 1 {
		found, err := c.api.Proposal(ctx, args[0])
		if err != nil {
			return err
		}
		if v := &found.Value; v.State == "open" && !c.json { // as it would be now
			if now, err := c.api.ProposalEffect(ctx, args[0]); err == nil {
				v.Effect = &now.Value
			}
		}
		return show(c, found, printProposal)
	}
	found, err := c.api.Proposals(ctx, client.Filter{Limit: c.number("limit"), Cursor: c.flag("cursor")})
	if err != nil {
		return err
	}
	return show(c, found, func(p *text.Printer, page *wire.Page[wire.PolicyProposal]) {
		if len(page.Items) == 0 {
			p.Line("Nothing was proposed. Try: pmo policy propose -f policy.yaml --dry")
			return
		}
		t := text.Table{Columns: []text.Column{{Head: "ID"}, {Head: "VERSION", Right: true}, {Head: "STATE"}, {Head: "BY"}, {Head: "WHEN"}, {Head: "REASON", Flex: true}}}
		for _, v := range page.Items {
			t.Rows = append(t.Rows, []string{v.ID, fmt.Sprint(v.Version), stateOf(&v), v.Proposer, p.Since(v.At), v.Reason})
		}
		p.Table(t)
		more(p, page.Next)
	})
}

func stateOf(v *wire.PolicyProposal) string {
	if v.Stale {
		return "open, stale"
	}
	return v.State
}

func printProposal(p *text.Printer, v *wire.PolicyProposal) {
	p.Line("Policy %d  %s, proposed by %s %s", v.Version, stateOf(v), text.Clean(v.Proposer), p.Since(v.At))
	returns := ""
	if v.ReturnsTo != 0 {
		returns = fmt.Sprintf("the rules of version %d", v.ReturnsTo)
	}
	decided := ""
	if v.DecidedAt != nil {
		decided = strings.TrimSpace(v.DecidedBy + ", " + p.Since(*v.DecidedAt) + " " + v.Decision)
	}
	p.Facts(text.Fact{Name: "id", Value: v.ID}, text.Fact{Name: "because", Value: v.Reason}, text.Fact{Name: "returns to", Value: returns}, text.Fact{Name: "decided by", Value: decided})
	if v.Stale {
		p.Wrapped(2, fmt.Sprintf("It was made for version %d, and version %d is in force: propose it again.", v.Base, v.InForce))
	}
	printDifference(p, v.Difference)
	printEffect(p, v.Effect)
}

func printDifference(p *text.Printer, d *policy.RulesDifference) {
	if d == nil {
		return
	}
	p.Line("")
	p.Line("What it changes")
	for _, c := range d.Changes {
		p.Wrapped(2, c.Words)
	}
	if d.More > 0 {
		p.Line("  %d more changes are not listed.", d.More)
	}
	for _, part := range []struct {
		head  string
		lines []string
	}{{"No longer", d.No}, {"Instead", d.New}} {
		if len(part.lines) > 0 {
			p.Line("")
			p.Line(part.head)
		}
		for _, line := range part.lines {
			p.Wrapped(2, line)
		}
	}
}

func printEffect(p *text.Printer, e *wire.PolicyEffect) {
	if e == nil {
		return
	}
	for i := range e.Portfolios {
		p.Line("")
		printBacklogEffect(p, &e.Portfolios[i])
	}
	for _, limit := range e.Limits {
		p.Wrapped(0, limit)
	}
}

// printBacklogEffect shows what would be different in one backlog.
func printBacklogEffect(p *text.Printer, b *wire.BacklogEffect) {
	p.Line("%s: %d of %d requests would be at another place; a run would pull %d instead of %d.", text.Clean(b.Portfolio), b.Moved, b.Count, b.Pulled, b.PulledNow)
	if len(b.Lines) > 0 {
		t := text.Table{Columns: []text.Column{{Head: "REF"}, {Head: "NOW", Right: true}, {Head: "THEN", Right: true}, {Head: "PULLED"}, {Head: "TITLE", Flex: true}, {Head: "BECAUSE", Wrap: true}}}
		for _, l := range b.Lines {
			t.Rows = append(t.Rows, []string{l.Ref, rankOr(l.Now.Rank), rankOr(l.Then.Rank), pulledWords(l), l.Title, l.Because})
		}
		p.Table(t)
	}
	if b.More > 0 {
		p.Line("%d more would move and are not listed.", b.More)
	}
	if b.Hidden > 0 {
		p.Line("%d more would move and are not yours to read.", b.Hidden)
	}
}

func rankOr(rank int) string {
	if rank == 0 {
		return "-"
	}
	return fmt.Sprint(rank)
}

func pulledWords(l wire.EffectLine) string {
	switch {
	case l.Now.Pulled == l.Then.Pulled:
		return yesOr(l.Then.Pulled)
	case l.Then.Pulled:
		return "then"
	}
	return "no longer"
}

func (k Kit) policyHistory() *cobra.Command {
	cmd := k.command(spec{use: "history [VERSION]", short: "The policies that took force; of one, what it changed", args: cobra.MaximumNArgs(1), run: policyHistory,
		example: "  pmo policy history\n  pmo policy history 3\n  pmo policy history 3 --yaml > policy-3.yaml"})
	cmd.Flags().Bool("yaml", false, "the document of a version, as it was written")
	pageFlags(cmd)
	return cmd
}

func policyHistory(ctx context.Context, c *console, args []string) error {
	if len(args) == 0 {
		if c.yes("yaml") {
			return usagef("--yaml needs a version: pmo policy history 3 --yaml")
		}
		found, err := c.api.PolicyVersions(ctx, client.Filter{Limit: c.number("limit"), Cursor: c.flag("cursor")})
		if err != nil {
			return err
		}
		return show(c, found, printPolicyVersions)
	}
	version, err := strconv.Atoi(args[0])
	if err != nil || version < 1 {
		return usagef("%q is no version; pmo policy history lists them", args[0])
	}
	found, err := c.api.PolicyVersion(ctx, version)
	if err != nil {
		return err
	}
	if c.yes("yaml") {
		return c.raw([]byte(found.Value.YAML))
	}
	return show(c, found, func(p *text.Printer, v *wire.PolicyVersion) {
		p.Line("Policy %d  in force since %s, by %s", v.Version, p.When(v.Since), text.Clean(v.Actor))
		p.Facts(text.Fact{Name: "proposed by", Value: v.Proposer}, text.Fact{Name: "because", Value: v.Reason}, text.Fact{Name: "proposal", Value: v.Proposal})
		printDifference(p, v.Difference)
	})
}

func printPolicyVersions(p *text.Printer, page *wire.Page[wire.PolicyVersion]) {
	t := text.Table{Columns: []text.Column{{Head: "VERSION", Right: true}, {Head: "SINCE"}, {Head: "BY"}, {Head: "PROPOSED BY"}, {Head: "REASON", Flex: true}}}
	for _, v := range page.Items {
		since := p.Since(v.Since)
		if v.InForce {
			since += ", in force"
		}
		t.Rows = append(t.Rows, []string{fmt.Sprint(v.Version), since, v.Actor, v.Proposer, v.Reason})
	}
	p.Table(t)
	more(p, page.Next)
}

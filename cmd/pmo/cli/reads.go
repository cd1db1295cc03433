package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/pmo"
	"leanpmo/internal/priority"
	"leanpmo/internal/wire"
)

// reads are the commands that show one part of a request.
func (k Kit) reads() []*cobra.Command {
	ledger := k.command(spec{
		use: "ledger REF", short: "Show what happened to a request, and why", group: GroupRequests, args: cobra.ExactArgs(1), complete: refs, run: ledger,
		example: "  pmo ledger R-42\n  pmo ledger R-42 --after 17 -o json",
	})
	ledger.Flags().Int("after", 0, "only what came after this position")
	ledger.Flags().Int("limit", 200, "how many at once, 1 to 200")
	return []*cobra.Command{
		k.command(spec{
			use: "explain REF", short: "Show why a request has its lane, route, rank, approach and team", group: GroupRequests,
			args: cobra.ExactArgs(1), complete: refs, example: "  pmo explain R-42",
			run: func(ctx context.Context, c *console, args []string) error {
				found, err := c.api.Explain(ctx, args[0])
				if err != nil {
					return err
				}
				return show(c, found, printExplanation)
			},
		}),
		k.forecast(),
		k.plan(),
		ledger,
	}
}

func ledger(ctx context.Context, c *console, args []string) error {
	found, err := c.api.Ledger(ctx, args[0], int64(c.number("after")), c.number("limit"))
	if err != nil {
		return err
	}
	return show(c, found, func(p *text.Printer, page *wire.Page[wire.LedgerEntry]) {
		t := text.Table{Columns: []text.Column{{Head: "WHEN"}, {Head: "WHO"}, {Head: "EVENT"}, {Head: "WHAT", Wrap: true}}}
		last := int64(0)
		for _, e := range page.Items {
			last = e.Position
			t.Rows = append(t.Rows, []string{p.When(e.At), actor(e.Entry), spaced(e.Event), e.Text})
		}
		p.Table(t)
		if page.Next != "" {
			p.Line("There is more: --after %d", last)
		}
	})
}

func actor(e pmo.Entry) string {
	if e.For != "" && e.For != e.Actor {
		return e.Actor + " for " + e.For
	}
	return e.Actor
}

func printExplanation(p *text.Printer, e *wire.Explanation) {
	p.Line("%s  why it has its lane, route, rank, approach and team (policy %s)", nameOf(e.Ref, e.ID), text.Clean(e.Policy))
	facts := []text.Fact{
		{Name: "lane", Value: because(string(e.Lane), e.LaneReason)},
		{Name: "severity", Value: e.Severity},
	}
	for _, gap := range e.Missing {
		facts = append(facts, text.Fact{Name: "missing", Value: gap.Field + ": " + gap.Why})
	}
	for _, other := range e.Similar {
		facts = append(facts, text.Fact{Name: "perhaps like", Value: fmt.Sprintf("%s %s (%.0f %% alike: %s)", pmo.Ref(other.Number), other.Title, other.Score*100, other.Words)})
	}
	if e.Route != nil {
		facts = append(facts, text.Fact{Name: "review", Value: because(routeWords(e.Route), e.Route.Reason)})
	}
	for _, in := range e.Inputs {
		facts = append(facts, text.Fact{Name: "input", Value: inputWords(p, in)})
	}
	if e.Rank != nil {
		facts = append(facts, text.Fact{Name: "rank", Value: fmt.Sprintf("%d: %s", e.Rank.Rank, e.Rank.Why)},
			text.Fact{Name: "moved", Value: e.Rank.Cause}, text.Fact{Name: "would change it", Value: e.Rank.Sensitivity}, text.Fact{Name: "to the top", Value: e.Rank.TopText}, text.Fact{Name: "not pulled", Value: e.Rank.LimitReason})
		facts = append(facts, rankFacts(e.Rank)...)
	}
	if e.Pull != nil {
		facts = append(facts, text.Fact{Name: "pulled", Value: because(strings.TrimSpace(p.When(e.Pull.At)+" "+e.Pull.By), e.Pull.Reason)})
	}
	p.Facts(append(facts, workFacts(e)...)...)
}

// inputWords says what an input of the score is and where it comes from, or who gives it.
func inputWords(p *text.Printer, in wire.ScoreInput) string {
	if in.Value == "" {
		return spaced(in.Name) + " is unknown, which is not zero; given by: " + strings.Join(in.From, ", ")
	}
	words := spaced(in.Name) + " " + in.Value
	if in.At != nil {
		words += ", by " + in.By + " on " + p.When(*in.At)
	}
	if in.Sure != "" {
		words += ", confidence " + string(in.Sure)
	}
	if in.Stale {
		words += ", stale"
	}
	return words
}

// rankFacts are the score taken apart, and what separates the request from its neighbours.
func rankFacts(r *wire.RankedRequest) []text.Fact {
	var parts []string
	for _, part := range r.Parts {
		parts = append(parts, fmt.Sprintf("%s %.2f", spaced(part.Code), part.Amount))
	}
	facts := []text.Fact{{Name: "score", Value: strings.Join(parts, " + ")}}
	if len(parts) > 0 {
		facts[0].Value += fmt.Sprintf(" = %.2f", r.Score)
	}
	if r.Range != nil {
		facts = append(facts, text.Fact{Name: "how sure", Value: r.Range.Words()})
	}
	facts = append(facts, text.Fact{Name: "needs", Value: refWords(r.Needs, 0)}, text.Fact{Name: "unblocks", Value: refWords(r.Unblocks, r.MoreUnblocked)}, text.Fact{Name: "to put right", Value: r.Problem})
	if r.Inherited > 0 {
		facts = append(facts, text.Fact{Name: "counts as", Value: fmt.Sprintf("%.2f, with what it needs and what waits behind it", r.Inherited)})
	}
	if r.Points > 0 {
		facts = append(facts, text.Fact{Name: "points", Value: fmt.Sprintf("%g of stakeholders; pmo points show says whose", r.Points)})
	}
	for _, e := range r.IfPulled {
		facts = append(facts, text.Fact{Name: "if pulled", Value: e.Words})
	}
	if n := r.Above; n != nil && !n.Hidden {
		facts = append(facts, text.Fact{Name: "behind", Value: fmt.Sprintf("%s: %s", pmo.Ref(n.Number), n.Apart)})
	}
	if n := r.Below; n != nil && !n.Hidden {
		facts = append(facts, text.Fact{Name: "ahead of", Value: fmt.Sprintf("%s: %s", pmo.Ref(n.Number), n.Apart)})
	}
	return facts
}

// refWords lists requests; more is how many follow them.
func refWords(refs []priority.Ref, more int) string {
	var list []string
	for _, r := range refs {
		list = append(list, pmo.Ref(r.Number))
	}
	if more > 0 {
		list = append(list, fmt.Sprintf("%d more", more))
	}
	return strings.Join(list, ", ")
}

func workFacts(e *wire.Explanation) []text.Fact {
	var facts []text.Fact
	if a := e.Approach; a != nil {
		facts = append(facts, text.Fact{Name: "approach", Value: because(a.Name(), strings.Join(a.Reasons, "; "))},
			text.Fact{Name: "planned", Value: a.PlannedPart}, text.Fact{Name: "agile", Value: a.AgilePart},
			text.Fact{Name: "speaks against it", Value: strings.Join(a.Mismatches, "; ")}, text.Fact{Name: "runner-up", Value: a.RunnerUp}, text.Fact{Name: "would change it", Value: strings.Join(a.Sensitivity, "; ")},
			text.Fact{Name: "chosen", Value: because(chosenBy(a), a.Reason)})
	}
	if a := e.Assignment; a != nil {
		facts = append(facts, text.Fact{Name: "team", Value: because(strings.Join(a.TeamIDs(), " and "), strings.Join(a.Reasons, "; "))})
	}
	for _, d := range e.Declined {
		facts = append(facts, text.Fact{Name: "declined", Value: d.Team + ": " + d.Reason})
	}
	facts = append(facts, howWorked(e.Worked)...)
	return append(facts, text.Fact{Name: "no team yet", Value: e.Waits}, text.Fact{Name: "ended", Value: because(string(e.Outcome), e.Reason)})
}

func chosenBy(a *pmo.Approach) string {
	if a.ChosenBy == "" {
		return ""
	}
	return "by " + a.ChosenBy
}

func routeWords(r *pmo.Route) string {
	var steps []string
	for _, s := range r.Steps {
		steps = append(steps, fmt.Sprintf("%d. %s", s.Order, s.Group))
	}
	return strings.Join(steps, ", ")
}

package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/client"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

func (k Kit) scoring() *cobra.Command {
	return parent("scoring", "Several people score a request privately, and talk about what is far apart", GroupPortfolio,
		k.showScoring(), k.openScoring(), k.giveScores(), k.revealScoring(), k.myScoring())
}

func (k Kit) showScoring() *cobra.Command {
	return k.command(spec{use: "show REF", short: "The latest round: who has scored and, once it is revealed, what", args: cobra.ExactArgs(1), example: "  pmo scoring show R-42",
		run: func(ctx context.Context, c *console, args []string) error {
			found, err := c.api.Scoring(ctx, args[0])
			if err != nil {
				return err
			}
			return show(c, found, printScoring)
		}})
}

func (k Kit) openScoring() *cobra.Command {
	cmd := k.command(spec{use: "open REF --person ID --person ID", short: "Ask several people to score privately, for the PMO", args: cobra.ExactArgs(1),
		example: "  pmo scoring open R-42 --person ana --person bo\n  pmo scoring open R-42 --person ana --person bo --input job_size",
		run: func(ctx context.Context, c *console, args []string) error {
			people := c.list("person")
			if len(people) < 2 {
				return usagef("--person is needed twice at least: several people score")
			}
			done, err := c.api.OpenScoring(ctx, args[0], wire.OpenScoring{People: people, Inputs: c.list("input")}, client.NewKey())
			if err != nil {
				return err
			}
			return show(c, done, printScoring)
		}})
	cmd.Flags().StringArray("person", nil, "whom to ask; may be repeated")
	cmd.Flags().StringArray("input", nil, "about which input; those that its score needs when absent; may be repeated")
	return cmd
}

func (k Kit) giveScores() *cobra.Command {
	cmd := k.command(spec{use: "give REF INPUT=VALUE …", short: "Score a request privately; until it is revealed you can change it", args: cobra.MinimumNArgs(2),
		example: "  pmo scoring give R-42 business_value=13 job_size=3 --sure low",
		run: func(ctx context.Context, c *console, args []string) error {
			inputs, wrong := wire.InputsOf(args[1:])
			if wrong != "" {
				return usagef("%q: write input=value; the inputs are %s", text.Clean(wrong), strings.Join(pmo.InputNames(), ", "))
			}
			done, err := c.api.Score(ctx, args[0], wire.PrivateScore{Inputs: inputs, Sure: pmo.Sureness(c.flag("sure")), Reason: c.flag("reason")}, client.NewKey())
			if err != nil {
				return err
			}
			return show(c, done, printScoring)
		}})
	cmd.Flags().String("sure", "", "how sure you are: low, medium or high")
	cmd.Flags().String("reason", "", "why")
	return cmd
}

func (k Kit) revealScoring() *cobra.Command {
	return k.command(spec{use: "reveal REF", short: "Show everybody the private scores, for the PMO", args: cobra.ExactArgs(1), example: "  pmo scoring reveal R-42",
		run: func(ctx context.Context, c *console, args []string) error {
			done, err := c.api.RevealScoring(ctx, args[0], client.NewKey())
			if err != nil {
				return err
			}
			return show(c, done, printScoring)
		}})
}

func (k Kit) myScoring() *cobra.Command {
	cmd := k.command(spec{use: "mine", short: "The rounds that wait on me", example: "  pmo scoring mine",
		run: func(ctx context.Context, c *console, _ []string) error {
			found, err := c.api.ScoringWaits(ctx, client.Filter{Limit: c.number("limit"), Cursor: c.flag("cursor")})
			if err != nil {
				return err
			}
			return show(c, found, func(p *text.Printer, page *wire.Page[wire.ScoringWait]) {
				if len(page.Items) == 0 {
					p.Line("Nothing is to be scored.")
					return
				}
				t := text.Table{Columns: []text.Column{{Head: "REF"}, {Head: "TITLE", Flex: true}, {Head: "ASKED BY"}, {Head: "WHEN"}, {Head: "INPUTS", Wrap: true}}}
				for _, w := range page.Items {
					t.Rows = append(t.Rows, []string{w.Ref, w.Title, w.OpenedBy, p.Since(w.OpenedAt), strings.Join(w.Inputs, ", ")})
				}
				p.Table(t)
				more(p, page.Next)
			})
		}})
	pageFlags(cmd)
	return cmd
}

func printScoring(p *text.Printer, r *wire.ScoringRound) {
	state := "revealed"
	if r.Open {
		state = "open"
	}
	p.Line("Round %d  %s, asked by %s %s", r.No, state, text.Clean(r.OpenedBy), p.Since(r.OpenedAt))
	for _, who := range r.People {
		says := "not yet"
		if who.Scored {
			says = "has scored"
		}
		p.Line("  %s: %s", text.Clean(who.Person), says)
	}
	for i := range r.Results {
		printScores(p, &r.Results[i])
	}
	if !r.Open {
		p.Line("")
		p.Line("What is agreed is set with pmo inputs.")
	}
}

func printScores(p *text.Printer, r *wire.ScoringResult) {
	p.Line("")
	apart := ""
	if r.Apart {
		apart = "; far apart: talk about it (pmo comment)"
	}
	p.Line("%s: %s", text.Clean(r.Input), fmt.Sprintf("from %s to %s, in the middle %s", valueOrDash(r.Low), valueOrDash(r.High), valueOrDash(r.Middle))+apart)
	t := text.Table{Columns: []text.Column{{Head: "WHO"}, {Head: "VALUE", Right: true}, {Head: "SURE"}, {Head: "REASON", Wrap: true}}}
	for _, s := range r.Scores {
		t.Rows = append(t.Rows, []string{s.Person, valueOrDash(s.Value), string(s.Sure), s.Reason})
	}
	p.Table(t)
}

// valueOrDash is a value, or a dash where there is none.
func valueOrDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

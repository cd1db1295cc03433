package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/forms"
	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/client"
	"leanpmo/internal/wire"
)

func (k Kit) approach() *cobra.Command {
	cmd := k.command(spec{
		use: "approach [REF]", short: "Show which way of working fits, and what to ask next", group: GroupRequests, args: cobra.MaximumNArgs(1), complete: refs, run: adviseApproach,
		long: "\nOf a request, or with --set of any work. Each question is answered on the request with the command that is printed below it.",
		example: `  pmo approach R-42
  pmo approach --set context.people=6 --set context.incremental=true --set size=12`,
	})
	cmd.AddCommand(k.playbook(), k.retrospective())
	cmd.Flags().StringArray("set", nil, "without a request: field=value, such as context.people=6, kind=bug or size=3; may be given more than once")
	return cmd
}

func adviseApproach(ctx context.Context, c *console, args []string) error {
	ref := ""
	var found *client.Answer[wire.ApproachAdvice]
	var err error
	switch {
	case len(args) == 1 && len(c.list("set")) > 0:
		return usagef("--set is for work that is no request; of a request use pmo amend %s --set", args[0])
	case len(args) == 1:
		ref = args[0]
		found, err = c.api.Approach(ctx, ref)
	default:
		var what wire.WhatIfApproach
		if what, err = whatIfApproach(c.list("set")); err != nil {
			return err
		}
		found, err = c.api.WhatIfApproach(ctx, what)
	}
	if err != nil {
		return err
	}
	return show(c, found, func(p *text.Printer, a *wire.ApproachAdvice) { printApproach(p, ref, a) })
}

func whatIfApproach(set []string) (wire.WhatIfApproach, error) {
	if len(set) == 0 {
		return wire.WhatIfApproach{}, usagef("name a request, or say what is known of the work with --set, such as --set context.people=6")
	}
	patch, err := forms.Patch(set)
	if err != nil {
		return wire.WhatIfApproach{}, usagef("--set: %w", err)
	}
	var what wire.WhatIfApproach
	if patch.Kind != nil {
		what.Kind = *patch.Kind
	}
	if patch.Size != nil {
		what.Size = *patch.Size
	}
	if patch.Context != nil {
		what.Context = *patch.Context
	}
	return what, nil
}

func printApproach(p *text.Printer, ref string, a *wire.ApproachAdvice) {
	facts := []text.Fact{
		{Name: "approach", Value: because(spaced(a.Approach), strings.Join(a.Reasons, "; "))},
		{Name: "planned", Value: a.Planned}, {Name: "agile", Value: a.Agile}, {Name: "framework inside", Value: spaced(a.Inside)},
		{Name: "sure", Value: sureOf(a)},
		{Name: "runner-up", Value: runnerUp(a)},
		{Name: "would change it", Value: strings.Join(a.WouldChange, "; ")},
		{Name: "speaks against it", Value: strings.Join(a.Mismatches, "; ")},
	}
	for _, practice := range a.Practices {
		facts = append(facts, text.Fact{Name: "practice", Value: because(spaced(practice.Name), practice.Why)})
	}
	for _, known := range a.Answers {
		if known.DontKnow {
			facts = append(facts, text.Fact{Name: "nobody knows", Value: spaced(known.Question)})
			continue
		}
		facts = append(facts, text.Fact{Name: "answer", Value: known.Says})
	}
	p.Facts(facts...)
	q := a.Next
	if q == nil {
		p.Line("")
		p.Line("No further answer can change it.")
		return
	}
	p.Line("")
	p.Wrapped(0, fmt.Sprintf("%s (%d can still change it; it tells %s apart)", q.Ask, q.Left, spaced(strings.Join(q.TellsApart, ", "))))
	for _, o := range q.Options {
		line := fmt.Sprintf("--set context.%s=%v", q.Question, o.Value)
		if ref != "" {
			line = "pmo amend " + ref + " " + line
		}
		p.Line("  %-34s %s", strings.TrimSpace(o.Label+" "+q.Unit), line)
	}
}

func sureOf(a *wire.ApproachAdvice) string {
	if len(a.Possible) < 2 {
		return a.Sure
	}
	return fmt.Sprintf("%s: what is not answered can still lead to %s", a.Sure, spaced(strings.Join(a.Possible, ", ")))
}

func runnerUp(a *wire.ApproachAdvice) string {
	switch a.Margin {
	case 0:
		return spaced(a.RunnerUp)
	case 1:
		return spaced(a.RunnerUp) + ", one other answer away"
	}
	return fmt.Sprintf("%s, %d other answers away", spaced(a.RunnerUp), a.Margin)
}

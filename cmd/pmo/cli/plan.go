package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/forms"
	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/client"
	"leanpmo/internal/planfile"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

func (k Kit) plan() *cobra.Command {
	cmd := k.command(spec{
		use: "plan REF", short: "Show a request's plan, with its schedule, its earned value and what changed since the first that was agreed", group: GroupRequests,
		args: cobra.ExactArgs(1), complete: refs, run: showPlan,
		example: `  pmo plan R-42
  pmo plan R-42 --yaml > plan.yaml
  pmo plan R-42 --draft scrum > plan.yaml`,
	})
	cmd.Flags().Bool("yaml", false, "the latest plan as a document to edit and apply")
	cmd.Flags().String("draft", "", "a plan of the weight of this approach, as a document to edit and apply")
	fixed(cmd, "draft", pmo.Approaches())
	cmd.AddCommand(k.applyPlan())
	return cmd
}

func (k Kit) applyPlan() *cobra.Command {
	cmd := k.command(spec{
		use: "apply REF -f FILE --reason WHY", short: "Propose the plan of a file; requester and team are asked", args: cobra.ExactArgs(1), complete: refs, run: applyPlan,
		long: `
An agreed plan stays in force until both agree on the new one. The file names the version that it is based on: where somebody proposed another plan
meanwhile, it is refused. A milestone that names work packages and has no date gets the one that their estimates give.`,
		example: `  pmo plan R-42 --yaml > plan.yaml
  pmo plan apply R-42 -f plan.yaml --reason "The design took longer"`,
	})
	cmd.Flags().StringP("file", "f", "", "the plan, as YAML; - is standard input")
	cmd.Flags().String("reason", "", "why the plan changes")
	return cmd
}

func showPlan(ctx context.Context, c *console, args []string) error {
	switch draft := c.flag("draft"); {
	case draft != "" && (c.yes("yaml") || c.json):
		return usagef("--draft is YAML already; give neither --yaml nor -o json")
	case draft != "":
		found, err := c.api.DraftPlan(ctx, args[0], draft)
		if err != nil {
			return err
		}
		plan := found.Value.Plan
		plan.Version = found.Value.Version
		return c.planDocument(plan)
	}
	found, err := c.api.Plan(ctx, args[0])
	switch {
	case err != nil:
		return err
	case c.yes("yaml") && c.json:
		return usagef("give either --yaml or -o json")
	case c.yes("yaml") && found.Value.Proposed != nil:
		return c.planDocument(found.Value.Proposed.Plan)
	case c.yes("yaml"):
		return c.planDocument(found.Value.Plan)
	}
	return show(c, found, printPlan)
}

func (c *console) planDocument(plan pmo.Plan) error {
	text, err := planfile.Write(plan)
	if err != nil {
		return err
	}
	return c.raw(text)
}

func applyPlan(ctx context.Context, c *console, args []string) error {
	path, err := c.needed("file", "the plan")
	if err != nil {
		return err
	}
	reason, err := c.needed("reason", "why the plan changes")
	if err != nil {
		return err
	}
	name, content, err := c.readFile(path)
	if err != nil {
		return err
	}
	form, err := forms.Plan(name, content)
	if err != nil {
		return usagef("%w", err)
	}
	done, err := c.api.ProposePlan(ctx, args[0], wire.PlanProposal{Version: form.Version, Approach: form.Approach, Plan: form.Plan, Reason: reason})
	var refused *client.Refused
	if errors.As(err, &refused) && refused.Kind == problem.Invalid && len(refused.Errors) > 0 {
		return usagef("the plan was not taken:\n%w", form.Where(refused.Errors))
	}
	if err != nil {
		return err
	}
	return c.receipt(args[0], done)
}

func printPlan(p *text.Printer, v *wire.PlanView) {
	p.Wrapped(0, plan(&v.Plan))
	facts := []text.Fact{{Name: "approach", Value: spaced(v.Plan.Approach)}, {Name: "version", Value: strconv.Itoa(v.Plan.Version)}, {Name: "agreed", Value: p.When(v.Plan.AgreedAt)}}
	facts = append(facts, planFacts(&v.Plan)...)
	facts = append(facts, scheduleFacts(v.Schedule)...)
	facts = append(facts, earnedValueFacts(v.Measured)...)
	for _, change := range v.Changes {
		facts = append(facts, text.Fact{Name: "since the first plan", Value: planChange(change)})
	}
	if next := v.Proposed; next != nil {
		facts = append(facts, text.Fact{Name: "proposed", Value: fmt.Sprintf("by %s, %s: %s", next.By, p.When(next.At), next.Reason)})
		for _, change := range next.Changes {
			facts = append(facts, text.Fact{Name: "would change", Value: planChange(change)})
		}
	}
	for _, s := range v.Signs {
		words := s.Says
		if s.Suggests != "" {
			words += fmt.Sprintf("; it speaks for %s: pmo plan REF --draft %s", spaced(s.Suggests), s.Suggests)
		}
		facts = append(facts, text.Fact{Name: "sign", Value: words})
	}
	for _, f := range v.Lacks {
		facts = append(facts, text.Fact{Name: "lacks", Value: strings.ReplaceAll(strings.TrimPrefix(f.Pointer, "/"), "_", " ") + ": " + f.Detail})
	}
	p.Facts(facts...)
}

func planFacts(plan *pmo.Plan) []text.Fact {
	facts := []text.Fact{{Name: "goal", Value: plan.Goal}, {Name: "owner", Value: plan.Owner}, {Name: "start", Value: string(plan.Start)}, {Name: "due", Value: string(plan.Due)},
		{Name: "iterations", Value: iterationWords(plan)}, {Name: "expectation", Value: plan.SLEWords()}, {Name: "WIP limit", Value: countOf(plan.WIPLimit, "items")},
		{Name: "replenished", Value: every(plan.ReplenishDays)}, {Name: "reviewed", Value: every(plan.ReviewDays)}, {Name: "budget", Value: budgetWords(plan.Budget)}}
	if s := plan.Seam; s != nil {
		facts = append(facts, text.Fact{Name: "planned part", Value: s.Planned}, text.Fact{Name: "agile part", Value: s.Agile}, text.Fact{Name: "they meet", Value: s.Meets})
	}
	for _, m := range plan.Milestones {
		facts = append(facts, text.Fact{Name: "milestone", Value: milestoneWords(m)})
	}
	for _, done := range plan.DoneWhen {
		facts = append(facts, text.Fact{Name: "done when", Value: done})
	}
	for _, class := range plan.Classes {
		facts = append(facts, text.Fact{Name: "class " + spaced(class.Name), Value: class.Rule})
	}
	for _, risk := range plan.Risks {
		facts = append(facts, text.Fact{Name: "risk", Value: riskWords(risk)})
	}
	return facts
}

func milestoneWords(m pmo.Milestone) string {
	words := []string{m.Name}
	if m.Gate {
		words[0] += " (gate)"
	}
	if m.Due != "" {
		words = append(words, string(m.Due))
	}
	if m.Done {
		words = append(words, "done")
	}
	return strings.Join(words, ", ")
}

func iterationWords(plan *pmo.Plan) string {
	if plan.Iterations == 0 {
		return ""
	}
	words := fmt.Sprintf("%d of %d weeks", plan.Iterations, plan.WeeksEach)
	if r := plan.IterationRange; r != nil {
		words += fmt.Sprintf("; it may take %d to %d", r.Low, r.High)
	}
	return words
}

func countOf(n int, what string) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d %s", n, what)
}

func every(days int) string {
	if days == 0 {
		return ""
	}
	return fmt.Sprintf("every %d days", days)
}

func budgetWords(b *pmo.Budget) string {
	if b == nil {
		return ""
	}
	words := fmt.Sprintf("%g %s", b.Total, unitWords(b.Unit))
	if b.Change > 0 {
		words += fmt.Sprintf(", %g of it for changes", b.Change)
	}
	return words
}

func unitWords(u pmo.BudgetUnit) string {
	if u == pmo.BudgetTeamWeeks {
		return "team-weeks"
	}
	return string(u)
}

func scheduleFacts(s *wire.PlanSchedule) []text.Fact {
	if s == nil {
		return nil
	}
	var facts []text.Fact
	for _, w := range s.Packages {
		words := fmt.Sprintf("%s: %.1f ± %.1f working days", w.Name, w.Mean, w.Deviation)
		if w.Starts != "" {
			words += fmt.Sprintf(", %s to %s", w.Starts, w.Ends)
		}
		if w.Critical {
			words += ", critical"
		} else {
			words += fmt.Sprintf(", slack %.1f", w.Slack)
		}
		facts = append(facts, text.Fact{Name: "package " + w.ID, Value: words})
	}
	words := fmt.Sprintf("%s; %.1f ± %.1f working days", strings.Join(s.Critical, ", "), s.Duration, s.Deviation)
	if s.Expected != "" {
		words += fmt.Sprintf(", until %s, in 85 %% of all cases until %s", s.Expected, s.P85)
	}
	return append(facts, text.Fact{Name: "critical path", Value: words})
}

func earnedValueFacts(v *wire.PlanEarnedValue) []text.Fact {
	if v == nil {
		return nil
	}
	index := func(name string, value *float64) string {
		if value == nil {
			return ""
		}
		return fmt.Sprintf("; %s %.2f", name, *value)
	}
	words := fmt.Sprintf("planned %g, earned %g, spent %g of %g %s", v.Planned, v.Earned, v.Spent, v.Budget, unitWords(v.Unit)) + index("SPI", v.ScheduleIndex) + index("CPI", v.CostIndex) +
		index("EAC", v.AtCompletion) + index("VAC", v.Variance) + index("TCPI", v.NeededIndex)
	return []text.Fact{{Name: "earned value", Value: words}}
}

func planChange(c wire.PlanChange) string {
	words := strings.TrimSpace(spaced(c.What)+" "+c.Name) + ": " + cmp.Or(c.Was, "none") + " → " + cmp.Or(c.Is, "none")
	switch {
	case c.Days > 0:
		words += fmt.Sprintf(" (%d days later)", c.Days)
	case c.Days < 0:
		words += fmt.Sprintf(" (%d days earlier)", -c.Days)
	}
	return words
}

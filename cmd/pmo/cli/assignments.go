package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/wire"
)

func (k Kit) assignments() *cobra.Command {
	cmd := k.command(spec{
		use: "assignments", short: "Show which team each waiting request would get, planned together, and the load of the teams by week", group: GroupPortfolio, run: showAssignments,
		example: "  pmo assignments\n  pmo assignments --portfolio digital",
	})
	cmd.Flags().String("portfolio", "", "which one; the policy's first when absent")
	return cmd
}

func showAssignments(ctx context.Context, c *console, _ []string) error {
	found, err := c.api.Assignments(ctx, c.flag("portfolio"))
	if err != nil {
		return err
	}
	return show(c, found, printAssignments)
}

func printAssignments(p *text.Printer, plan *wire.AssignmentPlan) {
	waiting := len(plan.Proposals) + plan.Hidden
	p.Line("%s: %d of %d requests that wait for a team would get one; one after the other %d.", plan.Name, plan.Served, waiting, plan.Plain.Served)
	switch {
	case waiting == 0:
	case plan.Exact:
		p.Line("Value %.2f, proven best; one after the other %.2f.", plan.Value, plan.Plain.Value)
	default:
		p.Line("Value %.2f, at most %.2f %% below the best; one after the other %.2f.", plan.Value, 100*plan.Gap, plan.Plain.Value)
	}
	for _, r := range plan.Proposals {
		p.Line("")
		p.Line("%s  %s", r.Ref, r.Title)
		p.Wrapped(2, r.Why)
		if r.Second != nil {
			p.Wrapped(2, r.Second.Why)
		}
		if r.Plain != r.Team && r.Plain != "" {
			p.Wrapped(2, "One after the other it would go to "+r.Plain+".")
		}
	}
	if len(plan.Teams) == 0 {
		return
	}
	p.Line("")
	t := text.Table{Columns: []text.Column{{Head: "TEAM", Flex: true}, {Head: "MOST", Right: true}}}
	for _, w := range plan.Teams[0].Weeks {
		t.Columns = append(t.Columns, text.Column{Head: string(w.From)[5:], Right: true})
	}
	for _, m := range plan.Teams {
		row := []string{m.Name, fmt.Sprintf("%.0f%%", 100*m.Ceiling)}
		for _, w := range m.Weeks {
			row = append(row, weekLoad(w))
		}
		t.Rows = append(t.Rows, row)
	}
	p.Table(t)
	p.Line("By week: load as a share of capacity, with what this plan proposes. MOST is the ceiling.")
	if kept := plan.Teams[0].Reserve; kept > 0 {
		p.Line("Of it, %.0f%% of the capacity is kept for expedite and improvement work.", 100*kept)
	}
}

// weekLoad is the load of a week as a share of capacity.
func weekLoad(w wire.AssignmentWeek) string {
	load := w.Firm + w.Held + w.Proposed
	switch {
	case w.Capacity > 0:
		return fmt.Sprintf("%.0f%%", 100*load/w.Capacity)
	case load > 0:
		return "over"
	default:
		return "away"
	}
}

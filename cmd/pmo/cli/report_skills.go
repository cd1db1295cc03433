package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/assign"
	"leanpmo/internal/wire"
)

func (k Kit) reportSkills() *cobra.Command {
	cmd := k.command(spec{
		use: "skills", short: "Show which skills delay the most value, and what one person or team with each would bring", run: reportSkills,
		long:    "\nOf the requests that wait for a team and find none now. What would help is planned again with the skill in one team more, and with one person more.",
		example: "  pmo report skills\n  pmo report skills --portfolio digital --csv > skills.csv",
	})
	cmd.Flags().Bool("csv", false, "one line a skill, for a spreadsheet")
	cmd.Flags().String("portfolio", "", "which one; the policy's first when absent")
	return cmd
}

func reportSkills(ctx context.Context, c *console, _ []string) error {
	if c.yes("csv") {
		return c.csv(func() ([]byte, error) { return c.api.SkillsCSV(ctx, c.flag("portfolio")) })
	}
	found, err := c.api.SkillsReport(ctx, c.flag("portfolio"))
	if err != nil {
		return err
	}
	return show(c, found, printSkillsReport)
}

func printSkillsReport(p *text.Printer, r *wire.SkillsReport) {
	p.Line("%s: %d requests that you may read wait for a team.", text.Clean(r.Name), r.Waiting)
	if len(r.Skills) == 0 {
		p.Line("None of them waits for a skill.")
		return
	}
	t := text.Table{Columns: []text.Column{{Head: "SKILL"}, {Head: "WAIT", Right: true}, {Head: "WEEKS", Right: true}, {Head: "VALUE", Right: true}, {Head: "MONEY", Right: true},
		{Head: "ONE TEAM TAUGHT", Flex: true}, {Head: "ONE PERSON MORE", Flex: true}}}
	for _, s := range r.Skills {
		money := "–"
		if s.Delay.Priced > 0 {
			money = fmt.Sprintf("%.0f", s.Delay.Money)
		}
		t.Rows = append(t.Rows, []string{text.Clean(fmt.Sprintf("%s:%d", s.Skill, s.Level)), fmt.Sprint(s.Delay.Requests), fmt.Sprintf("%g", s.Delay.Weeks), fmt.Sprintf("%.1f", s.Delay.Value), money,
			helpWords(r, s.Tried, s.Taught), helpWords(r, s.Tried, s.Person)})
	}
	p.Line("")
	p.Table(t)
	p.Line("A request that finds no team within %d weeks counts with %d. VALUE is weeks times value, MONEY weeks times cost of delay where it is known.", r.Weeks, r.Weeks)
}

// helpWords say where a change helps most, and by how much.
func helpWords(r *wire.SkillsReport, tried bool, h assign.Help) string {
	switch {
	case !tried:
		return "not tried"
	case h.Team == "":
		return "does not help"
	default:
		return fmt.Sprintf("%s: %d more get a team, %g weeks less", text.Clean(r.Teams[h.Team]), h.Less.Requests, h.Less.Weeks)
	}
}

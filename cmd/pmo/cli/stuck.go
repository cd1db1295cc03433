package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

func (k Kit) stuck() *cobra.Command {
	cmd := k.command(spec{
		use: "stuck", short: "Show the requests that do not go on, and why", group: GroupRequests, run: stuck,
		long:    "\nIt shows what you asked for, what is with the teams you lead or could take, and to the PMO everything. The most pressing reason comes first.",
		example: "  pmo stuck\n  pmo stuck --limit 10 -o json",
	})
	cmd.Flags().Int("limit", 20, "how many at most, 1 to 50")
	return cmd
}

func stuck(ctx context.Context, c *console, _ []string) error {
	found, err := c.api.Stuck(ctx, c.number("limit"))
	if err != nil {
		return err
	}
	return show(c, found, printStuck)
}

func printStuck(p *text.Printer, s *wire.Stuck) {
	if s.Ended+s.Failing > 0 {
		p.Line("%d requests whose workflow was ended and %d whose workflow tasks fail: pmo reconcile.", s.Ended, s.Failing)
	}
	if len(s.Items) == 0 {
		p.Line("Nothing that concerns you is stuck.")
		return
	}
	t := text.Table{Columns: []text.Column{{Head: "REF"}, {Head: "STAGE"}, {Head: "SINCE", Right: true}, {Head: "TITLE", Flex: true}, {Head: "WHY", Wrap: true}, {Head: "TEAM", Spare: true}}}
	for _, r := range s.Items {
		t.Rows = append(t.Rows, []string{nameOf(r.Ref, r.ID), standsAs(r.Stage, r.Status, r.Outcome, r.AcceptedAt != nil), p.Since(r.StageSince), r.Title, whyStuck(r), r.Team})
	}
	p.Table(t)
	if s.More {
		p.Line("There are more: pmo list --sort age")
	}
}

func whyStuck(r wire.StuckRequest) string {
	switch r.Why {
	case pmo.StuckException:
		return "the PMO has to decide"
	case pmo.StuckBlocked:
		return "the team is blocked"
	case pmo.StuckReport:
		return "no report for a while"
	case pmo.StuckForTeam:
		return "waits for a team that you lead"
	case pmo.StuckOverUsual:
		return fmt.Sprintf("85 %% leave this stage within %s", text.Days(r.UsualDays, 1))
	}
	return string(r.Why)
}

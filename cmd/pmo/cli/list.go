package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/client"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

func (k Kit) list() *cobra.Command {
	cmd := k.command(spec{
		use: "list", short: "List requests", group: GroupRequests, run: list,
		example: `  pmo list
  pmo list --stage execution --team falcon --sort due
  pmo list --requester sam --closed
  pmo list --text "street closure" -o json`,
	})
	var stages []string
	for _, s := range pmo.Stages() {
		stages = append(stages, string(s))
	}
	statuses := []string{string(pmo.StatusOpen), string(pmo.StatusOnHold), string(pmo.StatusDeferred), string(pmo.StatusClosed)}
	f := cmd.Flags()
	f.String("stage", "", "only this stage: "+strings.Join(stages, ", "))
	f.String("status", "", "only this status: "+strings.Join(statuses, ", "))
	f.Bool("closed", false, "closed ones too")
	f.String("portfolio", "", "only this portfolio")
	f.String("theme", "", "only what serves this theme")
	f.String("kind", "", "only this kind")
	f.String("team", "", "only this team's")
	f.String("class", "", "only this class of service")
	f.Int("days-in-stage", 0, "only those in their stage for at least so many days")
	f.String("requester", "", "only this person's")
	f.String("waiting-on", "", "only what waits on this person")
	f.String("text", "", "only with all of these words in number, title, problem or outcome")
	f.String("sort", "newest", "by newest, age, due or rank")
	paging(cmd)
	fixed(cmd, "stage", stages)
	fixed(cmd, "status", statuses)
	fixed(cmd, "sort", []string{"newest", "age", "due", "rank"})
	return cmd
}

// fixed completes a flag from a fixed list of values.
func fixed(cmd *cobra.Command, flag string, words []string) {
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)) // the flag is there
}

func paging(cmd *cobra.Command) {
	cmd.Flags().Int("limit", 50, "how many at once, 1 to 200")
	cmd.Flags().String("cursor", "", "where to continue; printed at the end of the page before")
}

func list(ctx context.Context, c *console, _ []string) error {
	found, err := c.api.List(ctx, client.Filter{
		Portfolio: c.flag("portfolio"), Stage: c.flag("stage"), Status: c.flag("status"), Theme: c.flag("theme"), Kind: c.flag("kind"),
		Team: c.flag("team"), Class: c.flag("class"), DaysInStage: c.number("days-in-stage"), Requester: c.flag("requester"), WaitingOn: c.flag("waiting-on"), Text: c.flag("text"),
		Closed: c.yes("closed"), Sort: c.flag("sort"), Limit: c.number("limit"), Cursor: c.flag("cursor"),
	})
	if err != nil {
		return err
	}
	return show(c, found, func(p *text.Printer, page *wire.Page[wire.RequestItem]) {
		if len(page.Items) == 0 {
			p.Line("No requests.")
			return
		}
		printList(p, page.Items, c.flag("sort"))
		more(p, page.Next)
	})
}

// printList writes one line for each request: what it waits on, and the column that the list is sorted by.
func printList(p *text.Printer, items []wire.RequestItem, sort string) {
	t := text.Table{Columns: []text.Column{{Head: "REF"}, {Head: "AGE", Right: true, Spare: sort != "age"}, {Head: "RANK", Right: true, Spare: sort != "rank"}, {Head: "STAGE"},
		{Head: "TITLE", Flex: true}, {Head: "WAITS ON", Wrap: true}, {Head: "DUE", Spare: sort != "due"}, {Head: "TEAM", Spare: true}, {Head: "HEALTH", Spare: true},
		{Head: "REQUESTER", Spare: true}}}
	for _, r := range items {
		due := ""
		if r.DueAt != nil {
			due = text.Relative(r.DueAt.Sub(p.Now()))
		}
		t.Rows = append(t.Rows, []string{nameOf(r.Ref, r.ID), p.Since(r.SubmittedAt), number(r.Rank), standsAs(r.Stage, r.Status, r.Outcome, r.AcceptedAt != nil), r.Title,
			waits(r), due, r.Team, string(r.Health), r.Requester})
	}
	p.Table(t)
}

// waits is what a request waits on; a server before 0.6 names people alone.
func waits(r wire.RequestItem) string {
	return cmp.Or(r.WaitsOn, strings.Join(r.WaitingOn, ", "))
}

func more(p *text.Printer, cursor string) {
	if cursor != "" {
		p.Line("There is more: --cursor %s", cursor)
	}
}

func nameOf(ref, id string) string {
	if ref != "" {
		return ref
	}
	return id
}

func number(n *int) string {
	if n == nil {
		return ""
	}
	return fmt.Sprint(*n)
}

// standsAs is stageWords of a request that may be accepted already: then it is delivered, though its benefit review is open.
func standsAs(stage pmo.Stage, status pmo.Status, outcome pmo.Outcome, accepted bool) string {
	if accepted && status == pmo.StatusOpen {
		return string(pmo.OutcomeDelivered) + ", benefit review to come"
	}
	return stageWords(stage, status, outcome)
}

// stageWords is the stage, with the status where it is on hold or deferred; of a closed request it is the outcome.
func stageWords(stage pmo.Stage, status pmo.Status, outcome pmo.Outcome) string {
	switch status {
	case pmo.StatusClosed:
		return string(outcome)
	case pmo.StatusOnHold, pmo.StatusDeferred:
		return fmt.Sprintf("%s (%s)", stage, strings.ReplaceAll(string(status), "_", " "))
	}
	return string(stage)
}

package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/client"
	"leanpmo/internal/wire"
)

func (k Kit) replayPolicy() *cobra.Command {
	cmd := k.command(spec{use: "replay [PROPOSAL]", short: "Run a proposed policy, or a file, over the requests that have ended", args: cobra.MaximumNArgs(1), run: replayPolicy,
		long: `
Contents, times and answers are those that were: which lane and way through review each request would have had, how long it would have waited, and at
which rank it would have been pulled. It ends with what such an answer cannot say. Nothing is changed.`,
		example: "  pmo policy replay -f policy.yaml\n  pmo policy replay 0198c0de-0000-7000-8000-000000000001 --days 90"})
	cmd.Flags().StringP("file", "f", "", "a policy, as YAML; - is standard input")
	cmd.Flags().Int("days", 365, "how far back")
	pageFlags(cmd)
	return cmd
}

func replayPolicy(ctx context.Context, c *console, args []string) error {
	file := c.flag("file")
	if (file == "") == (len(args) == 0) {
		return usagef("give the id of a proposal or -f FILE; pmo policy proposals lists them")
	}
	var found *client.Answer[wire.PolicyReplay]
	var err error
	if file == "" {
		found, err = c.api.ProposalReplay(ctx, args[0], c.number("days"), client.Filter{Limit: c.number("limit"), Cursor: c.flag("cursor")})
	} else {
		var content []byte
		if _, content, err = c.readFile(file); err != nil {
			return err
		}
		found, err = c.api.ReplayPolicy(ctx, wire.ReplayPolicy{YAML: string(content), Days: c.number("days"), Limit: c.number("limit"), Cursor: c.flag("cursor")})
	}
	if err != nil {
		return err
	}
	return show(c, found, printReplay)
}

func printReplay(p *text.Printer, r *wire.PolicyReplay) {
	p.Line("%d requests ended since %s. Compared with policy %s.", r.Requests, r.From.Format(time.DateOnly), text.Clean(r.Policy))
	p.Facts(text.Fact{Name: "portfolio", Value: others(r.Portfolios)}, text.Fact{Name: "severity", Value: others(r.Severities)}, text.Fact{Name: "lane", Value: others(r.Lanes)},
		text.Fact{Name: "review", Value: fmt.Sprintf("%d of %d by another way; half took longer than %s", r.Routes, r.Reviewed, waitWords(r.Review))},
		text.Fact{Name: "deadlines", Value: fmt.Sprintf("%d with a late answer instead of %d", r.Late, r.LateNow)},
		text.Fact{Name: "rank", Value: fmt.Sprintf("%d of %d pulls at another rank", r.Ranks, r.Ranked)},
		text.Fact{Name: "pull", Value: fmt.Sprintf("%d earlier, %d later; half waited longer than %s", r.Earlier, r.Later, waitWords(r.Backlog))})
	if len(r.Items) > 0 {
		t := text.Table{Columns: []text.Column{{Head: "REF"}, {Head: "TITLE", Flex: true}, {Head: "WOULD HAVE BEEN", Wrap: true}}}
		for _, l := range r.Items {
			t.Rows = append(t.Rows, []string{l.Ref, l.Title, strings.Join(l.Words, " ")})
		}
		p.Line("")
		p.Table(t)
	}
	more(p, r.Next)
	for _, part := range []struct {
		n    int
		says string
	}{{r.Hidden, "%d more of this page are not yours to read."}, {r.More, "%d more ended in that time and were left out."}, {r.Unranked, "%d earlier pulls were not run again."}} {
		if part.n > 0 {
			p.Line(part.says, part.n)
		}
	}
	p.Line("")
	for _, limit := range r.Limits {
		p.Wrapped(0, limit)
	}
}

func others(n int) string { return fmt.Sprintf("another one for %d", n) }

func waitWords(w wire.ReplayWait) string {
	if w.Of == 0 {
		return "nothing known"
	}
	return fmt.Sprintf("%.1f days instead of %.1f", w.Then, w.Now)
}

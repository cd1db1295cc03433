package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/wire"
)

func (k Kit) digest() *cobra.Command {
	cmd := k.command(spec{
		use: "digest", short: "Show what waits on you, what is late and what changed in a day", group: GroupRequests, run: digest,
		long:    "\nIt prints nothing when there is nothing to say, so that a timer that mails it sends nothing then.",
		example: "  pmo digest\n  pmo digest --since 2027-03-29\n  pmo digest -o json",
	})
	cmd.Flags().String("since", "", "a day, from its beginning, or a date with a time; a day ago when absent")
	return cmd
}

func digest(ctx context.Context, c *console, _ []string) error {
	since, err := moment("since", c.flag("since"), false)
	if err != nil {
		return err
	}
	found, err := c.api.Digest(ctx, since)
	if err != nil {
		return err
	}
	return show(c, found, printDigest)
}

func printDigest(p *text.Printer, d *wire.Digest) {
	if d.Empty() {
		return
	}
	p.Line("For %s, %s to %s", text.Clean(d.Person), d.Since.In(time.Local).Format("2006-01-02 15:04"), d.Until.In(time.Local).Format("2006-01-02 15:04"))
	var waiting, late []text.Fact
	for _, i := range d.Waiting {
		waiting = append(waiting, text.Fact{Name: nameOf(i.Request.Ref, i.Request.ID), Value: i.Request.Title + ": " + i.Question.ID + ", until " + p.When(i.Question.DueAt)})
	}
	for _, i := range d.Late {
		late = append(late, text.Fact{Name: nameOf(i.Request.Ref, i.Request.ID), Value: i.Request.Title + ": " + i.What})
	}
	printSection(p, "Waits on you", waiting, d.MoreWaiting, "More: pmo inbox")
	printSection(p, "Late", late, d.MoreLate, "More: pmo list --sort due")
	var forecasts []text.Fact
	for _, f := range d.Forecasts {
		forecasts = append(forecasts, text.Fact{Name: nameOf(f.Request.Ref, f.Request.ID), Value: f.Request.Title + ": " + f.Told.Words})
	}
	printSection(p, "When it is done", forecasts, d.MoreForecasts, "More: pmo forecast REF")
	if len(d.Changed) == 0 {
		return
	}
	p.Line("")
	p.Line("Changed")
	for _, r := range d.Changed {
		p.Line("  %s  %s", nameOf(r.Request.Ref, r.Request.ID), text.Clean(r.Request.Title))
		for _, e := range r.Entries {
			p.Wrapped(4, e.At.In(time.Local).Format("2006-01-02 15:04")+"  "+e.Text)
		}
	}
	if d.MoreChanged {
		p.Line("Earlier entries were left out: pmo ledger REF")
	}
}

func printSection(p *text.Printer, head string, facts []text.Fact, more bool, where string) {
	if len(facts) == 0 {
		return
	}
	p.Line("")
	p.Line("%s", head)
	p.Facts(facts...)
	if more {
		p.Line("%s", where)
	}
}

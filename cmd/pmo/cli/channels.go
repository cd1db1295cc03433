package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/client"
	"leanpmo/internal/wire"
)

func (k Kit) channels() *cobra.Command {
	list := k.command(spec{use: "channels", short: "Where notifications are sent, and what became of them", group: GroupOffice, run: listChannels,
		long: `
Of every endpoint (person:ID, group:ID and so on): what waits, what was given up, when an attempt last succeeded and failed, and why. For
administrators. pmo notify does the same at the database.`,
		example: "  pmo channels --failing\n  pmo channels dead --endpoint person:ana\n  pmo channels redeliver --endpoint person:ana"})
	list.Flags().Bool("failing", false, "only those that are disabled, have something given up, or failed last")
	dead := k.command(spec{use: "dead", short: "List the notifications that were given up, the oldest first", run: listDead, example: "  pmo channels dead --endpoint person:ana"})
	dead.Flags().String("endpoint", "", "only those of this endpoint, such as person:ana or group:approvers")
	again := k.command(spec{use: "redeliver (--message ID | --endpoint ENDPOINT)", short: "Send again what was given up, with the same ids", run: redeliver,
		example: "  pmo channels redeliver --endpoint person:ana"})
	again.Flags().String("message", "", "one message, as listed by pmo channels dead")
	again.Flags().String("endpoint", "", "all messages of one endpoint; a disabled one is enabled again")
	list.AddCommand(dead, again, k.command(spec{use: "enable ENDPOINT", short: "Send to a disabled endpoint again, from now on", args: cobra.ExactArgs(1), example: "  pmo channels enable person:ana",
		run: func(ctx context.Context, c *console, args []string) error {
			return c.said(c.api.EnableChannel(ctx, args[0]), "Messages are sent there again.")
		}}))
	return list
}

func listChannels(ctx context.Context, c *console, _ []string) error {
	page, err := c.api.Channels(ctx, c.yes("failing"), 0, "")
	if err != nil {
		return err
	}
	if err := readRest(c, page, func(cursor string) (*client.Answer[wire.Page[wire.Channel]], error) {
		return c.api.Channels(ctx, c.yes("failing"), 0, cursor)
	}); err != nil {
		return err
	}
	return show(c, page, printChannels)
}

func printChannels(p *text.Printer, page *wire.Page[wire.Channel]) {
	if len(page.Items) == 0 {
		p.Line("No endpoint is like that.")
		return
	}
	when := func(at *time.Time) string {
		if at == nil {
			return "never"
		}
		return p.When(*at)
	}
	t := text.Table{Columns: []text.Column{{Head: "ENDPOINT"}, {Head: "FORMAT"}, {Head: "WAITING"}, {Head: "DEAD"}, {Head: "LAST SUCCESS"}, {Head: "LAST FAILURE"}, {Head: "STATE", Flex: true}, {Head: "NAME", Flex: true, Spare: true}}}
	for _, e := range page.Items {
		state, format := e.Reason, e.Format
		if e.Disabled != nil {
			state = "disabled since " + p.When(*e.Disabled) + ": " + e.DisabledWhy
		}
		if format == "" {
			format = "no address"
		}
		t.Rows = append(t.Rows, []string{e.Endpoint, format, fmt.Sprint(e.Waiting), fmt.Sprint(e.Dead), when(e.Delivered), when(e.Failed), state, e.Name})
	}
	p.Table(t)
}

func listDead(ctx context.Context, c *console, _ []string) error {
	page, err := c.api.DeadMessages(ctx, c.flag("endpoint"), 0, "")
	if err != nil {
		return err
	}
	if err := readRest(c, page, func(cursor string) (*client.Answer[wire.Page[wire.DeadMessage]], error) {
		return c.api.DeadMessages(ctx, c.flag("endpoint"), 0, cursor)
	}); err != nil {
		return err
	}
	return show(c, page, func(p *text.Printer, page *wire.Page[wire.DeadMessage]) {
		if len(page.Items) == 0 {
			p.Line("Nothing was given up.")
			return
		}
		t := text.Table{Columns: []text.Column{{Head: "ID"}, {Head: "ENDPOINT"}, {Head: "EVENT"}, {Head: "OF"}, {Head: "GIVEN UP"}, {Head: "ATTEMPTS"}, {Head: "REASON", Flex: true}}}
		for _, m := range page.Items {
			t.Rows = append(t.Rows, []string{m.ID, m.Endpoint, m.Event, p.When(m.At), p.When(m.DeadAt), fmt.Sprint(m.Attempts), m.Reason})
		}
		p.Table(t)
	})
}

func redeliver(ctx context.Context, c *console, _ []string) error {
	done, err := c.api.Redeliver(ctx, wire.Redeliver{Message: c.flag("message"), Endpoint: c.flag("endpoint")})
	if err != nil {
		return err
	}
	return show(c, done, func(p *text.Printer, r *wire.Redelivered) { p.Line("Sent again: %d.", r.Messages) })
}

package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/client"
	"leanpmo/internal/wire"
)

func (k Kit) chat() *cobra.Command {
	const of = "of a group or portfolio (PMO, administrators), such as group:approvers; your own when absent"
	show := k.command(spec{use: "show", short: "In which chat you are told, and groups and portfolios with --office", run: showChat, example: "  pmo chat show\n  pmo chat show --office"})
	show.Flags().Bool("office", false, "those of groups and portfolios (PMO, administrators)")
	set := k.command(spec{use: "set --format FORMAT --file FILE", short: "Be told in a chat, by its incoming address", run: setChat,
		long: `
The address is a secret: it is read from a file or standard input, kept sealed and never shown again. It takes the place of that of the
directory file. Formats: slack, mattermost, teams, matrix.`,
		example: "  pmo chat set --format slack --file -\n  pmo chat set --endpoint portfolio:digital --format teams --file address.txt"})
	set.Flags().String("format", "", "slack, mattermost, teams or matrix")
	set.Flags().StringP("file", "f", "", "file with the address; - is standard input")
	remove := k.command(spec{use: "remove", short: "Remove the address of a chat", example: "  pmo chat remove", run: func(ctx context.Context, c *console, _ []string) error {
		return c.said(c.api.RemoveChat(ctx, c.flag("endpoint")), "Nothing is sent there any more.")
	}})
	test := k.command(spec{use: "test", short: "Send a test to a chat", example: "  pmo chat test\n  pmo chat test --endpoint group:approvers", run: func(ctx context.Context, c *console, _ []string) error {
		return c.said(c.api.TestChat(ctx, c.flag("endpoint")), "A test is on its way.")
	}})
	for _, cmd := range []*cobra.Command{set, remove, test} {
		cmd.Flags().String("endpoint", "", of)
	}
	return parent("chat", "Be told in a chat: Slack, Mattermost, Teams, Matrix", GroupOffice, show, set, remove, test)
}

func setChat(ctx context.Context, c *console, _ []string) error {
	format, err := c.needed("format", "slack, mattermost, teams or matrix")
	if err != nil {
		return err
	}
	path, err := c.needed("file", "the file with the address, or - for standard input")
	if err != nil {
		return err
	}
	_, content, err := c.readFile(path)
	if err != nil {
		return err
	}
	return c.said(c.api.SetChat(ctx, c.flag("endpoint"), wire.SetChat{Format: format, Address: strings.TrimSpace(string(content))}), "It is set. Send a test with pmo chat test.")
}

func showChat(ctx context.Context, c *console, _ []string) error {
	if c.yes("office") {
		chats, err := c.api.Chats(ctx)
		if err != nil {
			return err
		}
		return show(c, chats, func(p *text.Printer, chats *wire.Chats) { printChats(p, chats.On, chats.Items) })
	}
	own, err := c.api.OwnChat(ctx)
	if err != nil {
		return err
	}
	return showOwnChat(c, own)
}

func showOwnChat(c *console, own *client.Answer[wire.OwnChat]) error {
	return show(c, own, func(p *text.Printer, own *wire.OwnChat) {
		var items []wire.Chat
		if own.Chat != nil {
			items = append(items, *own.Chat)
		}
		printChats(p, own.On, items)
		if own.Chat == nil && own.Directory {
			p.Line("The address of the directory file is used.")
		}
	})
}

func printChats(p *text.Printer, on bool, items []wire.Chat) {
	if !on {
		p.Line("Addresses cannot be set: the server has no key to keep them with (PMO_SECRETS_KEY_FILE).")
	}
	if len(items) == 0 {
		p.Line("None is set.")
		return
	}
	t := text.Table{Columns: []text.Column{{Head: "ENDPOINT"}, {Head: "FORMAT"}, {Head: "SET"}, {Head: "BY"}, {Head: "NAME", Flex: true}}}
	for _, c := range items {
		t.Rows = append(t.Rows, []string{c.Endpoint, c.Format, p.When(c.SetAt), c.SetBy, c.Name})
	}
	p.Table(t)
}

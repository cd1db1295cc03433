package cli

import (
	"context"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/client"
	"leanpmo/internal/wire"
)

func (k Kit) people() *cobra.Command {
	list := k.command(spec{use: "people", short: "List who there is, with roles and groups, and end or give back access", group: GroupOffice, run: listPeople,
		long: `
Lists who there is, to be named in requests and questions. With --accounts, for administrators and auditors, who signed in with an account of an
OpenID provider, and who is blocked.`,
		example: "  pmo people\n  pmo people --accounts\n  pmo people block zoe --reason \"left the company\"\n  pmo people unblock zoe"})
	list.Flags().Bool("accounts", false, "who signed in by which provider, and who is blocked")
	block := k.command(spec{use: "block ID", short: "End somebody's access now", args: cobra.ExactArgs(1), run: blockPerson,
		long:    "Their sessions end and their tokens are revoked at once, and questions go to the others. For administrators.",
		example: `  pmo people block oidc-4k2 --reason "left the company"`})
	block.Flags().String("reason", "", "why, for the ledger of the office")
	list.AddCommand(block,
		k.command(spec{use: "unblock ID", short: "Let somebody in again, who has to sign in anew", args: cobra.ExactArgs(1), example: "  pmo people unblock zoe",
			run: func(ctx context.Context, c *console, args []string) error {
				return c.said(c.api.Unblock(ctx, args[0]), "They may sign in again.")
			}}),
		k.command(spec{use: "unlink ID", short: "Forget which account somebody of the directory file signs in with", args: cobra.ExactArgs(1), example: "  pmo people unlink bo",
			long: "For somebody listed without a subject who has another account now: the next sign-in with the name links it. For administrators.",
			run: func(ctx context.Context, c *console, args []string) error {
				return c.said(c.api.Unlink(ctx, args[0]), "The next sign-in with the name is theirs.")
			}}))
	return list
}

// said answers a command whose answer is nothing.
func (c *console) said(err error, sentence string) error {
	if err != nil {
		return err
	}
	if c.json {
		return c.raw([]byte("{}"))
	}
	c.out.Line("%s", sentence)
	return c.out.Err()
}

func blockPerson(ctx context.Context, c *console, args []string) error {
	reason, err := c.needed("reason", "why, for the ledger of the office")
	if err != nil {
		return err
	}
	return c.said(c.api.Block(ctx, args[0], reason), "They are out: sessions and tokens have ended.")
}

func listPeople(ctx context.Context, c *console, _ []string) error {
	if c.yes("accounts") {
		return listAccounts(ctx, c)
	}
	page, err := c.api.People(ctx)
	if err != nil {
		return err
	}
	return show(c, page, printPeople)
}

func listAccounts(ctx context.Context, c *console) error {
	page, err := c.api.SignIns(ctx, "", "")
	if err != nil {
		return err
	}
	if err := readRest(c, page, func(cursor string) (*client.Answer[wire.Page[wire.SignIn]], error) {
		return c.api.SignIns(ctx, "", cursor)
	}); err != nil {
		return err
	}
	return show(c, page, printAccounts)
}

func printAccounts(p *text.Printer, page *wire.Page[wire.SignIn]) {
	if len(page.Items) == 0 {
		p.Line("Nobody has signed in with a provider, and nobody is blocked.")
		return
	}
	t := text.Table{Columns: []text.Column{{Head: "PERSON"}, {Head: "NAME", Flex: true}, {Head: "STATE", Flex: true}, {Head: "LAST SEEN"}, {Head: "PROVIDER", Spare: true}, {Head: "SUBJECT", Flex: true, Spare: true}}}
	for _, a := range page.Items {
		state, seen := a.State, "never"
		if a.Cause != "" {
			state += ": " + a.Cause
		}
		if a.Blocked != nil {
			state = "blocked by " + a.Blocked.By + ": " + a.Blocked.Reason
		}
		if a.LastSeen != nil {
			seen = p.When(*a.LastSeen)
		}
		t.Rows = append(t.Rows, []string{a.Person, a.Name, state, seen, a.Provider, a.Subject})
	}
	p.Table(t)
}

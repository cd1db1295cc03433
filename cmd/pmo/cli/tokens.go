package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/client"
	"leanpmo/internal/wire"
)

func (k Kit) tokens() *cobra.Command {
	list := k.command(spec{use: "tokens", short: "List, make and revoke tokens for the API", group: GroupOffice, run: listTokens,
		long:    "Lists your tokens; with --all everybody's, for administrators and auditors.",
		example: "  pmo tokens\n  pmo tokens make nightly-report --scope read --days 90\n  pmo tokens revoke 0198c0de-0000-7000-8000-000000000001"})
	list.Flags().Bool("all", false, "everybody's tokens, for administrators and auditors")
	list.AddCommand(k.makeToken(), k.revokeToken())
	return list
}

func (k Kit) makeToken() *cobra.Command {
	made := k.command(spec{use: "make NAME", short: "Make a token; it is shown this once", args: cobra.ExactArgs(1), run: makeToken,
		long: `
A token has no more than its scopes of the rights of whom it acts as: read, submit, change, answer, report, office. With --scope calendar alone it is the address of a feed
for calendar programs: the days of one's own requests, the answers that are due, reviews of plans and absences; and of one (Atom) of what changed.
Standard output is the token alone, so that it can be sent to a file or a secret store; what it is, is said on standard error.
With --service an administrator makes one for a service of the directory.`,
		example: "  pmo tokens make nightly-report --scope read --days 90 > token\n  pmo tokens make tracker --service robot --scope read,report --days 366\n  pmo tokens make phone --scope calendar --days 366"})
	made.Flags().StringArray("scope", nil, "what it may do: read, submit, change, answer, report, office, several with commas; or calendar")
	made.Flags().Int("days", 90, "how long it works, 366 at most")
	made.Flags().String("service", "", "for this service of the directory instead of yourself")
	return made
}

func (k Kit) revokeToken() *cobra.Command {
	revoke := k.command(spec{use: "revoke ID", short: "End a token now", args: cobra.ExactArgs(1), run: func(ctx context.Context, c *console, args []string) error {
		if err := c.api.RevokeToken(ctx, c.yes("all"), args[0]); err != nil {
			return err
		}
		if c.json {
			return c.raw([]byte("{}"))
		}
		c.out.Line("It works no longer.")
		return c.out.Err()
	}, example: "  pmo tokens revoke 0198c0de-0000-7000-8000-000000000001"})
	revoke.Flags().Bool("all", false, "also somebody else's, for administrators")
	return revoke
}

func makeToken(ctx context.Context, c *console, args []string) error {
	form := wire.NewToken{Name: args[0], Scopes: strings.FieldsFunc(strings.Join(c.list("scope"), ","), func(r rune) bool { return r == ',' || r == ' ' }), Days: c.number("days")}
	if len(form.Scopes) == 0 {
		return usagef("--scope is missing: what the token may do, such as --scope read")
	}
	var made *client.Answer[wire.MadeToken]
	var err error
	if service := c.flag("service"); service != "" {
		made, err = c.api.MakeServiceToken(ctx, wire.NewServiceToken{Principal: service, NewToken: form})
	} else {
		made, err = c.api.MakeToken(ctx, form)
	}
	if err != nil {
		return err
	}
	if !c.json {
		t := made.Value.Token
		c.cmd.PrintErrf("Token %s of %s (%s), until %s. It is not shown again:\n", text.Clean(t.Name), text.Clean(t.Principal), strings.Join(t.Scopes, ", "), c.out.When(t.ExpiresAt))
	}
	return show(c, made, func(p *text.Printer, m *wire.MadeToken) {
		if m.Calendar != "" {
			p.Line("%s", text.Clean(c.api.Address(m.Calendar)))
			p.Line("%s", text.Clean(c.api.Address(m.Feed)))
			return
		}
		p.Line("%s", text.Clean(m.Secret))
	})
}

func listTokens(ctx context.Context, c *console, _ []string) error {
	page, err := c.api.Tokens(ctx, c.yes("all"), "", "")
	if err != nil {
		return err
	}
	if err := readRest(c, page, func(cursor string) (*client.Answer[wire.Page[wire.Token]], error) {
		return c.api.Tokens(ctx, c.yes("all"), "", cursor)
	}); err != nil {
		return err
	}
	return show(c, page, printTokens)
}

// readRest adds the pages after the first, for people to read; a machine gets the first with its cursor.
func readRest[T any](c *console, page *client.Answer[wire.Page[T]], read func(cursor string) (*client.Answer[wire.Page[T]], error)) error {
	for next := page.Value.Next; next != "" && !c.json; {
		more, err := read(next)
		if err != nil {
			return err
		}
		page.Value.Items, next = append(page.Value.Items, more.Value.Items...), more.Value.Next
	}
	return nil
}

func printTokens(p *text.Printer, page *wire.Page[wire.Token]) {
	if len(page.Items) == 0 {
		p.Line("No tokens. Make one with: pmo tokens make NAME --scope read")
		return
	}
	t := text.Table{Columns: []text.Column{{Head: "NAME", Flex: true}, {Head: "OF"}, {Head: "SCOPES", Flex: true}, {Head: "STATE"}, {Head: "UNTIL"}, {Head: "LAST USED"}, {Head: "ID", Spare: true}}}
	for _, m := range page.Items {
		state, used := "works", "never"
		switch {
		case m.RevokedAt != nil:
			state = "revoked"
		case p.Past(m.ExpiresAt):
			state = "expired"
		case !m.Works:
			state = "nobody's"
		}
		if m.UsedAt != nil {
			used = p.When(*m.UsedAt)
		}
		t.Rows = append(t.Rows, []string{m.Name, m.Principal, strings.Join(m.Scopes, ", "), state, p.When(m.ExpiresAt), used, m.ID})
	}
	p.Table(t)
}

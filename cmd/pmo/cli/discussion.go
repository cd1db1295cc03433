package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/client"
	"leanpmo/internal/wire"
)

// discussion are the commands for what people say about a request besides the process, and what they attach to it.
func (k Kit) discussion() []*cobra.Command {
	comments := k.command(spec{use: "comments REF", short: "List what people say about a request", group: GroupRequests, args: cobra.ExactArgs(1), complete: refs, run: listComments,
		long: "\nThe newest is last. --before shows what was said earlier, as the last line says.", example: "  pmo comments R-42\n  pmo comments R-42 --limit 200"})
	comments.Flags().Int("limit", 50, "how many, 200 at most")
	comments.Flags().String("before", "", "the earlier ones: the cursor that the list before ended with")
	return []*cobra.Command{comments, k.comment(),
		k.command(spec{use: "attachments REF", short: "List the links attached to a request", group: GroupRequests, args: cobra.ExactArgs(1), complete: refs,
			example: "  pmo attachments R-42", run: func(ctx context.Context, c *console, args []string) error {
				found, err := c.api.Attachments(ctx, args[0])
				if err != nil {
					return err
				}
				return show(c, found, printAttachments)
			}}),
		k.command(spec{use: "attach REF URL TITLE", short: "Attach a link to a request", group: GroupRequests, args: cobra.MinimumNArgs(3), complete: refs,
			long: "\nNothing is uploaded, and nothing is fetched from the link.", example: "  pmo attach R-42 https://wiki.example.org/plan The plan of the districts",
			run: func(ctx context.Context, c *console, args []string) error {
				added, err := c.api.Attach(ctx, args[0], wire.NewAttachment{URL: args[1], Title: strings.Join(args[2:], " ")}, client.NewKey())
				if err != nil {
					return err
				}
				return show(c, added, func(p *text.Printer, a *wire.Attachment) { p.Line("Attached: %s (%s)", text.Clean(a.Title), a.ID) })
			}}),
		k.command(spec{use: "detach REF ID", short: "Remove a link from a request", group: GroupRequests, args: cobra.ExactArgs(2), complete: attachmentIDs,
			example: "  pmo detach R-42 0198c0de-0000-7000-8000-000000000001", run: func(ctx context.Context, c *console, args []string) error {
				if err := c.api.Detach(ctx, args[0], args[1], client.NewKey()); err != nil {
					return err
				}
				return c.done("It is attached no longer.")
			}})}
}

// done says that something is done whose answer has nothing to show.
func (c *console) done(words string) error {
	if c.json {
		return c.raw([]byte("{}"))
	}
	c.out.Line("%s", words)
	return c.out.Err()
}

func (k Kit) comment() *cobra.Command {
	cmd := k.command(spec{use: "comment REF TEXT", short: "Say something about a request to its readers", group: GroupRequests, args: cobra.MinimumNArgs(1), complete: refs, run: comment,
		long: `
The text is plain text; - reads it from standard input. @ana in it tells ana of it.
With --edit your own comment gets another text; with --withdraw it is taken back, and needs no text.`,
		example: `  pmo comment R-42 "@ana, the vendor has answered"
  pmo comment R-42 --question review/1/approvers "Is the old list needed?"
  pmo comment R-42 --edit 0198c0de-0000-7000-8000-000000000001 "The vendor has answered: in May"
  pmo comment R-42 --withdraw 0198c0de-0000-7000-8000-000000000001`})
	cmd.Flags().String("question", "", "the question it is about")
	cmd.Flags().StringArray("mention", nil, "whom to tell besides those whom the text names; may be given more than once")
	cmd.Flags().String("edit", "", "the id of your comment that gets this text")
	cmd.Flags().String("withdraw", "", "the id of your comment that is taken back")
	return cmd
}

func comment(ctx context.Context, c *console, args []string) error {
	said := strings.Join(args[1:], " ")
	if said == "-" {
		_, content, err := c.readFile("-")
		if err != nil {
			return err
		}
		said = strings.TrimSpace(string(content))
	}
	edit, withdraw := c.flag("edit"), c.flag("withdraw")
	switch {
	case withdraw != "" && (edit != "" || said != ""):
		return usagef("--withdraw takes a comment back: give neither a text nor --edit")
	case withdraw != "":
		if err := c.api.WithdrawComment(ctx, args[0], withdraw); err != nil {
			return err
		}
		return c.done("It is taken back.")
	case strings.TrimSpace(said) == "":
		return usagef("TEXT is missing: what you want to say")
	case edit != "":
		return editComment(ctx, c, args[0], edit, said)
	}
	added, err := c.api.AddComment(ctx, args[0], wire.NewComment{Text: said, Question: c.flag("question"), Mentions: c.list("mention")}, client.NewKey())
	if err != nil {
		return err
	}
	return show(c, added, printSaid)
}

// editComment bases the edit on the comment as it is now: what somebody else's window changed in the same moment is refused.
func editComment(ctx context.Context, c *console, ref, id, said string) error {
	if c.flag("question") != "" {
		return usagef("an edited comment stays with its question: leave --question out")
	}
	found, err := c.api.Comment(ctx, ref, id)
	if err != nil {
		return err
	}
	edited, err := c.api.EditComment(ctx, ref, id, wire.EditedComment{Text: said, Version: found.Value.Version, Mentions: c.list("mention")}, client.NewKey())
	if err != nil {
		return err
	}
	return show(c, edited, printSaid)
}

func printSaid(p *text.Printer, said *wire.Comment) {
	told := ""
	if len(said.Mentions) > 0 {
		told = "; told of it: " + text.Clean(strings.Join(said.Mentions, ", "))
	}
	p.Line("Said (%s)%s.", said.ID, told)
}

func listComments(ctx context.Context, c *console, args []string) error {
	found, err := c.api.Comments(ctx, args[0], c.number("limit"), c.flag("before"))
	if err != nil {
		return err
	}
	return show(c, found, printComments)
}

func printComments(p *text.Printer, page *wire.Page[wire.Comment]) {
	if len(page.Items) == 0 {
		p.Line("Nobody has said anything yet.")
		return
	}
	if page.Next != "" {
		p.Line("There is more: --before %s", page.Next)
	}
	for _, said := range slices.Backward(page.Items) {
		head := text.Clean(said.Author) + ", " + p.When(said.At)
		if said.Question != "" {
			head += ", on " + text.Clean(said.Question)
		}
		if said.EditedAt != nil {
			head += ", edited"
		}
		p.Line("%s  %s", head, said.ID)
		if said.WithdrawnAt != nil {
			p.Wrapped(2, "(taken back)")
			continue
		}
		for line := range strings.SplitSeq(said.Text, "\n") {
			p.Wrapped(2, line)
		}
	}
}

func printAttachments(p *text.Printer, list *wire.Attachments) {
	if len(list.Items) == 0 {
		p.Line("Nothing is attached.")
		return
	}
	t := text.Table{Columns: []text.Column{{Head: "TITLE", Flex: true}, {Head: "LINK", Wrap: true}, {Head: "BY"}, {Head: "SINCE"}, {Head: "ID"}}}
	for _, a := range list.Items {
		t.Rows = append(t.Rows, []string{a.Title, a.URL, a.By, p.When(a.At), a.ID})
	}
	p.Table(t)
}

// attachmentIDs proposes requests, then the links that the caller may remove from the one chosen.
func attachmentIDs(ctx context.Context, api *client.Client, args []string) []cobra.Completion {
	if len(args) != 1 {
		return refs(ctx, api, args)
	}
	found, err := api.Attachments(ctx, args[0])
	if err != nil {
		return nil
	}
	var list []cobra.Completion
	for _, a := range found.Value.Items {
		if a.MayRemove {
			list = append(list, cobra.CompletionWithDesc(a.ID, text.Clean(a.Title)))
		}
	}
	return list
}

package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/client"
	"leanpmo/internal/wire"
)

// note is what somebody notes on a question until they answer it.
func (k Kit) note() *cobra.Command {
	cmd := k.command(spec{use: "note REF [QUESTION]", short: "Say that you are on a question, or when you look again", group: GroupRequests, args: cobra.RangeArgs(1, 2),
		complete: waitingQuestions, run: note,
		long: `
Without a flag it shows what you noted. The question may be left out when only one question of the request waits on you.
The others who are asked see that you are on it; the day is yours alone. With your answer the note is gone.`,
		example: "  pmo note R-42 --on-it\n  pmo note R-42 review/1/finance --follow-up 2027-03-15\n  pmo note R-42 --on-it=false --follow-up \"\"\n  pmo note R-42"})
	cmd.Flags().Bool("on-it", false, "you are on it; --on-it=false: no longer")
	cmd.Flags().String("follow-up", "", "the day on which you look again, such as 2027-03-15; an empty text clears it")
	return cmd
}

func note(ctx context.Context, c *console, args []string) error {
	question, err := c.questionToNote(ctx, args)
	if err != nil {
		return err
	}
	change := wire.SetAnswerNote{Question: question}
	if c.cmd.Flags().Changed("on-it") {
		on := c.yes("on-it")
		change.Claimed = &on
	}
	if c.cmd.Flags().Changed("follow-up") {
		day := strings.TrimSpace(c.flag("follow-up"))
		change.FollowUp = &day
	}
	var noted *client.Answer[wire.AnswerNote]
	if change.Claimed == nil && change.FollowUp == nil {
		noted, err = c.api.AnswerNote(ctx, args[0], question)
	} else {
		noted, err = c.api.SetAnswerNote(ctx, args[0], change)
	}
	if err != nil {
		return err
	}
	return show(c, noted, printNote)
}

// questionToNote is the question named, or the only one of the request that waits on the caller.
func (c *console) questionToNote(ctx context.Context, args []string) (string, error) {
	if len(args) > 1 {
		return args[1], nil
	}
	found, err := c.api.WholeInbox(ctx)
	if err != nil {
		return "", err
	}
	var waiting []string
	for _, i := range found {
		if sameRef(i, args[0]) {
			waiting = append(waiting, i.Question.ID)
		}
	}
	switch len(waiting) {
	case 0:
		return "", usagef("no question of %s waits on you", text.Clean(args[0]))
	case 1:
		return waiting[0], nil
	}
	return "", usagef("say which question: %s", text.Clean(strings.Join(waiting, " or ")))
}

func printNote(p *text.Printer, n *wire.AnswerNote) {
	if n.Claimed == nil && n.FollowUp == "" && n.DraftAt == nil {
		p.Line("%s: nothing noted.", text.Clean(n.Question))
		return
	}
	var parts []string
	if n.Claimed != nil {
		parts = append(parts, "you are on it since "+p.When(*n.Claimed))
	}
	if n.FollowUp != "" {
		parts = append(parts, "you look again on "+text.Clean(string(n.FollowUp)))
	}
	if n.DraftAt != nil {
		parts = append(parts, "an answer is begun, saved "+p.When(*n.DraftAt))
	}
	p.Line("%s: %s.", text.Clean(n.Question), strings.Join(parts, "; "))
}

// waitingQuestions proposes what waits on the caller: requests, then the questions of the one chosen.
func waitingQuestions(ctx context.Context, api *client.Client, args []string) []cobra.Completion {
	found, err := api.WholeInbox(ctx)
	if err != nil || len(args) > 1 {
		return nil
	}
	var list []cobra.Completion
	seen := map[string]bool{}
	for _, i := range found {
		word, says := i.Request.Ref, i.Request.Title
		if len(args) == 1 {
			word, says = i.Question.ID, i.Question.Text
		}
		if !seen[word] && (len(args) == 0 || sameRef(i, args[0])) {
			list = append(list, cobra.CompletionWithDesc(word, text.Clean(says)))
		}
		seen[word] = true
	}
	return list
}

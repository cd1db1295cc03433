package cli

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/notice"
	"leanpmo/internal/wire"
)

func (k Kit) notifications() *cobra.Command {
	set := k.command(spec{
		use: "set", short: "Choose what you hear of, on which channel and when", run: setNotifications,
		long: `
What is not named stays as it is. KIND is questions, discussion, course or work; WHEN is now, digest, never, or policy for what the policy's table says.
A question that waits for your answer cannot be muted or put off; it can be moved to another channel that reaches you.`,
		example: "  pmo notifications set --mail work=never --chat course=digest\n  pmo notifications set --quiet 22:00-07:00 --time-zone Europe/Berlin\n  pmo notifications set --digest-hour 6 --away instead",
	})
	set.Flags().StringArray("mail", nil, "KIND=WHEN, by mail; may be repeated")
	set.Flags().StringArray("chat", nil, "KIND=WHEN, in the chat; may be repeated")
	set.Flags().String("quiet", "", "quiet hours such as 22:00-07:00, or none")
	set.Flags().String("time-zone", "", "of the quiet hours and the digest, such as Europe/Berlin; policy for that of the policy")
	set.Flags().String("digest-hour", "", "the hour of the day from which the digest is sent, 0 to 23, or none")
	set.Flags().String("away", "", "as_well or instead: who hears of questions while somebody acts for you")
	show := k.command(spec{
		use: "show", short: "Show what you hear of", example: "  pmo notifications show",
		run: func(ctx context.Context, c *console, _ []string) error {
			found, err := c.api.Notifications(ctx)
			if err != nil {
				return err
			}
			return show(c, found, printNotifications)
		},
	})
	return parent("notifications", "Choose what you hear of, and mute requests", GroupOffice, show, set, k.muting("mute", "Hear nothing more of a request but what asks for your answer", true),
		k.muting("unmute", "Hear of a request again", false))
}

func (k Kit) muting(name, short string, muted bool) *cobra.Command {
	return k.command(spec{
		use: name + " REF", short: short, args: cobra.ExactArgs(1), complete: refs, example: "  pmo notifications " + name + " R-42",
		run: func(ctx context.Context, c *console, args []string) error {
			if err := c.api.Mute(ctx, args[0], muted); err != nil {
				return err
			}
			if c.json {
				return c.raw([]byte("{}"))
			}
			c.out.Line("%s: %s.", text.Clean(args[0]), map[bool]string{true: "you hear nothing more but what asks for your answer", false: "you hear of it again"}[muted])
			return c.out.Err()
		},
	})
}

func printNotifications(p *text.Printer, n *wire.Notifications) {
	t := text.Table{Columns: []text.Column{{Head: "KIND"}}}
	for _, channel := range notice.Channels() {
		t.Columns = append(t.Columns, text.Column{Head: strings.ToUpper(string(channel))})
	}
	for _, kind := range notice.Kinds() {
		row := []string{string(kind)}
		for _, channel := range notice.Channels() {
			when := "by the policy"
			if u := n.Choices.Chosen(channel, kind); u != "" {
				when = string(u)
			}
			row = append(row, when)
		}
		t.Rows = append(t.Rows, row)
	}
	p.Table(t)
	quiet, digest := "none", fmt.Sprintf("from %d:00", n.DigestHour)
	if q := n.Choices.Quiet; q != nil {
		quiet = q.From + " to " + q.Until
	}
	if n.Choices.NoDigest {
		digest = "none"
	}
	p.Facts(text.Fact{Name: "quiet hours", Value: quiet}, text.Fact{Name: "digest", Value: digest}, text.Fact{Name: "time zone", Value: n.TimeZone},
		text.Fact{Name: "while you are away", Value: map[notice.Away]string{notice.Instead: "your delegate hears instead of you"}[n.Choices.Away]})
	for _, m := range n.Muted {
		p.Line("Muted: %s  %s", text.Clean(m.Ref), text.Clean(m.Title))
	}
	p.Line("What waits for your answer cannot be muted or put off. The policy's table: pmo policy.")
}

// setNotifications changes what is named, based on the choices as they are now.
func setNotifications(ctx context.Context, c *console, _ []string) error {
	found, err := c.api.Notifications(ctx)
	if err != nil {
		return err
	}
	choices, err := c.choices(found.Value.Choices)
	if err != nil {
		return err
	}
	if _, err := c.api.SetNotifications(ctx, wire.SetNotifications{Version: found.Value.Version, Choices: choices}); err != nil {
		return err
	}
	if found, err = c.api.Notifications(ctx); err != nil {
		return err
	}
	return show(c, found, printNotifications)
}

// choices are those of before with what the flags name.
func (c *console) choices(choices notice.Choices) (notice.Choices, error) {
	for _, channel := range notice.Channels() {
		for _, one := range c.list(string(channel)) {
			kind, when, _ := strings.Cut(one, "=")
			if !slices.Contains(notice.Kinds(), notice.Kind(kind)) || when != "policy" && !slices.Contains(notice.Urgencies(), notice.Urgency(when)) {
				return choices, usagef("--%s is KIND=WHEN: a kind of %v, and now, digest, never or policy", channel, notice.Kinds())
			}
			if when == "policy" {
				when = ""
			}
			choices = choices.Choose(channel, notice.Kind(kind), notice.Urgency(when))
		}
	}
	switch quiet := c.flag("quiet"); quiet {
	case "":
	case "none":
		choices.Quiet = nil
	default:
		from, until, _ := strings.Cut(quiet, "-")
		choices.Quiet = &notice.Quiet{From: from, Until: until}
	}
	switch zone := c.flag("time-zone"); zone {
	case "":
	case "policy":
		choices.TimeZone = ""
	default:
		choices.TimeZone = zone
	}
	switch hour := c.flag("digest-hour"); hour {
	case "":
	case "none":
		choices.NoDigest = true
	default:
		n, err := strconv.Atoi(hour)
		if err != nil {
			return choices, usagef("--digest-hour is an hour from 0 to 23, or none")
		}
		choices.NoDigest, choices.DigestHour = false, &n
	}
	if away := c.flag("away"); away != "" {
		choices.Away = notice.Away(away)
	}
	return choices, nil
}

package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/forms"
	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/cleantext"
	"leanpmo/internal/client"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/wire"
)

func (k Kit) teams() *cobra.Command {
	cmd := k.command(spec{
		use: "teams", short: "Show teams with skills, capacity and load", group: GroupOffice,
		example: "  pmo teams\n  pmo teams apply -f examples/teams.yaml",
		run: func(ctx context.Context, c *console, _ []string) error {
			found, err := c.api.Teams(ctx)
			if err != nil {
				return err
			}
			return show(c, found, printTeams)
		},
	})
	apply := k.command(spec{
		use: "apply -f FILE", short: "Create teams, or change those that differ from the file", run: applyTeams,
		long: `
Teams that are not in the file stay as they are, and so do fields that the file does not give for a team. A figure that is given as 0 or null is not
set any more; a capacity of 0 is nothing. What a list would lose, such as a skill, is named and refused; with --replace it is removed, and fields
that are not given are emptied.
Leads may change their own team; the PMO and administrators any.`,
		example: "  pmo teams apply -f examples/teams.yaml",
	})
	apply.Flags().Bool("replace", false, "the file is the whole of its teams: remove what it does not have")
	apply.Flags().StringP("file", "f", "", "file with the teams; - is standard input")
	_ = apply.MarkFlagFilename("file", "yaml", "yml") // the flag is there
	cmd.AddCommand(apply, k.importTeams())
	return cmd
}

func printTeams(p *text.Printer, page *wire.Page[wire.TeamLoad]) {
	if len(page.Items) == 0 {
		p.Line("No teams yet. Create some with: pmo teams apply -f examples/teams.yaml")
		return
	}
	t := text.Table{Columns: []text.Column{{Head: "TEAM"}, {Head: "NAME", Flex: true}, {Head: "LEADS", Flex: true}, {Head: "SLOTS", Right: true}, {Head: "LOAD", Right: true},
		{Head: "CAPACITY", Right: true}, {Head: "SKILLS", Flex: true}, {Head: "PORTFOLIO", Spare: true}}}
	for _, m := range page.Items {
		holds := fmt.Sprint(m.WIP)
		if limit := cmp.Or(m.Limit, m.WIPLimit); limit > 0 { // a server before 0.6 gives the team's own limit alone
			holds = fmt.Sprintf("%d of %d", m.WIP, limit)
		}
		if m.NoPeople {
			holds = fmt.Sprintf("%d of 0", m.WIP)
		}
		t.Rows = append(t.Rows, []string{m.ID, m.Name, strings.Join(m.Leads, ", "), holds, fmt.Sprintf("%g", m.Load), fmt.Sprintf("%g", m.Capacity),
			strings.Join(m.Skills, ", "), m.Portfolio})
	}
	p.Table(t)
	for _, m := range page.Items {
		if m.CapacityMeasured && m.Finished != nil {
			p.Line("The capacity of %s follows %s.", m.ID, m.Finished.Words())
		}
	}
	for _, m := range page.Items {
		if words := paceWords(m.Team); words != "" {
			p.Line("%s", words)
		}
	}
	p.Line("SLOTS are the requests it holds, of those it takes at once. LOAD and CAPACITY are in team-weeks.")
}

// paceWords say which pace the finished work of a team proposes; empty where the stated one fits or too little is finished.
func paceWords(t pmo.Team) string {
	if t.Finished == nil || t.Finished.Pace == nil {
		return ""
	}
	m := t.Finished.Pace
	pace, proposed := m.Proposed(t.Pace)
	switch {
	case proposed:
		return fmt.Sprintf("The measured pace of %s is %s. It is stated as %g; what another one would change: pmo what-if team %s --pace %g", t.ID, m.Words(), cmp.Or(t.Pace, 1), t.ID, pace)
	case !m.Possible():
		return fmt.Sprintf("The measured pace of %s is %s. No pace can be so: its sizes are estimated wrongly.", t.ID, m.Words())
	}
	return ""
}

func applyTeams(ctx context.Context, c *console, _ []string) error {
	path, err := c.needed("file", "the file with the teams, or - for standard input")
	if err != nil {
		return err
	}
	name, content, err := c.readFile(path)
	if err != nil {
		return err
	}
	wanted, err := forms.Teams(name, content)
	if err != nil {
		return err
	}
	found, err := c.api.Teams(ctx)
	if err != nil {
		return err
	}
	changes, err := teamChanges(wanted, found.Value.Items, c.yes("replace"))
	if err != nil {
		return err
	}
	var docs []string
	for _, change := range changes {
		doc, err := c.applyTeam(ctx, change)
		if err != nil {
			return fmt.Errorf("apply team %s: %w", text.Clean(change.team.ID), err)
		}
		docs = append(docs, doc)
		if !c.json {
			c.out.Line("%s  %s", text.Clean(change.team.ID), text.Clean(change.what()))
		}
	}
	if c.json {
		return c.raw([]byte("[" + strings.Join(docs, ",") + "]"))
	}
	return c.out.Err()
}

func (k Kit) delegation() *cobra.Command {
	set := k.command(spec{
		use: "set PERSON --until DATE", short: "Name who acts for you, until when", args: cobra.ExactArgs(1), run: setDelegation,
		long:    "\nIt replaces an earlier one. A day counts from its beginning to its end in your time zone.",
		example: "  pmo delegation set bo --until 2027-03-31\n  pmo delegation set bo --from 2027-03-01 --until 2027-03-31T18:00:00+02:00",
	})
	set.Flags().String("until", "", "the last day, or a date with a time")
	set.Flags().String("from", "", "the first day, or a date with a time; now when absent")
	show := k.command(spec{
		use: "show", short: "Show who acts for you", example: "  pmo delegation show",
		run: func(ctx context.Context, c *console, _ []string) error {
			found, err := c.api.Delegation(ctx)
			switch {
			case client.IsKind(err, problem.NotFound) && c.json:
				return c.raw([]byte("{}"))
			case client.IsKind(err, problem.NotFound):
				c.out.Line("Nobody acts for you.")
				return c.out.Err()
			case err != nil:
				return err
			}
			return show(c, found, printDelegation)
		},
	})
	clear := k.command(spec{
		use: "clear", short: "End the delegation: nobody acts for you any more", example: "  pmo delegation clear",
		run: func(ctx context.Context, c *console, _ []string) error {
			if err := c.api.ClearDelegation(ctx); err != nil {
				return err
			}
			if c.json {
				return c.raw([]byte("{}"))
			}
			c.out.Line("Nobody acts for you any more.")
			return c.out.Err()
		},
	})
	return parent("delegation", "Name, show or clear who acts for you", GroupOffice, set, show, clear)
}

func printDelegation(p *text.Printer, d *wire.Delegation) {
	if p.Past(d.Until) {
		p.Line("Nobody acts for you: %s did for %s, from %s until %s.", text.Clean(d.Delegate), text.Clean(d.Person), p.When(d.From), p.When(d.Until))
		return
	}
	p.Line("%s acts for %s from %s until %s.", text.Clean(d.Delegate), text.Clean(d.Person), p.When(d.From), p.When(d.Until))
}

func setDelegation(ctx context.Context, c *console, args []string) error {
	text, err := c.needed("until", "a delegation has an end")
	if err != nil {
		return err
	}
	until, uerr := moment("until", text, true)
	if uerr == nil && !until.After(c.kit.Now()) {
		uerr = usagef("--until is in the past: %s is over, now it is %s", cleantext.Short(text), c.kit.Now().In(time.Local).Format("2006-01-02 15:04"))
	}
	from, ferr := moment("from", c.flag("from"), false)
	if err := errors.Join(uerr, ferr); err != nil {
		return err
	}
	done, err := c.api.SetDelegation(ctx, args[0], from, until)
	if err != nil {
		return err
	}
	return show(c, done, printDelegation)
}

// moment parses a day, as its beginning or its end, or a date with a time.
func moment(flag, text string, end bool) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, text, time.Local)
	if err != nil {
		return day, usagef("--%s is no date like 2027-03-31 and no time like 2027-03-31T18:00:00Z", flag)
	}
	if end {
		day = day.AddDate(0, 0, 1)
	}
	return day, nil
}

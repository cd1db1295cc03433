package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

func (k Kit) whatIfTeam() *cobra.Command {
	cmd := k.command(spec{use: "team [TEAM]", short: "Ask what another team, or one more, would change of what waits for one", args: cobra.MaximumNArgs(1), run: whatIfTeam,
		long: `
What waits for a team is planned with the teams as they are and with the other one, eight weeks ahead, or up to 26 where an absence ends later: who gets which team and when, and the load. Without a
team, one more is asked about. Nothing is changed by asking.`,
		example: "  pmo what-if team falcon --capacity 6 --ceiling 0.75\n  pmo what-if team falcon --skill payments:3\n  pmo what-if team falcon --away 2027-06-01..2027-06-30 --amount 1\n  pmo what-if team falcon --away 2027-06-01..2027-06-30 --who theo\n  pmo what-if team falcon --pace 1.25\n  pmo what-if team otter --gone\n  pmo what-if team --capacity 4 --skill web --name Heron"})
	cmd.Flags().String("portfolio", "", "which one; the policy's first when absent")
	teamChangeFlags(cmd)
	return cmd
}

// teamChangeFlags are what may be said of another team.
func teamChangeFlags(cmd *cobra.Command) {
	cmd.Flags().String("name", "", "of a team more")
	cmd.Flags().StringArray("skill", nil, "a skill more, such as payments:3; may be repeated")
	cmd.Flags().Float64("capacity", 0, "another capacity, in team-weeks held at once")
	cmd.Flags().Float64("ceiling", 0, "another ceiling, as a share of capacity: 0.75")
	cmd.Flags().Int("wip", 0, "another WIP limit")
	cmd.Flags().Float64("pace", 0, "another pace, 0.25 to 4: at 2 a request takes half as much of its capacity")
	cmd.Flags().String("away", "", "first and last day of an absence, such as 2027-06-01..2027-06-30")
	cmd.Flags().Float64("amount", 0, "how much of the capacity is away; absent: what --who holds, or the whole team")
	cmd.Flags().String("who", "", "who is away: a lead or member")
	cmd.Flags().Bool("gone", false, "the team takes nothing more")
}

// teamChange is what the flags say of another team.
func (c *console) teamChange(args []string) (wire.TeamChange, error) {
	change := wire.TeamChange{Team: strings.Join(args, ""), Name: c.flag("name"), Skills: c.list("skill"), Capacity: c.decimal("capacity"), LoadCeiling: c.decimal("ceiling"), Pace: c.decimal("pace"), Gone: c.yes("gone")}
	if len(change.Skills) == 0 {
		change.Skills = nil // no change at all is the zero value: see simulate
	}
	if n := c.number("wip"); n != 0 {
		change.WIPLimit = &n
	}
	if away := c.flag("away"); away != "" {
		from, until, found := strings.Cut(away, "..")
		if !found {
			return change, usagef("--away %q: write the first and the last day, such as 2027-06-01..2027-06-30", text.Clean(away))
		}
		a := pmo.Absence{From: pmo.Date(from), Until: pmo.Date(until), Who: c.flag("who"), WholeTeam: c.flag("who") == ""}
		if amount := c.decimal("amount"); amount != nil {
			a.WholeTeam, a.Amount = false, *amount
		}
		change.Absences = []pmo.Absence{a}
	}
	return change, nil
}

func whatIfTeam(ctx context.Context, c *console, args []string) error {
	change, err := c.teamChange(args)
	if err != nil {
		return err
	}
	found, err := c.api.WhatIfAssignment(ctx, wire.WhatIfAssignment{Portfolio: c.flag("portfolio"), Changes: []wire.TeamChange{change}})
	if err != nil {
		return err
	}
	return show(c, found, printAssignmentAnswer)
}

func printAssignmentAnswer(p *text.Printer, a *wire.AssignmentAnswer) {
	p.Line("Of %d requests that wait for a team %d would get one now, instead of %d; value %.2f instead of %.2f.", a.Waiting, a.Served, a.ServedNow, a.Value, a.ValueNow)
	if len(a.UnknownSkills) > 0 {
		p.Line("No team has %s, and no waiting request that you may read needs it: check how it is written.", text.Clean(strings.Join(a.UnknownSkills, ", ")))
	}
	if len(a.Lines) == 0 {
		p.Line("No request that you may read moves.")
	}
	for _, l := range a.Lines {
		p.Line("")
		p.Line("%s  %s", l.Ref, text.Clean(l.Title))
		p.Line("  now   %s", placeWords(l.Now, a.Weeks))
		p.Line("  then  %s", placeWords(l.Then, a.Weeks))
	}
	if a.MoreLines > 0 {
		p.Line("%d more move and are not listed.", a.MoreLines)
	}
	if len(a.Waits) > 0 {
		p.Line("")
		p.Line("These wait as before:")
	}
	for _, l := range a.Waits {
		p.Line("%s  %s", l.Ref, text.Clean(l.Title))
		p.Line("  %s", placeWords(l.Then, a.Weeks))
		p.Wrapped(2, text.Clean(l.Why))
	}
	if a.MoreWaits > 0 {
		p.Line("%d more wait and are not listed.", a.MoreWaits)
	}
	p.Line("")
	t := text.Table{Columns: []text.Column{{Head: "TEAM", Flex: true}}}
	for k, team := range a.Teams {
		row := []string{text.Clean(team.Name)}
		for _, w := range team.Weeks {
			if k == 0 {
				t.Columns = append(t.Columns, text.Column{Head: string(w.From)[5:], Right: true})
			}
			row = append(row, loadWords(w.LoadNow, w.CapacityNow)+">"+loadWords(w.Load, w.Capacity))
		}
		t.Rows = append(t.Rows, row)
	}
	p.Table(t)
	p.Line("By week: load as a share of capacity, now and then. Compared with policy %s. Nothing was changed.", text.Clean(a.Policy))
}

// placeWords say where and when a request is placed, of a plan over some weeks.
func placeWords(at wire.AssignmentPlace, weeks int) string {
	if at.Team == "" {
		return fmt.Sprintf("no team within %d weeks", weeks)
	}
	words := at.Team
	if at.Second != "" {
		words += " + " + at.Second
	}
	if at.Now {
		words += " now"
	} else {
		words += " from " + string(at.From)
	}
	if at.P85 == "" {
		return words + "; its end is unknown"
	}
	return words + "; finished by " + string(at.P85) + " in 85 of 100 cases"
}

// loadWords is a load as a share of a capacity.
func loadWords(load, capacity float64) string {
	return weekLoad(wire.AssignmentWeek{Capacity: capacity, Firm: load})
}

package cli

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/priority"
	"leanpmo/internal/wire"
)

func (k Kit) simulate() *cobra.Command {
	cmd := k.command(spec{use: "simulate [TEAM]", short: "Simulate the portfolio's next half year, also under another policy or with other teams", group: GroupPortfolio, args: cobra.MaximumNArgs(1), run: simulatePortfolio,
		long: `
The weeks to come are played many times: requests arrive as in the past year, they are ranked, pulled and given to teams by the rules that real ones
follow, and teams work at their measured pace. With another policy, a number of one, or another team both are compared, with the same arrivals. With
what a team is and no TEAM, one more is asked about. Nothing is changed, and nothing is said about what a person will do.`,
		example: "  pmo simulate\n  pmo simulate --policy policy.yaml --weeks 13\n  pmo simulate --model cd3 --slots 8\n  pmo simulate falcon --away 2027-06-01..2027-06-30\n  pmo simulate --capacity 4 --skill web --name Heron"})
	cmd.Flags().String("portfolio", "", "which one; the policy's first when absent")
	cmd.Flags().Int("weeks", 26, "how many, 4 to 52")
	cmd.Flags().StringP("policy", "f", "", "another policy, as YAML; - is standard input")
	cmd.Flags().String("model", "", "another scoring model: wsjf, cd3, rice, ice, value_effort, weighted or moscow")
	cmd.Flags().Int("slots", 0, "how many requests the portfolio works on at once")
	teamChangeFlags(cmd)
	cmd.Flags().Bool("csv", false, "a line for each week, team and shared resource, for a spreadsheet")
	return cmd
}

func simulatePortfolio(ctx context.Context, c *console, args []string) error {
	question := wire.WhatIfPortfolio{Portfolio: c.flag("portfolio"), Weeks: c.number("weeks"), Model: priority.Model(c.flag("model"))}
	if n := c.number("slots"); n != 0 {
		question.WIPLimit = &n
	}
	if path := c.flag("policy"); path != "" {
		_, content, err := c.readFile(path)
		if err != nil {
			return err
		}
		question.YAML = string(content)
	}
	change, err := c.teamChange(args)
	if err != nil {
		return err
	}
	if !reflect.ValueOf(change).IsZero() {
		question.Changes = []wire.TeamChange{change}
	}
	found, err := c.api.WhatIfPortfolio(ctx, question)
	if err != nil {
		return err
	}
	if c.yes("csv") {
		return c.csv(func() ([]byte, error) { return found.Value.CSV(), nil })
	}
	return show(c, found, printSimulation)
}

func printSimulation(p *text.Printer, s *wire.PortfolioSimulation) {
	if s.Now == nil {
		p.Line("It cannot be simulated: %s.", text.Clean(s.Why))
		return
	}
	b := s.Basis
	p.Line("%d weeks, played %d times. Arrivals as those of %d weeks since %s: %d requests, %.1f a week. Work as long as that of %d finished requests.",
		s.Weeks, s.Runs, b.Weeks, b.From.Format(time.DateOnly), b.Arrivals, b.PerWeek, b.Finished)
	if b.ImportedWeeks > 0 {
		p.Line("How many come in a week is also drawn from %d weeks of imported work; what comes is drawn from the requests alone.", b.ImportedWeeks)
	}
	if b.LeftOut > 0 {
		p.Line("%d more wait and are left out: they rank after the five hundred that are simulated.", b.LeftOut)
	}
	p.Line("")
	printOutcomes(p, s)
	if d := s.Difference; d != nil {
		p.Line("")
		p.Line("Difference in value: %+.1f on average, between %+.1f and %+.1f in 70 of 100 runs; more in %.0f of 100.", d.Value.Mean, d.Value.Low, d.Value.High, 100*d.Value.More)
		p.Line("Difference in requests delivered: %+.1f on average, between %+.1f and %+.1f in 70 of 100 runs.", d.Delivered.Mean, d.Delivered.Low, d.Delivered.High)
	}
	p.Line("")
	printTeamLoads(p, s)
	printSimulatedResources(p, s)
	p.Line("P85: in 85 of 100 runs as much or more is delivered, and as much or less waits. Compared with policy %s. Nothing was changed.", text.Clean(s.Policy))
}

// printOutcomes prints what came out, now and then side by side.
func printOutcomes(p *text.Printer, s *wire.PortfolioSimulation) {
	t := text.Table{Columns: []text.Column{{Head: "", Flex: true}, {Head: "NOW P50", Right: true}, {Head: "P85", Right: true}}}
	if s.Then != nil {
		t.Columns = append(t.Columns, text.Column{Head: "THEN P50", Right: true}, text.Column{Head: "P85", Right: true})
	}
	row := func(name string, of func(*wire.SimulationOutcome) [2]string) {
		now := of(s.Now)
		line := []string{name, now[0], now[1]}
		if s.Then != nil {
			then := of(s.Then)
			line = append(line, then[0], then[1])
		}
		t.Rows = append(t.Rows, line)
	}
	whole := func(c wire.Confident) [2]string {
		return [2]string{fmt.Sprintf("%.0f", c.P50), fmt.Sprintf("%.0f", c.P85)}
	}
	row("value delivered", func(o *wire.SimulationOutcome) [2]string { return whole(o.Value) })
	row("requests delivered", func(o *wire.SimulationOutcome) [2]string { return whole(o.Delivered) })
	row("backlog at the end", func(o *wire.SimulationOutcome) [2]string { return whole(o.Backlog) })
	row("fixed dates kept", func(o *wire.SimulationOutcome) [2]string { return [2]string{keptWords(o.Dates), ""} })
	row("cannot be scored at the end", func(o *wire.SimulationOutcome) [2]string { return [2]string{fmt.Sprintf("%.0f", o.Unscored), ""} })
	for i, c := range s.Now.Classes {
		if c.Started == 0 && c.Waiting == 0 {
			continue
		}
		name := strings.ReplaceAll(string(c.Class), "_", " ")
		row(name+": days to begin", func(o *wire.SimulationOutcome) [2]string { return whole(o.Classes[i].Start) })
		row(name+": days to delivery", func(o *wire.SimulationOutcome) [2]string { return whole(o.Classes[i].End) })
		row(name+": still waiting at the end", func(o *wire.SimulationOutcome) [2]string {
			return [2]string{fmt.Sprintf("%.0f", o.Classes[i].Waiting), ""}
		})
	}
	p.Table(t)
}

// keptWords say how many fixed dates are kept, on average.
func keptWords(d wire.SimulationDates) string {
	if d.Due == 0 {
		return "none due"
	}
	return fmt.Sprintf("%.0f%% of %.0f", 100*d.Kept/d.Due, d.Due)
}

// printSimulatedResources prints the use of shared resources in the same weeks, and how many requests wait for more of each at the end.
func printSimulatedResources(p *text.Printer, s *wire.PortfolioSimulation) {
	last := s.Now
	if s.Then != nil {
		last = s.Then
	}
	if len(last.Resources) == 0 {
		return
	}
	t := text.Table{Columns: []text.Column{{Head: "RESOURCE", Flex: true}}}
	for k, r := range last.Resources {
		row := []string{text.Clean(r.Name)}
		for i := 0; i < len(r.Weeks); i += max(len(r.Weeks)/loadColumns, 1) {
			w := r.Weeks[i]
			if k == 0 {
				t.Columns = append(t.Columns, text.Column{Head: string(w.From)[5:], Right: true})
			}
			row = append(row, fmt.Sprintf("%.4g/%.4g", w.Used.P50, w.Amount))
		}
		if k == 0 {
			t.Columns = append(t.Columns, text.Column{Head: "WAIT P50", Right: true}, text.Column{Head: "P85", Right: true})
		}
		end := r.Weeks[len(r.Weeks)-1].Waiting
		t.Rows = append(t.Rows, append(row, fmt.Sprintf("%.0f", end.P50), fmt.Sprintf("%.0f", end.P85)))
	}
	p.Line("")
	p.Table(t)
	p.Line("Used of the shared resources in the middle of the runs, of what there is for work that begins in the week. WAIT are the requests that need more than is free in the last week.")
}

// loadColumns is in about how many columns the weeks of a team are printed.
const loadColumns = 8

// printTeamLoads prints the load of each team in some of the weeks, as a share of its capacity in half of the runs.
func printTeamLoads(p *text.Printer, s *wire.PortfolioSimulation) {
	last := s.Now
	if s.Then != nil {
		last = s.Then
	}
	t := text.Table{Columns: []text.Column{{Head: "TEAM", Flex: true}}}
	for k, team := range last.Teams {
		row := []string{text.Clean(team.Name)}
		for i := 0; i < len(team.Weeks); i += max(len(team.Weeks)/loadColumns, 1) {
			w := team.Weeks[i]
			if k == 0 {
				t.Columns = append(t.Columns, text.Column{Head: string(w.From)[5:], Right: true})
			}
			row = append(row, loadWords(w.Load.P50, w.Capacity))
		}
		t.Rows = append(t.Rows, row)
	}
	p.Table(t)
	p.Line("Load in the middle of the runs, as a share of capacity, on the first day of some weeks.")
}

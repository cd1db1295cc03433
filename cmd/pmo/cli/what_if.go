package cli

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/pmo"
	"leanpmo/internal/priority"
	"leanpmo/internal/wire"
	"leanpmo/internal/yamlstrict"
)

func (k Kit) whatIf() *cobra.Command {
	cmd := k.command(spec{use: "what-if", short: "Ask what other rules or another backlog would change; nothing is changed by asking", group: GroupPortfolio, run: whatIf,
		long: `
The backlog is ranked as a run would, as it is and as it would be: who moves, why, and what a run would pull. Flags add up to one scenario.`,
		example: "  pmo what-if --weight time=5\n  pmo what-if --model cd3 --wip 8\n  pmo what-if --without R-7 --without R-9\n  pmo what-if --more business_value=13 --more job_size=2 --class fixed_date\n  pmo what-if -f policy.yaml\n  pmo what-if --model cd3 --capacity 40 --other-capacity 50"})
	cmd.AddCommand(k.whatIfTeam())
	cmd.Flags().String("portfolio", "", "which one; the policy's first when absent")
	cmd.Flags().StringP("file", "f", "", "another policy, as YAML; - is standard input")
	cmd.Flags().String("model", "", "another scoring model: wsjf, cd3, rice, ice, value_effort, weighted or moscow")
	cmd.Flags().StringArray("weight", nil, "value=N, time=N, risk=N or points=N: another weight; may be repeated")
	cmd.Flags().Int("wip", 0, "how many requests the portfolio works on at once")
	cmd.Flags().Float64("capacity", 0, "team-weeks for a period: says what is funded")
	cmd.Flags().Float64("other-capacity", 0, "another capacity in the scenario")
	cmd.Flags().StringArray("without", nil, "a request that was not there; may be repeated")
	cmd.Flags().StringArray("more", nil, "an input of one request more, such as business_value=13; may be repeated")
	cmd.Flags().String("class", "", "the class of service of that request; standard when absent")
	return cmd
}

func whatIf(ctx context.Context, c *console, _ []string) error {
	s, err := c.scenario()
	if err != nil {
		return err
	}
	question := wire.WhatIf{Portfolio: c.flag("portfolio"), Scenarios: []wire.Scenario{s}, Capacity: c.decimal("capacity")}
	found, err := c.api.WhatIf(ctx, question)
	if err != nil {
		return err
	}
	return show(c, found, func(p *text.Printer, a *wire.WhatIfAnswer) {
		for i := range a.Scenarios {
			printBacklogEffect(p, &a.Scenarios[i].Effect)
			printScenarioFunding(p, a.Scenarios[i].Funding)
		}
		p.Line("Compared with policy %s. Nothing was changed.", text.Clean(a.Policy))
	})
}

func printScenarioFunding(p *text.Printer, f *wire.ScenarioFunding) {
	if f == nil {
		return
	}
	p.Line("")
	p.Line("Funded with %g team-weeks: %d requests of %g team-weeks, instead of %d of %g with %g.", f.Capacity, f.Then.Count, f.Then.Size, f.Now.Count, f.Now.Size, f.CapacityNow)
	for _, l := range f.Lines {
		says := "leaves"
		if l.Then {
			says = "joins"
		}
		p.Line("  %s  %s %s (%g team-weeks)", says, text.Clean(l.Ref), text.Clean(l.Title), l.Size)
	}
	if f.MoreLines > 0 {
		p.Line("  %d more are not listed.", f.MoreLines)
	}
}

// scenario is what the flags ask about.
func (c *console) scenario() (wire.Scenario, error) {
	s := wire.Scenario{Model: priority.Model(c.flag("model")), Without: c.list("without"), Capacity: c.decimal("other-capacity")}
	if path := c.flag("file"); path != "" {
		_, content, err := c.readFile(path)
		if err != nil {
			return s, err
		}
		s.YAML = string(content)
	}
	if n := c.number("wip"); n != 0 {
		s.WIPLimit = &n
	}
	for _, pair := range c.list("weight") {
		name, value, err := numberPair("weight", pair)
		into, known := map[string]**float64{"value": &s.Value, "time": &s.Time, "risk": &s.Risk, "points": &s.Points}[name]
		if err == nil && !known {
			err = usagef("--weight %q: the weights are value, time, risk and points", name)
		}
		if err != nil {
			return s, err
		}
		*into = &value
	}
	return s, c.addMore(&s)
}

// addMore adds the request that is only asked about.
func (c *console) addMore(s *wire.Scenario) error {
	given := c.list("more")
	if len(given) == 0 && c.flag("class") == "" {
		return nil
	}
	inputs, wrong := wire.InputsOf(given)
	if wrong != "" {
		return usagef("--more %q: write input=value; the inputs are %s", text.Clean(wrong), strings.Join(pmo.InputNames(), ", "))
	}
	s.More = &wire.NewRequest{Class: pmo.ClassOfService(c.flag("class")), Inputs: inputs}
	return nil
}

func numberPair(flag, pair string) (name string, value float64, err error) {
	name, number, found := strings.Cut(pair, "=")
	value, err = strconv.ParseFloat(number, 64)
	if !found || err != nil || !yamlstrict.Decimal(number) {
		return name, 0, usagef("--%s %q: write name=number", flag, pair)
	}
	return name, value, nil
}

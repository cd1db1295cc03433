package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"leanpmo/cmd/pmo/forms"
	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// stops are the commands that only take a reason.
func (k Kit) stops() []*cobra.Command {
	var all []*cobra.Command
	for _, s := range []struct{ name, short, why string }{
		{"withdraw", "Withdraw your request", ""},
		{"hold", "Stop a request's clocks", ""},
		{"resume", "End a hold", ""},
		{"wake", "End a deferral early", ""},
		{"cancel", "End a request, with a reason (PMO)", "the requester is notified of it"},
		{"pull", "Pull a request now, past the ranking (PMO)", "why the ranking is overridden"},
	} {
		cmd := k.command(spec{
			use: s.name + " REF", short: s.short, group: GroupRequests, args: cobra.ExactArgs(1), complete: refs,
			example: fmt.Sprintf("  pmo %s R-42 --reason \"…\"", s.name),
			run: func(ctx context.Context, c *console, args []string) error {
				return c.stop(ctx, s.name, args[0], s.why)
			},
		})
		cmd.Flags().String("reason", "", "why; it goes into the ledger")
		if s.name == "cancel" {
			cmd.Flags().StringArray("into", nil, "a request it goes on in: it closes as merged; may be given more than once")
		}
		all = append(all, cmd)
	}
	return all
}

func (c *console) stop(ctx context.Context, name, ref, why string) error {
	if why != "" {
		if _, err := c.needed("reason", why); err != nil {
			return err
		}
	}
	reason := strings.TrimSpace(c.flag("reason"))
	switch name {
	case "cancel":
		return c.command(ctx, ref, name, wire.Cancellation{Reason: reason, Into: c.list("into")})
	case "pull":
		return c.command(ctx, ref, name, wire.OverridePull{Reason: reason})
	}
	return c.command(ctx, ref, name, wire.Reason{Reason: reason})
}

func (c *console) command(ctx context.Context, ref, name string, body any) error {
	done, err := c.api.Command(ctx, ref, name, body)
	if err != nil {
		return err
	}
	return c.receipt(ref, done)
}

func (k Kit) progress() *cobra.Command {
	cmd := k.command(spec{
		use: "progress REF", short: "Report progress", group: GroupRequests, args: cobra.ExactArgs(1), complete: refs, run: progress,
		example: `  pmo progress R-42 --percent 50 --note "half of the forms run"
  pmo progress R-42 --health red --blocked "the vendor does not answer" --risk "4x5 The law comes into force before"
  pmo progress R-42 --items 12/40 --milestone "pilot runs"
  pmo progress R-42 --planned 12 --earned 10 --spent 11
  pmo progress R-42 --done --lesson "Nobody read the wiki | The crews have no accounts | Ask the crews first"`,
	})
	cmd.Flags().Int("percent", 0, "how much is done, 0 to 100")
	cmd.Flags().String("health", "", "green, amber or red, where you see it otherwise than the rule of health; say why in --note or --blocked")
	cmd.Flags().String("note", "", "how it goes, in a sentence")
	cmd.Flags().StringArray("risk", nil, `a risk, with probability and impact of 5 if known, such as "3x4 The vendor may be late"; may be given more than once`)
	cmd.Flags().String("blocked", "", "why it cannot go on; stays until cleared with an empty text")
	cmd.Flags().StringArray("lesson", nil, "something learned, with its cause and what to do if known: \"OBSERVATION | CAUSE | RECOMMENDATION\"; may be given more than once")
	for _, part := range []string{"planned", "earned", "spent"} {
		cmd.Flags().Float64(part, 0, "earned value, in the unit of the plan's budget; all three together")
	}
	cmd.Flags().StringArray("milestone", nil, "the name of a milestone of the plan that is reached; may be given more than once")
	cmd.Flags().String("items", "", "how many items are done and how many there are, such as 12/40")
	cmd.Flags().String("points", "", "the same in points")
	cmd.Flags().Bool("done", false, "the team says it is done; the requester is asked to accept")
	fixed(cmd, "health", []string{"green", "amber", "red"})
	return cmd
}

func progress(ctx context.Context, c *console, args []string) error {
	report := wire.Report{Health: pmo.Health(c.flag("health")), Note: c.flag("note"), Done: c.yes("done")}
	if c.cmd.Flags().Changed("percent") {
		percent := c.number("percent")
		report.Percent = &percent
	}
	if c.cmd.Flags().Changed("blocked") {
		blocked := c.flag("blocked")
		report.Blocked = &blocked
	}
	var err error
	if report.EarnedValue, err = c.earnedValue(); err != nil {
		return err
	}
	if report.Measure, err = c.measure(); err != nil {
		return err
	}
	report.Milestones = c.list("milestone")
	for _, risk := range c.list("risk") {
		report.Risks = append(report.Risks, riskOf(risk))
	}
	for _, lesson := range c.list("lesson") {
		report.Lessons = append(report.Lessons, lessonOf(lesson))
	}
	done, err := c.api.Progress(ctx, args[0], report)
	if err != nil {
		return err
	}
	return c.receipt(args[0], done)
}

// earnedValue is the measurement of the flags; nil without one.
func (c *console) earnedValue() (*pmo.EarnedValue, error) {
	var v pmo.EarnedValue
	given := 0
	for name, part := range map[string]*float64{"planned": &v.Planned, "earned": &v.Earned, "spent": &v.Spent} {
		if c.cmd.Flags().Changed(name) {
			given++
			*part, _ = c.cmd.Flags().GetFloat64(name) // declared above
		}
	}
	switch given {
	case 0:
		return nil, nil
	case 3:
		return &v, nil
	}
	return nil, usagef("--planned, --earned and --spent are given together")
}

// lessonOf parses "observation | cause | recommendation"; the last two may be absent.
func lessonOf(s string) pmo.Lesson {
	parts := strings.SplitN(s, "|", 3)
	for len(parts) < 3 {
		parts = append(parts, "")
	}
	return pmo.Lesson{Observation: strings.TrimSpace(parts[0]), Cause: strings.TrimSpace(parts[1]), Recommendation: strings.TrimSpace(parts[2])}
}

// measure is the count of the flags; nil without one.
func (c *console) measure() (*pmo.Measure, error) {
	if c.flag("items") != "" && c.flag("points") != "" {
		return nil, usagef("--items and --points are two measures; give one")
	}
	for _, unit := range []pmo.MeasureUnit{pmo.MeasureItems, pmo.MeasurePoints} {
		given := c.flag(string(unit))
		if given == "" {
			continue
		}
		done, total, _ := strings.Cut(given, "/")
		m := pmo.Measure{Unit: unit}
		var derr, terr error
		m.Done, derr = strconv.ParseFloat(strings.TrimSpace(done), 64)
		m.Total, terr = strconv.ParseFloat(strings.TrimSpace(total), 64)
		if derr != nil || terr != nil {
			return nil, usagef("--%s: %q is not DONE/TOTAL, such as 12/40", unit, given)
		}
		return &m, nil
	}
	return nil, nil
}

// riskOf parses "3x4 what may happen"; probability and impact may be absent.
func riskOf(s string) pmo.Risk {
	if len(s) > 4 && s[1] == 'x' && s[3] == ' ' {
		p, perr := strconv.Atoi(s[:1])
		i, ierr := strconv.Atoi(s[2:3])
		if perr == nil && ierr == nil && min(p, i) >= 1 && max(p, i) <= 5 {
			return pmo.Risk{Text: strings.TrimSpace(s[4:]), Probability: p, Impact: i}
		}
	}
	return pmo.Risk{Text: s}
}

func (k Kit) amend() *cobra.Command {
	cmd := k.command(spec{
		use: "amend REF --set FIELD=VALUE", short: "Change the form of a request", group: GroupRequests, args: cobra.ExactArgs(1), complete: refs, run: amend,
		long: `
The change is made to the request as it is when the command runs, or as you saw it: --revision refuses if it has changed since.
Before the pull a change of substance opens review again; after it, requester and team are asked.`,
		example: `  pmo amend R-42 --set size=3 --set baseline.people=25 --reason "counted again"
  pmo amend R-42 --set skills=web,gis --revision 2`,
	})
	cmd.Flags().StringArray("set", nil, "field=value, such as size=3 or baseline.people=25; may be given more than once")
	cmd.Flags().String("reason", "", "why; it goes into the ledger")
	cmd.Flags().Int("revision", 0, "the revision you saw; 0: the newest")
	return cmd
}

func amend(ctx context.Context, c *console, args []string) error {
	if len(c.list("set")) == 0 {
		return usagef("--set is needed: field=value, such as size=3")
	}
	now, err := c.api.Request(ctx, args[0])
	if err != nil {
		return err
	}
	patch, err := forms.Patch(c.list("set"))
	if err != nil {
		return usagef("--set: %w", err)
	}
	revision := c.number("revision")
	if revision == 0 {
		revision = now.Value.Revision
	}
	done, err := c.api.Amend(ctx, args[0], wire.Amendment{Revision: revision, Patch: patch, Reason: c.flag("reason")})
	if err != nil {
		return err
	}
	return c.receipt(args[0], done)
}

func (k Kit) inputs() *cobra.Command {
	cmd := k.command(spec{
		use: "inputs REF", short: "Set what a request's score is computed from (PMO, sponsor)", group: GroupRequests,
		args: cobra.ExactArgs(1), complete: refs, run: inputs,
		long: "\nWhich inputs count is the scoring model of the policy (pmo policy show). Those of WSJF are on the relative scale 1, 2, 3, 5, 8, 13, 20;\n" +
			"cost_of_delay is money a week, duration weeks, effort person-months. What is not given stays as it is.",
		example: "  pmo inputs R-42 --business_value 8 --time_criticality 3 --risk_reduction 2 --job_size 3 --reason \"scored with the team\"",
	})
	for _, name := range inputNames {
		cmd.Flags().Float64(name, 0, spaced(name))
	}
	cmd.Flags().String("moscow", "", "must, should, could or wont")
	fixed(cmd, "moscow", pmo.MoSCoWWords())
	cmd.Flags().SetNormalizeFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		if spelled := strings.ReplaceAll(name, "-", "_"); slices.Contains(inputNames, spelled) {
			name = spelled
		}
		return pflag.NormalizedName(name)
	})
	cmd.Flags().String("sure", "", "how sure you are of these numbers: low, medium or high")
	fixed(cmd, "sure", []string{"low", "medium", "high"})
	cmd.Flags().String("class", "", "class of service: expedite, fixed_date, standard or intangible")
	cmd.Flags().String("reason", "", "why; it goes into the ledger")
	fixed(cmd, "class", []string{"expedite", "fixed_date", "standard", "intangible"})
	return cmd
}

// inputNames are the flags of the inputs, spelled as in the form. The spelling before 0.6, with dashes, is taken too.
var inputNames = slices.DeleteFunc(pmo.InputNames(), func(name string) bool { return name == "moscow" })

func inputs(ctx context.Context, c *console, args []string) error {
	body := wire.SetInputs{Reason: c.flag("reason"), Sure: pmo.Sureness(c.flag("sure"))}
	given := 0
	for _, name := range inputNames {
		if !c.cmd.Flags().Changed(name) {
			continue
		}
		value, err := c.cmd.Flags().GetFloat64(name)
		if err != nil {
			return fmt.Errorf("read --%s: %w", name, err)
		}
		body.Inputs.Set(name, value)
		given++
	}
	if word := c.flag("moscow"); word != "" {
		body.Inputs.MoSCoW = word
		given++
	}
	if class := c.flag("class"); class != "" {
		given++
		body.Class = new(pmo.ClassOfService)
		*body.Class = pmo.ClassOfService(class)
	}
	if given == 0 {
		return usagef("give at least one of --%s, --moscow or --class", strings.Join(inputNames, ", --"))
	}
	return c.command(ctx, args[0], "inputs", body)
}

func (k Kit) reassign() *cobra.Command {
	cmd := k.command(spec{
		use: "reassign REF", short: "Move a question to another person, or the work to another team (PMO)", group: GroupRequests,
		args: cobra.ExactArgs(1), complete: refs,
		example: `  pmo reassign R-42 --team otter --reason "Falcon is short of people"
  pmo reassign R-43 --team otter --second lynx --reason "Lynx knows the design"
  pmo reassign R-42 --decision review/1/approvers --from ana --to theo --reason "Ana knows too little of it"`,
		run: func(ctx context.Context, c *console, args []string) error {
			reason, err := c.needed("reason", "it goes into the ledger")
			if err != nil {
				return err
			}
			done, err := c.api.Reassign(ctx, args[0], wire.Reassignment{Reason: reason, Decision: c.flag("decision"), From: c.flag("from"),
				To: c.flag("to"), Team: c.flag("team"), Second: c.flag("second")})
			if err != nil {
				return err
			}
			return show(c, done, func(p *text.Printer, r *wire.Reassigned) {
				printReceipt(p, args[0], &r.Receipt)
				p.Facts(text.Fact{Name: "done", Value: r.Done}, text.Fact{Name: "yet to come", Value: r.Next})
			})
		},
	})
	cmd.Flags().String("reason", "", "why; it goes into the ledger")
	cmd.Flags().String("team", "", "the team to offer the work to")
	cmd.Flags().String("second", "", "the team to offer the part of the second team, where the request needs two")
	cmd.Flags().String("decision", "", "the question to move")
	cmd.Flags().String("from", "", "whom it waits on now")
	cmd.Flags().String("to", "", "whom it waits on from now on")
	return cmd
}

func (k Kit) watch() *cobra.Command {
	cmd := k.command(spec{
		use: "watch REF", short: "Be notified of what happens to a request, or no longer", group: GroupRequests, args: cobra.ExactArgs(1), complete: refs,
		example: "  pmo watch R-42\n  pmo watch R-42 --add rita --remove sam",
		run: func(ctx context.Context, c *console, args []string) error {
			return c.command(ctx, args[0], "watch", wire.Watchers{Add: c.list("add"), Remove: c.list("remove")})
		},
	})
	cmd.Flags().StringArray("add", nil, "who is notified from now on; you yourself when nobody is named")
	cmd.Flags().StringArray("remove", nil, "who is no longer notified")
	return cmd
}

func (k Kit) split() *cobra.Command {
	cmd := k.command(spec{
		use: "split REF -f FILE", short: "Submit a request's parts and close the whole as merged (PMO)", group: GroupRequests,
		args: cobra.ExactArgs(1), complete: refs, run: split,
		long:    "\nThe file holds two or more requests, as for `pmo submit`. Running the command again finishes a split that stopped half-way.",
		example: "  pmo split R-42 -f parts.yaml --reason \"two asks in one\"",
	})
	cmd.Flags().StringP("file", "f", "", "file with the parts; - is standard input")
	cmd.Flags().String("reason", "", "why; the requester is notified of it")
	_ = cmd.MarkFlagFilename("file", "yaml", "yml", "json") // the flag is there
	return cmd
}

func split(ctx context.Context, c *console, args []string) error {
	reason, rerr := c.needed("reason", "the requester is notified of it")
	path, perr := c.needed("file", "the file with the parts, or - for standard input")
	if err := errors.Join(rerr, perr); err != nil {
		return err
	}
	name, content, err := c.readFile(path)
	if err != nil {
		return err
	}
	parts, err := forms.Contents(name, content)
	if err != nil {
		return err
	}
	done, err := c.api.Split(ctx, args[0], reason, parts)
	if err != nil {
		return err
	}
	return show(c, done, func(p *text.Printer, d *wire.SplitResult) {
		printReceipt(p, args[0], &d.Receipt)
		for i, part := range d.Parts {
			p.Facts(text.Fact{Name: "part", Value: fmt.Sprintf("%s  %s", nameOf(part.Ref, part.ID), parts[i].Title)})
		}
	})
}

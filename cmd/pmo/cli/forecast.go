package cli

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/client"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// toldRows is how much of what was told is shown.
const toldRows = 10

func (k Kit) forecast() *cobra.Command {
	cmd := k.command(spec{
		use: "forecast [REF...]", short: "Show if and when a request will be done, or several all", group: GroupRequests, args: cobra.MaximumNArgs(wire.MostSelected), complete: moreRefs, run: showForecast,
		example: "  pmo forecast R-42\n  pmo forecast R-42 R-43 R-51 --by 2027-03-31\n  pmo forecast --theme energy --team falcon",
		long: "\nFor one request it also shows what was told about it before, the newest first, why it changed, and what came of it.\n" +
			"For several it shows when the last of them is done, which is later than the day of the slowest alone.",
	})
	f := cmd.Flags()
	f.String("by", "", "how likely all are done by this day (2027-03-31)")
	f.String("portfolio", "", "all open ones of this portfolio")
	f.String("theme", "", "all open ones that serve this theme")
	f.String("kind", "", "all open ones of this kind")
	f.String("team", "", "all open ones of this team")
	f.String("requester", "", "all open ones of this person")
	return cmd
}

func showForecast(ctx context.Context, c *console, args []string) error {
	filter := client.Filter{Portfolio: c.flag("portfolio"), Theme: c.flag("theme"), Kind: c.flag("kind"), Team: c.flag("team"), Requester: c.flag("requester")}
	switch chosen := filter != (client.Filter{}); {
	case len(args) == 0 && !chosen:
		return usagef("name requests, or choose them by --theme, --team, --kind, --portfolio or --requester")
	case len(args) == 1 && !chosen && c.flag("by") == "":
		return forecastOne(ctx, c, args)
	}
	found, err := c.api.ForecastSelection(ctx, filter, wire.Selection{Requests: args, By: pmo.Date(c.flag("by"))})
	if err != nil {
		return err
	}
	return show(c, found, printSelection)
}

func printSelection(p *text.Printer, f *wire.SelectionForecast) {
	p.Wrapped(0, f.Words)
	var facts []text.Fact
	for _, d := range []struct {
		name string
		day  pmo.Date
	}{{"even odds", f.P50}, {"85 of 100", f.P85}, {"95 of 100", f.P95}} {
		if d.day != "" {
			facts = append(facts, text.Fact{Name: d.name, Value: string(d.day)})
		}
	}
	if w := f.Wanted; w != nil {
		facts = append(facts, text.Fact{Name: "by " + string(w.By), Value: w.Words})
	}
	if a := f.Alone; a != nil {
		facts = append(facts, text.Fact{Name: "slowest alone", Value: fmt.Sprintf("%s by %s; all are done by then with %s", a.Ref, a.P85, percent(a.Chance))})
	}
	facts = append(facts, text.Fact{Name: "of these", Value: fmt.Sprintf("%d open, %d delivered, %d closed otherwise", f.Open, f.Delivered, f.Ended)})
	p.Facts(facts...)
	if len(f.Items) == 0 {
		return
	}
	p.Line("")
	t := text.Table{Columns: []text.Column{{Head: "REF"}, {Head: "STAGE"}, {Head: "TITLE", Flex: true}, {Head: "TEAM", Spare: true}, {Head: "85 OF 100"}}}
	for _, r := range f.Items {
		day := string(r.Forecast.P85)
		if r.Forecast.CannotForecast {
			day = "unknown"
		}
		t.Rows = append(t.Rows, []string{nameOf(r.Ref, r.ID), standsAs(r.Stage, r.Status, r.Outcome, r.Delivered), r.Title, r.Team, day})
	}
	p.Table(t)
}

func forecastOne(ctx context.Context, c *console, args []string) error {
	found, err := c.api.Forecast(ctx, args[0])
	if err != nil {
		return err
	}
	if c.json {
		return c.raw(found.Raw)
	}
	told, err := c.api.Promises(ctx, args[0], toldRows)
	if err != nil {
		return err
	}
	printForecast(c.out, &found.Value)
	printPromises(c.out, &told.Value)
	return c.out.Err()
}

func printForecast(p *text.Printer, f *wire.Forecast) {
	p.Wrapped(0, f.Words)
	facts := []text.Fact{{Name: "even odds", Value: string(f.P50)}, {Name: "85 of 100", Value: string(f.P85)}, {Name: "95 of 100", Value: string(f.P95)}}
	if s := f.Start; s != nil {
		facts = append(facts, text.Fact{Name: "pulled by", Value: daysOf(s.P50, s.P85, s.P95)},
			text.Fact{Name: "chance", Value: fmt.Sprintf("%s to be approved and pulled within %d days", percent(s.Chance), s.Within)})
	}
	if w := f.Wanted; w != nil {
		facts = append(facts, text.Fact{Name: "wanted by", Value: string(w.By) + ": " + w.Words})
	}
	if a := f.Approval; a != nil {
		facts = append(facts, text.Fact{Name: "approval", Value: percent(a.Chance)})
	}
	ahead := fmt.Sprint(f.Ahead)
	if f.AbovePerWeek > 0 {
		ahead += fmt.Sprintf(", and about %g a week that will come and rank above it", f.AbovePerWeek)
	}
	p.Facts(append(facts, text.Fact{Name: "ahead of it", Value: ahead}, text.Fact{Name: "as of", Value: p.When(f.AsOf)})...)
}

// daysOf are the three days of a forecast; one beyond ten years is left out.
func daysOf(p50, p85, p95 pmo.Date) string {
	var days []string
	for _, d := range []struct {
		day  pmo.Date
		odds string
	}{{p50, "even odds"}, {p85, "85 of 100"}, {p95, "95 of 100"}} {
		if d.day != "" {
			days = append(days, string(d.day)+" ("+d.odds+")")
		}
	}
	return strings.Join(days, ", ")
}

func percent(share float64) string { return fmt.Sprintf("%d %%", int(math.Round(share*100))) }

func printPromises(p *text.Printer, told *wire.Page[wire.Promise]) {
	if len(told.Items) == 0 {
		return
	}
	p.Line("")
	p.Line("Told before")
	var facts []text.Fact
	for _, t := range told.Items {
		facts = append(facts, text.Fact{Name: string(t.Day), Value: t.Words + came(t.Kept)})
	}
	p.Facts(facts...)
	if told.Next != "" {
		p.Line("  Earlier ones are left out.")
	}
}

// came says what came of the day of 85 in 100.
func came(k wire.PromiseKept) string {
	switch k.P85 {
	case "kept", "missed":
		return " The day of 85 in 100 was " + string(k.P85) + "."
	}
	return ""
}

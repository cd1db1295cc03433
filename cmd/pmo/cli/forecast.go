package cli

import (
	"context"
	"fmt"
	"math"
	"strings"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// toldRows is how much of what was told is shown.
const toldRows = 10

func showForecast(ctx context.Context, c *console, args []string) error {
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
	p.Facts(append(facts, text.Fact{Name: "ahead of it", Value: fmt.Sprint(f.Ahead)}, text.Fact{Name: "as of", Value: p.When(f.AsOf)})...)
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

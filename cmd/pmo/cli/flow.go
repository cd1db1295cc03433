package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/client"
	"leanpmo/internal/flow"
	"leanpmo/internal/wire"
)

func (k Kit) report() *cobra.Command {
	cmd := k.command(spec{
		use: "flow", short: "Show how work flows, per portfolio and never per person", run: reportFlow,
		example: "  pmo report flow\n  pmo report flow --days 365 --csv > flow.csv\n  pmo report flow --figures > figures.csv",
	})
	cmd.Flags().Bool("csv", false, "one line a request, for a spreadsheet")
	cmd.Flags().Bool("figures", false, "one line a figure, for a spreadsheet: every figure of the report")
	cmd.Flags().Int("days", 90, "how far back, 1 to 730")
	cmd.Flags().String("portfolio", "", "which one; all of them when absent")
	return parent("report", "Show reports", GroupPortfolio, cmd, k.calibration(), k.reportSkills())
}

func reportFlow(ctx context.Context, c *console, _ []string) error {
	table := wire.FlowRequests
	if c.yes("figures") {
		table = wire.FlowFigures
	}
	if c.yes("csv") || c.yes("figures") {
		return c.csv(func() ([]byte, error) {
			return c.api.FlowCSV(ctx, client.Filter{Portfolio: c.flag("portfolio")}, c.number("days"), table)
		})
	}
	found, err := c.api.Flow(ctx, client.Filter{Portfolio: c.flag("portfolio")}, c.number("days"), client.AllLines)
	if err != nil {
		return err
	}
	return show(c, found, printFlow)
}

// csv writes what read gives, for a spreadsheet.
func (c *console) csv(read func() ([]byte, error)) error {
	if c.json {
		return usagef("give either --csv or -o json")
	}
	doc, err := read()
	if err != nil {
		return err
	}
	if _, err := c.cmd.OutOrStdout().Write(doc); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

func printFlow(p *text.Printer, f *wire.FlowReport) {
	p.Line("Flow from %s to %s. Times are calendar time, in s, m, h or d.", f.From.Local().Format(time.DateOnly), f.To.Local().Format(time.DateOnly))
	delivered, weeks := 0, make([]string, 0, len(f.Throughput))
	for _, week := range f.Throughput {
		delivered += week.Count
		weeks = append(weeks, fmt.Sprint(week.Count))
	}
	held := ""
	if f.WIP.Held > 0 {
		held = fmt.Sprintf(", %d of them on hold", f.WIP.Held)
	}
	p.Facts(text.Fact{Name: "delivered", Value: fmt.Sprintf("%d in %s; by week, the newest last: %s", delivered, count(len(f.Throughput), "week"), strings.Join(weeks, " "))},
		text.Fact{Name: "in progress", Value: fmt.Sprint(f.WIP.InProgress) + held}, text.Fact{Name: "open", Value: fmt.Sprint(f.Age.N)})
	p.Line("")
	times := text.Table{Columns: append([]text.Column{{Head: "MEASURE"}, {Head: "FROM"}, {Head: "N", Right: true}}, spread...)}
	times.Rows = append(times.Rows, append([]string{"lead time", "submitted to accepted"}, figures(f.LeadTime)...), append([]string{"cycle time", "pulled to accepted"}, figures(f.CycleTime)...),
		append([]string{"age", "submitted, and open now"}, figures(f.Age)...))
	p.Table(times)
	printWhereTimeWent(p, f)
	printStageTimes(p, f.Stages)
	printGroupTimes(p, f.Groups)
	printAging(p, f.Aging)
}

// printWhereTimeWent says how the time of delivered requests was spent, what may be expected, and whether Little's law holds.
func printWhereTimeWent(p *text.Printer, f *wire.FlowReport) {
	e := f.Efficiency
	if e.Items == 0 {
		return
	}
	p.Line("")
	all := e.Active + e.Blocked + e.Deciding + e.Waiting
	part := func(days float64) string { return percent(days / max(all, 1e-9)) }
	facts := []text.Fact{{Name: "efficiency", Value: fmt.Sprintf("%s active, %s waiting, %s in decision, %s on hold, of %s", part(e.Active), part(e.Waiting), part(e.Deciding), part(e.Blocked), count(e.Items, "delivered request"))},
		{Name: "expectation", Value: f.Expectation.Sentence}}
	for _, x := range slices.Concat(f.ByTeam, f.ByKind, f.ByTheme) {
		if x.Days > 0 {
			facts = append(facts, text.Fact{Name: x.Name, Value: x.Sentence})
		}
	}
	var kinds []string
	for _, s := range f.Distribution {
		kinds = append(kinds, fmt.Sprintf("%s %s", percent(s.Share), s.Kind))
	}
	facts = append(facts, text.Fact{Name: "delivered kinds", Value: strings.Join(kinds, ", ")})
	if l := f.Little; l.Measured > 0 {
		state := "holds"
		if !l.Holds {
			state = "does not hold"
		}
		facts = append(facts, text.Fact{Name: "Little's law", Value: fmt.Sprintf("%s: %.1f in progress ÷ %.2f a day = %s, measured %s", state, l.AvgWIP, l.Throughput, text.Days(l.Expected, 1), text.Days(l.Measured, 1))})
	}
	p.Facts(facts...)
}

// spread are the columns of figures.
var spread = []text.Column{{Head: "MEAN", Right: true}, {Head: "50 %", Right: true}, {Head: "85 %", Right: true}, {Head: "95 %", Right: true}, {Head: "MOST", Right: true}}

// figures are the cells of N and of spread.
func figures(s flow.Stats) []string {
	cells := []string{fmt.Sprint(s.N)}
	for _, v := range []float64{s.Mean, s.P50, s.P85, s.P95, s.Max} {
		cells = append(cells, text.Days(v, s.N))
	}
	return cells
}

func printStageTimes(p *text.Printer, stages []wire.StageCount) {
	p.Line("")
	t := text.Table{Columns: append([]text.Column{{Head: "IN STAGE"}, {Head: "OPEN", Right: true}, {Head: "OLDEST", Right: true}, {Head: "LEFT IT", Right: true}}, spread...)}
	for _, s := range stages {
		t.Rows = append(t.Rows, append([]string{string(s.Stage), fmt.Sprint(s.Open), text.Days(s.Age.Max, s.Open)}, figures(s.Days)...))
	}
	p.Table(t)
}

func printGroupTimes(p *text.Printer, groups []flow.GroupTime) {
	if len(groups) == 0 {
		return
	}
	p.Line("")
	t := text.Table{Columns: append([]text.Column{{Head: "WAITED FOR", Flex: true}, {Head: "OPEN", Right: true}, {Head: "OLDEST", Right: true}, {Head: "ENDED", Right: true}}, spread...)}
	for _, g := range groups {
		t.Rows = append(t.Rows, append([]string{spaced(g.Group), fmt.Sprint(g.Open), text.Days(g.Oldest, g.Open)}, figures(g.Days)...))
	}
	p.Table(t)
}

// oldestRows is how many requests in progress are compared with the finished ones.
const oldestRows = 10

// ageWords compare the age of work in progress with what was finished.
var ageWords = map[flow.Level]string{flow.LevelFine: "as usual", flow.LevelP50: "older than half of the finished", flow.LevelP70: "older than 70 % of the finished",
	flow.LevelP85: "older than 85 % of the finished"}

func printAging(p *text.Printer, oldest []flow.Aging) {
	if len(oldest) == 0 {
		return
	}
	p.Line("")
	t := text.Table{Columns: []text.Column{{Head: "OLDEST IN PROGRESS"}, {Head: "STAGE"}, {Head: "SINCE PULL", Right: true}, {Head: "IN TIME", Right: true}, {Head: "COMPARED", Flex: true}}}
	for _, a := range oldest[:min(oldestRows, len(oldest))] {
		chance := ""
		if a.Chance != nil {
			chance = percent(*a.Chance)
		}
		t.Rows = append(t.Rows, []string{a.ID, a.Stage, text.Days(a.Age, 1), chance, ageWords[a.Level]})
	}
	p.Table(t)
	if more := len(oldest) - oldestRows; more > 0 {
		p.Line("%d more are younger.", more)
	}
}

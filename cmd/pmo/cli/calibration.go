package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"leanpmo/cmd/pmo/text"
	"leanpmo/internal/forecast"
	"leanpmo/internal/wire"
)

func (k Kit) calibration() *cobra.Command {
	cmd := k.command(spec{
		use: "calibration", short: "Show whether forecasts that were told came true as often as they said", run: reportCalibration,
		long:    "\nA promise is judged once its day is over. The band is that of the binomial distribution, the interval Wilson's; both at 95 %.",
		example: "  pmo report calibration\n  pmo report calibration --portfolio core --days 730\n  pmo report calibration --csv > promises.csv",
	})
	cmd.Flags().Bool("csv", false, "one line a promise, for a spreadsheet")
	cmd.Flags().Int("days", 365, "how far back it was told, 1 to 730")
	cmd.Flags().String("portfolio", "", "which one; all of them when absent")
	return cmd
}

func reportCalibration(ctx context.Context, c *console, _ []string) error {
	if c.yes("csv") {
		return c.csv(func() ([]byte, error) { return c.api.CalibrationCSV(ctx, c.flag("portfolio"), c.number("days")) })
	}
	found, err := c.api.Calibration(ctx, c.flag("portfolio"), c.number("days"))
	if err != nil {
		return err
	}
	return show(c, found, printCalibration)
}

func printCalibration(p *text.Printer, r *wire.Calibration) {
	p.Line("What was told from %s to %s.", r.From.Local().Format(time.DateOnly), r.To.Local().Format(time.DateOnly))
	for _, words := range r.Words {
		p.Wrapped(2, words)
	}
	if r.Promises > 0 {
		p.Line("")
		t := text.Table{Columns: []text.Column{{Head: "CHANCE"}, {Head: "KEPT", Right: true}, {Head: "OF", Right: true}, {Head: "SHARE", Right: true}, {Head: "INTERVAL"}, {Head: "BAND"}, {Head: "ALL KEPT", Right: true}, {Head: "OF", Right: true}}}
		for _, l := range r.Levels {
			share := "–"
			if l.First.N > 0 {
				share = percent(l.Share)
			}
			t.Rows = append(t.Rows, []string{percent(l.First.Level), fmt.Sprint(l.First.Hits), fmt.Sprint(l.First.N), share, percent(l.Low) + " to " + percent(l.High), bandOf(l.First), fmt.Sprint(l.Hits), fmt.Sprint(l.N)})
		}
		p.Table(t)
		p.Facts(text.Fact{Name: "even odds", Value: text.Days(r.Sharpness.Ahead, 1) + " ahead, in the middle of all"},
			text.Fact{Name: "width", Value: text.Days(r.Sharpness.To85, 1) + " to the 85 %, " + text.Days(r.Sharpness.To95, 1) + " to the 95 %"})
	}
	if b := r.Backtest; b != nil {
		p.Line("")
		p.Line("On the portfolio's own history")
		p.Wrapped(2, b.Sentence)
		for _, j := range b.Judgements {
			if b.Forecasts > 0 {
				p.Wrapped(2, j.Sentence)
			}
		}
	}
}

// bandOf is how many of the forecasts correct ones keep; empty for too few.
func bandOf(j forecast.Judgement) string {
	if j.N < forecast.DefaultMinActive {
		return "too few"
	}
	return fmt.Sprintf("%d to %d", j.Low, j.High)
}

// Command forecast judges the product's forecasts against the usual method, a bootstrap of the last 84 days' throughput, on histories of
// finished work:
//
//	go run ./tests/bench/forecast FILE.csv...
//
// The columns are id,created,started,finished; cells may be empty; times are ISO dates or timestamps. From the 84th day of a history on,
// every 14 days, both methods forecast when the next N items are finished, N being seven weeks of work at the rate of the last 84 days.
// A forecast sees only what had happened by then. Those whose outcome the file does not know are left out.
//
// Printed for each file and method, and pooled over all forecasts where there are several files: how often the forecasts at 50, 70, 85 and
// 95 % came true, the mean pinball loss in days over these levels, the mean absolute error of the 50 % forecast as a share of the days it
// took, the mean days between the 50 and the 95 % forecast, and the seconds of computing. ratio is the geometric mean of pinball loss ours ÷
// bootstrap over the files, each weighted by its forecasts.
package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: forecast FILE.csv...")
		os.Exit(2)
	}
	if err := run(os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "forecast:", err)
		os.Exit(1)
	}
}

// run judges each file and prints its lines, then those of all.
func run(w io.Writer, files []string) error {
	var all []comparison
	for _, path := range files {
		history, err := readHistory(path)
		if err != nil {
			return err
		}
		c := compare(history)
		if len(files) > 1 {
			fmt.Fprintf(w, "file=%s items=%d days=%d\n", filepath.Base(path), history.items, len(history.counts))
		}
		fmt.Fprintln(w, c.ours.line("method=ours"))
		fmt.Fprintln(w, c.bootstrap.line("method=bootstrap"))
		all = append(all, c)
	}
	if len(files) > 1 {
		pooled := pool(all)
		fmt.Fprintln(w, pooled.ours.line("pooled method=ours"))
		fmt.Fprintln(w, pooled.bootstrap.line("pooled method=bootstrap"))
	}
	fmt.Fprintln(w, ratioLine(all))
	return nil
}

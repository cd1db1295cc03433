package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// printTable solves every row of optimum.csv (instance, ratio, budget, optimum) in the folder and prints each gap to the optimum.
func printTable(out io.Writer, folder string, limit time.Duration, work int64) error {
	rows, err := optima(filepath.Join(folder, "optimum.csv"))
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "| instance | ratio | optimum | profit | gap to the optimum | bound | seconds | processor seconds |\n|---|---|---|---|---|---|---|---|")
	var sum, worst float64
	for _, row := range rows {
		m, err := measure(filepath.Join(folder, row.instance+".txt"), row.ratio, limit, work)
		if err != nil {
			return err
		}
		if m.Profit > row.optimum || m.Bound < row.optimum || m.Cost > row.budget {
			return fmt.Errorf("%s at %s: profit %d, bound %d and cost %d contradict the optimum %d or the budget %d", row.instance, row.ratio, m.Profit, m.Bound, m.Cost, row.optimum, row.budget)
		}
		gap := 100 * float64(row.optimum-m.Profit) / float64(row.optimum)
		sum, worst = sum+gap, max(worst, gap)
		fmt.Fprintf(out, "| %s | %s | %d | %d | %.3f %% | %d | %.2f | %.2f |\n", row.instance, row.ratio, row.optimum, m.Profit, gap, m.Bound, m.wall.Seconds(), m.cpu.Seconds())
	}
	_, err = fmt.Fprintf(out, "\nMean gap %.3f %%, worst %.3f %%.\n", sum/float64(len(rows)), worst)
	return err
}

type optimum struct {
	instance, ratio string
	budget, optimum int64
}

func optima(file string) ([]optimum, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var out []optimum
	for i, row := range rows[min(1, len(rows)):] {
		if len(row) < 4 {
			return nil, fmt.Errorf("%s: line %d has fewer than four columns", file, i+2)
		}
		o := optimum{instance: row[0], ratio: row[1]}
		if o.budget, err = strconv.ParseInt(row[2], 10, 64); err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", file, i+2, err)
		}
		if o.optimum, err = strconv.ParseInt(row[3], 10, 64); err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", file, i+2, err)
		}
		out = append(out, o)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s has no rows", file)
	}
	return out, nil
}

// processorTime is what this process has used so far; on a shared machine it says more than elapsed time.
func processorTime() time.Duration {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		return 0
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

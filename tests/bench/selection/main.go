// Command selection solves Next Release Problem instances, to measure internal/selection.
//
//	go run ./tests/bench/selection FILE RATIO        one instance; the budget is the ratio of the total cost
//	go run ./tests/bench/selection -table FOLDER     every row of FOLDER/optimum.csv, as a table
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"leanpmo/internal/selection"
)

func main() {
	runtime.GOMAXPROCS(1) // the aim is for one core
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "selection:", err)
		os.Exit(1)
	}
}

const usage = "usage: selection [-limit 4.2s] [-work STEPS] FILE RATIO, or selection -table FOLDER"

func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("selection", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	limit := flags.Duration("limit", 4200*time.Millisecond, "")
	work := flags.Int64("work", 0, "")
	table := flags.Bool("table", false, "")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("%w; %s", err, usage)
	}
	switch {
	case *table && flags.NArg() == 1:
		return printTable(out, flags.Arg(0), *limit, *work)
	case *table || flags.NArg() != 2:
		return errors.New(usage)
	}
	m, err := measure(flags.Arg(0), flags.Arg(1), *limit, *work)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "profit=%d bound=%d gap=%.6f seconds=%.3f\n", m.Profit, m.Bound, m.gap(), m.wall.Seconds())
	return err
}

// measured is a solution and the time that reading and solving took.
type measured struct {
	selection.Solution
	wall, cpu time.Duration
}

// gap is the distance from the profit to the bound, as a share of the bound.
func (m measured) gap() float64 { return float64(m.Bound-m.Profit) / float64(max(m.Bound, 1)) }

// measure reads and solves one instance, within the limit of elapsed time.
func measure(file, ratio string, limit time.Duration, work int64) (measured, error) {
	began, cpu := time.Now(), processorTime()
	p, err := read(file, ratio)
	if err != nil {
		return measured{}, err
	}
	s, err := selection.Solve(p, selection.Options{Work: work, Stop: func() bool { return time.Since(began) > limit }})
	if err != nil {
		return measured{}, fmt.Errorf("%s: %w", file, err)
	}
	return measured{s, time.Since(began), processorTime() - cpu}, nil
}

func read(file, ratio string) (selection.Problem, error) {
	f, err := os.Open(file)
	if err != nil {
		return selection.Problem{}, err
	}
	defer f.Close()
	p, err := parse(bufio.NewReader(f))
	if err != nil {
		return selection.Problem{}, fmt.Errorf("%s: %w", file, err)
	}
	p.Budget, err = budget(p, ratio)
	return p, err
}

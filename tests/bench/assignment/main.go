// Command assignment solves instances of the generalised assignment problem with the product's solver, to measure internal/gap.
//
//	go run ./tests/bench/assignment FILE             one instance in the form of the OR-Library: agents, jobs, costs, weights, rooms
//	go run ./tests/bench/assignment -table FOLDER    every row of FOLDER/best_known.csv, as a table
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

	"leanpmo/internal/gap"
)

func main() {
	runtime.GOMAXPROCS(1) // the aim is for one core
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "assignment:", err)
		os.Exit(1)
	}
}

const usage = "usage: assignment [-limit 4.5s] [-most 28s] FILE, or assignment -table FOLDER"

// closeEnough is the gap at which the search ends with the first limit; above it, it goes on to the second.
const closeEnough = 0.001

// stepsASecond shares the work out over the time; on a slower machine the limit ends the search.
const stepsASecond = 100_000_000

func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("assignment", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	limit := flags.Duration("limit", 4500*time.Millisecond, "")
	most := flags.Duration("most", 28*time.Second, "")
	table := flags.Bool("table", false, "")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("%w; %s", err, usage)
	}
	if flags.NArg() != 1 {
		return errors.New(usage)
	}
	if *table {
		return printTable(out, flags.Arg(0), *limit, *most)
	}
	m, err := measure(flags.Arg(0), *limit, *most)
	if err != nil {
		return err
	}
	if m.Agent == nil {
		_, err = fmt.Fprintf(out, "cost=none bound=%d gap=none seconds=%.3f\n", m.Bound, m.wall.Seconds())
		return err
	}
	_, err = fmt.Fprintf(out, "cost=%d bound=%d gap=%.6f seconds=%.3f\n", m.Cost, m.Bound, m.gap(), m.wall.Seconds())
	return err
}

// measured is a solution and the time that reading and solving took.
type measured struct {
	gap.Solution
	wall time.Duration
}

// gap is the distance from the bound to the cost, as a share of the cost.
func (m measured) gap() float64 { return float64(m.Cost-m.Bound) / float64(max(m.Cost, 1)) }

// measure reads and solves one instance within a limit of elapsed time, and where the gap is then large, goes on to a second limit.
func measure(file string, limit, most time.Duration) (measured, error) {
	began := time.Now()
	f, err := os.Open(file)
	if err != nil {
		return measured{}, err
	}
	defer f.Close()
	p, err := parse(bufio.NewReader(f))
	if err != nil {
		return measured{}, fmt.Errorf("%s: %w", file, err)
	}
	var m measured
	for _, until := range []time.Duration{limit / 3, limit, most} { // the second search begins from what the first one found, and so takes another way
		if until == most && m.Agent != nil && m.gap() <= closeEnough {
			break
		}
		left := until - time.Since(began)
		o := gap.Options{Start: m.Agent, Work: int64(left.Seconds() * stepsASecond), Stop: func() bool { return time.Since(began) > until }}
		found, err := gap.Solve(p, o)
		if err != nil {
			return measured{}, fmt.Errorf("%s: %w", file, err)
		}
		if m.Agent != nil {
			found.Bound = max(found.Bound, m.Bound)
			found.Proven = found.Bound >= found.Cost
		}
		m.Solution, m.wall = found, time.Since(began)
		if m.Proven {
			break
		}
	}
	return m, nil
}

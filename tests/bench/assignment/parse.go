package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"text/tabwriter"
	"time"

	"leanpmo/internal/gap"
)

// largest limits what is read of a file: agents times jobs.
const largest = 10_000_000

// parse reads an instance: the numbers of agents and jobs, the costs and then the weights by agent, and the rooms.
func parse(in io.Reader) (gap.Problem, error) {
	var fault error
	next := func(what string) int64 {
		var x int64
		if fault == nil {
			if _, err := fmt.Fscan(in, &x); err != nil {
				fault = fmt.Errorf("%s: %w", what, err)
			}
		}
		return x
	}
	agents, jobs := next("the number of agents"), next("the number of jobs")
	if fault == nil && (agents < 1 || jobs < 1 || agents > largest/jobs) {
		return gap.Problem{}, fmt.Errorf("%d agents and %d jobs", agents, jobs)
	}
	p := gap.Problem{}
	for range jobs {
		p.Cost, p.Weight = append(p.Cost, make([]int64, agents)), append(p.Weight, make([]int64, agents))
	}
	for _, part := range []struct {
		name string
		to   [][]int64
	}{{"cost", p.Cost}, {"weight", p.Weight}} {
		for j := range agents {
			for i := range jobs {
				part.to[i][j] = next(fmt.Sprintf("%s of job %d at agent %d", part.name, i+1, j+1))
			}
		}
	}
	for j := range agents {
		p.Room = append(p.Room, next(fmt.Sprintf("room of agent %d", j+1)))
	}
	return p, fault
}

// printTable solves the instances that are in the folder, and compares them with the best known values.
func printTable(out io.Writer, folder string, limit, most time.Duration) error {
	f, err := os.Open(filepath.Join(folder, "best_known.csv"))
	if err != nil {
		return err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "instance\tcost\tbound\tbest known\tabove it, %\tproven\tseconds")
	for _, row := range rows[1:] {
		name := filepath.Base(row[0])
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			continue
		}
		known, err := strconv.ParseInt(row[7], 10, 64)
		if err != nil {
			return fmt.Errorf("best_known.csv: %s: %w", name, err)
		}
		m, err := measure(filepath.Join(folder, name), limit, most)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%.3f\t%t\t%.2f\n", name, m.Cost, m.Bound, known, 100*float64(m.Cost-known)/float64(known), m.Proven, m.wall.Seconds())
	}
	return w.Flush()
}

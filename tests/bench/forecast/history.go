package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
)

// history is how many items were finished on each day, from the first completion to the last.
type history struct {
	counts []int
	items  int
}

var columns = []string{"id", "created", "started", "finished"}

func readHistory(path string) (history, error) {
	file, err := os.Open(path)
	if err != nil {
		return history{}, err
	}
	defer file.Close()
	h, err := parseHistory(file)
	if err != nil {
		return history{}, fmt.Errorf("%s: %w", path, err)
	}
	return h, nil
}

func parseHistory(r io.Reader) (history, error) {
	rows := csv.NewReader(r)
	head, err := rows.Read()
	if err != nil {
		return history{}, fmt.Errorf("read the header: %w", err)
	}
	head[0] = strings.TrimPrefix(head[0], "\ufeff")
	if !slices.Equal(head, columns) {
		return history{}, fmt.Errorf("the header is %q, want %q", strings.Join(head, ","), strings.Join(columns, ","))
	}
	var days []int
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return countsOf(days)
		}
		if err != nil {
			return history{}, err
		}
		line, _ := rows.FieldPos(0)
		for k, cell := range row[1:] {
			at, err := parseTime(cell)
			if err != nil {
				return history{}, fmt.Errorf("line %d, %s: %w", line, columns[k+1], err)
			}
			if columns[k+1] == "finished" && !at.IsZero() {
				days = append(days, int(at.Unix()/86_400))
			}
		}
	}
}

// parseTime reads an ISO date or timestamp as the day it names, in whatever zone it is written; an empty cell is the zero time.
func parseTime(s string) (time.Time, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339, "2006-01-02T15:04:05", time.DateTime} {
		if at, err := time.Parse(layout, s); err == nil {
			return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC), nil
		}
	}
	return time.Time{}, fmt.Errorf("%.40q is no ISO date or timestamp", s)
}

func countsOf(days []int) (history, error) {
	if len(days) == 0 {
		return history{}, errors.New("no row has a finished date")
	}
	first, last := slices.Min(days), slices.Max(days)
	if last-first > 100*366 {
		return history{}, fmt.Errorf("the finished dates span more than a hundred years")
	}
	h := history{counts: make([]int, last-first+1), items: len(days)}
	for _, d := range days {
		h.counts[d-first]++
	}
	return h, nil
}

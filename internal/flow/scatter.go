package flow

import (
	"cmp"
	"slices"
	"time"
)

// Cell are delivered requests that were accepted at about the same time and took about as long: one point of a scatter.
type Cell struct {
	At    time.Time `json:"at" doc:"When it was accepted; of several, the mean"`
	Days  float64   `json:"days" doc:"How long it took since the pull; of several, the mean"`
	Count int       `json:"count"`
	Ref   string    `json:"ref,omitempty" doc:"Which request it is, where it is one"`
}

// Scatter puts samples that lie close together into one cell each, so that a picture of thousands stays readable: the time is cut into columns
// and the days, up to the longest, into rows. Every sample is in exactly one cell. The cells are in the order of their times.
func Scatter(samples []Sample, from, to time.Time, columns, rows int) []Cell {
	longest := 0.0
	for _, s := range samples {
		longest = max(longest, s.Days)
	}
	type place struct{ column, row int }
	type sum struct {
		Cell
		after time.Duration // from the beginning, over all
	}
	cells := map[place]*sum{}
	for _, s := range samples {
		at := place{part(s.End.Sub(from).Hours(), to.Sub(from).Hours(), columns), part(s.Days, longest, rows)}
		c := cells[at]
		if c == nil {
			c = &sum{Cell: Cell{Ref: s.ID}}
			cells[at] = c
		} else {
			c.Ref = ""
		}
		c.Count, c.Days, c.after = c.Count+1, c.Days+s.Days, c.after+s.End.Sub(from)
	}
	out := make([]Cell, 0, len(cells))
	for _, c := range cells {
		c.Days /= float64(c.Count)
		c.At = from.Add(c.after / time.Duration(c.Count))
		out = append(out, c.Cell)
	}
	slices.SortFunc(out, func(a, b Cell) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Days, b.Days), cmp.Compare(a.Ref, b.Ref))
	})
	return out
}

// part is in which of so many equal parts of the whole a value lies.
func part(value, whole float64, parts int) int {
	if whole <= 0 {
		return 0
	}
	return min(max(int(value/whole*float64(parts)), 0), parts-1)
}

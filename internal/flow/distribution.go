package flow

import (
	"cmp"
	"slices"
	"time"
)

// Share is one kind's part of the finished work.
type Share struct {
	Kind  string  `json:"kind"`
	Count int     `json:"count"`
	Share float64 `json:"share"`
}

// Distribution is flow distribution: the share of delivered items by kind from the day of from to the day of to, both
// included, largest first.
func Distribution(items []Item, from, to time.Time, o Options) []Share {
	loc := o.location()
	first, last, count, all := dayNumber(from, loc), dayNumber(to, loc), map[string]int{}, 0
	for _, i := range items {
		if i.Done == nil {
			continue
		}
		if n := dayNumber(*i.Done, loc); n >= first && n <= last {
			count[i.Kind]++
			all++
		}
	}
	out := make([]Share, 0, len(count))
	for kind, n := range count {
		out = append(out, Share{kind, n, float64(n) / float64(all)})
	}
	slices.SortFunc(out, func(a, b Share) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Kind, b.Kind)) })
	return out
}

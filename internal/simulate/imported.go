package simulate

import (
	"math"
	"slices"
	"time"
)

// importedInTime is the share of the imported work that must be finished so long after it was created, before the end of the import, for a week to count.
const importedInTime = 0.95

// Imported is finished work of another tool. It says how many come in a week and nothing of what they are.
type Imported struct {
	Created, Finished time.Time
}

// importedWeeks counts by whole week what was created before a time, newest last, and says when the first of the weeks begins. An import has finished
// work alone: what was begun before its first end and what was not finished before its last one may be missing. So the weeks begin no earlier than the
// first end, and end as long before the last one as 95 of 100 took from their creation until they were finished.
func (p Past) importedWeeks(before time.Time) (from time.Time, counts []int) {
	if len(p.Imported) == 0 {
		return before, nil
	}
	first, last := p.Imported[0].Finished, p.Imported[0].Finished
	took := make([]time.Duration, len(p.Imported))
	for i, w := range p.Imported {
		took[i] = w.Finished.Sub(w.Created)
		if w.Finished.Before(first) {
			first = w.Finished
		}
		if w.Finished.After(last) {
			last = w.Finished
		}
	}
	slices.Sort(took)
	until := last.Add(-took[int(math.Ceil(importedInTime*float64(len(took))))-1])
	if until.After(before) {
		until = before
	}
	if p.From.After(first) {
		first = p.From
	}
	weeks := max(0, int(until.Sub(first)/week))
	counts = make([]int, weeks)
	for _, w := range p.Imported {
		if k := int((until.Sub(w.Created) - 1) / week); w.Created.Before(until) && k < weeks { // a week begins with its first moment and ends before that of the next
			counts[weeks-1-k]++
		}
	}
	return until.Add(-time.Duration(weeks) * week), counts
}

package backlog

import (
	"slices"

	"leanpmo/internal/pmo"
	"leanpmo/internal/priority"
	"leanpmo/internal/store"
)

// Hypothetical is the id of a request that is only asked about.
const Hypothetical = "hypothetical"

// Change is another backlog to ask about: without some requests, and with one more.
type Change struct {
	Without []string // ids
	More    *More
}

// More is a request that there could be, submitted now.
type More struct {
	Class  pmo.ClassOfService
	Inputs pmo.Inputs
}

// Answer is what another backlog and other rules would change, with both results.
type Answer struct {
	Comparison
	Before, After Result
}

// WhatIf compares the backlog as it is, under the rules in force, with another one under other rules.
func (s Snapshot) WhatIf(portfolio string, now, then Rules, c Change) (Answer, error) {
	before, err := s.Rank(s.Items(now.Zone), now)
	if err != nil {
		return Answer{}, err
	}
	changed := s
	changed.Waiting = slices.DeleteFunc(slices.Clone(s.Waiting), func(w store.Waiting) bool { return slices.Contains(c.Without, w.ID) })
	changed.Needs = s.Needs.without(c.Without)
	items := changed.Items(then.Zone)
	if c.More != nil {
		items = append(items, priority.Item{ID: Hypothetical, SubmittedAt: s.At, Class: priority.Class(c.More.Class), Inputs: priority.Inputs(c.More.Inputs), LeadP85: s.Lead.P85})
	}
	after, err := changed.Rank(items, then)
	if err != nil {
		return Answer{}, err
	}
	return Answer{Compare(portfolio, before, after), before, after}, nil
}

package flow

import "time"

// WIPCount is work in progress at a moment: started, not finished. Held and Blocked are parts of InProgress.
type WIPCount struct {
	InProgress int `json:"in_progress"`
	Held       int `json:"held"`
	Blocked    int `json:"blocked"`
}

// WIP counts the work in progress at a moment.
func WIP(items []Item, at time.Time) WIPCount {
	var out WIPCount
	for _, i := range items {
		if !i.inProgress(at) {
			continue
		}
		out.InProgress++
		if within(i.Held, at) {
			out.Held++
		}
		if within(i.Blocked, at) {
			out.Blocked++
		}
	}
	return out
}

// Age is the work item age in days, moment − pulled; ok is false when the item is not in progress then.
func Age(i Item, at time.Time, o Options) (days float64, ok bool) {
	if !i.inProgress(at) {
		return 0, false
	}
	return elapsed(*i.Pulled, at, i.Held, o), true
}

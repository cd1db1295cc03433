package flow

import "time"

// Sample is one measured duration, in days.
type Sample struct {
	ID   string    `json:"id"`
	Kind string    `json:"kind,omitempty"`
	End  time.Time `json:"end"`
	Days float64   `json:"days"`
}

// Skipped is an item left out of a measure, with the reason.
type Skipped struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// CycleTimes measures pulled → done of the delivered items.
func CycleTimes(items []Item, o Options) ([]Sample, []Skipped) {
	return durations(items, o, func(i Item) *time.Time { return i.Pulled }, "never pulled")
}

// LeadTimes measures submitted → done of the delivered items.
func LeadTimes(items []Item, o Options) ([]Sample, []Skipped) {
	return durations(items, o, func(i Item) *time.Time { return i.Submitted }, "never submitted")
}

func durations(items []Item, o Options, start func(Item) *time.Time, missing string) (out []Sample, skipped []Skipped) {
	for _, i := range items {
		from := start(i)
		switch {
		case i.Done == nil:
			continue
		case from == nil:
			skipped = append(skipped, Skipped{i.ID, missing})
		case i.Done.Before(*from):
			skipped = append(skipped, Skipped{i.ID, "done before it started"})
		default:
			out = append(out, Sample{i.ID, i.Kind, *i.Done, elapsed(*from, *i.Done, i.Held, o)})
		}
	}
	return out, skipped
}

// CycleOf is the cycle time of one item; false where it has none.
func CycleOf(i Item, o Options) (days float64, ok bool) {
	if i.Done == nil || i.Pulled == nil || i.Done.Before(*i.Pulled) {
		return 0, false
	}
	return elapsed(*i.Pulled, *i.Done, i.Held, o), true
}

// Days returns the bare durations, for percentiles and forecasts.
func Days(samples []Sample) []float64 {
	out := make([]float64, len(samples))
	for i, s := range samples {
		out[i] = s.Days
	}
	return out
}

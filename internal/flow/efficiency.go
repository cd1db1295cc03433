package flow

import "time"

// Clock says which stretch of an item's life is measured.
type Clock string

// The two clocks: pulled → done and submitted → done.
const (
	CycleClock Clock = "cycle"
	LeadClock  Clock = "lead"
)

// Efficiency is flow efficiency, active ÷ (active + waiting), over some items.
type Efficiency struct {
	Items   int     `json:"items"`
	Active  float64 `json:"active_days"`
	Waiting float64 `json:"waiting_days"`
	Share   float64 `json:"share"` // 0 when there is no time at all
}

// FlowEfficiency measures the delivered items. Time is active in a stage that is not a waiting one, unless the item is
// blocked or on hold; time in no stage is waiting. An item without stages counts as active from pulled to done.
func FlowEfficiency(items []Item, clock Clock) Efficiency {
	var out Efficiency
	var active, all time.Duration
	for _, i := range items {
		from := i.Pulled
		if clock == LeadClock {
			from = i.Submitted
		}
		if i.Done == nil || from == nil || i.Done.Before(*from) {
			continue
		}
		out.Items++
		all += i.Done.Sub(*from)
		active += activeTime(i, *from, *i.Done)
	}
	out.Active = active.Hours() / 24
	out.Waiting = (all - active).Hours() / 24
	if all > 0 {
		out.Share = float64(active) / float64(all)
	}
	return out
}

// activeTime is the time in active stages minus the blocked and held parts of it.
func activeTime(i Item, from, to time.Time) time.Duration {
	var stages []Span
	for _, s := range i.Stages {
		if !s.Waiting {
			stages = append(stages, s.Span)
		}
	}
	if len(i.Stages) == 0 && i.Pulled != nil {
		stages = []Span{{From: *i.Pulled, To: i.Done}}
	}
	work := clip(union(spansOf(stages, to)), from, to)
	stopped := union(append(spansOf(i.Blocked, to), spansOf(i.Held, to)...))
	return total(work) - overlap(work, stopped)
}

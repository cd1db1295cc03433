package flow

import "time"

// Efficiency is where the time of delivered items went, from submission to acceptance, and flow efficiency: the active part of it.
type Efficiency struct {
	Items    int     `json:"items"`
	Active   float64 `json:"active_days" doc:"A team worked on it: in execution, and not on hold"`
	Blocked  float64 `json:"blocked_days" doc:"On hold"`
	Deciding float64 `json:"deciding_days" doc:"A question to people was open, and nobody worked on it"`
	Waiting  float64 `json:"waiting_days" doc:"None of these: it waited in a queue"`
	Share    float64 `json:"share" doc:"Flow efficiency, active ÷ all; 0 when there is no time at all"`
}

// Add adds a delivered item, with the time in which a question about it was open. A moment counts once: as blocked, else as active in a stage
// that is not a waiting one, else as deciding. An item without stages counts as active from pulled to done.
func (e *Efficiency) Add(i Item, questions []Span) {
	if i.Done == nil || i.Submitted == nil || i.Done.Before(*i.Submitted) {
		return
	}
	from, to := *i.Submitted, *i.Done
	within := func(spans []Span) []interval { return clip(union(spansOf(spans, to)), from, to) }
	blocked := within(append(append([]Span{}, i.Blocked...), i.Held...))
	work, asked := within(activeSpans(i)), within(questions)
	active := total(work) - overlap(work, blocked)
	busy := union(append(append([]interval{}, blocked...), work...))
	deciding := total(asked) - overlap(asked, busy)
	days := func(d time.Duration) float64 { return d.Hours() / 24 }
	e.Items++
	e.Active += days(active)
	e.Blocked += days(total(blocked))
	e.Deciding += days(deciding)
	e.Waiting += days(to.Sub(from) - active - total(blocked) - deciding)
	if all := e.Active + e.Blocked + e.Deciding + e.Waiting; all > 0 {
		e.Share = e.Active / all
	}
}

// activeSpans are the stays in stages in which somebody works on the item.
func activeSpans(i Item) []Span {
	if len(i.Stages) == 0 && i.Pulled != nil {
		return []Span{{From: *i.Pulled, To: i.Done}}
	}
	var spans []Span
	for _, s := range i.Stages {
		if !s.Waiting {
			spans = append(spans, s.Span)
		}
	}
	return spans
}

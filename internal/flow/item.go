package flow

import "time"

// Span is a stretch of time; To is nil while it lasts.
type Span struct {
	From time.Time
	To   *time.Time
}

// StageSpan is a stay in one stage; an item that comes back has several.
type StageSpan struct {
	Stage string
	Span
	// Waiting marks a stage in which nobody works on the item (a queue).
	Waiting bool
}

// Item is one piece of work, described by its timestamps.
type Item struct {
	ID   string
	Kind string
	// Submitted is when it was asked for, Pulled when a team committed to it, Done when it was accepted. Each is nil
	// when it has not happened.
	Submitted, Pulled, Done *time.Time
	// Dropped is when it left without delivery (rejected, withdrawn, cancelled, merged, answered, expired).
	Dropped *time.Time
	Stages  []StageSpan
	Blocked []Span
	Held    []Span
}

// Question is a question to people; its decision time runs from opened to answered.
type Question struct {
	ID, Kind string
	Opened   time.Time
	Answered *time.Time
	// CostOfDelay is what a week of delay of its item costs; 0: unknown.
	CostOfDelay float64
}

// Options choose between the definitions in use.
type Options struct {
	// Location sets where a day begins; UTC when nil.
	Location *time.Location
	// PlusOneDay counts calendar days with the first and the last included: done on the day it started is 1.
	PlusOneDay bool
	// ExcludeHeld takes time on hold out of cycle time, lead time and age.
	ExcludeHeld bool
}

func (o Options) location() *time.Location {
	if o.Location == nil {
		return time.UTC
	}
	return o.Location
}

// ended is when the item left, delivered or not; nil while it has not left.
func (i Item) ended() *time.Time {
	if i.Done != nil {
		return i.Done
	}
	return i.Dropped
}

// inProgress reports whether the item is started and not finished at a moment.
func (i Item) inProgress(at time.Time) bool {
	end := i.ended()
	return i.Pulled != nil && !i.Pulled.After(at) && (end == nil || end.After(at))
}

func within(spans []Span, at time.Time) bool {
	for _, s := range spans {
		if !s.From.After(at) && (s.To == nil || s.To.After(at)) {
			return true
		}
	}
	return false
}

package flow

import (
	"slices"
	"time"

	"leanpmo/internal/pmo"
)

// Record is one request as the read model and the ledger know it. A time is nil if the event has not happened yet.
type Record struct {
	ID, Ref      string
	Portfolio    string
	Stage        pmo.Stage
	Status       pmo.Status
	Outcome      pmo.Outcome
	Kind         string
	Class        pmo.ClassOfService
	Team         string
	Approach     string
	Themes       []string
	Confidential bool
	CostOfDelay  float64 // money a week; 0: unknown
	SubmittedAt  time.Time
	PulledAt     *time.Time
	AcceptedAt   *time.Time
	ClosedAt     *time.Time
	Events       []Event // in order
}

// Open reports whether the request is neither delivered nor closed.
func (r *Record) Open() bool { return r.AcceptedAt == nil && r.Status != pmo.StatusClosed }

// Ended is when the request ended for every measure: with its acceptance, or else when it was closed; nil before. The benefit review after
// the acceptance counts for none of them.
func (r *Record) Ended() *time.Time {
	if r.AcceptedAt != nil {
		return r.AcceptedAt
	}
	return r.ClosedAt
}

// Measured is a request as the measures of flow take it, and its questions. It has no events.
type Measured struct {
	Record
	Item      Item
	Questions []Question
}

// Measure makes of a record what the measures take.
func Measure(r Record) Measured {
	ended, events := r.Ended(), r.Events
	if ended != nil {
		events = slices.DeleteFunc(slices.Clone(events), func(e Event) bool { return e.At.After(*ended) })
	}
	return Assemble(r, StagesOf(events, ended), HeldOf(events, ended), QuestionsOf(events, ended))
}

// Assemble puts together what was measured before.
func Assemble(r Record, stages []StageSpan, held []Span, questions []Question) Measured {
	m := Measured{Record: r, Questions: questions}
	m.Events = nil
	m.Item = Item{ID: r.Ref, Kind: r.Kind, Submitted: &m.SubmittedAt, Pulled: r.PulledAt, Done: r.AcceptedAt, Stages: stages, Held: held}
	if r.AcceptedAt == nil {
		m.Item.Dropped = r.ClosedAt
	}
	return m
}

package cache

import (
	"slices"
	"time"

	"leanpmo/internal/flow"
	"leanpmo/internal/pmo"
)

// compact is a measured request in little memory: names are numbers, times are microseconds.
type compact struct {
	record    flow.Record // without events
	spans     []span      // stages, then holds, then questions
	stages    int         // how many of the spans
	held      int
	endedAt   int64 // lasts when it has not ended
	submitted int64
}

// span is a stretch of time with a name.
type span struct {
	from, to int64 // lasts while it has no end
	name     uint32
}

// lasts is the end of what has none. No time is so late.
const lasts = int64(1<<63 - 1)

// names gives every name a number: there are few, of stages, groups and teams.
type names struct {
	list   []string
	number map[string]uint32
}

func (n *names) of(name string) uint32 {
	if i, known := n.number[name]; known {
		return i
	}
	if n.number == nil {
		n.number = map[string]uint32{}
	}
	i := uint32(len(n.list))
	n.list, n.number[name] = append(n.list, name), i
	return i
}

// interned is one text for all that are equal.
func (n *names) interned(text string) string { return n.list[n.of(text)] }

func micros(t *time.Time) int64 {
	if t == nil {
		return lasts
	}
	return t.UnixMicro()
}

func moment(micros int64) *time.Time {
	if micros == lasts {
		return nil
	}
	t := time.UnixMicro(micros).UTC()
	return &t
}

// pack makes a measured request compact.
func (n *names) pack(m flow.Measured) *compact {
	c := &compact{record: m.Record, stages: len(m.Item.Stages), held: len(m.Item.Held), endedAt: micros(m.Ended()), submitted: m.SubmittedAt.UnixMicro()}
	for _, text := range []*string{&c.record.Portfolio, &c.record.Kind, &c.record.Team, &c.record.Approach} {
		*text = n.interned(*text)
	}
	r := &c.record
	r.Stage, r.Status, r.Outcome, r.Class = pmo.Stage(n.interned(string(r.Stage))), pmo.Status(n.interned(string(r.Status))), pmo.Outcome(n.interned(string(r.Outcome))), pmo.ClassOfService(n.interned(string(r.Class)))
	r.Themes = make([]string, len(m.Themes))
	for i, theme := range m.Themes {
		r.Themes[i] = n.interned(theme)
	}
	c.spans = make([]span, 0, c.stages+c.held+len(m.Questions))
	for _, s := range m.Item.Stages {
		c.spans = append(c.spans, span{s.From.UnixMicro(), micros(s.To), n.of(s.Stage)})
	}
	for _, s := range m.Item.Held {
		c.spans = append(c.spans, span{s.From.UnixMicro(), micros(s.To), 0})
	}
	for _, q := range m.Questions {
		c.spans = append(c.spans, span{q.Opened.UnixMicro(), micros(q.Answered), n.of(q.Kind)})
	}
	return c
}

// unpack is what pack was given. Questions have no id: no measure needs it.
func (n *names) unpack(c *compact) flow.Measured {
	stages, held, questions := make([]flow.StageSpan, c.stages), make([]flow.Span, c.held), make([]flow.Question, len(c.spans)-c.stages-c.held)
	for i, s := range c.spans {
		stretch := flow.Span{From: *moment(s.from), To: moment(s.to)}
		switch {
		case i < c.stages:
			stages[i] = flow.StageSpan{Stage: n.list[s.name], Span: stretch}
		case i < c.stages+c.held:
			held[i-c.stages] = stretch
		default:
			questions[i-c.stages-c.held] = flow.Question{Kind: n.list[s.name], Opened: stretch.From, Answered: stretch.To}
		}
	}
	return flow.Assemble(c.record, stages, held, questions)
}

// same reports whether two say the same of a request.
func (c *compact) same(other *compact) bool {
	if other == nil || c.stages != other.stages || c.held != other.held || !slices.Equal(c.spans, other.spans) {
		return false
	}
	a, b := c.record, other.record
	for _, t := range [][2]*time.Time{{&a.SubmittedAt, &b.SubmittedAt}, {a.PulledAt, b.PulledAt}, {a.AcceptedAt, b.AcceptedAt}, {a.ClosedAt, b.ClosedAt}} {
		if micros(t[0]) != micros(t[1]) {
			return false
		}
	}
	return a.ID == b.ID && a.Ref == b.Ref && a.Portfolio == b.Portfolio && a.Stage == b.Stage && a.Status == b.Status && a.Outcome == b.Outcome && a.Kind == b.Kind &&
		a.Class == b.Class && a.Team == b.Team && a.Approach == b.Approach && slices.Equal(a.Themes, b.Themes) && a.Confidential == b.Confidential && a.CostOfDelay == b.CostOfDelay
}

package forecast

import (
	"time"

	"leanpmo/internal/pmo"
)

// Part is one of several requests whose common end is forecast: first what it shares with the others of its queue, then what is its own.
type Part struct {
	Queue  string   // the requests of a queue are pulled one after another, at the same pace
	Shared Result   // the time until it is pulled; Done once it is
	Own    Result   // the open days from then on, independent of those of others
	People []string // who work on it, as far as it is known

	open *openDays // for Own; Shared is in days of the calendar
}

// levels is at how many chances of the pace the common end of a queue is computed.
const levels = 400

// Work is how long finished requests took, in days without days off, and the days off to come of those who work.
type Work struct {
	Days []float64
	// Off are days off; nil: those of the model.
	Off []time.Time
	// Team is whose finished requests these are; empty: those of the whole portfolio.
	Team string
}

// Split is the forecast of a request as a part of several. One in progress takes what finished requests took that lasted longer than its age.
// One that waits is pulled when enough are finished, and then takes a cycle time like theirs. With too few cycle times the throughput says when
// it is finished: all of that is shared.
func (m *Model) Split(q Queue, w Work) Part {
	nothing := resultOf(Distribution{[]float64{1}}, m.basis, m.options)
	p := Part{Shared: nothing, open: m.open}
	if len(w.Days) < MinCycles {
		p.Shared, p.Own = m.whenPushedBack(q.toFinish(), q.Above), nothing
		return p
	}
	o := m.options
	if w.Off != nil {
		o.Blackout = w.Off
		p.open = openDaysOf(o)
	}
	if q.Pulled {
		p.Own = Remaining(w.Days, float64(q.Age), o)
	} else {
		p.Shared, p.Own = m.Start(q), Remaining(w.Days, 0, o)
	}
	if p.Own.Basis.Team = w.Team; !p.Own.CannotForecast {
		p.Own.Sentence = sentence(p.Own)
	}
	return p
}

// Finish is when a part alone is finished.
func (p Part) Finish(o Options) Result {
	switch {
	case p.Own.Done:
		return p.Shared
	case p.Shared.Done && p.open == nil:
		return p.Own
	default:
		return then(p.from(o), p.Shared, p.Own, p.open)
	}
}

// from are the options by which the days of a part count from where they begin: in its own time zone.
func (p Part) from(o Options) Options {
	if !p.Shared.start.IsZero() {
		o.Start = p.Shared.start
	}
	return o
}

// All forecasts when the last of several requests is finished. Those that wait in one queue keep the same pace: the later one is pulled
// later in every future. What follows the pull is independent, as is all of different queues: chances multiply. Of those that are worked on, they
// do so only where no people are the same.
func All(o Options, parts ...Part) Result {
	queues, order, worked := map[string][]Part{}, []string{}, []Part{}
	for _, p := range parts {
		if p.Shared.Done {
			worked = append(worked, p)
			continue
		}
		if queues[p.Queue] == nil {
			order = append(order, p.Queue)
		}
		queues[p.Queue] = append(queues[p.Queue], p)
	}
	joint := bySamePeople(o, worked)
	for _, queue := range order {
		joint = append(joint, inQueue(o.withDefaults(), queues[queue]))
	}
	return Joint(o, joint...)
}

// inQueue forecasts when the last of several requests of one queue is finished.
func inQueue(o Options, parts []Part) Result {
	first := parts[0].Finish(o)
	basis, ends := first.Basis, make([]Distribution, len(parts))
	for i, p := range parts {
		end := p.Finish(o)
		if end.CannotForecast {
			return end
		}
		ends[i], basis = end.dist, weaker(basis, end.Basis, false)
	}
	if len(parts) == 1 {
		return first
	}
	return resultOf(lastOf(parts, ends), basis, parts[0].from(o))
}

// lastOf is the distribution of the last end: the mean over the chances of the pace of the product of the chances of each, and never above
// that of one of them.
func lastOf(parts []Part, ends []Distribution) Distribution {
	length := 0
	for _, end := range ends {
		length = max(length, len(end.cdf))
	}
	out, after := make([]float64, length), make([]float64, length+1) // after[d]: what is added on d and every later day
	for level := range levels {
		addLevel(out, after, parts, (float64(level)+0.5)/levels)
	}
	sum := 0.0
	for day := range out {
		sum += after[day]
		out[day] = snapToOne(out[day] + sum)
		for _, end := range ends {
			out[day] = min(out[day], end.Within(day))
		}
	}
	return Distribution{out}
}

// addLevel adds the futures in which the pace is at one level. Where a pull lies beyond the horizon, all are not finished.
func addLevel(out, after []float64, parts []Part, level float64) {
	starts, from, to := make([]int, len(parts)), 0, 0
	for i, p := range parts {
		day, known := p.Shared.dist.Percentile(level)
		if !known {
			return
		}
		starts[i], from, to = day, max(from, day), max(to, p.open.after(day, len(p.Own.dist.cdf)-1))
	}
	chance := func(day int) float64 {
		all := 1.0 / levels
		for i, p := range parts {
			all *= p.Own.dist.Within(p.open.at(day) - p.open.at(starts[i]))
		}
		return all
	}
	for day := from; day < min(to, len(out)); day++ {
		out[day] += chance(day)
	}
	after[min(to, len(out))] += chance(to)
}

// Need is how far what a request needs must be before it is pulled.
type Need string

// The needs. An empty one is that for delivery.
const (
	NeedDelivered Need = "delivered"
	NeedBegun     Need = "begun"
	NeedNothing   Need = "ignored"
)

// Prerequisite is an open request that another one needs.
type Prerequisite struct {
	NeededBy string // the id of the other one
	Request  pmo.Request
	Rank     int // in the ranking of its portfolio; 0: it has none
}

// Until is the time until a part that another one needs is far enough.
func (p Part) Until(n Need) Part {
	if n == NeedBegun {
		p.Own = resultOf(Distribution{[]float64{1}}, p.Own.Basis, Options{})
	}
	return p
}

// After is the part of a request that is pulled when others are far enough, and not before its turn.
func (p Part) After(o Options, others ...Part) Part {
	if len(others) > 0 {
		p.Shared = Joint(o, p.Shared, All(o, others...))
	}
	return p
}

package bench

import "fmt"

// aim is what we want, and what this run says to it. A run on a busy machine may miss one that an idle one meets.
type aim struct {
	Aim, Found string
	Met        bool
	Unmeasured string `json:",omitempty"` // why the run says nothing to it; it is neither met nor missed then
}

// The reasons why an aim is unmeasured.
const (
	notReached = "the run did not reach it"
	tooFew     = "too few calls for a 99th percentile"
)

// callsForP99 are enough calls that the 99th percentile is not their maximum.
const callsForP99 = 200

// aims collects the aims of a report. A value of zero or less was never measured: every measured one is greater.
type aims []aim

func (l *aims) most(what string, found, limit float64) {
	l.add(fmt.Sprintf("%s: at most %g", what, limit), found, found <= limit)
}

func (l *aims) least(what string, found, limit float64) {
	l.add(fmt.Sprintf("%s: at least %g", what, limit), found, found >= limit)
}

func (l *aims) add(what string, found float64, met bool) {
	if !(found > 0) { // no number included
		*l = append(*l, aim{Aim: what, Found: notReached, Unmeasured: notReached})
		return
	}
	*l = append(*l, aim{Aim: what, Found: short(found), Met: met})
}

// mostP99 takes a percentile only from enough calls.
func (l *aims) mostP99(what string, found latency, limit float64) {
	if found.Calls > 0 && found.Calls < callsForP99 {
		why := fmt.Sprintf("%s: %d, the slowest took %s", tooFew, found.Calls, short(found.P99))
		*l = append(*l, aim{Aim: fmt.Sprintf("%s: at most %g", what, limit), Found: why, Unmeasured: tooFew})
		return
	}
	l.most(what, found.P99, limit)
}

// judge says of every aim that the scale has whether this run met it.
func (r *report) judge(size scale) []aim {
	if size.pages.calls > 0 {
		return r.judgePages()
	}
	var l aims
	if n := len(size.submitAt); n > 0 {
		l.most(fmt.Sprintf("submit p50 with %d stored ÷ with %d, each ÷ yardstick", size.submitAt[n-1], size.submitAt[0]), r.storedGrowth(size), 1.2)
		return l
	}
	way, longer := r.price(pathStraight), r.price(pathLonger)
	l.most("history events, straight-through", way.Events, 100)
	l.most("state transitions, straight-through", way.Transitions, 30)
	l.most("history events of a further vote", r.furtherVote(), 6)
	l.most("history events of a further progress report", (longer.Events-way.Events)/furtherAnswers, 6)
	for _, clients := range size.clients {
		for _, what := range []string{flowAPI, flowEngine} {
			f := r.flow(what, clients)
			l.least(fmt.Sprintf("%s a second ÷ bare, %d clients", what, clients), f.RatioRequests, 0.5)
			l.least(fmt.Sprintf("events a second ÷ bare, %s, %d clients", what, clients), f.RatioEvents, 1)
		}
	}
	bare := find(r.Latencies, callYardstick, 1).P50
	l.most("submit p50 ÷ bare update-with-start", ratio(find(r.Latencies, callSubmit, 1).P50, bare), 1.5)
	l.most("submit through the engine, p50 ÷ the same", ratio(find(r.Latencies, callDirect, 1).P50, bare), 1.5)
	l.mostP99("submit p99 at 50 clients, ms", find(r.Latencies, callSubmit, 50), 2000)
	l.mostP99("decide p99 at 16 clients, ms", find(r.Latencies, callDecide, 16), 500)
	l.mostP99("decide p99 at 50 clients, ms", find(r.Latencies, callDecide, 50), 1000)
	last, stored := r.lastGrowth(size)
	l.mostP99(fmt.Sprintf("read one p99 with %d stored, ms", stored), find(last.Latencies, callRead, 1), 5)
	l.mostP99(fmt.Sprintf("list 50 p99 with %d stored, ms", stored), find(last.Latencies, callList, 1), 10)
	return l
}

// lastGrowth is what was measured with the most requests that the scale has; empty when the run did not come so far.
func (r *report) lastGrowth(size scale) (growth, int) {
	planned, stored := len(size.open), size.stored
	if stored > 0 {
		planned++
	} else if planned > 0 {
		stored = size.open[planned-1]
	}
	if n := len(r.Growth); n > 0 && n >= planned {
		return r.Growth[n-1], r.Growth[n-1].Stored
	}
	return growth{}, stored
}

// ratio is 0, which means unmeasured, when one of the two was not measured.
func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

func (r *report) flow(what string, clients int) flow {
	for _, f := range r.Flows {
		if f.What == what && f.Clients == clients {
			return f
		}
	}
	return flow{}
}

// furtherVote is what one more voter costs: the plan signed by two instead of one.
func (r *report) furtherVote() float64 {
	if len(r.price(pathAsked).Steps) == 0 {
		return 0
	}
	events := func(path, step string) float64 {
		for _, s := range r.price(path).Steps {
			if s.Step == step {
				return s.Events
			}
		}
		return 0
	}
	return events(pathAsked, "plan") + events(pathAsked, "plan, team") - events(pathStraight, "plan")
}

func (r *report) price(path string) price {
	for _, p := range r.Prices {
		if p.Path == path {
			return p
		}
	}
	return price{}
}

func find(list []latency, what string, clients int) latency {
	for _, l := range list {
		if l.What == what && l.Clients == clients {
			return l
		}
	}
	return latency{}
}

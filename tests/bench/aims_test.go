package bench

import "fmt"

// aim is what we want, and what this run says to it. A run on a busy machine may miss one that an idle one meets.
type aim struct {
	Aim, Found string
	Met        bool
}

func (r *report) judge() []aim {
	var list []aim
	most := func(what string, found, limit float64) {
		list = append(list, aim{fmt.Sprintf("%s: at most %g", what, limit), short(found), found <= limit})
	}
	least := func(what string, found, limit float64) {
		list = append(list, aim{fmt.Sprintf("%s: at least %g", what, limit), short(found), found >= limit})
	}
	way, longer := r.price(pathStraight), r.price(pathLonger)
	most("history events, straight-through", way.Events, 100)
	most("state transitions, straight-through", way.Transitions, 30)
	most("history events of a further vote", r.furtherVote(), 6)
	most("history events of a further progress report", (longer.Events-way.Events)/furtherAnswers, 6)
	for _, f := range r.Flows {
		if f.What != "bare" {
			least(fmt.Sprintf("%s a second ÷ bare, %d clients", f.What, f.Clients), f.RatioRequests, 0.5)
			least(fmt.Sprintf("events a second ÷ bare, %s, %d clients", f.What, f.Clients), f.RatioEvents, 1)
		}
	}
	bare := find(r.Latencies, callYardstick, 1).P50
	most("submit p50 ÷ bare update-with-start", find(r.Latencies, callSubmit, 1).P50/bare, 1.5)
	most("submit through the engine, p50 ÷ the same", find(r.Latencies, callDirect, 1).P50/bare, 1.5)
	most("decide p99 at 16 clients, ms", find(r.Latencies, callDecide, 16).P99, 500)
	most("decide p99 at 50 clients, ms", find(r.Latencies, callDecide, 50).P99, 1000)
	if n := len(r.Growth); n > 0 {
		g := r.Growth[n-1]
		most(fmt.Sprintf("read one p99 with %d stored, ms", g.Stored), find(g.Latencies, callRead, 1).P99, 5)
		most(fmt.Sprintf("list 50 p99 with %d stored, ms", g.Stored), find(g.Latencies, callList, 1).P99, 10)
	}
	return list
}

// furtherVote is what one more voter costs: the plan signed by two instead of one.
func (r *report) furtherVote() float64 {
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

package notify

import (
	"slices"
	"time"

	"leanpmo/internal/store"
)

// What one command causes is several entries: an answer settles a question, the next stage is entered, its people are asked. They are one
// message for each recipient.
const (
	momentLength = 2 * time.Second // entries of a request within this time belong together
	momentLag    = time.Second     // an entry is in the feed so long after it happened, at the most, unless the database was away
	mostSkew     = time.Minute     // an entry further in the future comes from a wrong clock and is not waited for
)

// settled is how many events of a page are of moments that are over. The feed is read again from the first one that is not: so its message
// has everything that belongs to it.
func (d *Dispatcher) settled(events []store.Event, full bool) int {
	if d.moment == 0 {
		return len(events)
	}
	now, starts := d.Now(), startsOf(events, d.moment)
	for i := range events {
		start := events[starts[i]].At
		if now.Before(start.Add(d.moment+momentLag)) && !start.After(now.Add(mostSkew)) {
			return starts[i]
		}
	}
	if full {
		return continued(events, starts, d.moment+momentLag)
	}
	return len(events)
}

// continued is where the first moment of a full page begins that may go on in the next page: that of any request, because entries of
// several requests alternate. Where that is the beginning, the page holds nothing but moments that may go on; they are split there.
func continued(events []store.Event, starts []int, length time.Duration) int {
	last := events[len(events)-1].At
	for i := range events {
		if first := starts[i]; last.Sub(events[first].At) < length {
			if first == 0 {
				break
			}
			return first
		}
	}
	return len(events)
}

// startsOf says for each event at which one its moment began.
func startsOf(events []store.Event, length time.Duration) []int {
	latest, starts := map[string]int{}, make([]int, len(events))
	for i, e := range events {
		start, known := latest[e.RequestID]
		if !known || length == 0 || e.At.Sub(events[start].At) >= length {
			start = i
			latest[e.RequestID] = i
		}
		starts[i] = start
	}
	return starts
}

// told is what one recipient address hears of one moment.
type told struct {
	Address
	to      []string
	about   []about
	journal bool   // there is no address: a line of the journal
	zone    string // as Data.TimeZone

	moment    int       // the place of the moment among the events
	mayAct    bool      // one of them can answer
	notBefore time.Time // the end of the recipient's quiet hours; the zero time: at once
}

// about is an event with what is known of it.
type about struct {
	store.Event
	detail store.NotifyDetail
	known  bool
}

// main is the event that a message is named after: the first that asks for an answer, else the last, after which the request stands as it
// does.
func (t *told) main() about {
	for _, a := range t.about {
		if asksForAnswer(a.Event) {
			return a
		}
	}
	return t.about[len(t.about)-1]
}

// add notes that people hear of an event; a later event of the same moment is added to the same message. What must be heard at once takes the rest
// of its moment with it.
func (t *told) add(to addressed, a about) {
	for _, person := range to.To {
		if !slices.Contains(t.to, person) {
			t.to = append(t.to, person)
		}
	}
	if to.at.IsZero() {
		t.notBefore = time.Time{}
	}
	t.mayAct = t.mayAct || to.mayAct
	t.about = append(t.about, a)
}

package pmo

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// CheckWatch returns why watchers cannot be changed, or nil.
func (r *Request) CheckWatch(c Watch) *Refusal {
	if len(c.Add)+len(c.Remove) == 0 {
		return invalid("/add", "names at least one person")
	}
	if len(r.Watchers)+len(c.Add) > 200 {
		return invalid("/add", "a request has at most 200 watchers")
	}
	return nil
}

// ApplyWatch changes the watchers.
func (r *Request) ApplyWatch(c Watch, now time.Time) Receipt {
	before := len(r.Watchers)
	r.Watchers = union(r.Watchers, c.Add...)
	added := len(r.Watchers) - before
	var kept []string
	for _, w := range r.Watchers {
		if !contains(c.Remove, w) {
			kept = append(kept, w)
		}
	}
	removed := len(r.Watchers) - len(kept)
	r.Watchers = kept
	if added+removed > 0 {
		r.recordCommand(now, c.By, Entry{Event: EventWatched, Text: fmt.Sprintf("Watchers: %d added, %d removed.", added, removed)})
	}
	return r.receipt("watched")
}

// ApplyMerge makes the followers of a request that goes on in this one watchers of it. Watchers may read a confidential request, and a merge
// must not widen who reads it: there, only people who take part become watchers. The parts of a split confidential request take the followers
// of the whole, who could read all of it.
func (r *Request) ApplyMerge(c Watch, now time.Time) {
	add := c.Add
	if part := c.Confidential && r.SplitFrom != "" && c.By.Actor == MergeActor(r.SplitFrom); r.Content.Confidential && !part {
		add, _ = r.whoTakesPart(c.Add)
	}
	left := len(c.Add) - len(add)
	c.Add = add
	r.ApplyWatch(c, now)
	if left > 0 {
		r.record(now, Entry{Event: EventWatched, Actor: c.By.Actor, Via: c.By.Via,
			Text: fmt.Sprintf("Not made watchers by the merge, because this request is confidential: %d. Who may share it can add them.", left)})
	}
}

// MergeActor is the actor of the Watch that a request sends to the requests it goes on in.
func MergeActor(id string) string { return "merge of " + id }

// dropWatchers removes the watchers who take no other part: watching an open request needs no permission, and now it would let them read.
func (r *Request) dropWatchers(now time.Time) {
	kept, dropped := r.whoTakesPart(r.Watchers)
	r.Watchers = kept
	if len(dropped) > 0 {
		r.record(now, Entry{Event: EventWatched, concerned: r.Followers(),
			Text: "No longer watchers, because the request became confidential: " + strings.Join(dropped, ", ") + ". Who may share it can add them again."})
	}
}

// whoTakesPart divides people into those who take part in the request and the others, each in the given order.
func (r *Request) whoTakesPart(people []string) (those, others []string) {
	part := r.Participants()
	for _, p := range people {
		if contains(part, p) {
			those = append(those, p)
		} else {
			others = append(others, p)
		}
	}
	return those, others
}

// Participants lists, sorted and once each, the people who have a part in the request: those whose request it is, the sponsor, everybody a
// question asks or who has answered one, and the leads of its team.
func (r *Request) Participants() []string {
	people := []string{r.Requester, r.SubmittedBy, r.Content.Sponsor}
	for i := range r.Questions {
		q := &r.Questions[i]
		people = append(people, q.Seats()...)
		for _, a := range q.Answers {
			people = append(people, a.By, a.For)
		}
	}
	if r.Assignment != nil {
		people = append(people, r.Assignment.AllLeads()...)
	}
	slices.Sort(people)
	people = slices.Compact(people)
	return slices.DeleteFunc(people, func(p string) bool { return p == "" })
}

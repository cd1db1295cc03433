package notify

import (
	"context"
	"maps"
	"slices"

	"leanpmo/internal/access"
	"leanpmo/internal/store"
)

// addDelegates adds to the recipients of events that ask for an answer those who act for them now and may answer in their place. Whoever
// is away is told as well, unless they chose that the delegate is told instead; see withoutAway.
func (d *Dispatcher) addDelegates(ctx context.Context, events []store.Event, details map[int64]store.NotifyDetail) error {
	var people []string
	for _, e := range events {
		if asksForAnswer(e) {
			detail := details[e.Position]
			people = append(append(people, e.Recipients...), detail.Requester, detail.SubmittedBy)
		}
	}
	if len(people) == 0 {
		return nil
	}
	slices.Sort(people)
	away, err := d.Store.Delegates(ctx, slices.Compact(people), d.Now())
	if err != nil || len(away) == 0 {
		return err
	}
	for i := range events {
		e := &events[i]
		detail, known := details[e.Position]
		if !asksForAnswer(*e) || !known || detail.Question == nil {
			continue
		}
		actsFor := d.addresses.delegates(e.Recipients, detail, away)
		for _, delegate := range slices.Sorted(maps.Keys(actsFor)) {
			e.Recipients = append(slices.Clone(e.Recipients), delegate)
			detail.People = append(slices.Clone(detail.People), delegate) // who may answer may read
		}
		detail.ActsFor = actsFor
		details[e.Position] = detail
	}
	return nil
}

// addDesks puts the members of a service's desk beside the service among the recipients of every event: they do for it what it is asked, and hear
// what becomes of its requests.
func (d *Dispatcher) addDesks(events []store.Event, details map[int64]store.NotifyDetail) {
	for i := range events {
		e := &events[i]
		var members []string
		for _, person := range e.Recipients {
			members = append(members, d.Directory.Desk(person)...)
		}
		if len(members) == 0 {
			continue
		}
		e.Recipients = slices.Concat(e.Recipients, members)
		if detail, known := details[e.Position]; known {
			detail.People = slices.Concat(detail.People, members) // who may answer may read
			details[e.Position] = detail
		}
	}
}

// delegates are those who act for recipients the question waits on and may answer for them, with the people they act for.
func (b addressBook) delegates(recipients []string, detail store.NotifyDetail, away map[string]string) map[string][]string {
	actsFor := map[string][]string{}
	for _, person := range recipients {
		delegate := away[person]
		if delegate == "" || slices.Contains(recipients, delegate) || !slices.Contains(detail.Question.Waiting(), person) {
			continue
		}
		if b.mayAnswerFor(delegate, person, detail, away) {
			actsFor[delegate] = append(actsFor[delegate], person)
		}
	}
	return actsFor
}

func (b addressBook) mayAnswerFor(delegate, person string, detail store.NotifyDetail, away map[string]string) bool {
	p, _ := b.people.Principal(delegate)
	c := access.Candidate{Actor: p.Actor(), ActsFor: []string{person}, For: person}
	for _, own := range []string{detail.Requester, detail.SubmittedBy} {
		if away[own] == delegate {
			c.ActsFor = append(c.ActsFor, own)
		}
	}
	return access.Eligible(c, access.Seats{Kind: detail.Question.Kind, Asked: []string{person}, Requester: detail.Requester, SubmittedBy: detail.SubmittedBy}).Allowed
}

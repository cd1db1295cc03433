package notify

import (
	"slices"
	"strings"

	"leanpmo/internal/access"
	"leanpmo/internal/directory"
	"leanpmo/internal/store"
)

// The kinds of endpoints.
const (
	kindPerson = "person"
	kindGroup  = "group"
)

// addressBook knows who is told where.
type addressBook struct{ people *directory.Directory }

// find is where an endpoint is reached now; false when the directory has no address for it any more.
func (b addressBook) find(endpoint string) (Address, bool) {
	kind, id, _ := strings.Cut(endpoint, ":")
	a := Address{Endpoint: endpoint}
	switch kind {
	case kindPerson:
		p, _ := b.people.Principal(id)
		a.URL = p.Notify.Webhook
	case kindGroup:
		g, _ := b.people.Group(id)
		a.URL = g.Notify.Webhook
	}
	return a, a.URL != ""
}

// endpoints lists all with an address.
func (b addressBook) endpoints() []Address {
	var all []Address
	for _, p := range b.people.Principals() {
		if a, ok := b.find(kindPerson + ":" + p.ID); ok {
			all = append(all, a)
		}
	}
	for _, g := range b.people.Groups() {
		if a, ok := b.find(kindGroup + ":" + g.ID); ok {
			all = append(all, a)
		}
	}
	return all
}

// Uncovered lists the endpoints of the directory that no secret covers.
func Uncovered(people *directory.Directory, s Secrets) []string {
	var none []string
	for _, a := range (addressBook{people}).endpoints() {
		if !s.Cover(a.Endpoint) {
			none = append(none, a.Endpoint)
		}
	}
	return none
}

// envelope is an address and whom a message there is for.
type envelope struct {
	Address
	To []string
}

// route finds where the told are reached: at their own address, else at that of their groups, or of the group that was asked if
// they are in it. The others are returned as rest. Nobody is reached who may not read, and no group in which anybody may not.
func (b addressBook) route(tell []string, asked string, may func(id string) bool) (to []envelope, rest []string) {
	post := func(a Address, person string) {
		i := slices.IndexFunc(to, func(e envelope) bool { return e.Endpoint == a.Endpoint })
		if i < 0 {
			to, i = append(to, envelope{Address: a}), len(to)
		}
		to[i].To = append(to[i].To, person)
	}
	for i, person := range tell {
		if _, known := b.people.Principal(person); !known || slices.Contains(tell[:i], person) || !may(person) {
			continue
		}
		if own, ok := b.find(kindPerson + ":" + person); ok {
			post(own, person)
			continue
		}
		shared := b.shared(person, asked, may)
		for _, a := range shared {
			post(a, person)
		}
		if len(shared) == 0 {
			rest = append(rest, person)
		}
	}
	return to, rest
}

// shared are the addresses of the person's groups.
func (b addressBook) shared(person, asked string, may func(id string) bool) []Address {
	var all []Address
	for _, g := range b.people.GroupsOf(person) {
		a, ok := b.find(kindGroup + ":" + g.ID)
		if !ok || slices.ContainsFunc(g.Members, func(m string) bool { return !may(m) }) {
			continue
		}
		if g.ID == asked {
			return []Address{a}
		}
		all = append(all, a)
	}
	return all
}

// mayRead tells who may read the request an event is about. Where its row is missing for a moment, the told are: the ledger names
// only the request's own people and the PMO.
func (b addressBook) mayRead(e store.Event, d store.NotifyDetail, known bool) func(id string) bool {
	return func(id string) bool {
		if !known {
			return slices.Contains(e.Recipients, id)
		}
		return b.reads(id, d.Confidential, d.People)
	}
}

// reads tells whether somebody may read a request whose own people these are.
func (b addressBook) reads(id string, confidential bool, own []string) bool {
	if !confidential || slices.Contains(own, id) {
		return true
	}
	p, ok := b.people.Principal(id)
	return ok && access.SeesAll(access.Actor{ID: p.ID, Roles: p.Roles})
}

// everyoneMayRead tells whether everybody at a message's endpoint may read its request as it is now: it may have become confidential while the
// message waited.
func (b addressBook) everyoneMayRead(n store.DueNotification) bool {
	kind, id, _ := strings.Cut(n.Endpoint, ":")
	all := []string{id}
	if kind == kindGroup {
		g, _ := b.people.Group(id)
		all = g.Members
	}
	return !slices.ContainsFunc(all, func(id string) bool { return !b.reads(id, n.Confidential, n.People) })
}

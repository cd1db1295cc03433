package notify

import (
	"cmp"
	"slices"
	"strings"

	"leanpmo/internal/access"
	"leanpmo/internal/directory"
	"leanpmo/internal/store"
)

// The kinds of endpoints.
const (
	KindPerson    = "person"
	KindGroup     = "group"
	KindPortfolio = "portfolio"
	KindMail      = "mail" // a person by e-mail
)

// What the formats of channels are called that take signed JSON, and mails.
const (
	formatWebhook = "webhook"
	formatMail    = "mail"
)

// addressBook looks up the addresses of recipients: those that were set in the product, else those of the directory.
type addressBook struct {
	people *directory.Directory
	mail   bool         // mails are sent
	stored *storedChats // nil: none
}

// find returns the current address of an endpoint; false when there is none. One that was set in the product comes before that of the directory, because it was set later
// and by whom it concerns.
func (b addressBook) find(endpoint string) (Address, bool) {
	if a, set := b.stored.find(endpoint); set {
		return a, true
	}
	kind, id, _ := strings.Cut(endpoint, ":")
	a := Address{Endpoint: endpoint}
	switch kind {
	case KindPerson:
		p, _ := b.people.Principal(id)
		a.URL, a.Format = p.Notify.Webhook, p.Notify.Format
	case KindGroup:
		g, _ := b.people.Group(id)
		a.URL, a.Format = g.Notify.Webhook, g.Notify.Format
	case KindMail:
		if p, _ := b.people.Principal(id); b.mail {
			a.Mail = p.MailAddress()
		}
	}
	return a, a.known()
}

// endpoints lists all endpoints that have an address.
func (b addressBook) endpoints() []Address {
	var all []Address
	for _, p := range b.people.Principals() {
		for _, kind := range []string{KindPerson, KindMail} {
			if a, ok := b.find(kind + ":" + p.ID); ok {
				all = append(all, a)
			}
		}
	}
	for _, g := range b.people.Groups() {
		if a, ok := b.find(KindGroup + ":" + g.ID); ok {
			all = append(all, a)
		}
	}
	return all
}

// Receivers lists the endpoints that have an address in the directory, with mail those of mails too, and what each takes.
func Receivers(people *directory.Directory, mail bool) []store.Receiver {
	var all []store.Receiver
	for _, a := range (addressBook{people: people, mail: mail}).endpoints() {
		format := cmp.Or(string(a.Format), formatWebhook)
		if a.Mail != "" {
			format = formatMail
		}
		all = append(all, store.Receiver{Endpoint: a.Endpoint, Format: format})
	}
	return all
}

// Uncovered lists the endpoints of the directory for which there is no secret. Chats take no signature and need none.
func Uncovered(people *directory.Directory, s Secrets) []string {
	var none []string
	for _, a := range (addressBook{people: people}).endpoints() {
		if a.Format == "" && !s.Cover(a.Endpoint) {
			none = append(none, a.Endpoint)
		}
	}
	return none
}

// envelope is an address and the recipients of a message sent there.
type envelope struct {
	Address
	To []string
}

// route finds the addresses of the recipients: a person's own address, else their mail and the addresses of their groups, or only that
// of the asked group if they are in it. Recipients without any webhook are returned as unreachable. People who may not read the request are left out,
// and so are groups with a member who may not.
func (b addressBook) route(recipients []string, asked string, may func(id string) bool) (to []envelope, unreachable []string) {
	add := func(a Address, person string) {
		i := slices.IndexFunc(to, func(e envelope) bool { return e.Endpoint == a.Endpoint })
		if i < 0 {
			to, i = append(to, envelope{Address: a}), len(to)
		}
		to[i].To = append(to[i].To, person)
	}
	for i, person := range recipients {
		if _, known := b.people.Principal(person); !known || slices.Contains(recipients[:i], person) || !may(person) {
			continue
		}
		if own, ok := b.find(KindPerson + ":" + person); ok {
			add(own, person)
			continue
		}
		groups := b.groupAddresses(person, asked, may)
		for _, a := range groups {
			add(a, person)
		}
		if mail, ok := b.find(KindMail + ":" + person); ok {
			add(mail, person)
		}
		if len(groups) == 0 { // the journal has it beside the mail
			unreachable = append(unreachable, person)
		}
	}
	return to, unreachable
}

// groupAddresses lists the addresses of the person's groups; only that of the asked group if it is one of them.
func (b addressBook) groupAddresses(person, asked string, may func(id string) bool) []Address {
	var all []Address
	for _, g := range b.people.GroupsOf(person) {
		a, ok := b.find(KindGroup + ":" + g.ID)
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

// portfolioRoom is the address of a request's portfolio: its room hears what its people hear, unless the request is confidential or not known yet.
func (b addressBook) portfolioRoom(a about) []envelope {
	if !a.known || a.detail.Confidential || a.detail.Portfolio == "" {
		return nil
	}
	to, ok := b.find(KindPortfolio + ":" + a.detail.Portfolio)
	if !ok {
		return nil
	}
	return []envelope{{Address: to, To: a.Recipients}}
}

// mayRead reports who may read the request of an event. When the request's row is not projected yet, the recipients may: the ledger
// names only the request's own people and the PMO.
func (b addressBook) mayRead(e store.Event, d store.NotifyDetail, known bool) func(id string) bool {
	return func(id string) bool {
		if !known {
			return slices.Contains(e.Recipients, id)
		}
		return b.reads(id, d.Confidential, d.People)
	}
}

// reads reports whether a person may read a request; own are the people of that request.
func (b addressBook) reads(id string, confidential bool, own []string) bool {
	if !confidential || slices.Contains(own, id) {
		return true
	}
	p, ok := b.people.Principal(id)
	return ok && access.SeesAll(p.Actor())
}

// everyoneMayRead reports whether everybody at a message's endpoint may read its request now: the request may have become
// confidential after the message was created.
func (b addressBook) everyoneMayRead(n store.DueNotification) bool {
	kind, id, _ := strings.Cut(n.Endpoint, ":")
	all := []string{id}
	switch kind {
	case KindPortfolio: // nobody knows who is in the room
		return !n.Confidential
	case KindGroup:
		g, _ := b.people.Group(id)
		all = g.Members
	}
	return !slices.ContainsFunc(all, func(id string) bool { return !b.reads(id, n.Confidential, n.People) })
}

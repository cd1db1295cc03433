package notify

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/access"
	"leanpmo/internal/notice"
	"leanpmo/internal/store"
)

// chooser decides which recipients hear of an event, where and when.
type chooser struct {
	addresses addressBook
	table     notice.Table
	standard  string // the time zone of people who chose none
	chosen    store.NotifyChoices
	now       time.Time
}

// chooser reads what the recipients of events chose.
func (d *Dispatcher) chooser(ctx context.Context, events []store.Event) (chooser, error) {
	c := chooser{addresses: d.addresses, now: d.Now()}
	c.table, c.standard = d.rules()
	var people, requests []string
	for i := range events {
		people, requests = append(people, events[i].Recipients...), append(requests, events[i].RequestID)
	}
	slices.Sort(people)
	slices.Sort(requests)
	var err error
	c.chosen, err = d.Store.NotifyChoices(ctx, slices.Compact(people), slices.Compact(requests))
	return c, err
}

// rules are the table of the policy in force, and its time zone; the default while no policy is known.
func (d *Dispatcher) rules() (table notice.Table, zone string) {
	if d.Policy != nil {
		if p := d.Policy.Now(); p != nil {
			return p.Notifications(), p.TimeZone()
		}
	}
	return notice.Default(), ""
}

// addressed is an address and who is told there of an event.
type addressed struct {
	envelope
	at     time.Time // not before; the zero time: at once
	mayAct bool      // one of them can answer
}

// choose is who of the recipients hears of an event now or after their quiet hours, by address; unreachable are those of them without an address.
func (c chooser) choose(a about, may func(id string) bool) (to []addressed, unreachable []string) {
	recipients := c.withoutAway(a)
	envelopes, unreachable := c.addresses.route(recipients, groupOf(a.Question), may)
	envelopes = c.addMails(envelopes, a)
	told := map[string][]notice.Told{}
	for _, e := range envelopes {
		one := addressed{envelope: envelope{Address: e.Address}}
		for _, person := range e.To {
			if _, decided := told[person]; !decided {
				told[person] = c.decide(a, person, reachOf(envelopes, person))
			}
			i := slices.IndexFunc(told[person], func(t notice.Told) bool { return t.Channel == channelOf(e.Endpoint) && t.Urgency == notice.Now })
			if i < 0 {
				continue
			}
			one.To, one.at = append(one.To, person), told[person][i].At
			one.mayAct = one.mayAct || notice.MayAct(c.relations(a, person))
		}
		if len(one.To) > 0 {
			if !isOwn(e.Endpoint) {
				one.at = time.Time{} // a room of several people is quiet for none of them
			}
			to = append(to, one)
		}
	}
	return to, unreachable
}

// addMails adds the mail addresses of people with a chat address of their own, whom the route leaves out; decide says whether they are used.
func (c chooser) addMails(envelopes []envelope, a about) []envelope {
	for _, e := range slices.Clone(envelopes) {
		person, own := strings.CutPrefix(e.Endpoint, KindPerson+":")
		if !own {
			continue
		}
		mail, found := c.addresses.find(KindMail + ":" + person)
		if found && !slices.ContainsFunc(envelopes, func(e envelope) bool { return e.Endpoint == mail.Endpoint }) {
			envelopes = append(envelopes, envelope{Address: mail, To: []string{person}})
		}
	}
	return envelopes
}

func channelOf(endpoint string) notice.Channel {
	if isMail(endpoint) {
		return notice.Mail
	}
	return notice.Chat
}

// isOwn reports whether an endpoint is that of one person.
func isOwn(endpoint string) bool {
	return strings.HasPrefix(endpoint, KindPerson+":") || isMail(endpoint)
}

// zoneAt is the time zone of messages to an endpoint: of the person whose own it is, else that of the policy. Empty: UTC.
func (c chooser) zoneAt(endpoint string) string {
	var choices notice.Choices
	if _, person, _ := strings.Cut(endpoint, ":"); isOwn(endpoint) {
		choices = c.chosen.Of(person)
	}
	if zone := choices.Zone(c.standard); zone != time.UTC {
		return zone.String()
	}
	return ""
}

func reachOf(envelopes []envelope, person string) notice.Reach {
	var r notice.Reach
	for _, e := range envelopes {
		if !slices.Contains(e.To, person) {
			continue
		}
		switch {
		case isMail(e.Endpoint):
			r.Mail = true
		case isOwn(e.Endpoint):
			r.Own = true
		default:
			r.Room = true
		}
	}
	return r
}

// decide applies the table and the person's choices to an event.
func (c chooser) decide(a about, person string, reach notice.Reach) []notice.Told {
	e := notice.Event{Name: a.Entry.Event, Relations: c.relations(a, person), Muted: c.chosen.Muted(person, a.RequestID)}
	return notice.Decide(e, notice.Rules{Table: c.table, Choices: c.chosen.Of(person), Standard: c.standard}, reach, c.now)
}

// inDigest reports whether an event is left to the person's digest.
func (c chooser) inDigest(a about, person string, reach notice.Reach) bool {
	return notice.InDigest(c.decide(a, person, reach))
}

// withoutAway are the recipients without those who are away and chose that their delegate hears instead. They are left out only when a delegate
// may answer for them and has an address, so that a question never reaches nobody.
func (c chooser) withoutAway(a about) []string {
	return slices.DeleteFunc(slices.Clone(a.Recipients), func(person string) bool {
		if c.chosen.Of(person).Away != notice.Instead || !asksForAnswer(a.Event) {
			return false
		}
		for delegate, whom := range a.detail.ActsFor {
			if slices.Contains(whom, person) && c.addresses.reaches(delegate) {
				return true
			}
		}
		return false
	})
}

// reaches reports whether a person has an address of their own.
func (b addressBook) reaches(person string) bool {
	_, chat := b.find(KindPerson + ":" + person)
	_, mail := b.find(KindMail + ":" + person)
	return chat || mail
}

// relations are what a person is to an event and to its request. Who sits at the desk of a service is what the service is.
func (c chooser) relations(a about, person string) []notice.Relation {
	list := c.ownRelations(a, person)
	for _, service := range c.addresses.people.AtDeskOf(person) {
		if slices.Contains(a.Recipients, service) {
			list = append(list, c.ownRelations(a, service)...)
		}
	}
	if len(list) == 0 {
		return []notice.Relation{notice.Concerned}
	}
	return list
}

func (c chooser) ownRelations(a about, person string) []notice.Relation {
	d := a.detail
	var list []notice.Relation
	for _, r := range []struct {
		is       bool
		relation notice.Relation
	}{
		{asks(a, person), notice.Asked},
		{len(d.ActsFor[person]) > 0, notice.Deputy},
		{slices.Contains(d.Mentions, person), notice.Mentioned},
		{person == d.Requester || person == d.SubmittedBy, notice.Requester},
		{person == d.Sponsor, notice.Sponsor},
		{slices.Contains(d.Leads, person), notice.Lead},
		{slices.Contains(d.Watchers, person), notice.Watcher},
		{c.addresses.people.HasRole(person, string(access.RolePMO)), notice.PMO},
	} {
		if r.is {
			list = append(list, r.relation)
		}
	}
	return list
}

// asks reports whether an event asks this recipient. Of a question that was moved, its former people hear too; a question that is not known any
// more asked whoever was told of it.
func asks(a about, person string) bool {
	if !asksForAnswer(a.Event) || len(a.detail.ActsFor[person]) > 0 {
		return false
	}
	return a.detail.Question == nil || slices.Contains(a.detail.Question.Seats(), person)
}

// actFirst puts the messages of a moment to those who can answer before those of the others.
func actFirst(all []*told) {
	slices.SortStableFunc(all, func(x, y *told) int {
		return cmp.Or(cmp.Compare(x.moment, y.moment), cmp.Compare(rank(x.mayAct), rank(y.mayAct)))
	})
}

func rank(mayAct bool) int {
	if mayAct {
		return 0
	}
	return 1
}

package notice

import (
	"slices"

	"leanpmo/internal/pmo"
)

// Row is a row of the table of who hears of what. Rows are read from the top: for each relation of a person the first one that fits counts.
type Row struct {
	Events    []string   `json:"events,omitempty"`    // of the ledger; none: every event
	Relations []Relation `json:"relations,omitempty"` // none: everybody who hears of the event
	Channel   Channel    `json:"channel"`
	Urgency   Urgency    `json:"urgency"`
	// Must: nobody can put it off or mute it, and quiet hours do not hold it. It can be moved to another channel.
	Must bool `json:"must,omitempty"`
}

func (r Row) fits(event string, relation Relation, channel Channel) bool {
	return r.Channel == channel && (len(r.Events) == 0 || slices.Contains(r.Events, event)) && (len(r.Relations) == 0 || slices.Contains(r.Relations, relation))
}

// Table says who hears of what.
type Table []Row

// asking are the events that ask for an answer.
func asking() []string {
	return []string{pmo.EventAsked, pmo.EventReminded, pmo.EventEscalated, pmo.EventReassigned}
}

// AsksForAnswer reports whether an event of the ledger asks for an answer.
func AsksForAnswer(event string) bool { return slices.Contains(asking(), event) }

// Default is the table of a policy that has none. Chats get everything at once, as they did before there was a table. Mails come at once for
// what a person must act on, and for what ends or changes their own request; the rest is in the digest.
func Default() Table {
	act := []Relation{Asked, Deputy}
	return Table{
		{Events: asking(), Relations: act, Channel: Chat, Urgency: Now, Must: true},
		{Channel: Chat, Urgency: Now},
		{Events: asking(), Relations: act, Channel: Mail, Urgency: Now, Must: true},
		{Relations: []Relation{Mentioned, Concerned}, Channel: Mail, Urgency: Now},
		{Events: []string{pmo.EventSubmitted, pmo.EventSettled, pmo.EventDeferred, pmo.EventAccepted, pmo.EventClosed, pmo.EventCommented}, Relations: []Relation{Requester}, Channel: Mail, Urgency: Now},
		{Events: []string{pmo.EventOffered, pmo.EventAssigned, pmo.EventHeld, pmo.EventResumed, pmo.EventClosed, pmo.EventWorkNotOpened}, Relations: []Relation{Lead}, Channel: Mail, Urgency: Now},
		{Channel: Mail, Urgency: Digest},
	}
}

// rule is what the table says of one channel: the most urgent of the relations, and whether it must be heard. What no row names is never told.
func (t Table) rule(event string, relations []Relation, channel Channel) (u Urgency, must bool) {
	u = Never
	for _, relation := range relations {
		i := slices.IndexFunc(t, func(r Row) bool { return r.fits(event, relation, channel) })
		if i < 0 {
			continue
		}
		u = moreUrgent(u, t[i].Urgency)
		must = must || t[i].Must
	}
	return u, must
}

// Fixed says which kinds of events have something that cannot be muted.
func (t Table) Fixed() []Kind {
	var fixed []Kind
	for _, event := range pmo.NotifiedEvents() {
		kind := KindOf(event)
		must := slices.ContainsFunc(t, func(r Row) bool { return r.Must && (len(r.Events) == 0 || slices.Contains(r.Events, event)) })
		if must && !slices.Contains(fixed, kind) {
			fixed = append(fixed, kind)
		}
	}
	return fixed
}

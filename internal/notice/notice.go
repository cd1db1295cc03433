// Package notice decides who hears of an event of a request, on which channel and when: by the table of the policy, a person's own choices and
// the time. It is pure: the same input gives the same decision.
package notice

import "slices"

// Channel is a way of reaching a person.
type Channel string

// The channels. Chat is a webhook or the incoming address of a chat: a person's own, or that of a group's room.
const (
	Chat Channel = "chat"
	Mail Channel = "mail"
)

// Channels lists the channels, in the order in which pages show them.
func Channels() []Channel { return []Channel{Chat, Mail} }

// Urgency is when a person hears of an event.
type Urgency string

// The urgencies: with a message of its own, in the digest of the day, not at all.
const (
	Now    Urgency = "now"
	Digest Urgency = "digest"
	Never  Urgency = "never"
)

// Urgencies lists the urgencies, the most urgent first.
func Urgencies() []Urgency { return []Urgency{Now, Digest, Never} }

// moreUrgent is the more urgent of two; an empty one is less urgent than any.
func moreUrgent(a, b Urgency) Urgency {
	rank := func(u Urgency) int { return (slices.Index(Urgencies(), u) + 4) % 4 }
	if a == "" || b != "" && rank(b) < rank(a) {
		return b
	}
	return a
}

// Relation is what a person is to the request of an event, or to the event itself.
type Relation string

// The relations. A person can have several of them.
const (
	Asked     Relation = "asked"     // the event asks them for an answer
	Deputy    Relation = "deputy"    // acts for somebody who is asked
	Mentioned Relation = "mentioned" // by the comment that the event is about
	Requester Relation = "requester" // or who submitted it for them
	Sponsor   Relation = "sponsor"
	Lead      Relation = "lead" // of the team that has the work
	PMO       Relation = "pmo"  // a member of the portfolio's group
	Watcher   Relation = "watcher"
	Concerned Relation = "concerned" // by this event alone, such as who was asked before
)

// Relations lists the relations.
func Relations() []Relation {
	return []Relation{Asked, Deputy, Mentioned, Requester, Sponsor, Lead, PMO, Watcher, Concerned}
}

// MayAct reports whether one of the relations is that of somebody who can answer: they hear before those who may only know.
func MayAct(relations []Relation) bool {
	return slices.Contains(relations, Asked) || slices.Contains(relations, Deputy)
}

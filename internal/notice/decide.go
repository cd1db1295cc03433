package notice

import (
	"slices"
	"time"
)

// Reach says on which channels a person can be reached.
type Reach struct {
	Own  bool // a chat address of their own
	Room bool // the room of a group of theirs
	Mail bool
}

func (r Reach) on(c Channel) bool {
	if c == Mail {
		return r.Mail
	}
	return r.Own || r.Room
}

// Event is an event as one person would hear of it.
type Event struct {
	Name      string     // of the ledger
	Relations []Relation // of the person, to its request and to itself
	Muted     bool       // the person muted its request
}

// Told is what becomes of an event on one channel.
type Told struct {
	Channel Channel
	Urgency Urgency
	At      time.Time // of what is told now: when; the zero time: at once
	Must    bool      // it cannot be muted
}

// Rules are what decides besides the event: the table, the person's choices, and the time zone of people who chose none.
type Rules struct {
	Table    Table
	Choices  Choices
	Standard string
}

// Decide says for each channel that reaches a person whether they hear of an event now, later, in the digest or not at all.
//
// The most urgent of their relations counts. Whoever has a chat address of their own is told by mail only what is less urgent in the chat, or
// what they chose to have by mail, so that nothing comes twice. What must be heard stays on the channels of the table, unless the person has it
// at once on another one.
func Decide(e Event, r Rules, reach Reach, now time.Time) []Told {
	var standard, told []Told
	for _, c := range Channels() {
		if !reach.on(c) {
			continue
		}
		u, must := r.Table.rule(e.Name, e.Relations, c)
		standard = append(standard, Told{Channel: c, Urgency: u, Must: must})
	}
	kind := KindOf(e.Name)
	told = slices.Clone(standard)
	dropSecond(told, reach, func(c Channel) bool { return r.Choices.Chosen(c, kind) != "" })
	must := slices.ContainsFunc(standard, func(t Told) bool { return t.Must })
	for i := range told {
		if u := r.Choices.Chosen(told[i].Channel, kind); u != "" {
			told[i].Urgency = u
		}
		if e.Muted && !must {
			told[i].Urgency = Never
		}
	}
	if must && !slices.ContainsFunc(told, func(t Told) bool { return t.Urgency == Now }) {
		told = standard
		dropSecond(told, reach, func(Channel) bool { return false })
	}
	for i := range told {
		told[i].Must = must
		if told[i].Urgency == Now && !must && (told[i].Channel == Mail || reach.Own) {
			told[i].At, _ = r.Choices.quietUntil(now, r.Choices.Zone(r.Standard))
		}
	}
	return told
}

// dropSecond takes the mail away from whoever hears as soon in a chat of their own.
func dropSecond(told []Told, reach Reach, chosen func(Channel) bool) {
	if !reach.Own || len(told) < 2 || chosen(Mail) {
		return
	}
	if chat, mail := told[0].Urgency, told[1].Urgency; moreUrgent(chat, mail) == chat {
		told[1].Urgency = Never
	}
}

// InDigest reports whether an event is for the person's digest: no channel told it, or will.
func InDigest(told []Told) bool {
	has := func(u Urgency) bool { return slices.ContainsFunc(told, func(t Told) bool { return t.Urgency == u }) }
	return has(Digest) && !has(Now)
}

package priority

import "time"

// PullReason says what decided about one entry. Values are stable.
type PullReason string

const (
	// PulledByRank: a slot is free and no waiting entry has a better claim.
	PulledByRank PullReason = "rank"
	// PulledReserved: it takes a slot reserved for its class.
	PulledReserved PullReason = "reserved_share"
	// PulledExpedite: the expedite lane has room.
	PulledExpedite PullReason = "expedite_lane"
	// HeldPortfolio: the portfolio's WIP limit is reached.
	HeldPortfolio PullReason = "portfolio_limit"
	// HeldReserved: the free slots are reserved for other classes that wait.
	HeldReserved PullReason = "reserved_for_others"
	// HeldClass: the WIP limit of its class is reached.
	HeldClass PullReason = "class_limit"
	// HeldExpedite: the expedite lane is full.
	HeldExpedite PullReason = "expedite_limit"
	// HeldWont: MoSCoW puts it aside for this time.
	HeldWont PullReason = "wont"
	// HeldInputs: it cannot be scored.
	HeldInputs PullReason = "inputs_missing"
	// HeldNotBefore: its fixed date is still too far away.
	HeldNotBefore PullReason = "not_before"
)

// Decision is what a replenishment decides about one ranked entry.
type Decision struct {
	ID     string     `json:"id"`
	Number int64      `json:"number"`
	Rank   int        `json:"rank"`
	Class  Class      `json:"class"`
	Pulled bool       `json:"pulled"`
	Reason PullReason `json:"reason"`
	// Limit and Used are the limit that decided and what is in progress
	// under it at that moment, the entries pulled before it included. For
	// HeldReserved, Limit is the portfolio's.
	Limit     int       `json:"limit,omitempty"`
	Used      int       `json:"used,omitempty"`
	Missing   Fields    `json:"missing"`
	Unusable  Fields    `json:"unusable"`
	NotBefore time.Time `json:"not_before,omitzero"`
}

// Pull goes through a ranking once, best first, and decides which entries are
// pulled into the free slots. Each entry gets exactly one decision, in rank
// order, with the limit that decided it. Rules:
//   - expedite work has its own lane and limit and takes no portfolio slot;
//   - the rest may fill the portfolio limit, within the limit of its class;
//   - a class below its reservation takes any free slot; everyone else leaves
//     as many slots free as classes with ready entries may still claim;
//   - no slot stays free while a ready entry is held by the portfolio limit alone.
func Pull(r Ranking, l Limits, wip WIP) []Decision {
	s := newSlots(r.Entries, l, wip)
	out := make([]Decision, len(r.Entries))
	for i := range r.Entries {
		out[i] = s.decide(&r.Entries[i])
	}
	return out
}

// slots is the state of one pass.
type slots struct {
	limits Limits
	used   [len(classes)]int // in progress, by index into classes
	ready  [len(classes)]int // ready entries not yet decided
	total  int               // in progress without expedite
}

func newSlots(entries []Entry, l Limits, wip WIP) *slots {
	s := &slots{limits: l}
	for i, c := range classes {
		s.used[i] = max(wip[c], 0)
		if c != Expedite {
			s.total += s.used[i]
		}
	}
	for i := range entries {
		if entries[i].Ready() {
			s.ready[indexOf(entries[i].Class)]++
		}
	}
	return s
}

func indexOf(c Class) int {
	for i, k := range classes {
		if k == c {
			return i
		}
	}
	return indexOf(Standard)
}

func (s *slots) decide(e *Entry) Decision {
	d := Decision{ID: e.Item.ID, Number: e.Item.Number, Rank: e.Rank, Class: e.Class,
		Missing: e.Missing, Unusable: e.Unusable, NotBefore: e.NotBefore}
	switch e.Band {
	case BandUnscored:
		d.Reason = HeldInputs
		return d
	case BandNotYet:
		d.Reason = HeldNotBefore
		return d
	case BandWont:
		d.Reason = HeldWont
		return d
	}
	c := indexOf(e.Class)
	s.ready[c]--
	if e.Class == Expedite {
		s.expedite(&d, c)
	} else {
		s.portfolio(&d, c)
	}
	if d.Pulled {
		s.used[c]++
		if e.Class != Expedite {
			s.total++
		}
	}
	return d
}

func (s *slots) expedite(d *Decision, c int) {
	d.Limit, d.Used = s.limits.expedite(), s.used[c]
	d.Reason = HeldExpedite
	if d.Used < d.Limit {
		d.Pulled, d.Reason = true, PulledExpedite
	}
}

func (s *slots) portfolio(d *Decision, c int) {
	if m := s.limits.most(classes[c]); s.used[c] >= m {
		d.Limit, d.Used, d.Reason = m, s.used[c], HeldClass
		return
	}
	d.Limit, d.Used = s.limits.portfolio(), s.total
	free := d.Limit - s.total
	switch {
	case free <= 0:
		d.Reason = HeldPortfolio
	case s.used[c] < s.limits.Classes[classes[c]].Reserved:
		d.Pulled, d.Reason = true, PulledReserved
	case free > s.claims(c):
		d.Pulled, d.Reason = true, PulledByRank
	default:
		d.Reason = HeldReserved
	}
}

// claims counts the slots other classes may still take from their reservation:
// only as many as they have ready entries for, so that none stays idle.
func (s *slots) claims(except int) int {
	n := 0
	for i, c := range classes {
		if i == except || c == Expedite {
			continue
		}
		open := min(s.limits.Classes[c].Reserved, s.limits.most(c)) - s.used[i]
		n += max(0, min(open, s.ready[i]))
	}
	return n
}

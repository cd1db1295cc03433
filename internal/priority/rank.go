package priority

import (
	"cmp"
	"slices"
	"time"
)

// Rival is the neighbour of an entry, with the numbers a comparison needs.
type Rival struct {
	ID        string    `json:"id"`
	Number    int64     `json:"number"`
	Rank      int       `json:"rank"`
	Band      Band      `json:"band"`
	Score     float64   `json:"score"`
	Tier      int       `json:"tier,omitempty"`
	NotBefore time.Time `json:"not_before,omitzero"`

	tied bool // its place follows from what needs what
}

// Entry is one item's place in a ranking, with the inputs and terms behind it.
// It holds numbers only; Explain puts them into words.
type Entry struct {
	Item  Item  `json:"item"`
	Rank  int   `json:"rank"`
	Class Class `json:"class"`
	Band  Band  `json:"band"`
	Score Score `json:"score"`
	// Tier is the place of its MoSCoW word, 1 for must; 0 in other models. A lower tier ranks ahead within the band.
	Tier int `json:"tier,omitempty"`
	// Missing are the inputs that the class needs and nobody has given; Unusable
	// are given but impossible. Expedite needs none, fixed_date only its date.
	Missing  Fields `json:"missing"`
	Unusable Fields `json:"unusable"`
	// NotBefore is the fixed date minus lead time; zero for other classes.
	NotBefore time.Time `json:"not_before,omitzero"`
	// LeadAssumed says that NotBefore rests on the policy's lead time because the
	// item's own could not be forecast.
	LeadAssumed bool `json:"lead_assumed,omitempty"`
	// Above and Below are the neighbours; Rank 0 in them means there is none.
	Above Rival `json:"above"`
	Below Rival `json:"below"`
	// NearTie is the threshold in force for this entry: the policy's, or 0 when no
	// item had a previous rank to keep.
	NearTie float64 `json:"near_tie"`
	// Tied says that it needs others of the backlog or is needed by them. Inherited is the score that counts then instead of its own: that of
	// the group with which it is done; 0 where its own one counts.
	Tied      bool    `json:"tied,omitempty"`
	Inherited float64 `json:"inherited,omitempty"`
}

// counts is the score by which it is ranked.
func (e *Entry) counts() float64 {
	if e.Inherited > 0 {
		return e.Inherited
	}
	return e.Score.Value
}

// Ready reports whether the entry could be pulled if there were a slot.
func (e Entry) Ready() bool {
	return e.Band == BandExpedite || e.Band == BandDue || e.Band == BandFlow
}

// Ranking is a whole backlog in order, best first, and the rules that made it.
type Ranking struct {
	Model   string    `json:"model"`
	Policy  Policy    `json:"policy"`
	At      time.Time `json:"at"`
	Entries []Entry   `json:"entries"`

	rules *rules
	net   *network // by rank; nil when nobody needs anybody
}

// key is what one item is sorted by; lower comes first in every part.
type key struct {
	band      Band
	tier      int
	primary   float64
	submitted int64
	number    int64
	id        string
	place     int // within a group of tied items, which has the arrival of its first
	at        int
}

// compare is a total order over distinct ids: band, then the band's own
// measure, then earlier submission, then number, then id.
func (k key) compare(o key) int {
	if c := cmp.Compare(k.band, o.band); c != 0 {
		return c
	}
	if c := cmp.Compare(k.tier, o.tier); c != 0 {
		return c
	}
	if c := cmp.Compare(k.primary, o.primary); c != 0 {
		return c
	}
	if c := cmp.Compare(k.submitted, o.submitted); c != 0 {
		return c
	}
	if c := cmp.Compare(k.number, o.number); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(k.id, o.id), cmp.Compare(k.place, o.place))
}

// Rank orders items under a policy at a moment. Every item gets a rank, one
// with missing or unusable inputs too: it ranks after the others and lists what
// it lacks. The result does not depend on the order of items.
func Rank(items []Item, p Policy, now time.Time) Ranking {
	rules := newRules(p, items)
	o := order(items, rules, now)
	r := Ranking{Model: p.ModelVersion(), Policy: p, At: now, Entries: make([]Entry, len(items)), rules: rules, net: o.net.renumbered(o.keys)}
	for i, k := range o.keys {
		e := &r.Entries[i]
		*e = rules.place(items[k.at], now) // again: to compute it twice costs less than to keep an entry of every item
		e.Rank = i + 1
		if e.Band == BandFlow {
			e.NearTie = o.nearTie
		}
		if o.net != nil && o.net.tied(k.at) {
			e.tie(k, o.scores[k.at])
		}
	}
	meetNeighbours(r.Entries)
	return r
}

// tie notes what an entry has from what needs it.
func (e *Entry) tie(k key, score float64) {
	e.Tied, e.Inherited = true, score
	if e.Band == BandNotYet && k.band == BandDue { // its own date is later than that of what waits behind it
		e.Band, e.NotBefore = BandDue, time.UnixMicro(int64(k.primary)).In(e.NotBefore.Location())
	}
}

// ordered is what order finds.
type ordered struct {
	keys    []key
	nearTie float64   // the threshold for near-ties
	net     *network  // by item; nil when nobody needs anybody
	scores  []float64 // that count instead of the own ones of tied items, by item
}

// order is the part of Rank that Diff needs: the sorted keys alone, without an entry for each.
func order(items []Item, r *rules, now time.Time) ordered {
	o := ordered{keys: make([]key, len(items)), net: networkOf(items)}
	for i := range items {
		e := r.place(items[i], now)
		o.keys[i] = sortKey(&e, i)
	}
	if o.net != nil {
		o.scores = r.inherit(o.net, o.keys, items, now)
	}
	slices.SortFunc(o.keys, key.compare)
	o.nearTie = keepNearTies(o.keys, items, r.NearTie)
	if o.net != nil {
		o.net.precede(o.keys)
	}
	return o
}

// place finds an item's band and the numbers that decide within it.
func (r *rules) place(it Item, now time.Time) Entry {
	e := Entry{Item: it, Class: it.Class.orStandard()}
	e.Score, e.Missing, e.Unusable = r.score(&it, now)
	switch e.Class {
	case Expedite:
		e.Missing, e.Unusable = 0, 0
		e.Band = BandExpedite
	case FixedDate:
		e.Missing, e.Unusable = 0, 0
		r.placeFixedDate(&e, now)
	default:
		e.Band = BandFlow
		if r.needs&FieldMoSCoW != 0 {
			e.Tier = tierOf(it.Inputs.MoSCoW)
		}
		switch {
		case !e.Score.Known:
			e.Band = BandUnscored
		case e.Tier == len(tiers):
			e.Band = BandWont
		}
	}
	return e
}

func (r *rules) placeFixedDate(e *Entry, now time.Time) {
	if e.Item.FixedDate == nil {
		e.Missing |= FieldFixedDate
		e.Band = BandUnscored
		return
	}
	e.LeadAssumed = e.Item.LeadP85 <= 0
	e.NotBefore = e.Item.FixedDate.Add(-r.leadOf(&e.Item))
	e.Band = BandDue
	if now.Before(e.NotBefore) {
		e.Band = BandNotYet
	}
}

func sortKey(e *Entry, at int) key {
	k := key{band: e.Band, id: e.Item.ID, number: e.Item.Number, submitted: e.Item.SubmittedAt.UnixMicro(), at: at}
	switch e.Band {
	case BandFlow, BandWont:
		k.tier, k.primary = e.Tier, -e.Score.Value
	case BandDue, BandNotYet:
		k.primary = float64(e.NotBefore.UnixMicro())
	}
	return k
}

func meetNeighbours(entries []Entry) {
	for i := range entries {
		if i > 0 {
			entries[i].Above = rivalOf(&entries[i-1])
		}
		if i+1 < len(entries) {
			entries[i].Below = rivalOf(&entries[i+1])
		}
	}
}

func rivalOf(e *Entry) Rival {
	return Rival{ID: e.Item.ID, Number: e.Item.Number, Rank: e.Rank, Band: e.Band, Score: e.Score.Value, Tier: e.Tier, NotBefore: e.NotBefore, tied: e.Tied}
}

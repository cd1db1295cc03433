package priority

import "slices"

// CauseKind is why a request changed its rank. Values are stable.
type CauseKind string

const (
	// CauseArrival: newcomers took places ahead (or the request itself is new).
	CauseArrival CauseKind = "arrival"
	// CauseDeparture: requests ahead left (or the request itself left).
	CauseDeparture CauseKind = "departure"
	// CausePolicy: weights or other rules changed.
	CausePolicy CauseKind = "policy"
	// CauseAgeing: time passed, for this request or for others.
	CauseAgeing CauseKind = "ageing"
	// CauseCapacity: the teams finish work in another time than before, so that fixed dates need another start.
	CauseCapacity CauseKind = "capacity"
	// CauseDue: time passed and the request's fixed date became due.
	CauseDue CauseKind = "due"
	// CauseOwnInputs: the request's own inputs changed.
	CauseOwnInputs CauseKind = "own_inputs"
	// CauseOtherInputs: only the inputs of others changed.
	CauseOtherInputs CauseKind = "others_inputs"
	// CauseDependencies: what needs what changed, for this request or for others.
	CauseDependencies CauseKind = "dependencies"
	// CauseStability: near-ties no longer keep their old order, or newly keep it.
	CauseStability CauseKind = "stability"
)

// Cause is one cause's part in a move, in places: positive is up, towards rank 1.
type Cause struct {
	Kind   CauseKind `json:"kind"`
	Places int       `json:"places"`
}

// Move is a changed place. From is 0 for an arrival, To is 0 for a departure.
// For a request in both rankings the places of its causes add up to From − To.
type Move struct {
	ID     string  `json:"id"`
	Number int64   `json:"number"`
	From   int     `json:"from"`
	To     int     `json:"to"`
	Causes []Cause `json:"causes"`
	// Changed are the request's own inputs that differ.
	Changed Fields `json:"changed"`
}

// Diff lists who moved between two rankings and why, in the order of the new
// one, departures last. Causes come from ranking the stored inputs again with
// one change at a time (departures, policy, time, capacity, dependencies, inputs, arrivals), so
// they are attributed in that order, exactly, and leave no remainder. It costs at
// most five sorts, and none if nobody moved.
//
// Of prev it reads the time, the policy, and the item and rank of each entry,
// so a caller may rebuild prev from these. Entries must be in rank order. A
// request that left may be missing from prev when its own move is not needed.
func Diff(prev, next Ranking) []Move {
	s := newStages(prev, next)
	moves := make([]Move, 0, s.most)
	for i := range next.Entries {
		e := &next.Entries[i]
		at, stayed := s.index[e.Item.ID]
		if !stayed {
			moves = append(moves, Move{ID: e.Item.ID, Number: e.Item.Number, To: e.Rank,
				Causes: []Cause{{Kind: CauseArrival}}})
			continue
		}
		if before := s.before[at]; before.Rank != e.Rank {
			moves = append(moves, s.move(at, before, e))
		}
	}
	for i := range prev.Entries {
		e := &prev.Entries[i]
		if _, stayed := s.index[e.Item.ID]; !stayed {
			moves = append(moves, Move{ID: e.Item.ID, Number: e.Item.Number, From: e.Rank,
				Causes: []Cause{{Kind: CauseDeparture}}})
		}
	}
	return moves
}

// stages holds, for every request in both rankings, its rank among these after
// each single change.
type stages struct {
	index     map[string]int
	before    []*Entry
	left      []int  // after departures
	policy    []int  // then the new policy
	time      []int  // then the new time
	capacity  []int  // then the new lead times
	depends   []int  // then what needs what now
	inputs    []int  // then the new inputs
	becameDue []bool // by the new time alone
	newPolicy bool
	relative  bool // a departure alone may change the order: scores depend on the largest values in the backlog, or what left was needed
	most      int  // of moves
}

func newStages(prev, next Ranking) *stages {
	s := &stages{index: make(map[string]int, len(prev.Entries)), newPolicy: !prev.Policy.equal(next.Policy), relative: next.Policy.model() == Weighted && next.Policy.Normalise == NormaliseBacklog,
		before: make([]*Entry, 0, len(prev.Entries)), left: make([]int, 0, len(prev.Entries))}
	after := make(map[string]*Entry, len(next.Entries))
	for i := range next.Entries {
		after[next.Entries[i].Item.ID] = &next.Entries[i]
	}
	stayed := make([]*Entry, 0, len(prev.Entries)) // in next, as before is in prev
	moved, gone := 0, 0
	for i := range prev.Entries {
		e := &prev.Entries[i]
		now, ok := after[e.Item.ID]
		if !ok {
			gone++
			continue
		}
		s.index[e.Item.ID] = len(s.before)
		s.before, stayed = append(s.before, e), append(stayed, now)
		s.left = append(s.left, len(s.before))
		if e.Rank != now.Rank {
			moved++
		}
	}
	s.most = moved + gone + len(next.Entries) - len(stayed)
	if moved > 0 {
		s.relative = s.relative || slices.ContainsFunc(s.before, func(e *Entry) bool { // a recorded ranking has only those who stay
			return slices.ContainsFunc(e.Item.Needs, func(id string) bool { _, stays := s.index[id]; return !stays })
		})
		s.rankStayed(stayed, prev, next)
	}
	return s
}

// rankStayed ranks those in both rankings, with their items as they were and as they are.
func (s *stages) rankStayed(stayed []*Entry, prev, next Ranking) {
	old, fresh := make([]Item, len(stayed)), make([]Item, len(stayed))
	amended, paced, tied := false, false, false
	for i, now := range stayed {
		// All stages use the previous ranks of the new ranking, so that each keeps near-ties in the same order.
		old[i], fresh[i] = s.before[i].Item, now.Item
		old[i].PrevRank = now.Item.PrevRank
		amended = amended || !ranksAlike(&old[i], &fresh[i])
		tied = tied || !slices.Equal(old[i].Needs, fresh[i].Needs)
		paced = paced || old[i].LeadP85 != fresh[i].LeadP85 && old[i].Class == FixedDate
	}
	rules := newRules(next.Policy, old)
	s.rankBefore(old, rules, prev, next)
	if s.capacity = s.time; paced {
		for i := range old {
			old[i].LeadP85 = fresh[i].LeadP85
		}
		s.capacity = ranks(order(old, rules, next.At).keys)
	}
	if s.depends = s.capacity; tied {
		for i := range old {
			old[i].Needs = fresh[i].Needs
		}
		s.depends = ranks(order(old, rules, next.At).keys)
	}
	s.rankAmended(fresh, amended, next)
}

// rankBefore fills the stages of the new policy and the new time.
func (s *stages) rankBefore(old []Item, rules *rules, prev, next Ranking) {
	atOldTime, atNewTime := order(old, rules, prev.At).keys, order(old, rules, next.At).keys
	s.policy, s.time = ranks(atOldTime), ranks(atNewTime)
	s.becameDue = make([]bool, len(old))
	for _, k := range atNewTime {
		s.becameDue[k.at] = k.band == BandDue
	}
	for _, k := range atOldTime {
		s.becameDue[k.at] = s.becameDue[k.at] && k.band == BandNotYet
	}
}

// rankAmended fills the stage of the new inputs. It leaves out a ranking whose result is known: that of unchanged inputs is the one before,
// and that without arrivals is next itself.
func (s *stages) rankAmended(fresh []Item, amended bool, next Ranking) {
	switch {
	case !amended:
		s.inputs = s.depends
	case len(fresh) == len(next.Entries):
		s.inputs = make([]int, len(fresh))
		for i := range next.Entries {
			s.inputs[s.index[next.Entries[i].Item.ID]] = i + 1
		}
	default:
		s.inputs = ranks(order(fresh, newRules(next.Policy, fresh), next.At).keys)
	}
}

// ranks are the places of items by their index.
func ranks(keys []key) []int {
	places := make([]int, len(keys))
	for i, k := range keys {
		places[k.at] = i + 1
	}
	return places
}

// ranksAlike is whether nothing that Rank reads differs between two versions of
// an item.
func ranksAlike(a, b *Item) bool {
	return changed(a, b) == 0 && a.Number == b.Number && a.SubmittedAt.Equal(b.SubmittedAt)
}

func (s *stages) move(at int, before, after *Entry) Move {
	m := Move{ID: after.Item.ID, Number: after.Item.Number, From: before.Rank, To: after.Rank,
		Changed: changed(&before.Item, &after.Item)}
	add := func(kind CauseKind, places int) {
		if places != 0 {
			m.Causes = append(m.Causes, Cause{kind, places})
		}
	}
	rules, clock, inputs := CauseStability, CauseAgeing, CauseOtherInputs
	if s.relative {
		rules = CauseDeparture
	}
	if s.newPolicy {
		rules = CausePolicy
	}
	if s.becameDue[at] {
		clock = CauseDue
	}
	if m.Changed != 0 {
		inputs = CauseOwnInputs
	}
	add(CauseDeparture, before.Rank-s.left[at])
	add(rules, s.left[at]-s.policy[at])
	add(clock, s.policy[at]-s.time[at])
	add(CauseCapacity, s.time[at]-s.capacity[at])
	add(CauseDependencies, s.capacity[at]-s.depends[at])
	add(inputs, s.depends[at]-s.inputs[at])
	add(CauseArrival, s.inputs[at]-after.Rank)
	return m
}

// changed lists the inputs that differ between two versions of an item.
func changed(a, b *Item) Fields {
	var f Fields
	mark := func(differs bool, field Fields) {
		if differs {
			f |= field
		}
	}
	for i := range inputFields - 1 {
		mark(!same(*a.Inputs.at(1 << i), *b.Inputs.at(1 << i)), 1<<i)
	}
	mark(a.Inputs.MoSCoW != b.Inputs.MoSCoW, FieldMoSCoW)
	mark(a.Class.orStandard() != b.Class.orStandard(), FieldClass)
	dates := (a.FixedDate == nil) == (b.FixedDate == nil) && (a.FixedDate == nil || a.FixedDate.Equal(*b.FixedDate))
	mark(!dates, FieldFixedDate)
	mark(a.Points != b.Points, FieldPoints)
	return f
}

// Equal reports whether two sets of inputs are the same.
func (in Inputs) Equal(o Inputs) bool {
	for i := range inputFields - 1 {
		if !same(*in.at(1 << i), *o.at(1 << i)) {
			return false
		}
	}
	return in.MoSCoW == o.MoSCoW
}

func same(a, b *float64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

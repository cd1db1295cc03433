package priority

import "strings"

// Ref is a request that another one names.
type Ref struct {
	ID     string `json:"id"`
	Number int64  `json:"number"`
}

func (r Ref) name() string { return name(r.Number, r.ID) }

// mostRefs is how many requests an explanation names of those that wait behind one.
const mostRefs = 20

// ties says what an entry needs in the backlog, what waits behind it, and what that does to its place.
func (r Ranking) ties(at int, x *Explanation) string {
	e := &r.Entries[at]
	if !e.Tied {
		return ""
	}
	x.Needs, x.Inherited = r.refs(r.net.needs[at]), e.Inherited
	behind := r.net.all(at, r.net.behind)
	x.Unblocks = r.refs(behind[:min(len(behind), mostRefs)])
	x.MoreUnblocked = len(behind) - len(x.Unblocks)
	var parts []string
	if len(x.Needs) > 0 {
		parts = append(parts, "It needs "+names(x.Needs, 0)+" first")
	}
	if len(behind) > 0 {
		verb := " wait for it"
		if len(behind) == 1 {
			verb = " waits for it"
		}
		parts = append(parts, names(x.Unblocks, x.MoreUnblocked)+verb)
	}
	text := strings.Join(parts, "; ") // one sentence: it is left out as a whole for those who may not know of one of them
	if e.Inherited > 0 {
		text += "; together they are ranked by " + num(e.Inherited) + ", their " + r.rules.numerator + " over what they take"
	}
	return text
}

func (r Ranking) refs(places []int) []Ref {
	list := make([]Ref, 0, len(places))
	for _, at := range places {
		list = append(list, Ref{ID: r.Entries[at].Item.ID, Number: r.Entries[at].Item.Number})
	}
	return list
}

// names lists requests in words; more is how many follow them.
func names(refs []Ref, more int) string {
	var list []string
	for _, r := range refs {
		list = append(list, r.name())
	}
	if more > 0 {
		list = append(list, whole(more)+" more")
	}
	if n := len(list); n > 1 {
		return strings.Join(list[:n-1], ", ") + " and " + list[n-1]
	}
	return strings.Join(list, "")
}

// tiedApart says what separates two neighbours of which at least one is tied to others; empty where their scores or bands do.
func (r Ranking) tiedApart(first, second *Entry) string {
	if !first.Tied && !second.Tied {
		return ""
	}
	for _, p := range r.needsOf(second) {
		if r.Entries[p].Item.ID == first.Item.ID {
			return second.Item.name() + " needs " + first.Item.name()
		}
	}
	sameGroup := first.Tied && second.Tied && first.Inherited == second.Inherited
	if first.Band == BandFlow && second.Band == BandFlow && first.Tier == second.Tier && first.counts() > second.counts() && !sameGroup {
		return "with what waits behind, " + num(first.counts()) + " against " + num(second.counts())
	}
	if first.Band < second.Band || first.Band == second.Band && first.Tier < second.Tier && first.Tier > 0 {
		return ""
	}
	return "what needs what"
}

// needsOf are all that an entry needs, directly or through others, by place.
func (r Ranking) needsOf(e *Entry) []int {
	if !e.Tied {
		return nil
	}
	return r.net.all(e.Rank-1, r.net.needs)
}

func (it *Item) name() string { return name(it.Number, it.ID) }

// tiedToPass says why no input takes an entry past another one where dependencies place them; empty where they do not.
func (r Ranking) tiedToPass(e, rival *Entry) string {
	if !e.Tied {
		if rival.Tied && rival.Band > e.Band || rival.Tier != e.Tier && rival.Tier == 0 {
			return rival.Item.name() + " stands ahead of it for those that need it"
		}
		return ""
	}
	for _, p := range r.needsOf(e) {
		if r.Entries[p].Item.ID == rival.Item.ID {
			return "It cannot pass " + rival.Item.name() + ", which it needs"
		}
	}
	return "Its place follows from what needs what"
}

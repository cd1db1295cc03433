package selection

import "slices"

// Reason says why the set differs from the plain list in a request.
type Reason string

// The reasons.
const (
	ReasonValue  Reason = "value"  // joins: it brings more for each team-week than what leaves
	ReasonFits   Reason = "fits"   // joins: there is room for it, or beside what else changes it adds value
	ReasonNeeded Reason = "needed" // joins: others in the set need it
	ReasonLess   Reason = "less"   // leaves: it brings less for each team-week than what takes its place
	ReasonRoom   Reason = "room"   // leaves: it brings more for each team-week, but takes room in which others bring more together
)

// funding puts the answer together.
func (f *fund) funding(list *picked, best, more Solution) Funding {
	set := f.members(best)
	if f.worth(set) < f.worth(list.in) {
		set = list.in // equal in whole units, and better by less than one
	}
	out := Funding{Capacity: float64(f.capacity) / parts}
	for i, r := range f.requests {
		if r.Begun {
			continue
		}
		l := Line{Request: r, InSet: set[i], InList: list.in[i]}
		out.Lines = append(out.Lines, l)
		if l.InSet {
			out.Set.include(r)
		}
		if l.InList {
			out.List.include(r)
			out.CutLine = max(out.CutLine, r.Rank)
		}
	}
	out.Gain = out.Set.Value - out.List.Value
	out.Proven = best.Proven()
	out.Bound = max(out.Set.Value, float64(best.Bound)/f.scale+f.missed)
	out.Price = best.Price.Float() * parts / f.scale
	out.OneMore = f.oneMore(best, more)
	f.explain(out.Lines)
	return out
}

// worth is the true value of a set.
func (f *fund) worth(in []bool) float64 {
	var sum float64
	for i, r := range f.requests {
		if in[i] {
			sum += r.Value
		}
	}
	return sum
}

func (s *Sum) include(r Request) {
	s.Count++
	s.Value += r.Value
	s.Size += r.Size
}

// members are the requests that a solution builds and that have not been begun. Only what brings value, is needed or costs something is built.
func (f *fund) members(s Solution) []bool {
	in := make([]bool, len(f.requests))
	for _, c := range s.Customers {
		in[c] = !f.requests[c].Begun
	}
	for _, r := range s.Requirements {
		in[r] = !f.requests[r].Begun
	}
	return in
}

func (f *fund) oneMore(best, more Solution) OneMore {
	before, after := f.members(best), f.members(more)
	out := OneMore{Proven: best.Proven() && more.Proven()}
	for i, r := range f.requests {
		switch {
		case after[i] && !before[i]:
			out.In, out.Gain = append(out.In, r.Ref), out.Gain+r.Value
		case before[i] && !after[i]:
			out.Out, out.Gain = append(out.Out, r.Ref), out.Gain-r.Value
		}
	}
	return out
}

// explain gives each request in which set and list differ its reason.
func (f *fund) explain(lines []Line) {
	byID := make(map[string]*Line, len(lines))
	var joins, leaves Sum
	neededBy := map[string][]string{}
	for i := range lines {
		l := &lines[i]
		byID[l.ID] = l
		if l.InSet {
			for _, id := range l.Needs {
				neededBy[id] = append(neededBy[id], l.Ref)
			}
		}
		switch {
		case l.InSet && !l.InList:
			joins.include(l.Request)
		case l.InList && !l.InSet:
			leaves.include(l.Request)
		}
	}
	for i := range lines {
		l := &lines[i]
		own := Sum{Value: l.Value, Size: l.Size}
		switch {
		case l.InSet == l.InList:
			continue
		case l.InList:
			l.withPrerequisites(byID, &own)
			l.Rate, l.Others = own.rate(), joins.rate()
			if l.Reason = ReasonRoom; l.Rate < l.Others {
				l.Reason = ReasonLess
			}
			continue
		}
		l.Rate, l.Others = own.rate(), leaves.rate()
		switch l.NeededBy = slices.Clone(neededBy[l.ID]); {
		case leaves.Count > 0 && l.Rate > l.Others:
			l.Reason, l.NeededBy = ReasonValue, nil
		case len(l.NeededBy) > 0:
			l.Reason = ReasonNeeded
		default:
			l.Reason = ReasonFits
		}
	}
}

// withPrerequisites adds what the request would bring into the set with it.
func (l *Line) withPrerequisites(byID map[string]*Line, sum *Sum) {
	seen := map[string]bool{l.ID: true}
	queue := slices.Clone(l.Needs)
	for len(queue) > 0 {
		n := byID[queue[0]]
		queue = queue[1:]
		if n == nil || n.InSet || seen[n.ID] {
			continue
		}
		seen[n.ID] = true
		sum.include(n.Request)
		queue = append(queue, n.Needs...)
	}
}

// rate is the value for each team-week; of no size, the value.
func (s Sum) rate() float64 {
	if s.Size <= 0 {
		return s.Value
	}
	return s.Value / s.Size
}

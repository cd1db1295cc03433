package forecast

import "slices"

// bySamePeople are the ends of the requests that are worked on: one result for those that are connected by people who work on several of them.
// The results are independent of each other.
func bySamePeople(o Options, parts []Part) []Result {
	left, out := slices.Clone(parts), []Result{}
	for len(left) > 0 {
		group := []Part{left[0]}
		left = left[1:]
		for k := 0; k < len(group); k++ { // the group grows while it is looked through
			others := left[:0:0]
			for _, p := range left {
				if slices.ContainsFunc(p.People, func(person string) bool { return slices.Contains(group[k].People, person) }) {
					group = append(group, p)
				} else {
					others = append(others, p)
				}
			}
			left = others
		}
		out = append(out, contended(o, group))
	}
	return out
}

// contended is when the last of several requests is finished on which the same people work. How they depend on each other is not known: one
// may hold up another. So the chance is the least that any dependence leaves, by Bonferroni's inequality: 1 minus the sum of the chances that
// each is late. It is never above the product, and nearly the same where each is likely.
func contended(o Options, parts []Part) Result {
	first := parts[0].Finish(o)
	if len(parts) == 1 {
		return first
	}
	basis, length := first.Basis, 0
	ends := make([]Distribution, len(parts))
	for i, p := range parts {
		end := p.Finish(o)
		if end.CannotForecast {
			return end
		}
		basis = weaker(basis, end.Basis, i == 0)
		ends[i] = end.from(first.start)
		length = max(length, len(ends[i].cdf))
	}
	cdf := make([]float64, length)
	for day := range cdf {
		late := 0.0
		for _, end := range ends {
			late += 1 - end.Within(day)
		}
		cdf[day] = snapToOne(max(1-late, 0))
	}
	return resultOf(Distribution{cdf}, basis, parts[0].from(o))
}

// SharePeople reports whether people work on several of the requests that are worked on.
func SharePeople(parts ...Part) bool {
	seen := map[string]bool{}
	for _, p := range parts {
		for _, person := range p.People {
			if p.Shared.Done && seen[person] {
				return true
			}
		}
		for _, person := range p.People {
			seen[person] = seen[person] || p.Shared.Done
		}
	}
	return false
}

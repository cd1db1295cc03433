package priority

import (
	"math"
	"slices"
)

// keepNearTies reorders the scored part of sorted keys so that items whose
// scores differ by no more than the threshold keep their previous order, and
// returns the threshold it used (0 if there was nothing to keep).
//
// "Nearly equal" is not transitive, so it cannot be a comparison for a sort:
// with a≈b, b≈c and a clearly above c a cycle would appear. "Clearly above" is
// transitive, though, and thus a partial order (a semiorder). The result is the
// one linear extension of it that always takes next, among all items that no
// remaining item clearly beats, the one that ranked first before. Hence:
//   - a clear difference always decides;
//   - ranking again with unchanged inputs changes nothing;
//   - a newcomer queues behind its near-ties, like first come, first served;
//   - with no previous ranks the order is that of the scores.
func keepNearTies(keys []key, items []Item, threshold float64) float64 {
	used := 0.0
	flow := bandOf(keys, BandFlow)
	for len(flow) > 0 {
		end := 1
		for end < len(flow) && flow[end].tier == flow[0].tier {
			end++
		}
		used = max(used, keepNearTiesOf(flow[:end], items, threshold))
		flow = flow[end:]
	}
	return used
}

// keepNearTiesOf reorders keys of one tier.
func keepNearTiesOf(flow []key, items []Item, threshold float64) float64 {
	turns := previousTurns(flow, items)
	if threshold <= 0 || turns == nil {
		return 0
	}
	out := make([]key, 0, len(flow))
	taken := make([]bool, len(flow))
	byTurn := make([]int, len(flow))
	for i, t := range turns {
		byTurn[t] = i
	}
	var open turnHeap
	best, next := 0, 0
	for len(out) < len(flow) {
		for taken[best] {
			best++
		}
		for next < len(flow) && !clearlyAbove(-flow[best].primary, -flow[next].primary, threshold) {
			open.push(turns[next])
			next++
		}
		i := byTurn[open.pop()]
		taken[i] = true
		out = append(out, flow[i])
	}
	copy(flow, out)
	return threshold
}

// clearlyAbove reports whether hi beats lo by more than the threshold, as a
// share of hi. Scores are never negative, so it is transitive.
func clearlyAbove(hi, lo, threshold float64) bool { return lo < hi*(1-threshold) }

// bandOf is the run of sorted keys in one band, sharing their memory.
func bandOf(keys []key, b Band) []key {
	from, to := len(keys), len(keys)
	for i, k := range keys {
		if k.band == b && from == len(keys) {
			from = i
		}
		if k.band > b {
			to = i
			break
		}
	}
	return keys[min(from, to):to]
}

// previousTurns numbers the keys by previous rank, newcomers last and ties by
// present order; nil when no item has a previous rank.
func previousTurns(flow []key, items []Item) []int {
	prev := make([]int, len(flow))
	order := make([]int, len(flow))
	known := false
	for i, k := range flow {
		order[i], prev[i] = i, items[k.at].PrevRank
		if prev[i] <= 0 {
			prev[i] = math.MaxInt
			continue
		}
		known = true
	}
	if !known {
		return nil
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case prev[a] < prev[b]:
			return -1
		case prev[a] > prev[b]:
			return 1
		}
		return 0
	})
	turns := make([]int, len(flow))
	for t, i := range order {
		turns[i] = t
	}
	return turns
}

// turnHeap is a binary min-heap of turns; container/heap would box every int.
type turnHeap []int

func (h *turnHeap) push(turn int) {
	*h = append(*h, turn)
	s := *h
	for i := len(s) - 1; i > 0; {
		parent := (i - 1) / 2
		if s[parent] <= s[i] {
			return
		}
		s[parent], s[i] = s[i], s[parent]
		i = parent
	}
}

func (h *turnHeap) pop() int {
	s := *h
	top, last := s[0], len(s)-1
	s[0] = s[last]
	s = s[:last]
	*h = s
	for i := 0; ; {
		child := 2*i + 1
		if child >= last {
			return top
		}
		if child+1 < last && s[child+1] < s[child] {
			child++
		}
		if s[i] <= s[child] {
			return top
		}
		s[i], s[child] = s[child], s[i]
		i = child
	}
}

package gap

import "math"

// cells limits the table of one knapsack. Beyond it weights are counted in larger units, rounded down, which relaxes the limit.
const cells = 1 << 19

// knapsack chooses, of items with a gain and a weight, a set of most gain within a capacity. Its memory is used again.
type knapsack struct {
	value []float64  // by capacity, in units
	taken [][]uint64 // by item: for which capacities it is taken
	unit  int64
	room  int64 // in units
}

// solve returns the gain of the best set, and calls take for each item in it. Gains are > 0, weights ≤ room.
func (k *knapsack) solve(gain []float64, weight []int64, room int64, take func(item int)) float64 {
	k.prepare(len(gain), weight, room)
	free := 0.0
	for n, g := range gain {
		w := weight[n] / k.unit
		row := k.taken[n]
		clear(row)
		if w == 0 {
			free += g // in units it weighs nothing: it is in every set
			continue
		}
		for c := k.room; c >= w; c-- {
			if v := k.value[c-w] + g; v > k.value[c] {
				k.value[c] = v
				row[c>>6] |= 1 << (c & 63)
			}
		}
	}
	left := k.room
	for n := len(gain) - 1; n >= 0; n-- {
		w := weight[n] / k.unit
		if w == 0 || k.taken[n][left>>6]&(1<<(left&63)) != 0 {
			take(n)
			left -= w
		}
	}
	for c := range k.value {
		k.value[c] += free
	}
	return k.value[k.room]
}

// within is the gain of the best set of the last solve in a smaller capacity.
func (k *knapsack) within(room int64) float64 {
	if room < 0 {
		return math.Inf(-1)
	}
	return k.value[min(room/k.unit, k.room)]
}

func (k *knapsack) prepare(items int, weight []int64, room int64) {
	sum := int64(0)
	for _, w := range weight {
		sum += w
	}
	room = min(room, sum) // more than everything is never needed
	k.unit = 1 + room*int64(max(items, 1))/cells
	k.room = room / k.unit
	if int64(cap(k.value)) <= k.room {
		k.value = make([]float64, k.room+1)
	}
	k.value = k.value[:k.room+1]
	clear(k.value)
	words := int(k.room>>6) + 1
	for len(k.taken) < items {
		k.taken = append(k.taken, nil)
	}
	for n := range items {
		if cap(k.taken[n]) < words {
			k.taken[n] = make([]uint64, words)
		}
		k.taken[n] = k.taken[n][:words]
	}
}

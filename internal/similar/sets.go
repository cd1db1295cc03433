package similar

import (
	"math"
	"math/bits"
	"slices"
)

const (
	blockWords = 32 // of 64 bits: some lines of the processor's cache at once
	blockTexts = blockWords * 64
)

// sets says of each group which sets have it. Sets are added in the order of their places.
type sets struct {
	members  map[uint64]*members
	sizes    []uint16 // of each place, how many groups the set has
	smallest []uint16 // the smallest size of each 64 places
	memory   int      // bytes that members take, about
}

func newSets() sets { return sets{members: map[uint64]*members{}} }

// members are the places of the sets that have a group: as a list, or as one bit a place if the group is frequent.
type members struct {
	n      int
	places []uint32 // sorted
	bits   []uint64 // whole blocks
}

const (
	fewest = 64 // members that are a list in any case
	// A group that more than one set in frequent has takes one bit a place: that is at most twice the memory of its list.
	frequent = 64
)

func (s *sets) add(at uint32, groups []uint64) {
	for _, g := range groups {
		m := s.members[g]
		if m == nil {
			m = &members{}
			s.members[g] = m
			s.memory += memoryOfGroup
		}
		before := m.memory()
		m.add(at)
		s.memory += m.memory() - before
	}
	s.sizes = append(s.sizes, uint16(len(groups)))
	if int(at/64) == len(s.smallest) {
		s.smallest = append(s.smallest, math.MaxUint16)
	}
	s.smallest[at/64] = min(s.smallest[at/64], uint16(len(groups)))
}

// memoryOfGroup is what a group takes without its members.
const memoryOfGroup = 100

func (m *members) memory() int { return 4*cap(m.places) + 8*cap(m.bits) }

func (m *members) add(at uint32) {
	m.n++
	if m.bits == nil {
		m.places = append(m.places, at)
		if m.n >= fewest && m.n*frequent > int(at) {
			m.toBits()
		}
		return
	}
	m.set(at)
	if 2*m.n*frequent < int(at) { // it was frequent among the earlier ones only
		m.toPlaces()
	}
}

func (m *members) toBits() {
	for _, at := range m.places {
		m.set(at)
	}
	m.places = nil
}

func (m *members) toPlaces() {
	m.places = make([]uint32, 0, m.n)
	for i, word := range m.bits {
		for ; word != 0; word &= word - 1 {
			m.places = append(m.places, uint32(i*64+bits.TrailingZeros64(word)))
		}
	}
	m.bits = nil
}

func (m *members) set(at uint32) {
	for len(m.bits) <= int(at/64) {
		m.bits = append(m.bits, make([]uint64, blockWords)...)
	}
	m.bits[at/64] |= 1 << (at % 64)
}

// counter counts for each set how many groups it has in common with one set, a block of places at a time and from the last to the first.
type counter struct {
	*sets
	size     int // of the one set
	block    int
	frequent [][]uint64 // bits
	rare     [][]uint32 // places, without those of later blocks
	// planes hold the counts: bit i of planes[k][w] is bit k of the count of the set at place 64w+i of the block.
	planes [][blockWords]uint64
}

func (s *sets) counter(groups []uint64) *counter {
	c := &counter{sets: s, size: len(groups), planes: make([][blockWords]uint64, max(3, bits.Len(uint(len(groups)))))}
	for _, g := range groups {
		switch m := s.members[g]; {
		case m == nil:
		case m.bits != nil:
			c.frequent = append(c.frequent, m.bits)
		default:
			c.rare = append(c.rare, m.places)
		}
	}
	return c
}

// nobody stands for a group that no set of a block has.
var nobody [blockWords]uint64

// count counts one block.
func (c *counter) count(block int) {
	c.block = block
	clear(c.planes)
	var eight [8]*[blockWords]uint64
	n := 0
	for _, words := range c.frequent {
		if len(words) <= block*blockWords {
			continue
		}
		eight[n] = (*[blockWords]uint64)(words[block*blockWords:])
		if n++; n == len(eight) {
			c.addEight(&eight)
			n = 0
		}
	}
	if n > 0 {
		for ; n < len(eight); n++ {
			eight[n] = &nobody
		}
		c.addEight(&eight)
	}
	for i, places := range c.rare {
		for len(places) > 0 && int(places[len(places)-1]) >= block*blockTexts {
			at := places[len(places)-1] - uint32(block*blockTexts)
			c.carry(0, int(at/64), 1<<(at%64))
			places = places[:len(places)-1]
		}
		c.rare[i] = places
	}
}

// addEight adds eight groups to the counts. Seven adders of three bits make of eight bits and the three lowest of a count the three lowest
// of the sum, and one to carry.
func (c *counter) addEight(in *[8]*[blockWords]uint64) {
	ones, twos, fours := &c.planes[0], &c.planes[1], &c.planes[2]
	for w := range blockWords {
		one, a := add3(ones[w], in[0][w], in[1][w])
		one, b := add3(one, in[2][w], in[3][w])
		two, d := add3(twos[w], a, b)
		one, a = add3(one, in[4][w], in[5][w])
		one, b = add3(one, in[6][w], in[7][w])
		two, e := add3(two, a, b)
		four, eights := add3(fours[w], d, e)
		ones[w], twos[w], fours[w] = one, two, four
		c.carry(3, w, eights)
	}
}

// add3 adds three bits in each of 64 places.
func add3(a, b, c uint64) (sum, carry uint64) {
	both := a ^ b
	return both ^ c, a&b | both&c
}

// carry adds 2^k to the counts of the places in a mask.
func (c *counter) carry(k, word int, mask uint64) {
	for ; mask != 0; k++ {
		plane := &c.planes[k][word]
		*plane, mask = *plane^mask, *plane&mask
	}
}

// atLeast is a mask of the places of a word of the block whose score may be at least the given one.
func (c *counter) atLeast(word int, score float64) uint64 {
	at := c.block*blockWords + word
	if at >= len(c.smallest) {
		return 0
	}
	// Sets of a and b groups with c in common score c/(a+b-c), so c is at least the share below of a+b. Rounding must not lose one.
	least := max(1, int(math.Ceil(score/(1+score)*float64(c.size+int(c.smallest[at]))-1e-6)))
	if bits.Len(uint(least)) > len(c.planes) {
		return 0
	}
	var more uint64
	same := ^more
	for k, plane := range slices.Backward(c.planes) {
		if least>>k&1 == 1 {
			same &= plane[word]
		} else {
			more, same = more|same&plane[word], same&^plane[word]
		}
	}
	return more | same
}

// score is the share of groups that the set at a place has in common with the one set.
func (c *counter) score(word, bit int) float64 {
	common := 0
	for k := range c.planes {
		common |= int(c.planes[k][word]>>bit&1) << k
	}
	return share(common, c.size, int(c.sizes[c.block*blockTexts+word*64+bit]))
}

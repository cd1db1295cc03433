package similar

import (
	"math/bits"
	"slices"
)

// ID names a text.
type ID = [16]byte

// Match is a text found, and how similar it is.
type Match struct {
	ID    ID
	Score float64
}

// Index holds texts of two parts: a title, and all that is compared, the title included. A text's score is that of the titles or that of
// all, whichever is higher. It is not safe for writing and reading at once; several may read.
type Index struct {
	texts       []indexed
	place       map[ID]uint32
	titles, all sets
}

type indexed struct {
	id     ID
	digest uint64 // of the groups
}

// NewIndex makes an empty index.
func NewIndex() *Index {
	return &Index{place: map[ID]uint32{}, titles: newSets(), all: newSets()}
}

// Len is the number of texts, and Gone how many places hold one that was replaced or removed.
func (x *Index) Len() int { return len(x.place) }

// Gone is the number of texts that were replaced or removed and still take memory.
func (x *Index) Gone() int { return len(x.texts) - len(x.place) }

// memoryOfText is what a text takes without its groups.
const memoryOfText = 90

// Memory is the bytes that the index takes, about.
func (x *Index) Memory() int {
	return len(x.texts)*memoryOfText + x.titles.memory + x.all.memory
}

// Put adds a text, or replaces it.
func (x *Index) Put(id ID, title, all string) {
	inTitle, groups := Groups(title), Groups(all)
	if len(groups) == 0 {
		x.Remove(id)
		return
	}
	digest := digestOf(inTitle, groups)
	if at, ok := x.place[id]; ok && x.texts[at].digest == digest {
		return
	}
	x.Remove(id)
	at := uint32(len(x.texts))
	x.titles.add(at, inTitle)
	x.all.add(at, groups)
	x.texts = append(x.texts, indexed{id, digest})
	x.place[id] = at
}

// Remove forgets a text.
func (x *Index) Remove(id ID) {
	if at, ok := x.place[id]; ok {
		x.all.sizes[at] = 0
		delete(x.place, id)
	}
}

func digestOf(sets ...[]uint64) uint64 {
	digest := uint64(14695981039346656037) // FNV-1a, over whole groups
	for _, set := range sets {
		for _, g := range append(set, 0) {
			digest = (digest ^ g) * 1099511628211
		}
	}
	return digest
}

// Nearest finds the texts with at least the given score, the best first; equal ones with the later put first. The result is exact.
func (x *Index) Nearest(title, all string, least float64, limit int) []Match {
	titles, groups := x.titles.counter(Groups(title)), x.all.counter(Groups(all))
	found := top{limit: limit, least: least}
	for block := (len(x.texts)+blockTexts-1)/blockTexts - 1; block >= 0; block-- {
		titles.count(block)
		groups.count(block)
		for word := blockWords - 1; word >= 0; word-- {
			// Few texts can have a score that is high enough; only theirs is computed.
			may := titles.atLeast(word, found.bar()) | groups.atLeast(word, found.bar())
			for may != 0 {
				bit := 63 - bits.LeadingZeros64(may)
				may &^= 1 << bit
				if at := block*blockTexts + word*64 + bit; x.all.sizes[at] > 0 {
					found.offer(&x.texts[at].id, max(titles.score(word, bit), groups.score(word, bit)))
				}
			}
		}
	}
	return found.best
}

// top collects the best matches.
type top struct {
	limit int
	least float64
	best  []Match
}

// bar is the score below which nothing is taken any more.
func (t *top) bar() float64 {
	if len(t.best) == t.limit && t.limit > 0 {
		return t.best[t.limit-1].Score
	}
	return t.least
}

func (t *top) offer(id *ID, score float64) {
	if score < t.least || len(t.best) == t.limit && (t.limit == 0 || score <= t.best[t.limit-1].Score) {
		return
	}
	at := len(t.best)
	for at > 0 && t.best[at-1].Score < score {
		at--
	}
	t.best = slices.Insert(t.best, at, Match{*id, score})
	t.best = t.best[:min(len(t.best), t.limit)]
}

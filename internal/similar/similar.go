// Package similar finds the texts that are most like a text, in every script. It compares sets of letter groups exactly, and keeps for
// each group the list of the texts that have it, so that a search adds up short lists instead of reading texts.
package similar

import (
	"slices"
	"sync"
	"unicode"

	"leanpmo/internal/cleantext"
)

// mostGroups bounds what is kept of one text.
const mostGroups = 4096

// Groups are the different letter groups of a text, sorted: the triples of every word with two blanks before it and one behind it, as the
// extension pg_trgm of Postgres has them; in scripts that write a syllable or a word as one letter, the letters and their pairs.
func Groups(text string) []uint64 {
	var groups []uint64
	var word []rune
	end := func() {
		if len(word) > 0 {
			groups = appendGroups(groups, word)
			word = word[:0]
		}
	}
	for _, r := range cleantext.Fold(text) {
		part := inWord(r)
		if !part || len(word) > 0 && cleantext.Unspaced(r) != cleantext.Unspaced(word[len(word)-1]) {
			end()
		}
		if part {
			word = append(word, r)
		}
	}
	end()
	slices.Sort(groups)
	groups = slices.Compact(groups)
	return groups[:min(len(groups), mostGroups)]
}

// inWord reports whether r is a letter, a digit or a mark on one.
func inWord(r rune) bool {
	if r <= unicode.MaxASCII {
		return r >= 'a' && r <= 'z' || r >= '0' && r <= '9'
	}
	return unicode.In(r, unicode.L, unicode.N, unicode.M)
}

func appendGroups(groups []uint64, word []rune) []uint64 {
	at := func(i int) uint64 {
		if i < 0 || i >= len(word) {
			return ' '
		}
		return uint64(word[i])
	}
	if cleantext.Unspaced(word[0]) {
		for i := range word {
			groups = append(groups, at(i))
			if i > 0 {
				groups = append(groups, at(i-1)<<21|at(i))
			}
		}
		return groups
	}
	for i := range len(word) + 1 {
		groups = append(groups, at(i-2)<<42|at(i-1)<<21|at(i))
	}
	return groups
}

// Score is the share of groups that two sets have in common, from 0 to 1.
func Score(a, b []uint64) float64 {
	common := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			common, i, j = common+1, i+1, j+1
		}
	}
	return share(common, len(a), len(b))
}

func share(common, a, b int) float64 {
	if common == 0 {
		return 0
	}
	return float64(common) / float64(a+b-common)
}

// ScoreTexts is the similarity of two texts of two parts, as Index has it.
func ScoreTexts(title, all, otherTitle, otherAll string) float64 {
	return max(Score(Groups(title), Groups(otherTitle)), Score(Groups(all), Groups(otherAll)))
}

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
	texts    []indexed
	place    map[ID]uint32
	postings map[uint64][]uint32 // the places of the texts that have the group, doubled; odd: the title has it
	counts   sync.Pool           // of *[]uint32, one for each text
}

type indexed struct {
	id         ID
	digest     uint64 // of the groups
	title, all uint16 // how many; all is 0 where the text was replaced or removed
}

// NewIndex makes an empty index.
func NewIndex() *Index {
	return &Index{place: map[ID]uint32{}, postings: map[uint64][]uint32{}}
}

// Len is the number of texts, and Gone how many places hold one that was replaced or removed.
func (x *Index) Len() int { return len(x.place) }

// Gone is the number of texts that were replaced or removed and still take memory.
func (x *Index) Gone() int { return len(x.texts) - len(x.place) }

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
	text := indexed{id: id, digest: digest, all: uint16(len(groups))}
	for _, g := range groups {
		posting := at << 1
		if _, both := slices.BinarySearch(inTitle, g); both {
			posting |= 1
			text.title++
		}
		x.postings[g] = append(x.postings[g], posting)
	}
	x.texts = append(x.texts, text)
	x.place[id] = at
}

// Remove forgets a text.
func (x *Index) Remove(id ID) {
	if at, ok := x.place[id]; ok {
		x.texts[at].all = 0
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
	inTitle, groups := Groups(title), Groups(all)
	counts := x.zeroed()
	defer x.counts.Put(counts)
	for _, g := range groups {
		_, both := slices.BinarySearch(inTitle, g)
		add(*counts, x.postings[g], both)
	}
	// No score is higher than the common groups' share of one text's, so most texts need no division.
	leastTitle, leastAll := max(1, uint32(least*float64(len(inTitle)))), max(1, uint32(least*float64(len(groups))))
	var best []Match
	for at := len(x.texts) - 1; at >= 0; at-- {
		titles, common := (*counts)[at]>>16, (*counts)[at]&0xFFFF
		if titles < leastTitle && common < leastAll {
			continue
		}
		text := &x.texts[at]
		score := max(share(int(titles), len(inTitle), int(text.title)), share(int(common), len(groups), int(text.all)))
		if text.all > 0 && score >= least && (len(best) < limit || score > best[len(best)-1].Score) {
			best = insert(best, Match{text.id, score}, limit)
		}
	}
	return best
}

// add counts the texts of a group: the common groups of all in the lower half of a count, those of the titles in the upper one.
func add(counts, postings []uint32, inTitle bool) {
	if !inTitle {
		for _, posting := range postings {
			counts[posting>>1]++
		}
		return
	}
	for _, posting := range postings {
		counts[posting>>1] += 1 | posting&1<<16
	}
}

// zeroed is a count for each text.
func (x *Index) zeroed() *[]uint32 {
	counts, ok := x.counts.Get().(*[]uint32)
	if !ok || cap(*counts) < len(x.texts) {
		fresh := make([]uint32, len(x.texts), len(x.texts)+len(x.texts)/8+64)
		return &fresh
	}
	*counts = (*counts)[:len(x.texts)]
	clear(*counts)
	return counts
}

func insert(best []Match, m Match, limit int) []Match {
	at := len(best)
	for at > 0 && best[at-1].Score < m.Score {
		at--
	}
	best = slices.Insert(best, at, m)
	return best[:min(len(best), limit)]
}

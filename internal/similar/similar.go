// Package similar finds the texts that are most like a text, in every script. It compares sets of letter groups exactly, and keeps for
// each group which texts have it: one bit a text for frequent groups, so that a search counts 64 texts at once.
package similar

import (
	"slices"
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

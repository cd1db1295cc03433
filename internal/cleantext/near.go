package cleantext

import (
	"slices"
	"strings"
)

// Near are the known words that somebody may have meant by an unknown one, the nearest first, three at most: those that it is the beginning
// of, and those that few letters make of it, two letters that changed places being one.
func Near(word string, known []string) []string {
	word = strings.ToLower(strings.TrimSpace(word))
	letters := []rune(word)
	if len(letters) < 2 {
		return nil
	}
	most := min(3, max(1, len(letters)/3))
	type found struct {
		word string
		far  int
	}
	var near []found
	for _, k := range known {
		lower := strings.ToLower(k)
		far := distance(letters, []rune(lower))
		if len(letters) > 2 && strings.HasPrefix(lower, word) {
			far = 1
		}
		if far <= most {
			near = append(near, found{k, far})
		}
	}
	slices.SortStableFunc(near, func(a, b found) int { return a.far - b.far })
	var words []string
	for _, f := range near[:min(3, len(near))] {
		words = append(words, f.word)
	}
	return words
}

// DidYouMean is the question that goes with a refusal of an unknown word: "; did you mean gis?", or nothing when no known word is near.
func DidYouMean(word string, known []string) string {
	near := Near(word, known)
	if len(near) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(near, " or ") + "?"
}

// distance counts the letters to insert, delete, replace or swap with the next one to make b of a.
func distance(a, b []rune) int {
	rows := [3][]int{make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)}
	for j := range rows[1] {
		rows[1][j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, last, row := rows[(i+2)%3], rows[i%3], rows[(i+1)%3]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			row[j] = min(last[j], row[j-1], last[j-1]) + 1
			if a[i-1] == b[j-1] {
				row[j] = last[j-1]
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return rows[(len(a)+1)%3][len(b)]
}

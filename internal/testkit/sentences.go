package testkit

import (
	"math/rand"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
)

// Sentences makes texts that differ as those of people do: of the words of our own pages, as frequent as they are there, so that few are
// frequent and most are rare. The same seed gives the same texts.
type Sentences struct {
	words  []string
	random *rand.Rand
}

// NewSentences reads the words.
func NewSentences(t testing.TB, seed int64) *Sentences {
	t.Helper()
	_, file, _, ok := runtime.Caller(0)
	require.True(t, ok)
	pages, err := filepath.Glob(filepath.Join(filepath.Dir(file), "../../docs/*.md"))
	require.NoError(t, err)
	s := &Sentences{random: rand.New(rand.NewSource(seed))}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		s.words = append(s.words, strings.FieldsFunc(string(text), func(r rune) bool { return !unicode.IsLetter(r) })...)
	}
	require.Greater(t, len(s.words), 5_000, "the pages have enough words")
	return s
}

// Text is a text of some words, at least least and at most most.
func (s *Sentences) Text(least, most int) string {
	list := make([]string, least+s.random.Intn(most-least+1))
	for i := range list {
		list[i] = s.words[s.random.Intn(len(s.words))]
	}
	return strings.Join(list, " ")
}

package arch

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// conflictMark is a line that a merge leaves where two changes met.
var conflictMark = regexp.MustCompile(`(?m)^(<{7}|>{7}|\|{7}) `)

// TestNoMergeIsHalfDone: a page or a text with such lines compiles, and shows them.
func TestNoMergeIsHalfDone(t *testing.T) {
	for _, s := range sources(t) {
		require.False(t, conflictMark.Match(s.text), "%s has the lines of a conflict", s.path)
	}
	require.True(t, conflictMark.MatchString("a\n<<<<<<"+"< HEAD\n"))
}

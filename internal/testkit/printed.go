package testkit

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Printed compares the part of a page between the marks <!-- name:begin --> and <!-- name:end --> with what the code prints. With update it
// writes it there instead; again is the command that does so.
func Printed(t *testing.T, page, name, printed string, update bool, again string) {
	t.Helper()
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	begin, end := "<!-- "+name+":begin -->\n", "<!-- "+name+":end -->"
	before, rest, found := strings.Cut(string(text), begin)
	require.True(t, found, "%s has no %s", page, begin)
	shown, after, found := strings.Cut(rest, end)
	require.True(t, found, "%s has no %s", page, end)
	if update {
		require.NoError(t, os.WriteFile(page, []byte(before+begin+printed+end+after), 0o644))
		return
	}
	require.Equal(t, printed, shown, "print it anew with: %s", again)
}

// Between lists the lines of a page between the marks <!-- name:begin --> and <!-- name:end -->.
func Between(t *testing.T, page, name string) []string {
	t.Helper()
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(text), "<!-- "+name+":begin -->\n")
	require.True(t, found, "%s has no %s", page, name)
	inside, _, found := strings.Cut(rest, "<!-- "+name+":end -->")
	require.True(t, found, "%s has no end of %s", page, name)
	return strings.Split(strings.TrimSpace(inside), "\n")
}

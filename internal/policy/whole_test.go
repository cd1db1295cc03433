package policy

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAPolicyThatTakesForceIsTheWhole: a file without a section is refused with its name, or is in force without it: no section of the policy
// before lives on, and a process that reads it from the database works by the same rules.
func TestAPolicyThatTakesForceIsTheWhole(t *testing.T) {
	before := Default()
	text := strings.Replace(string(before.source), "\nversion: 1\n", "\nversion: 2\n", 1)
	sections := regexp.MustCompile(`(?m)^[a-z_]+:`).FindAllString(text, -1)
	require.Greater(t, len(sections), 10)
	refused := 0
	for _, section := range sections {
		name := strings.TrimSuffix(section, ":")
		t.Run(name, func(t *testing.T) {
			without := regexp.MustCompile(`(?m)^`+section+`.*\n(?:[ #].*\n|\n)*`).ReplaceAllString(text, "")
			require.NotEqual(t, text, without)
			given, err := Parse([]byte(without))
			if err != nil {
				refused++
				require.ErrorContains(t, err, name)
				return
			}
			require.NotEqual(t, before.digest, given.digest)
			inForce, takes, err := Choose(given, &Stored{Version: before.Version(), Source: before.source})
			require.NoError(t, err)
			require.True(t, takes)
			elsewhere, takes, err := Choose(nil, &Stored{Version: given.Version(), Source: inForce.source})
			require.NoError(t, err)
			require.False(t, takes)
			require.Equal(t, given.digest, inForce.digest)
			require.Equal(t, given.digest, elsewhere.digest)
			require.Equal(t, given.doc, elsewhere.doc)
		})
	}
	require.Positive(t, refused)
}

package arch

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/version"
)

var release = regexp.MustCompile(`(?m)^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d{2}-\d{2}$`)

// TestVersionIsTheSameEverywhere holds the newest dated section of the changelog against the version, and the newest recorded histories
// against the release before it: histories are recorded from released code. OpenAPI is tested in the package api.
func TestVersionIsTheSameEverywhere(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(top, "CHANGELOG.md"))
	require.NoError(t, err)
	releases := release.FindAllStringSubmatch(string(page), -1)
	require.GreaterOrEqual(t, len(releases), 2)
	require.Equal(t, version.Number, releases[0][1], "CHANGELOG.md and internal/version differ")

	folders, err := os.ReadDir(filepath.Join(top, "tests", "replay", "histories"))
	require.NoError(t, err)
	newest := folders[0].Name()
	for _, f := range folders {
		if lessVersion(newest, f.Name()) {
			newest = f.Name()
		}
	}
	before := releases[1][1]
	require.Equal(t, before[:strings.LastIndexByte(before, '.')], newest, "tests/replay has no histories of the release before %s", version.Number)
}

// lessVersion compares versions number by number; none of ours has more than four digits in one.
func lessVersion(a, b string) bool {
	padded := func(v string) string {
		var all strings.Builder
		for part := range strings.SplitSeq(v, ".") {
			all.WriteString(strings.Repeat("0", 4-len(part)) + part)
		}
		return all.String()
	}
	return padded(a) < padded(b)
}

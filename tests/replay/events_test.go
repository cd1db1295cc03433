package replay

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// countedIn is the page with the number of events of each way through the process, as recorded from the newest release.
var countedIn = filepath.Join("..", "..", "docs", "performance.md")

const eventsBegin, eventsEnd = "<!-- events:begin -->\n", "<!-- events:end -->"

// TestEventsOfTheNewestHistoriesAreOnThePage counts the events of the newest recorded histories. The page says what they were.
func TestEventsOfTheNewestHistoriesAreOnThePage(t *testing.T) {
	releases, err := filepath.Glob(filepath.Join("histories", "*"))
	require.NoError(t, err)
	newest := slices.MaxFunc(releases, func(a, b string) int { return strings.Compare(order(t, a), order(t, b)) })
	files, err := filepath.Glob(filepath.Join(newest, "*.json.gz"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	table := fmt.Sprintf("| history, recorded from %s | events |\n|---|---|\n", filepath.Base(newest))
	for _, path := range files {
		table += fmt.Sprintf("| %s | %d |\n", strings.ReplaceAll(strings.TrimSuffix(filepath.Base(path), ".json.gz"), "-", " "), len(read(t, path).GetEvents()))
	}
	page, err := os.ReadFile(countedIn)
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(page), eventsBegin)
	require.True(t, found)
	written, _, found := strings.Cut(rest, eventsEnd)
	require.True(t, found)
	require.Equal(t, table, written, "docs/performance.md says something else; the table that is true:\n%s", table)
}

// order makes releases comparable as texts: 0.10 is newer than 0.9.
func order(t *testing.T, release string) string {
	t.Helper()
	var major, minor int
	_, err := fmt.Sscanf(filepath.Base(release), "%d.%d", &major, &minor)
	require.NoError(t, err)
	return fmt.Sprintf("%05d.%05d", major, minor)
}

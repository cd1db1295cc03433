package realserver

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	historypb "go.temporal.io/api/history/v1"
)

var updateStory = flag.Bool("update", false, "write the listing in docs/architecture.md")

const storyBegin, storyEnd = "<!-- story:begin -->\n", "<!-- story:end -->"

// compareStory compares what a finished request shows in the Temporal UI with the listing in docs/architecture.md. Writes to the read model
// are not compared: they run beside the steps, so that their order and number depend on how fast the database is.
func compareStory(t *testing.T, history *historypb.History) {
	t.Helper()
	path := filepath.Join("..", "..", "docs", "architecture.md")
	page, err := os.ReadFile(path)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(page), storyBegin)
	require.True(t, found)
	listed, after, found := strings.Cut(rest, storyEnd)
	require.True(t, found)
	shown := "```\n" + strings.Join(story(history), "\n") + "\n```\n"
	if *updateStory {
		require.NoError(t, os.WriteFile(path, []byte(before+storyBegin+shown+storyEnd+after), 0o644))
		return
	}
	require.Contains(t, shown, projectionMark)
	require.Equal(t, comparableStory(listed), comparableStory(shown), "docs/architecture.md lists other steps; look at it and run: go test ./tests/realserver -update")
}

// ofThisRun matches what differs from run to run: times, numbers and ids.
var ofThisRun = regexp.MustCompile(`\d{4}-\d\d-\d\d( \d\d:\d\d UTC)?|R-\d+|[0-9a-f]{8}-[0-9a-f-]{27}|\d{8}T\d+Z?|https?://\S+`)

// comparableStory is a listing without the writes to the read model, and without what differs from run to run.
func comparableStory(listing string) string {
	var lines []string
	for _, line := range strings.Split(listing, "\n") {
		if !strings.HasPrefix(line, projectionMark) {
			lines = append(lines, ofThisRun.ReplaceAllString(line, "…"))
		}
	}
	return strings.Join(lines, "\n")
}

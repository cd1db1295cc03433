package realserver

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	historypb "go.temporal.io/api/history/v1"
)

var updateStory = flag.Bool("update", false, "write the story in docs/architecture.md anew")

const storyBegin, storyEnd = "<!-- story:begin -->\n", "<!-- story:end -->"

// compareStory compares what a finished request shows in the Temporal UI with the listing in docs/architecture.md.
func compareStory(t *testing.T, history *historypb.History) {
	t.Helper()
	path := filepath.Join("..", "..", "docs", "architecture.md")
	page, err := os.ReadFile(path)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(page), storyBegin)
	require.True(t, found)
	told, after, found := strings.Cut(rest, storyEnd)
	require.True(t, found)
	seen := "```\n" + strings.Join(story(history), "\n") + "\n```\n"
	if *updateStory {
		require.NoError(t, os.WriteFile(path, []byte(before+storyBegin+seen+storyEnd+after), 0o644))
		return
	}
	require.Equal(t, told, seen, "docs/architecture.md tells another story; look at it and run: go test ./tests/realserver -update")
}

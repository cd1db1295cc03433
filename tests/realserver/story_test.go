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
	const projection = "⚙ update read model\n"
	require.Contains(t, shown, projection)
	require.Equal(t, strings.ReplaceAll(listed, projection, ""), strings.ReplaceAll(shown, projection, ""),
		"docs/architecture.md lists other steps; look at it and run: go test ./tests/realserver -update")
}

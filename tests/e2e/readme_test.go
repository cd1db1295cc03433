package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/testkit"
	"leanpmo/tests/drive"
)

// TestReadme does what the README tells a newcomer to do, block by block, on a fresh stack with the default policy, and looks
// whether the request is closed then.
func TestReadme(t *testing.T) {
	if testing.Short() {
		t.Skip("needs the whole stack; run without -short")
	}
	blocks := shellBlocks(t, "A first request, by HTTP")
	require.Len(t, blocks, 4)
	stack := testkit.StartStack(t, testkit.StackOptions{Whole: true})
	api := drive.New(t, stack.HTTP)
	function := ""
	for i, block := range blocks {
		if i == 0 {
			function, _, _ = strings.Cut(block, "\n")
		}
		script := strings.ReplaceAll("set -euo pipefail\n"+function+"\n"+block, "http://127.0.0.1:8080", stack.HTTP)
		out, err := exec.Command("bash", "-c", script).CombinedOutput()
		require.NoError(t, err, "%s", out)
		require.NotContains(t, string(out), "problems.md#", "block %d", i+1)
		settle(api, []string{"review", "prioritization", "assignment", "closure"}[i])
	}
	api.Known("R-1").AwaitClosed("delivered")
}

// settle waits as long as a person needs to read: until the process has come to its next rest.
func settle(api *drive.API, stage string) {
	api.Known("R-1").Await("rest in "+stage, func(a *drive.Answer) bool {
		return a.Text("stage") == stage && (stage == "prioritization" || stage == "closure" || len(drive.Open(a)) > 0)
	})
}

// shellBlocks are the sh blocks of a section of the README.
func shellBlocks(t *testing.T, section string) []string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(page), "## "+section+"\n")
	require.True(t, found)
	rest, _, _ = strings.Cut(rest, "\n## ")
	var blocks []string
	for {
		_, after, found := strings.Cut(rest, "```sh\n")
		if !found {
			return blocks
		}
		block, more, _ := strings.Cut(after, "```")
		blocks, rest = append(blocks, block), more
	}
}

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
// whether the requests are closed then.
func TestReadme(t *testing.T) {
	if testing.Short() {
		t.Skip("needs the whole stack; run without -short")
	}
	stack := testkit.StartStack(t, testkit.StackOptions{Whole: true})
	api := drive.New(t, stack.HTTP)
	programs := strings.NewReplacer("http://127.0.0.1:8080", stack.HTTP, "bin/pmo", testkit.Program(t, "pmo"))
	t.Setenv("PMO_URL", stack.HTTP)
	follow(t, api, programs, "A first request, by HTTP", "R-1", "review", "prioritization", "assignment", "closure")
	follow(t, api, programs, "A second one, by command line", "R-2", "prioritization", "assignment", "closure")
}

// follow runs the blocks of a section one after the other, with the addresses and programs of this test in the place of those a
// newcomer has, and waits after each as long as a person needs to read.
func follow(t *testing.T, api *drive.API, programs *strings.Replacer, section, ref string, stages ...string) {
	t.Helper()
	blocks := shellBlocks(t, section)
	require.Len(t, blocks, len(stages))
	function, _, _ := strings.Cut(blocks[0], "\n")
	for i, block := range blocks {
		command := exec.Command("bash", "-c", programs.Replace("set -euo pipefail\n"+function+"\n"+block))
		command.Dir = filepath.Join("..", "..")
		out, err := command.CombinedOutput()
		require.NoError(t, err, "%s", out)
		require.NotContains(t, string(out), "problems.md#", "block %d", i+1)
		settle(api, ref, stages[i])
	}
	api.Known(ref).AwaitClosed("delivered")
}

// settle waits until the process has come to its next rest.
func settle(api *drive.API, ref, stage string) {
	api.Known(ref).Await("rest in "+stage, func(a *drive.Answer) bool {
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

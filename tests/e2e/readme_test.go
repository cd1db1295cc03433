package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/tests/drive"
	"leanpmo/tests/harness"
)

// TestReadme runs what the README says, block by block, on a fresh stack with the default policy, and looks
// whether the requests are closed then.
func TestReadme(t *testing.T) {
	e := harness.Start(t, harness.Options{Mode: harness.Local, AsShipped: true})
	programs := strings.NewReplacer("http://127.0.0.1:8080", e.Stack.HTTP, "bin/pmo", e.Program)
	t.Setenv("PMO_URL", e.Stack.HTTP)
	follow(t, e.API, programs, "A first request, by HTTP", "R-1", "review", "prioritization", "assignment", "closure")
	follow(t, e.API, programs, "A second one, by command line", "R-2", "prioritization", "assignment", "closure")
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
		require.NotContains(t, string(out), "\"type\":\"/problems/", "block %d", i+1)
		awaitStep(api, ref, stages[i])
	}
	api.Known(ref).AwaitClosed("delivered")
}

// awaitStep waits until the request waits for people in a stage.
func awaitStep(api *drive.API, ref, stage string) {
	api.Known(ref).Await("waits in "+stage, func(a *drive.Answer) bool {
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

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
	"leanpmo/tests/drive"
	"leanpmo/tests/harness"
)

// TestThoseWhoWereAskedHaveLeft restarts the stack with a directory that those who were asked have left.
func TestThoseWhoWereAskedHaveLeft(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: starts Postgres, the Temporal server and the product")
	}
	file := filepath.Join(t.TempDir(), "directory.yaml")
	require.NoError(t, os.WriteFile(file, directory.Local(), 0o600))
	e := harness.Start(t, harness.Options{Mode: harness.Local, AsShipped: true, Args: []string{"--directory", file}})
	r := e.API.Submit("sam", harness.Ordinary("Permit map sheet"))
	r.AwaitOpen("review/1/approvers")

	today := strings.NewReplacer("members: [ana, bo]", "members: [rita, kai]", "members: [bo]", "members: [kai]").Replace(string(directory.Local()))
	require.NoError(t, os.WriteFile(file, []byte(today), 0o600))
	e.Stack.Restart()
	state := r.Await("the group's members of today are asked", func(a *drive.Answer) bool {
		asked, _ := question(a, "review/1/approvers")["asked"].([]any)
		return len(asked) == 2 && asked[0] == "kai" && asked[1] == "rita"
	})
	require.Equal(t, []any{"kai", "rita"}, state.List("waiting_on"))
	r.Decide("rita", "review/1/approvers", "approve")
	r.Decide("kai", "review/1/approvers", "approve")
	r.AwaitStage("prioritization")
}

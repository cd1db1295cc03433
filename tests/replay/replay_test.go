// Package replay holds recorded histories against the workflow code of today: a running request must be able to go on with it.
//
// histories/<release>/ has one file a scenario, recorded on the real server from released code, never from the change under
// test: that would compare the change with itself. Files are only ever added. Record new ones with `make record-histories`.
package replay

import (
	"compress/gzip"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/temporalproto"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"

	"leanpmo/internal/engine"
	"leanpmo/workflows"
)

// recorded is how many histories each release has left: one that goes missing is noticed.
var recorded = map[string]int{"0.1": 13, "0.2": 13, "0.3": 13}

func TestReplay(t *testing.T) {
	for release, count := range recorded {
		paths, err := filepath.Glob(filepath.Join("histories", release, "*.json.gz"))
		require.NoError(t, err)
		require.Len(t, paths, count, "histories of release %s", release)
		for _, path := range paths {
			t.Run(release+"/"+filepath.Base(path), func(t *testing.T) {
				require.NoError(t, replay(t, read(t, path)))
			})
		}
	}
}

// TestReplayNotices proves that the test can fail: a history with a step taken out is not one our code could have written.
func TestReplayNotices(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("histories", "*", "straight-through.json.gz"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	history := read(t, paths[0])
	for i, e := range history.Events {
		if e.GetTimerStartedEventAttributes() != nil {
			history.Events[i].GetTimerStartedEventAttributes().TimerId = "999"
			break
		}
	}
	require.Error(t, replay(t, history))
}

func replay(t *testing.T, history *historypb.History) error {
	t.Helper()
	replayer, err := worker.NewWorkflowReplayerWithOptions(worker.WorkflowReplayerOptions{DataConverter: engine.DataConverter()})
	require.NoError(t, err)
	workflows.Register(replayer)
	return replayer.ReplayWorkflowHistory(log.NewStructuredLogger(slog.New(slog.NewTextHandler(io.Discard, nil))), history)
}

func read(t *testing.T, path string) *historypb.History {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	require.NoError(t, err)
	data, err := io.ReadAll(unzipped)
	require.NoError(t, err)
	history := &historypb.History{}
	require.NoError(t, temporalproto.CustomJSONUnmarshalOptions{}.Unmarshal(data, history))
	return history
}

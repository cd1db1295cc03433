package bench

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// recorder takes the place of the test that a failing run would fail.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Errorf(string, ...any) { r.failed = true }

// TestUnmeasuredIsItsOwnWord: after a phase failed, what was never measured is neither met nor missed, the test fails, and the report
// is written all the same.
func TestUnmeasuredIsItsOwnWord(t *testing.T) {
	size, outer := scales["full"], &recorder{TB: t}
	r := &report{}
	ended := make(chan struct{})
	go func() { // a phase ends its goroutine when it fails
		defer close(ended)
		r.measure(outer, []phase{
			{"prices", func() { r.Prices = []price{{Path: pathStraight, Events: 80, Transitions: 40}} }},
			{"latencies", func() {
				r.Latencies = []latency{{What: callDecide, Clients: 16, Calls: 60, P99: 9}, {What: callDecide, Clients: 50, Calls: callsForP99, P99: 9}}
				failNow()
			}},
		}, func(string) {})
	}()
	<-ended
	require.True(t, outer.failed, "the exit code says that a phase failed")

	r.Aims = r.judge(size)
	verdicts := map[string]aim{}
	for _, a := range r.Aims {
		verdicts[a.Aim] = a
		require.NotEqual(t, "0", a.Found)
		require.False(t, a.Met && a.Unmeasured != "", a.Aim)
	}
	require.True(t, verdicts["history events, straight-through: at most 100"].Met)
	require.Equal(t, "40", verdicts["state transitions, straight-through: at most 30"].Found)
	require.Equal(t, tooFew, verdicts["decide p99 at 16 clients, ms: at most 500"].Unmeasured)
	require.True(t, verdicts["decide p99 at 50 clients, ms: at most 1000"].Met)
	for _, aim := range []string{"history events of a further vote: at most 6", "history events of a further progress report: at most 6",
		"requests, engine a second ÷ bare, 32 clients: at least 0.5", "submit p50 ÷ bare update-with-start: at most 1.5",
		"submit p99 at 50 clients, ms: at most 2000", "list 50 p99 with 100000 stored, ms: at most 10"} {
		require.Equal(t, notReached, verdicts[aim].Unmeasured, aim)
	}
	require.Regexp(t, `(?m)^\s+unmeasured\s+history events of a further vote`, r.text())
	require.Contains(t, r.text(), "FAILED in the phase: latencies")

	path := filepath.Join(t.TempDir(), "report.json")
	r.save(t, path)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	var read report
	require.NoError(t, json.Unmarshal(data, &read))
	require.Equal(t, "latencies", read.Failed)
	require.Equal(t, r.Aims, read.Aims)
}

// TestSubmissionsByWhatIsStored: the ratio of two sizes is an aim of its scale, and unmeasured until both were measured.
func TestSubmissionsByWhatIsStored(t *testing.T) {
	size := scales["stored"]
	at := func(n int, submit, yardstick float64) stored {
		return stored{Stored: n, Submit: latency{P50: submit}, Yardstick: latency{P50: yardstick}}
	}
	r := &report{Stored: []stored{at(1_000, 20, 10)}}
	require.Equal(t, notReached, r.judge(size)[0].Unmeasured)
	r.Stored = append(r.Stored, at(100_000, 46, 20)) // the machine was slower then
	require.Equal(t, []aim{{Aim: "submit p50 with 100000 stored ÷ with 1000, each ÷ yardstick: at most 1.2", Found: "1.15", Met: true}}, r.judge(size))
	r.Stored[1].Submit.P50 = 49
	require.False(t, r.judge(size)[0].Met)
	require.Contains(t, r.text(), "100000")
}

// failNow is what require does in a phase: the deferred functions run, and nothing after it.
func failNow() { runtime.Goexit() }

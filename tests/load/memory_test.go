package load

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/localstack"
	"leanpmo/internal/testkit"
	"leanpmo/tests/harness"
)

// mostMemory is what the local stack may keep resident, in MiB, however many requests are open. Postgres is not part of it.
const mostMemory = 600

// TestMemoryOfTheLocalStack submits requests to the whole local stack and measures the memory of its process after each part of them.
func TestMemoryOfTheLocalStack(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: starts the local stack")
	}
	open := openRequests(t)
	ports, data := testkit.Ports(t, 5), testkit.Dir(t)
	ready, url := filepath.Join(data, "ready"), "http://"+localstack.Loopback(ports[0])
	stack := testkit.StartPart(t, testkit.PartConfig{Name: "pmo-local", Path: testkit.Program(t, "pmo-local"), ReadyFile: ready, Args: []string{
		"--data", data, "--http", localstack.Loopback(ports[0]), "--temporal", localstack.Loopback(ports[1]), "--ui", localstack.Loopback(ports[2]),
		"--sign-in", localstack.Loopback(ports[4]), "--postgres-port", fmt.Sprint(ports[3]), "--ready-file", ready}})
	sentences := testkit.NewSentences(t, 1)
	contents := make([]any, open)
	for i := range contents {
		content := harness.Ordinary(sentences.Text(4, 8))
		content.Problem = sentences.Text(10, 29)
		contents[i] = content
	}
	g := newGun(url, func(n int) (string, string, any) { return submitters[n%len(submitters)], "/v1/requests", contents[n] })
	const parts = 10
	for part := range parts {
		from, to := part*open/parts, (part+1)*open/parts
		atOnce(8, to-from, func(i int) (s shot) {
			testkit.Eventually(t, "a request is submitted", func() error {
				if s = g.fire(t.Context(), from+i); !s.acknowledged() {
					return fmt.Errorf("%+v", s)
				}
				return nil
			})
			return s
		})
		now, peak := resident(t, stack.PID(), "VmRSS"), resident(t, stack.PID(), "VmHWM")
		t.Logf("%5d open: %d MiB resident, %d MiB at most so far; load average %s", to, now, peak, loadAverage())
		require.Less(t, peak, mostMemory)
	}
}

// openRequests is how many requests are submitted: PMO_LOAD_OPEN, else a few.
func openRequests(t *testing.T) int {
	text := os.Getenv("PMO_LOAD_OPEN")
	if text == "" {
		t.Log("left out: 60 requests are submitted, not 10,000; PMO_LOAD_OPEN=10000 submits them all")
		return 60
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err, "PMO_LOAD_OPEN")
	require.GreaterOrEqual(t, n, 10, "PMO_LOAD_OPEN")
	return n
}

// resident reads one line of a process's status, in MiB.
func resident(t *testing.T, pid int, name string) int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Skip("not measured: this system does not say what a process keeps resident:", err)
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			kib, err := strconv.Atoi(strings.Fields(rest)[0])
			require.NoError(t, err, line)
			return kib / 1024
		}
	}
	t.Fatalf("no %s in the status of process %d", name, pid)
	return 0
}

func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Fields(string(text))[0]
}

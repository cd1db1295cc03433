package main

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/gap"
)

const outside = "../../../../shared/data/assignment"

// small has two agents and three jobs. The cheapest for each job alone overfills the first agent.
const small = "2 3\n1 2 3\n9 9 4\n2 2 2\n1 1 3\n4 3\n"

func TestInstanceIsRead(t *testing.T) {
	p, err := parse(strings.NewReader(small))
	require.NoError(t, err)
	require.Equal(t, gap.Problem{Cost: [][]int64{{1, 9}, {2, 9}, {3, 4}}, Weight: [][]int64{{2, 1}, {2, 1}, {2, 3}}, Room: []int64{4, 3}}, p)
}

func TestFaultsOfAnInstanceAreNamed(t *testing.T) {
	for text, want := range map[string]string{
		"":               "the number of agents",
		"0 3":            "0 agents and 3 jobs",
		"1000000 100000": "1000000 agents and 100000 jobs",
		"1 2\n3 x":       "cost of job 2 at agent 1",
		"1 1\n3\n4\n":    "room of agent 1",
	} {
		_, err := parse(strings.NewReader(text))
		require.ErrorContains(t, err, want)
	}
}

func TestOneLineSaysWhatWasFound(t *testing.T) {
	file := filepath.Join(t.TempDir(), "small")
	require.NoError(t, os.WriteFile(file, []byte(small), 0o600))
	var out bytes.Buffer
	require.NoError(t, run([]string{file}, &out))
	require.Regexp(t, `^cost=7 bound=7 gap=0\.000000 seconds=\d+\.\d{3}\n$`, out.String())
	require.NoError(t, os.WriteFile(file, []byte("1 1\n5\n3\n2\n"), 0o600))
	out.Reset()
	require.NoError(t, run([]string{file}, &out))
	require.Contains(t, out.String(), "cost=none")
	require.ErrorContains(t, run(nil, &out), "usage")
	require.Error(t, run([]string{file + "x"}, &out))
}

// TestPublicInstances: the small public instances are solved to their proven optimum.
func TestPublicInstances(t *testing.T) {
	known, err := os.Open(filepath.Join(outside, "best_known.csv"))
	if err != nil {
		t.Skipf("no outside data at %s: %v", outside, err)
	}
	defer known.Close()
	rows, err := csv.NewReader(known).ReadAll()
	require.NoError(t, err)
	n := 0
	for _, row := range rows[1:] {
		name := filepath.Base(row[0])
		if !strings.HasPrefix(name, "gap") {
			continue // larger: measured by -table, not tested
		}
		want, err := strconv.ParseInt(row[7], 10, 64)
		require.NoError(t, err)
		m, err := measure(filepath.Join(outside, name), time.Hour, time.Hour)
		require.NoError(t, err)
		require.True(t, m.Proven, name)
		require.Equal(t, want, m.Cost, name)
		n++
	}
	require.Equal(t, 30, n)
}

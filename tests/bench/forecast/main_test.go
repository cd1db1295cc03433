package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestParseHistory(t *testing.T) {
	h, err := parseHistory(strings.NewReader("\ufeffid,created,started,finished\n" +
		"1,2026-01-01,,2026-01-05\n2,,,2026-01-07T23:30:00-05:00\n3,,2026-01-02,\n4,,,2026-01-07 08:00:00\n"))
	require.NoError(t, err)
	require.Equal(t, history{counts: []int{1, 0, 2}, items: 3}, h)
	for text, want := range map[string]string{
		"":                                    "read the header",
		"id,finished\n":                       "the header is",
		"id,created,started,finished\n1,,,\n": "no row has a finished date",
		"id,created,started,finished\n1,,,2026-01-01\n2,,,5/31/2023\n":  "line 3, finished",
		"id,created,started,finished\n1,soon,,2026-01-01\n":             "line 2, created",
		"id,created,started,finished\n1,,\n":                            "wrong number of fields",
		"id,created,started,finished\n1,,,0226-01-01\n2,,,2026-01-01\n": "more than a hundred years",
	} {
		_, err := parseHistory(strings.NewReader(text))
		require.ErrorContains(t, err, want, text)
	}
}

// write makes a file of a team that finishes up to three items a day, at a pace that changes.
func write(t *testing.T, name string, seed uint64, days int) string {
	random := rand.New(rand.NewPCG(seed, 1))
	var text strings.Builder
	text.WriteString("id,created,started,finished\n")
	pace, id := 0.2, 0
	for d := range days {
		if d%40 == 0 {
			pace = 0.1 + 0.3*random.Float64()
		}
		for range 3 {
			if random.Float64() < pace {
				id++
				fmt.Fprintf(&text, "%d,,,%s\n", id, time.Date(2024, 1, 1+d, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
			}
		}
	}
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text.String()), 0o600))
	return path
}

func TestLines(t *testing.T) {
	one, other := write(t, "one.csv", 1, 400), write(t, "other.csv", 2, 300)
	var single, several strings.Builder
	require.NoError(t, run(&single, []string{one}))
	require.NoError(t, run(&several, []string{one, other}))
	number := `-?\d+(\.\d+)?`
	figures := ""
	for _, name := range []string{"hit50", "hit70", "hit85", "hit95", "pinball", "mape50", "width", "seconds"} {
		figures += " " + name + "=" + number
	}
	require.Regexp(t, `^method=ours origins=\d+`+figures+"\nmethod=bootstrap origins=\\d+"+figures+"\nratio="+number+"\n$", single.String())
	require.Regexp(t, "pooled method=ours origins=\\d+"+figures+"\npooled method=bootstrap origins=\\d+"+figures+"\nratio="+number+"\n$", several.String())
	require.Equal(t, 2, strings.Count(several.String(), "file="))
}

// TestNoForecastSeesTheFuture: what follows an origin and the outcome changes nothing in a forecast.
func TestNoForecastSeesTheFuture(t *testing.T) {
	h, err := readHistory(write(t, "h.csv", 3, 500))
	require.NoError(t, err)
	longer := history{counts: append(append([]int{}, h.counts...), make([]int, 200)...)}
	a, b := compare(h), compare(longer)
	a.ours.spent, a.bootstrap.spent, b.ours.spent, b.bootstrap.spent = 0, 0, 0, 0
	require.Positive(t, a.ours.n)
	require.Equal(t, a, b, "only empty days follow, in which no forecast comes true")
}

func TestAFileWithoutForecastsSaysSo(t *testing.T) {
	var out strings.Builder
	require.NoError(t, run(&out, []string{write(t, "short.csv", 4, 50)}))
	require.Contains(t, out.String(), "method=ours origins=0 hit50=- ")
	require.Contains(t, out.String(), "ratio=-")
}

package main

import (
	"bytes"
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// outside has real histories of teams. A user's clone has none.
const outside = "../../../../shared/data/history"

// source is a file of outside data: the column with the day on which an item was finished, and how it is written.
type source struct {
	file, column, layout string
	comma                rune
}

// sources are the development files whose finished days are usable, each history once: two of magennis are the same as another one.
func sources(t *testing.T) []source {
	all := []source{
		{"jira_project1/jira.csv", "finished_date", time.DateOnly, ','},
		{"ado/flowmetrics_examplefile.csv", "Closed Date", "1/2/2006 3:04:05 PM", ';'},
		{"ado/lighthouse_adodata.csv", "Closed Date", "2.1.2006 15:04:05", ','},
	}
	files, err := filepath.Glob(filepath.Join(outside, "magennis", "*.csv"))
	require.NoError(t, err)
	for _, path := range files {
		if name := filepath.Base(path); name != "flowmetrics_example_1.csv" && name != "flowmetrics_example_4.csv" {
			all = append(all, source{filepath.Join("magennis", name), "completed", time.DateOnly, ','})
		}
	}
	return all
}

func (s source) history(t *testing.T) history {
	text, err := os.ReadFile(filepath.Join(outside, s.file))
	require.NoError(t, err)
	rows := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	rows.Comma = s.comma
	all, err := rows.ReadAll()
	require.NoError(t, err)
	column := -1
	for i, name := range all[0] {
		if name == s.column {
			column = i
		}
	}
	require.GreaterOrEqual(t, column, 0, s.file)
	var days []int
	for _, row := range all[1:] {
		if cell := strings.TrimSpace(row[column]); cell != "" {
			at, err := time.Parse(s.layout, cell)
			require.NoError(t, err, s.file)
			days = append(days, int(at.Unix()/86_400))
		}
	}
	h, err := countsOf(days)
	require.NoError(t, err)
	return h
}

var update = flag.Bool("update", false, "write the figures of docs/forecasting.md")

// documented is the part of docs/forecasting.md that TestPromisesAreKeptOnRealHistories makes: the table, and the sentence after it.
var documented = regexp.MustCompile(`(?s)\| \| held at 50 %.*?The geometric mean of the ratio of pinball losses is [0-9.]+\.`)

// table is that part.
func table(pooled comparison, ratio string) string {
	row := func(name string, s score) string {
		out := "| " + name + " |"
		for k := range levels {
			out += fmt.Sprintf(" %.0f %% |", 100*float64(s.hits[k])/float64(s.n))
		}
		return out + fmt.Sprintf(" %.2f |\n", s.pinball/float64(s.n))
	}
	value, _, _ := strings.Cut(strings.TrimPrefix(ratio, "ratio="), " ")
	return "| | held at 50 % | at 70 % | at 85 % | at 95 % | pinball loss, days |\n|---|---|---|---|---|---|\n" + row("ours", pooled.ours) + row("bootstrap", pooled.bootstrap) +
		"\nThe geometric mean of the ratio of pinball losses is " + value + "."
}

// checkDocs holds docs/forecasting.md against the figures, or writes them.
func checkDocs(t *testing.T, want string) {
	const path = "../../../docs/forecasting.md"
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	if *update {
		require.NoError(t, os.WriteFile(path, documented.ReplaceAllLiteral(text, []byte(want)), 0o644))
		return
	}
	require.Equal(t, want, string(documented.Find(text)), "with -update the document is written anew")
}

// TestPromisesAreKeptOnRealHistories makes the table of docs/forecasting.md, and holds the document against it.
func TestPromisesAreKeptOnRealHistories(t *testing.T) {
	if _, err := os.Stat(outside); err != nil {
		t.Skip("left out: there is no outside data beside this clone:", err)
	}
	var all []comparison
	for _, s := range sources(t) {
		c := compare(s.history(t))
		if c.ours.n > 0 {
			t.Log(s.file)
			t.Log(c.ours.line("method=ours"))
			t.Log(c.bootstrap.line("method=bootstrap"))
		}
		all = append(all, c)
	}
	pooled := pool(all)
	t.Log(pooled.ours.line("pooled method=ours"))
	t.Log(pooled.bootstrap.line("pooled method=bootstrap"))
	t.Log(ratioLine(all))
	share := func(k int) float64 { return float64(pooled.ours.hits[k]) / float64(pooled.ours.n) }
	require.InDelta(t, .85, share(2), .05)
	require.InDelta(t, .95, share(3), .04)
	require.Less(t, pooled.ours.pinball/pooled.bootstrap.pinball, .93)
	checkDocs(t, table(pooled, ratioLine(all)))
}

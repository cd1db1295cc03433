package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/selection"
)

const outside = "../../../../shared/data/selection"

// small has two levels; the second requirement of level 2 needs the first of level 1.
const small = "2\n2\n4 3\n2\n5 1\n1\n1 4\n2\n10 1 4\n20 2 2 3\n"

func TestInstanceIsRead(t *testing.T) {
	want := selection.Problem{
		Requirements: []selection.Requirement{{Cost: 4}, {Cost: 3}, {Cost: 5}, {Cost: 1, Needs: []int{0}}},
		Customers:    []selection.Customer{{Profit: 10, Wants: []int{3}}, {Profit: 20, Wants: []int{1, 2}}},
	}
	for name, text := range map[string]string{"as given": small, "carriage returns": strings.ReplaceAll(small, "\n", "\r\n"),
		"one line": strings.ReplaceAll(small, "\n", " "), "no last line break": strings.TrimSpace(small)} {
		p, err := parse(strings.NewReader(text))
		require.NoError(t, err, name)
		require.Equal(t, want, p, name)
	}
}

func TestFaultsOfAnInstanceNameTheLine(t *testing.T) {
	for text, want := range map[string]string{
		"":                              "line 1: the file ends where the number of levels is expected",
		"2\n2\n4 3\n2\n5\n":             "line 6: the file ends where the cost of requirement 4 is expected",
		"2\n2\n4 x\n2\n5 1\n":           `line 3: "x" is not the cost of requirement 2, a whole number from 0 to 2147483647`,
		"0\n":                           `line 1: "0" is not the number of levels, a whole number from 1 to 1000000`,
		"1\n1\n-4\n":                    `line 3: "-4" is not the cost of requirement 1, a whole number from 0 to 2147483647`,
		"1\n1\n4\n1\n1 2\n":             `line 5: "2" is not a requirement of dependency 1, a whole number from 1 to 1`,
		"1\n1\n4\n0\n1\n10 1\n2\n":      `line 7: "2" is not a request of customer 1, a whole number from 1 to 1`,
		"1\n1\n4.5\n":                   `line 3: "4.5" is not the cost of requirement 1, a whole number from 0 to 2147483647`,
		small + "7\n":                   `line 11: "7" stands after the last customer`,
		"1\n" + strings.Repeat("9", 99): `line 2: "99999999999999999999"… is no number`,
	} {
		_, err := parse(strings.NewReader(text))
		require.EqualError(t, err, want)
	}
}

func TestBudgetIsRoundedHalfUp(t *testing.T) {
	p := selection.Problem{Requirements: []selection.Requirement{{Cost: 5}}}
	for ratio, want := range map[string]int64{"0": 0, "0.3": 2, "0.5": 3, "0.29": 1, "1": 5, ".1": 1, "0.7": 4} {
		got, err := budget(p, ratio)
		require.NoError(t, err)
		require.Equal(t, want, got, ratio)
	}
	for _, ratio := range []string{"", "x", "-0.1", "1.01", "NaN", "Inf", "0.5x", "0x1p-1000000", "1e-1", "+0.5", "."} {
		_, err := budget(p, ratio)
		require.ErrorContains(t, err, "ratio", ratio)
	}
}

func TestOutputAndRefusals(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		return file
	}
	good := write("good.txt", small)
	var out bytes.Buffer
	require.NoError(t, run([]string{good, "0.4"}, &out))
	require.Regexp(t, regexp.MustCompile(`^profit=10 bound=10 gap=0\.000000 seconds=\d+\.\d{3}\n$`), out.String())
	cycle := write("cycle.txt", "1\n3\n1 1 1\n3\n1 2\n2 3\n3 1\n1\n10 1 1\n")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{cycle, "0.5"}, "the prerequisites form a cycle: 1 needs 3 needs 2 needs 1"},
		{[]string{filepath.Join(folder, "none.txt"), "0.5"}, "no such file"},
		{[]string{good, "1.5"}, `the ratio "1.5" is not a decimal number from 0 to 1`},
		{[]string{good}, "usage"},
		{[]string{"-x", good, "0.5"}, "usage"},
		{[]string{"-table", folder}, "optimum.csv"},
	} {
		require.ErrorContains(t, run(c.args, &out), c.want)
	}
}

// TestInstancesWithKnownOptima holds what docs/performance.md says of the given instances, with the default work and no limit of time, so that a
// busy machine does not change the sets.
func TestInstancesWithKnownOptima(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: solves ten instances, which takes some seconds of processor time")
	}
	rows, err := optima(filepath.Join(outside, "optimum.csv"))
	if err != nil {
		t.Skipf("the instances are not there: %v", err)
	}
	var sum float64
	for _, row := range rows {
		p, err := read(filepath.Join(outside, row.instance+".txt"), row.ratio)
		require.NoError(t, err)
		require.Equal(t, row.budget, p.Budget)
		s, err := selection.Solve(p, selection.Options{})
		require.NoError(t, err)
		require.LessOrEqual(t, s.Cost, p.Budget)
		require.LessOrEqual(t, s.Profit, row.optimum)
		require.GreaterOrEqual(t, s.Bound, row.optimum)
		gap := float64(row.optimum-s.Profit) / float64(row.optimum)
		require.LessOrEqual(t, gap, 0.005, "%s at %s: %d of %d", row.instance, row.ratio, s.Profit, row.optimum)
		sum += gap
	}
	require.LessOrEqual(t, sum/float64(len(rows)), 0.001)
}

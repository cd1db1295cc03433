package text

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var noon = time.Date(2027, 3, 31, 12, 0, 0, 0, time.UTC)

func printed(width int, print func(*Printer)) string {
	var out bytes.Buffer
	p := New(&out, width, noon, time.UTC)
	print(p)
	return out.String()
}

func TestRelative(t *testing.T) {
	for want, d := range map[string]time.Duration{
		"now": -20 * time.Second, "in 5m": 5 * time.Minute, "89m ago": -89 * time.Minute, "in 2h": 100 * time.Minute,
		"35h ago": -35 * time.Hour, "in 2d": 47 * time.Hour, "20d ago": -20 * 24 * time.Hour, "in 13w": 91 * 24 * time.Hour,
	} {
		require.Equal(t, want, Relative(d))
	}
}

func TestWhenIsAbsoluteAndRelative(t *testing.T) {
	p := New(nil, 0, noon, time.FixedZone("x", 3600))
	require.Equal(t, "2027-04-02 13:00 (in 2d)", p.When(noon.Add(48*time.Hour)))
	require.Empty(t, p.When(time.Time{}))
}

func TestCleanLeavesNothingATerminalObeys(t *testing.T) {
	require.Equal(t, "a [31mred b c", Clean("a \x1b[31mred\n\tb\x07 \u202ec\u0085"))
}

var sample = Table{
	Columns: []Column{{Head: "REF"}, {Head: "N", Right: true}, {Head: "EMPTY"}, {Head: "TITLE", Flex: true}, {Head: "SPARE", Spare: true}},
	Rows: [][]string{
		{"R-1", "7", "", "A title of some length that a narrow terminal cannot hold", "twenty letters of it"},
		{"R-100", "12", "", "日本語 short", "x"},
	},
}

func TestTableIsAlignedAndCutsNothingInAPipe(t *testing.T) {
	require.Equal(t, strings.Join([]string{
		"REF     N  TITLE                                                      SPARE",
		"R-1     7  A title of some length that a narrow terminal cannot hold  twenty letters of it",
		"R-100  12  日本語 short                                               x",
		"",
	}, "\n"), printed(0, func(p *Printer) { p.Table(sample) }))
}

func TestTableFitsTheTerminal(t *testing.T) {
	for _, room := range []int{30, 40, 60, 80, 200} {
		for _, line := range strings.Split(printed(room, func(p *Printer) { p.Table(sample) }), "\n") {
			require.LessOrEqual(t, width(line), room, line)
		}
	}
	require.NotContains(t, printed(40, func(p *Printer) { p.Table(sample) }), "SPARE")
	require.Contains(t, printed(40, func(p *Printer) { p.Table(sample) }), "…")
}

func TestAWrappedColumnLosesNothing(t *testing.T) {
	wrapped := Table{Columns: []Column{{Head: "REF"}, {Head: "WHAT", Wrap: true}}, Rows: [][]string{{"R-1", "one two three four five six"}, {"R-2", "x"}}}
	require.Equal(t, "REF  WHAT\nR-1  one two three\n     four five six\nR-2  x\n", printed(21, func(p *Printer) { p.Table(wrapped) }))
}

func TestFactsWrapAndLeaveOutTheEmpty(t *testing.T) {
	require.Equal(t, "  stage     review\n  forecast  85 % likely by\n            2027-05-01\n", printed(34, func(p *Printer) {
		p.Facts(Fact{"stage", "review"}, Fact{"a very long name without value", ""}, Fact{"forecast", "85 % likely by 2027-05-01"})
	}))
}

func TestAnErrorOfWritingIsKept(t *testing.T) {
	p := New(full{}, 0, noon, time.UTC)
	p.Line("x")
	p.Line("y")
	require.ErrorContains(t, p.Err(), "no space")
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space") }

// TestFold: a message fits the terminal; lines that fit stay as they are, and no word is cut.
func TestFold(t *testing.T) {
	long := "pmo: it is refused because of many reasons, see http://127.0.0.1:8080/problems/a-very-long-kind-of-problem for more"
	require.Equal(t, long, Fold(long, 0))
	require.Equal(t, "pmo: it is refused because of many\n  reasons, see\n  http://127.0.0.1:8080/problems/a-very-long-kind-of-problem\n  for more", Fold(long, 40))
	require.Equal(t, "one\n  two three\n    four five\n\nsix", Fold("one\n  two three four five\n\nsix", 14))
}

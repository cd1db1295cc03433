package flow

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestScatterPutsTogetherWhatLiesClose(t *testing.T) {
	samples := []Sample{{ID: "R-1", End: at(1), Days: 2}, {ID: "R-2", End: at(1.1), Days: 2.1}, {ID: "R-3", End: at(9), Days: 40}}
	cells := Scatter(samples, at(0), at(10), 10, 10)
	require.Len(t, cells, 2)
	require.Equal(t, 2, cells[0].Count)
	require.Empty(t, cells[0].Ref)
	require.InDelta(t, 2.05, cells[0].Days, 1e-9)
	require.Equal(t, Cell{At: at(9), Days: 40, Count: 1, Ref: "R-3"}, cells[1])
	require.Empty(t, Scatter(nil, at(0), at(10), 10, 10))
}

// TestScatterLosesNobody: every sample is in one cell, there are no more cells than places, and the longest is still the longest.
func TestScatterLosesNobody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns, rows := rapid.IntRange(1, 8).Draw(t, "columns"), rapid.IntRange(1, 8).Draw(t, "rows")
		var samples []Sample
		longest := 0.0
		for i := range rapid.IntRange(0, 60).Draw(t, "samples") {
			s := Sample{ID: string(rune('a' + i%26)), End: at(rapid.Float64Range(-1, 11).Draw(t, "end")), Days: rapid.Float64Range(0, 90).Draw(t, "days")}
			samples, longest = append(samples, s), max(longest, s.Days)
		}
		cells := Scatter(samples, at(0), at(10), columns, rows)
		require.LessOrEqual(t, len(cells), columns*rows)
		sum, most := 0, 0.0
		for i, c := range cells {
			sum, most = sum+c.Count, max(most, c.Days)
			require.Equal(t, c.Count == 1, c.Ref != "")
			require.False(t, i > 0 && c.At.Before(cells[i-1].At), "in the order of their times")
		}
		require.Equal(t, len(samples), sum)
		require.LessOrEqual(t, most, longest+1e-9)
	})
}

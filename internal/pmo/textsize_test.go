package pmo_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"leanpmo/internal/pmo"
)

func TestTruncateKeepsCharactersWhole(t *testing.T) {
	require.Equal(t, "kurz", pmo.Truncate("kurz", 6))
	require.Equal(t, "äö…", pmo.Truncate("äöüßé", 9))
	require.Equal(t, "äö…", pmo.Truncate("äöüßé", 10), "no half of a character")
	require.Equal(t, "…", pmo.Truncate("long", 5))
	require.Empty(t, pmo.Truncate("long", 4))
	require.Empty(t, pmo.Truncate("long", 0))
	for _, character := range []string{"🚀", "<", "\"", "界", "a", "\x00", "\u2028"} {
		require.InDelta(t, 360, len(asJSON(pmo.Truncate(strings.Repeat(character, 400), 360))), 8, character)
	}
}

func TestTruncateHoldsItsLimitAsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "text")
		limit := rapid.IntRange(5, 60).Draw(t, "limit")
		short := pmo.Truncate(text, limit)
		require.LessOrEqual(t, len(asJSON(short)), limit)
		if len(asJSON(text)) <= limit {
			require.Equal(t, text, short)
			return
		}
		start := strings.TrimSuffix(short, "…")
		require.True(t, strings.HasPrefix(text, start))
		require.NotEqual(t, start, short, "what is cut shows it")
	})
}

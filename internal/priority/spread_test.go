package priority_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/priority"
)

func TestSpreadSaysWhoIsWorthTalkingTo(t *testing.T) {
	scale := []float64{1, 2, 3, 5, 8, 13, 20}
	for name, c := range map[string]struct {
		values, scale []float64
		middle        float64
		apart         bool
	}{
		"the same":           {[]float64{8, 8}, scale, 8, false},
		"neighbours":         {[]float64{13, 8, 13}, scale, 13, false},
		"two steps":          {[]float64{13, 5}, scale, 5, true},
		"of four the lower":  {[]float64{1, 8, 3, 5}, scale, 3, true},
		"money, less apart":  {[]float64{1000, 1900}, nil, 1000, false},
		"money, far apart":   {[]float64{1000, 2100}, nil, 1000, true},
		"nothing and a bit":  {[]float64{0, 1}, nil, 0, true},
		"not on the scale":   {[]float64{4, 9}, scale, 4, true},
		"one alone is never": {[]float64{20}, scale, 20, false},
	} {
		got := priority.SpreadOf(c.values, c.scale)
		require.Equal(t, c.apart, got.Apart, name)
		require.InDelta(t, c.middle, got.Middle, 0, name)
		require.Equal(t, len(c.values), got.Of, name)
	}
	require.Equal(t, priority.Spread{}, priority.SpreadOf(nil, scale))
}

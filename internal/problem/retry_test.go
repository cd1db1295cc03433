package problem

import (
	"math"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestRetryIsBounded(t *testing.T) {
	for name, c := range map[string]struct {
		rule       Retry
		kind       Kind
		retryAfter time.Duration
		pauses     []time.Duration // the least ones
	}{
		"nothing answered":          {Retry{Tries: Tries}, "", 0, []time.Duration{firstPause, 3 * firstPause}},
		"unavailable":               {Retry{Tries: Tries}, Unavailable, time.Second, []time.Duration{time.Second, time.Second}},
		"busy, and when it is not":  {Retry{Tries: Tries}, Busy, time.Second, []time.Duration{1e9, 1e9, 1e9, 1e9, 1e9, 1e9, 1e9}},
		"own commands, and when":    {Retry{Tries: 2}, RateLimited, 4 * time.Second, []time.Duration{4e9, 4e9, 4e9, 4e9, 4e9, 4e9, 4e9}},
		"busy, it does not say for": {Retry{Tries: Tries}, Busy, 0, []time.Duration{firstPause, 3 * firstPause}},
		"for longer than we wait":   {Retry{Tries: Tries}, Busy, longestPause + 1, nil},
		"one attempt":               {Retry{Tries: 1}, Busy, time.Second, nil},
		"the pause is bounded": {Retry{Tries: 7}, Unavailable, 0,
			[]time.Duration{firstPause, 3 * firstPause, 9 * firstPause, 27 * firstPause, longestPause, longestPause}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, least := range c.pauses {
				wait, again := c.rule.Next(c.kind, c.retryAfter)
				require.True(t, again)
				require.GreaterOrEqual(t, wait, least)
				require.LessOrEqual(t, wait, least+max(least/2, firstPause))
			}
			_, again := c.rule.Next(c.kind, c.retryAfter)
			require.False(t, again)
		})
	}
}

func TestRetryAfterIsRead(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, " 7 ": 7 * time.Second, "-1": 0, "soon": 0, "99999999999": math.MaxInt32 * time.Second,
		now.Add(time.Minute).Format(http.TimeFormat): time.Minute, now.Add(-time.Minute).Format(http.TimeFormat): 0,
	} {
		require.Equal(t, want, RetryAfter(http.Header{"Retry-After": {value}}, now), value)
	}
}

package testkit

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Eventually repeats a check until it finds nothing wrong, for a minute at most; then the test fails with what was wrong last.
func Eventually(t testing.TB, what string, check func() error) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for {
		err := check()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			require.NoError(t, err, "within a minute: %s", what)
		}
		select {
		case <-t.Context().Done():
			require.NoError(t, t.Context().Err(), what)
		case <-tick.C:
		}
	}
}

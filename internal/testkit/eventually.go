package testkit

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Patience is how long a test waits for a condition. Only a failing test waits so long, so that a slow machine fails none.
const Patience = 5 * time.Minute

// Eventually repeats a check until it finds nothing wrong, for as long as Patience; then the test fails with what was wrong last.
func Eventually(t testing.TB, what string, check func() error) {
	t.Helper()
	deadline := time.Now().Add(Patience)
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for {
		err := check()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			require.NoError(t, err, "within %s: %s", Patience, what)
		}
		select {
		case <-t.Context().Done():
			require.NoError(t, t.Context().Err(), what)
		case <-tick.C:
		}
	}
}

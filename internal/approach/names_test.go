package approach

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// The domain knows the names, so that an answer can be checked; this package knows what they mean.
func TestNamesAreTheDomains(t *testing.T) {
	var names []string
	for _, a := range Approaches() {
		names = append(names, string(a))
	}
	require.Equal(t, pmo.Approaches(), names)
}

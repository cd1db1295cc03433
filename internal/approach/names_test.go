package approach

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// The domain lists the names, so that an answer can be checked; this package defines what they mean.
func TestNamesAreTheDomains(t *testing.T) {
	var names []string
	for _, a := range approaches {
		names = append(names, string(a))
	}
	require.Equal(t, pmo.Approaches(), names)
}

package cleantext_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/cleantext"
)

func TestNear(t *testing.T) {
	known := []string{"enhancement", "defect", "data", "gis", "mobile", "new_application", "integration"}
	for word, want := range map[string][]string{
		"enhancment": {"enhancement"}, "defekt": {"defect"}, "dta": {"data"}, "GSI": {"gis"}, "mob": {"mobile"}, "new application": {"new_application"},
		"xyzzy": nil, "cat": nil, "": nil, "q": nil, "dat": {"data"},
	} {
		require.Equal(t, want, cleantext.Near(word, known), word)
	}
	require.Equal(t, "; did you mean gis?", cleantext.DidYouMean("gsi", known))
	require.Empty(t, cleantext.DidYouMean("xyzzy", known))
}

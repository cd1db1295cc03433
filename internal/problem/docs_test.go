package problem

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every problem document links to its line of docs/problems.md.
func TestEveryKindIsDocumented(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "problems.md"))
	require.NoError(t, err)
	for kind := range kinds {
		require.Contains(t, string(page), fmt.Sprintf("<a id=%q></a>`%s` | %d |", kind, kind, kind.Status()))
	}
	require.Equal(t, len(kinds), strings.Count(string(page), "<a id="), "a kind on the page is not one of the code")
}

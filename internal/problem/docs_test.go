package problem_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/problem"
)

// Every problem document links to its line of docs/problems.md.
func TestEveryKindIsDocumented(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "problems.md"))
	require.NoError(t, err)
	for _, kind := range problem.Kinds() {
		require.Contains(t, string(page), fmt.Sprintf("<a id=%q></a>`%s` | %d |", kind, kind, kind.Status()))
	}
	require.Equal(t, len(problem.Kinds()), strings.Count(string(page), "<a id="), "a kind on the page is not one of the code")
}

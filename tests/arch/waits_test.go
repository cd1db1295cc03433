package arch

import (
	"go/ast"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// waits are calls with the place of their limit among the arguments.
var waits = map[string]int{"require.Eventually": 2, "require.EventuallyWithT": 2, "assert.Eventually": 2, "assert.EventuallyWithT": 2, "time.After": 0}

// TestWaitsHaveOneGenerousLimit: a limit that a slow machine reaches fails a test that is right. A short wait is for tests that expect
// nothing to happen, in milliseconds.
func TestWaitsHaveOneGenerousLimit(t *testing.T) {
	seen := 0
	goFiles(t, func(s source) {
		if !strings.HasSuffix(s.path, "_test.go") {
			return
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			at, waits := waits[selector(call.Fun)]
			if !waits || len(call.Args) <= at {
				return true
			}
			limit := selector(call.Args[at])
			if product, ok := call.Args[at].(*ast.BinaryExpr); ok {
				limit = selector(product.Y)
			}
			seen++
			require.Contains(t, []string{"testkit.Patience", "Patience", "time.Millisecond"}, limit,
				"%s: the limit of a wait is testkit.Patience", s.set.Position(call.Pos()))
			return true
		})
	})
	require.Greater(t, seen, 10)
}

// selector is an expression such as time.Second as text; a bare name as itself.
func selector(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return selector(e.X) + "." + e.Sel.Name
	}
	return ""
}

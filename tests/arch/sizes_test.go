package arch

import (
	"go/ast"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	fileLimit     = 450
	functionLimit = 80
)

func TestFilesAndFunctionsStaySmall(t *testing.T) {
	goFiles(t, func(s source) {
		lines := s.set.Position(s.file.End()).Line
		require.LessOrEqual(t, lines, fileLimit, "%s has %d lines: split it", s.path, lines)
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			length := s.set.Position(f.End()).Line - s.set.Position(f.Pos()).Line + 1
			require.LessOrEqual(t, length, functionLimit, "%s: %s has %d lines: split it", s.path, f.Name.Name, length)
		}
	})
}

// banned are selectors workflow code must not use, with the reason.
var banned = map[string]string{
	"workflow.AwaitWithTimeout": "leaves its timer running",
	"workflow.AwaitWithOptions": "leaves its timer running",
	"time.Now":                  "is not repeatable",
	"time.Sleep":                "is not repeatable",
	"rand.Int":                  "is not repeatable",
	"uuid.New":                  "is not repeatable",
	"os.Getenv":                 "is not repeatable",
}

func TestWorkflowCodeIsRepeatable(t *testing.T) {
	goFiles(t, func(s source) {
		if strings.HasSuffix(s.path, "_test.go") || !strings.HasPrefix(s.path, "workflows/") && !strings.HasPrefix(s.path, "internal/pmo/") {
			return
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			selector, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := selector.X.(*ast.Ident); ok {
				why, bad := banned[x.Name+"."+selector.Sel.Name]
				require.False(t, bad, "%s: %s.%s %s", s.set.Position(selector.Pos()), x.Name, selector.Sel.Name, why)
			}
			return true
		})
	})
}

func TestPackagesAndExportedNamesAreDocumented(t *testing.T) {
	documented := map[string]bool{}
	goFiles(t, func(s source) {
		dir := path.Dir(s.path)
		documented[dir] = documented[dir] || s.file.Doc != nil
		if strings.HasSuffix(s.path, "_test.go") || strings.HasPrefix(s.path, "cmd/") {
			return
		}
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Name.IsExported() && exportedReceiver(f) {
				require.NotNil(t, f.Doc, "%s: %s has no comment", s.set.Position(f.Pos()), f.Name.Name)
			}
		}
	})
	for dir, ok := range documented {
		if !strings.HasPrefix(dir, "tests/") {
			require.True(t, ok, "package %s has no comment", dir)
		}
	}
}

func exportedReceiver(f *ast.FuncDecl) bool {
	if f.Recv == nil {
		return true
	}
	expr := f.Recv.List[0].Type
	if star, ok := expr.(*ast.StarExpr); ok {
		expr = star.X
	}
	name, ok := expr.(*ast.Ident)
	return ok && name.IsExported()
}

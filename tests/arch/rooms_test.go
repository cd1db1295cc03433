package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	fileLimit     = 450
	functionLimit = 80
)

// sources parses every Go file of the product.
func sources(t *testing.T, visit func(path string, set *token.FileSet, file *ast.File)) {
	t.Helper()
	top := root(t)
	seen := 0
	err := filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && path != top && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "bin" || entry.Name() == "testdata") {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		seen++
		rel, _ := filepath.Rel(top, path)
		visit(filepath.ToSlash(rel), set, file)
		return nil
	})
	require.NoError(t, err)
	require.Greater(t, seen, 20)
}

func TestRoomsStaySmall(t *testing.T) {
	sources(t, func(path string, set *token.FileSet, file *ast.File) {
		lines := set.Position(file.End()).Line
		require.LessOrEqual(t, lines, fileLimit, "%s has %d lines; move a wall", path, lines)
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			length := set.Position(f.End()).Line - set.Position(f.Pos()).Line + 1
			require.LessOrEqual(t, length, functionLimit, "%s: %s has %d lines", path, f.Name.Name, length)
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
	sources(t, func(path string, set *token.FileSet, file *ast.File) {
		if strings.HasSuffix(path, "_test.go") || !strings.HasPrefix(path, "workflows/") && !strings.HasPrefix(path, "internal/pmo/") {
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := s.X.(*ast.Ident); ok {
				why, bad := banned[x.Name+"."+s.Sel.Name]
				require.False(t, bad, "%s: %s.%s %s", set.Position(s.Pos()), x.Name, s.Sel.Name, why)
			}
			return true
		})
	})
}

func TestPackagesAndExportedNamesAreDocumented(t *testing.T) {
	documented := map[string]bool{}
	sources(t, func(path string, set *token.FileSet, file *ast.File) {
		dir := filepath.Dir(path)
		documented[dir] = documented[dir] || file.Doc != nil
		if strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "cmd/") {
			return
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Name.IsExported() && exportedReceiver(f) {
				require.NotNil(t, f.Doc, "%s: %s says nothing", set.Position(f.Pos()), f.Name.Name)
			}
		}
	})
	for dir, ok := range documented {
		if !strings.HasPrefix(dir, "tests/") {
			require.True(t, ok, "package %s says nothing about itself", dir)
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

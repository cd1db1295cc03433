package arch

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "leanpmo"

// top is the folder of the module, seen from this package.
var top = filepath.Join("..", "..")

// listed is a package as `go list` describes it, tests not included.
type listed struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

// packages are all packages of the module; `go list` runs once for all tests.
func packages(t *testing.T) []listed {
	t.Helper()
	all, err := listOnce()
	require.NoError(t, err)
	require.NotEmpty(t, all)
	return all
}

var listOnce = sync.OnceValues(func() ([]listed, error) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,Deps", "./...")
	cmd.Dir = top
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("list packages: %w", err)
	}
	var all []listed
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		switch err := decoder.Decode(&p); err {
		case nil:
			all = append(all, p)
		case io.EOF:
			return all, nil
		default:
			return nil, fmt.Errorf("read the list of packages: %w", err)
		}
	}
})

// source is one file of the tree; file is nil where it is no Go code.
type source struct {
	path string // from the top, with slashes
	text []byte
	set  *token.FileSet
	file *ast.File
}

// sources are all files that people write, recorded histories and test data left out; they are read and parsed once for all tests.
func sources(t *testing.T) []source {
	t.Helper()
	all, err := parseOnce()
	require.NoError(t, err)
	require.Greater(t, len(all), 100)
	return all
}

// goFiles calls visit for each Go file.
func goFiles(t *testing.T, visit func(s source)) {
	t.Helper()
	for _, s := range sources(t) {
		if s.file != nil {
			visit(s)
		}
	}
}

var skippedFolders = map[string]bool{"bin": true, "testdata": true, "histories": true}

var parseOnce = sync.OnceValues(func() (all []source, err error) {
	err = filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		switch {
		case entry.IsDir() && path != top && (skippedFolders[name] || strings.HasPrefix(name, ".") && name != ".ci"):
			return filepath.SkipDir
		case !entry.Type().IsRegular():
			return nil
		}
		s, err := readSource(path)
		if err == nil {
			all = append(all, s)
		}
		return err
	})
	return all, err
})

func readSource(path string) (source, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return source{}, err
	}
	rel, err := filepath.Rel(top, path)
	if err != nil {
		return source{}, err
	}
	s := source{path: filepath.ToSlash(rel), text: text}
	if strings.HasSuffix(path, ".go") {
		s.set = token.NewFileSet()
		s.file, err = parser.ParseFile(s.set, path, text, parser.ParseComments|parser.SkipObjectResolution)
	}
	return s, err
}

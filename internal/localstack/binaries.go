package localstack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
)

// ErrNoPostgres means that no Postgres binaries were found and none could be installed.
var ErrNoPostgres = errors.New("no Postgres found: install it (Debian: apt-get install postgresql; macOS: brew install postgresql) or set PG_BIN to the folder that holds initdb and postgres")

// Binaries is a folder that holds initdb and postgres of one version.
type Binaries struct {
	Dir   string
	Major int
}

func (b Binaries) path(name string) string { return filepath.Join(b.Dir, name) }

// debianDirs is where Debian and Ubuntu install each major version's programs, outside PATH.
const debianDirs = "/usr/lib/postgresql/*/bin"

// FindPostgres looks in PG_BIN, then PATH, then Debian's folders (newest first); on Debian as root it installs
// Postgres and looks again, after writing a message to output. It fails with ErrNoPostgres.
func FindPostgres(ctx context.Context, output io.Writer) (Binaries, error) {
	if dir := os.Getenv("PG_BIN"); dir != "" {
		b, err := binariesIn(ctx, dir)
		if err != nil {
			return Binaries{}, fmt.Errorf("PG_BIN: %w", err)
		}
		return b, nil
	}
	if b, ok := installedPostgres(ctx); ok {
		return b, nil
	}
	if !canInstall() {
		return Binaries{}, ErrNoPostgres
	}
	if err := installPostgres(ctx, output); err != nil {
		return Binaries{}, errors.Join(ErrNoPostgres, err)
	}
	if b, ok := installedPostgres(ctx); ok {
		return b, nil
	}
	return Binaries{}, ErrNoPostgres
}

func installedPostgres(ctx context.Context) (Binaries, bool) {
	if path, err := exec.LookPath("postgres"); err == nil {
		if b, err := binariesIn(ctx, filepath.Dir(path)); err == nil {
			return b, true
		}
	}
	dirs, _ := filepath.Glob(debianDirs) // cannot fail: the pattern is valid
	var best Binaries
	for _, dir := range dirs {
		if b, err := binariesIn(ctx, dir); err == nil && b.Major > best.Major {
			best = b
		}
	}
	return best, best.Major > 0
}

// binariesIn follows symbolic links, because Postgres finds its share files relative to its real path.
func binariesIn(ctx context.Context, dir string) (Binaries, error) {
	real, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres"))
	if err != nil {
		return Binaries{}, fmt.Errorf("find postgres in %s: %w", dir, err)
	}
	real, err = filepath.Abs(real)
	if err != nil {
		return Binaries{}, fmt.Errorf("find postgres in %s: %w", dir, err)
	}
	b := Binaries{Dir: filepath.Dir(real)}
	if _, err := exec.LookPath(b.path("initdb")); err != nil {
		return Binaries{}, fmt.Errorf("find initdb beside postgres: %w", err)
	}
	b.Major, err = majorOf(ctx, real)
	return b, err
}

var versionPattern = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

func majorOf(ctx context.Context, postgres string) (int, error) {
	out, err := exec.CommandContext(ctx, postgres, "--version").Output()
	if err != nil {
		return 0, fmt.Errorf("run %s --version: %w", postgres, err)
	}
	found := versionPattern.FindSubmatch(out)
	if found == nil {
		return 0, fmt.Errorf("run %s --version: unexpected output %q", postgres, out)
	}
	return strconv.Atoi(string(found[1]))
}

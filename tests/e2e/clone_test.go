package e2e

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/localstack"
	"leanpmo/internal/testkit"
	"leanpmo/tests/drive"
)

// clone is a fresh copy of the sources, as somebody new has it.
type clone struct {
	t    *testing.T
	dir  string
	http string
	env  []string // where its parts listen: a newcomer's machine has the usual ports free, this one may not
}

// TestFreshClone does with make what the README says, in a copy of the sources: build, run, Ctrl-C, run again with the demo, test.
func TestFreshClone(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and starts everything; run without -short")
	}
	c := newClone(t)
	c.make("build")

	run := c.start("run")
	require.Contains(t, run.Output(), "Local tokens")
	first := drive.New(t, c.http).Submit("sam", map[string]any{"title": "Kept over a restart", "kind": "enhancement"})
	c.interrupt(run)

	again := c.start("run", "ARGS=--demo")
	require.Equal(t, first.ID, drive.New(t, c.http).As("sam").Get("/v1/requests/R-1").Text("id"), "what was there is there again")
	require.Eventually(t, func() bool { return strings.Contains(again.Output(), "requests added") }, testkit.Patience, 100*time.Millisecond)
	c.interrupt(again)

	require.Contains(t, c.make("test", "PACKAGES=./internal/calendar"), "DONE ")
}

// TestReadmeNamesTargets: whatever the README has people make is a target, with a line in the list that make alone prints.
func TestReadmeNamesTargets(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(sources, "README.md"))
	require.NoError(t, err)
	list := exec.Command("make", "--no-print-directory")
	list.Dir = sources
	out, err := list.CombinedOutput()
	require.NoError(t, err, "%s", out)
	named := regexp.MustCompile("(?m)(?:`|^)make ([a-z-]+)").FindAllStringSubmatch(string(page), -1)
	require.NotEmpty(t, named)
	for _, m := range named {
		require.Regexp(t, `(?m)^\s*make `+m[1]+`\s`, string(out), "the README says make %s", m[1])
	}
}

// sources is the top of the sources, seen from here.
var sources = filepath.Join("..", "..")

func newClone(t *testing.T) *clone {
	t.Helper()
	files := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	files.Dir = sources
	list, err := files.Output()
	if err != nil {
		t.Skipf("copies what git knows, and git does not answer here: %v", err)
	}
	ports := testkit.Ports(t, 5)
	c := &clone{t: t, dir: testkit.Dir(t), http: "http://" + localstack.Loopback(ports[0])}
	c.env = []string{"PMO_HTTP_ADDR=" + localstack.Loopback(ports[0]), "PMO_TEMPORAL_ADDR=" + localstack.Loopback(ports[1]),
		"PMO_UI_ADDR=" + localstack.Loopback(ports[2]), "PMO_SIGN_IN_ADDR=" + localstack.Loopback(ports[4]), fmt.Sprintf("PMO_POSTGRES_PORT=%d", ports[3])}
	for name := range bytes.SplitSeq(bytes.TrimRight(list, "\x00"), []byte{0}) {
		c.copy(string(name))
	}
	return c
}

func (c *clone) copy(name string) {
	c.t.Helper()
	from, err := os.Open(filepath.Join(sources, name))
	if os.IsNotExist(err) {
		return // deleted and not committed
	}
	require.NoError(c.t, err)
	defer from.Close()
	info, err := from.Stat()
	require.NoError(c.t, err)
	path := filepath.Join(c.dir, name)
	require.NoError(c.t, os.MkdirAll(filepath.Dir(path), 0o755))
	to, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, info.Mode().Perm())
	require.NoError(c.t, err)
	_, err = io.Copy(to, from)
	require.NoError(c.t, err)
	require.NoError(c.t, to.Close())
}

// make runs a target to its end.
func (c *clone) make(args ...string) string {
	c.t.Helper()
	command := exec.Command("make", args...)
	command.Dir = c.dir
	out, err := command.CombinedOutput()
	require.NoError(c.t, err, "make %v: %s", args, out)
	return string(out)
}

// start runs a target until the product is ready.
func (c *clone) start(args ...string) *testkit.Part {
	c.t.Helper()
	path, err := exec.LookPath("make")
	require.NoError(c.t, err)
	run := testkit.StartPart(c.t, testkit.PartConfig{Name: "make", Path: path, Args: args, Dir: c.dir, Env: c.env, Ready: testkit.HTTPReady(c.http + "/readyz")})
	require.Eventually(c.t, func() bool { return strings.Contains(run.Output(), "ready in") }, testkit.Patience, 50*time.Millisecond)
	return run
}

// interrupt is Ctrl-C, which a terminal sends to make and to what it runs: everything ends, and nothing listens any more.
func (c *clone) interrupt(run *testkit.Part) {
	c.t.Helper()
	require.NoError(c.t, syscall.Kill(-run.PID(), syscall.SIGINT))
	_ = run.Await() // make reports the interrupt as a failure, as every shell does
	for _, setting := range c.env {
		name, value, _ := strings.Cut(setting, "=")
		if name == "PMO_POSTGRES_PORT" {
			value = "127.0.0.1:" + value
		}
		require.NoError(c.t, localstack.CheckAddress(value), name)
	}
}

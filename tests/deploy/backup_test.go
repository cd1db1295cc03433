package deploy

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/localstack"
	"leanpmo/internal/testkit"
)

// container is Postgres as docker-compose.yml runs it, without Docker: the same scripts, settings and commands, with other paths.
type container struct {
	t        *testing.T
	dir      string
	port     int
	binaries string
	account  localstack.Account
	settings []string
}

func newContainer(t *testing.T) *container {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: starts Postgres")
	}
	binaries, err := localstack.FindPostgres(t.Context(), os.Stderr)
	require.NoError(t, err)
	account, err := localstack.PostgresAccount()
	require.NoError(t, err)
	c := &container{t: t, dir: testkit.Dir(t), port: testkit.Ports(t, 1)[0], binaries: binaries.Dir, account: account}
	scripts, err := filepath.Glob(filepath.Join(root(t), "deploy", "postgres", "*.sh"))
	require.NoError(t, err)
	for _, path := range scripts {
		require.NoError(t, os.WriteFile(filepath.Join(c.dir, filepath.Base(path)), []byte(read(t, "deploy", "postgres", filepath.Base(path))), 0o755))
	}
	require.NoError(t, os.Chmod(c.dir, 0o755))
	if account.Switch {
		require.NoError(t, os.Chown(c.dir, int(account.UID), int(account.GID)))
	}
	for _, word := range compose(t).Services["postgres"].Command {
		if strings.HasPrefix(word, "archive_") {
			c.settings = append(c.settings, "-c '"+strings.ReplaceAll(word, "/opt/leanpmo", c.dir)+"'")
		}
	}
	require.Len(t, c.settings, 3)
	c.sh("initdb --username=postgres --auth-local=trust --auth-host=reject --no-sync -D $PGDATA")
	t.Cleanup(func() { _, _ = c.try("pg_ctl stop -m immediate -D $PGDATA") })
	return c
}

func (c *container) try(command string) (string, error) {
	cmd := exec.Command("/bin/sh", "-euc", command)
	cmd.Dir = c.dir
	cmd.Env = append(os.Environ(), "PATH="+c.binaries+":"+os.Getenv("PATH"), "PGDATA="+filepath.Join(c.dir, "cluster"), "PMO_BACKUP="+c.dir,
		"PGHOST="+c.dir, fmt.Sprint("PGPORT=", c.port), "PGUSER=postgres")
	if c.account.Switch {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: c.account.UID, Gid: c.account.GID}}
	}
	out, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

func (c *container) sh(command string) string {
	c.t.Helper()
	out, err := c.try(command)
	require.NoError(c.t, err, "%s\n%s", command, out)
	return out
}

// run runs a command of the manual.
func (c *container) run(command string) string {
	c.t.Helper()
	inside := regexp.MustCompile(`^docker compose (?:exec|run --rm --no-deps) postgres (.*)$`).FindStringSubmatch(command)
	switch {
	case inside != nil:
		return c.sh(strings.ReplaceAll(inside[1], "/opt/leanpmo", c.dir))
	case command == "docker compose stop":
		return c.sh("pg_ctl stop -m fast -w -D $PGDATA")
	case command == "docker compose up --detach":
		return c.sh(fmt.Sprintf(`pg_ctl start -w -t 100 -l log -D $PGDATA -o "-k %s -c listen_addresses='' -p %d %s"`, c.dir, c.port, strings.Join(c.settings, " ")))
	}
	require.Fail(c.t, "the manual has a command that this test does not know", command)
	return ""
}

// query runs on the database until the server has recovered.
func (c *container) query(sql string) (rows []string) {
	c.t.Helper()
	require.EventuallyWithT(c.t, func(t *assert.CollectT) {
		conn, err := pgx.Connect(c.t.Context(), fmt.Sprintf("host=%s port=%d user=postgres dbname=postgres", c.dir, c.port))
		require.NoError(t, err)
		defer conn.Close(c.t.Context())
		found, err := conn.Query(c.t.Context(), sql)
		require.NoError(t, err)
		rows, err = pgx.CollectRows(found, pgx.RowTo[string])
		require.NoError(t, err)
	}, testkit.Patience, 200*time.Millisecond)
	return rows
}

// manual are the commands of the block of docs/operations.md with a mark, without comments.
func manual(t *testing.T, mark string) []string {
	t.Helper()
	_, rest, found := strings.Cut(read(t, "docs", "operations.md"), "<!-- "+mark+" -->\n```sh\n")
	require.True(t, found, mark)
	block, _, _ := strings.Cut(rest, "```")
	var commands []string
	for line := range strings.Lines(block) {
		line, _, _ = strings.Cut(line, "  #")
		commands = append(commands, strings.TrimSpace(line))
	}
	return commands
}

// TestTheBackupChapterCanBeCopiedAndRun takes a backup by the manual's commands, writes more, and restores to a point in time between two
// writes, and then to the newest one.
func TestTheBackupChapterCanBeCopiedAndRun(t *testing.T) {
	c := newContainer(t)
	c.run("docker compose up --detach")
	c.query("CREATE TABLE written (what text) ")
	c.query("INSERT INTO written VALUES ('before the backup') RETURNING what")
	backup := manual(t, "backup")
	require.Len(t, backup, 1)
	base := c.run(backup[0])
	c.query("INSERT INTO written VALUES ('after the backup') RETURNING what")
	between := c.query("SELECT to_char(clock_timestamp(), 'YYYY-MM-DD HH24:MI:SS.US TZH')")[0]
	c.query("INSERT INTO written VALUES ('by mistake') RETURNING what")
	c.query("SELECT pg_switch_wal()::text")
	c.requireArchived()

	example := regexp.MustCompile(`restore.sh (\S+) '([^']+)'`)
	for _, command := range manual(t, "restore") {
		if words := example.FindStringSubmatch(command); words != nil {
			command = strings.NewReplacer(words[1], base, words[2], between).Replace(command)
		}
		c.run(command)
	}
	require.Equal(t, []string{"before the backup", "after the backup"}, c.query("SELECT what FROM written"))
	require.Equal(t, []string{"after the restore"}, c.query("INSERT INTO written VALUES ('after the restore') RETURNING what"), "it has recovered")

	second := c.run(backup[0])
	require.NotEqual(t, base, second)
	c.run("docker compose stop")
	c.sh(c.dir + "/restore.sh " + second)
	c.run("docker compose up --detach")
	require.Len(t, c.query("SELECT what FROM written"), 3, "the time of the restore before is forgotten")
	_, err := c.try(c.dir + "/restore.sh 20010101T000000Z")
	require.Error(t, err, "there is no such backup")
	require.Len(t, c.query("SELECT what FROM written"), 3)
}

// requireArchived waits until no finished segment is left to archive.
func (c *container) requireArchived() {
	c.t.Helper()
	require.EventuallyWithT(c.t, func(t *assert.CollectT) {
		waiting, err := filepath.Glob(filepath.Join(c.dir, "cluster", "pg_wal", "archive_status", "*.ready"))
		require.NoError(t, err)
		require.Empty(t, waiting)
	}, testkit.Patience, 200*time.Millisecond)
}

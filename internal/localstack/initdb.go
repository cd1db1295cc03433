package localstack

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// ErrOtherVersion means that the data is of another major version of Postgres.
var ErrOtherVersion = errors.New("made by another Postgres version")

const superuser = "pmo"

// prepare creates the cluster's files if there are none; otherwise it checks them.
func (c *Cluster) prepare(ctx context.Context) error {
	if err := checkOwner(c.data, c.config.Account); err != nil {
		return err
	}
	version, err := os.ReadFile(filepath.Join(c.data, "PG_VERSION"))
	switch {
	case errors.Is(err, os.ErrNotExist):
		return c.create(ctx)
	case err != nil:
		return fmt.Errorf("read version of %s: %w", c.data, err)
	}
	major := strings.TrimSpace(string(version))
	if major != strconv.Itoa(c.config.Binaries.Major) {
		return fmt.Errorf("%s was %w: it holds version %s, the programs in %s are version %d; set PG_BIN to version %s or choose another --data",
			c.data, ErrOtherVersion, major, c.config.Binaries.Dir, c.config.Binaries.Major, major)
	}
	return c.readPassword()
}

// create runs initdb in a temporary folder and renames it, so that an interruption leaves no incomplete cluster.
func (c *Cluster) create(ctx context.Context) error {
	if _, err := os.Stat(c.data); err == nil {
		return fmt.Errorf("%s exists but is not a Postgres cluster; move it away or choose another --data", c.data)
	}
	unfinished := c.data + ".unfinished"
	if err := os.RemoveAll(unfinished); err != nil {
		return fmt.Errorf("remove the files of an interrupted start: %w", err)
	}
	if err := c.newPassword(); err != nil {
		return err
	}
	if err := os.Mkdir(unfinished, 0o700); err != nil {
		return fmt.Errorf("create cluster folder: %w", err)
	}
	if err := c.config.Account.chown(unfinished); err != nil {
		return err
	}
	if err := c.initdb(ctx, unfinished); err != nil {
		return errors.Join(err, os.RemoveAll(unfinished))
	}
	if err := os.Rename(unfinished, c.data); err != nil {
		return fmt.Errorf("rename new cluster: %w", err)
	}
	return nil
}

// locales are tried in this order: which names exist depends on the system. Those of C compare by code point, which no update of the
// system changes under an index. Without any, C remains, which knows no letters but those of ASCII.
var locales = []string{"C.UTF-8", "C.utf8", "en_US.UTF-8", "en_US.utf8"}

// initdb creates the cluster with the first locale that the system has.
func (c *Cluster) initdb(ctx context.Context, dir string) error {
	for _, locale := range locales {
		out, err := c.initdbWith(ctx, dir, locale)
		if err == nil || !strings.Contains(out, "locale") {
			return err
		}
		// The programs check the locale before they write. What else they wrote would stop the next attempt.
		if err := clearDir(dir); err != nil {
			return err
		}
	}
	fmt.Fprintf(c.config.Output, "this system has no locale of Unicode (%s): searching for words in other scripts than Latin will be slow\n", strings.Join(locales, ", "))
	_, err := c.initdbWith(ctx, dir, "C")
	return err
}

func clearDir(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("clear the cluster folder: %w", err)
	}
	for _, e := range entries {
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			return fmt.Errorf("clear the cluster folder: %w", err)
		}
	}
	return nil
}

func (c *Cluster) initdbWith(ctx context.Context, dir, locale string) (output string, err error) {
	auth := "scram-sha-256"
	if c.config.Ephemeral {
		auth = "trust"
	}
	args := []string{"-D", dir, "-U", superuser, "-A", auth, "--pwfile", c.passwordFile(), "-E", "UTF8", "--locale=" + locale}
	if c.config.Ephemeral {
		args = append(args, "--no-sync")
	} else {
		args = append(args, "--data-checksums")
	}
	cmd := exec.CommandContext(ctx, c.config.Binaries.path("initdb"), args...)
	cmd.Dir, cmd.Env = dir, childEnv()
	// Its own process group: Ctrl-C then reaches only this process, which cleans up.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: c.config.Account.credential()}
	out, err := cmd.CombinedOutput()
	if err != nil {
		return string(out), fmt.Errorf("create a Postgres cluster in %s: %w", c.config.Dir, explain(string(out), err))
	}
	return string(out), nil
}

// childEnv is a minimal environment without our variables: PG* variables would change Postgres's behaviour.
func childEnv() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "HOME=/"}
}

func (c *Cluster) passwordFile() string { return filepath.Join(c.config.Dir, "postgres.password") }

// newPassword writes a new password to a file of mode 0600 owned by the account, from which initdb reads it.
func (c *Cluster) newPassword() error {
	c.password = rand.Text()
	file, err := os.OpenFile(c.passwordFile(), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write password file: %w", err)
	}
	_, err = file.WriteString(c.password + "\n")
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("write password file: %w", err)
	}
	return c.config.Account.chown(c.passwordFile())
}

func (c *Cluster) readPassword() error {
	text, err := os.ReadFile(c.passwordFile())
	if err != nil {
		return fmt.Errorf("read the password of the cluster in %s: %w", c.config.Dir, err)
	}
	c.password = strings.TrimSpace(string(text))
	return nil
}

package directory_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
	"leanpmo/internal/testkit"
)

const two = `
principals:
  - {id: sam, name: Sam, roles: [requester], token: a}
  - {id: ana, name: Ana, roles: [approver], token: b}
groups:
  - {id: approvers, name: Approvers, members: [ana]}
`

// followed is a file that is followed, and its log.
func followed(t *testing.T) (*directory.File, *bytes.Buffer) {
	path := filepath.Join(t.TempDir(), "directory.yaml")
	_, err := directory.Open(path)
	require.ErrorContains(t, err, "read directory file")
	require.NoError(t, os.WriteFile(path, []byte("principals: []"), 0o600))
	_, err = directory.Open(path)
	require.ErrorContains(t, err, "lists nobody")
	require.NoError(t, os.WriteFile(path, []byte(two), 0o600))
	f, err := directory.Open(path)
	require.NoError(t, err)
	var log bytes.Buffer
	f.Log = slog.New(slog.NewTextHandler(&log, nil))
	return f, &log
}

func write(t *testing.T, f *directory.File, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(f.Path, []byte(text), 0o600))
}

func TestAChangedFileIsTakenWhenItIsComplete(t *testing.T) {
	ctx := context.Background()
	f, log := followed(t)
	before := f.Directory.Version()
	f.Look(ctx, false)
	f.Look(ctx, false)
	require.Equal(t, before, f.Directory.Version(), "the same file")

	write(t, f, strings.ReplaceAll(two, "Ana", "Ana Moreau"))
	f.Look(ctx, false)
	require.Equal(t, before, f.Directory.Version(), "it may still be written")
	f.Look(ctx, false)
	ana, _ := f.Directory.Principal("ana")
	require.Equal(t, "Ana Moreau", ana.Name)
	require.Greater(t, f.Directory.Version(), before)
	require.Contains(t, log.String(), "the directory changed")

	write(t, f, strings.ReplaceAll(two, "Ana", "Ana of Approval"))
	f.Look(ctx, true)
	ana, _ = f.Directory.Principal("ana")
	require.Equal(t, "Ana of Approval", ana.Name, "somebody says that it is complete")
}

func TestABrokenFileChangesNothing(t *testing.T) {
	ctx := context.Background()
	f, log := followed(t)
	for _, spoil := range []func(){
		func() { write(t, f, "principals: [") },
		func() {
			write(t, f, "principals: [{id: sam, name: Sam, roles: [requester], token: a, secret: s3cret}]")
		},
		func() { require.NoError(t, os.Remove(f.Path)) },
		func() { write(t, f, ""); f.Check = nil },
	} {
		spoil()
		f.Look(ctx, false)
		f.Look(ctx, false)
		f.Look(ctx, false)
		require.Error(t, f.Fault())
		require.Equal(t, []string{"ana"}, f.Directory.Members("approvers"))
	}
	require.Equal(t, 4, strings.Count(log.String(), "stays in force"), "each once")
	require.NotContains(t, log.String(), "s3cret")
	write(t, f, two)
	f.Look(ctx, false)
	f.Look(ctx, false)
	require.NoError(t, f.Fault())

	f.Check = func(d *directory.Directory) error {
		if len(d.Members("approvers")) == 0 {
			return errors.New("nobody approves")
		}
		return nil
	}
	write(t, f, strings.ReplaceAll(two, "members: [ana]", "members: []"))
	f.Look(ctx, true)
	require.ErrorContains(t, f.Fault(), "nobody approves")
	require.Equal(t, []string{"ana"}, f.Directory.Members("approvers"))
}

// A file that is moved away and put back as it was is no fault any more.
func TestAFileThatComesBackIsNoFault(t *testing.T) {
	f, _ := followed(t)
	require.NoError(t, os.Rename(f.Path, f.Path+".away"))
	f.Look(t.Context(), false)
	require.Error(t, f.Fault())
	require.NoError(t, os.Rename(f.Path+".away", f.Path))
	f.Look(t.Context(), false)
	f.Look(t.Context(), false)
	require.NoError(t, f.Fault())
}

func TestASignalMakesTheFileReadAtOnce(t *testing.T) {
	f, _ := followed(t)
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	var following sync.WaitGroup
	following.Go(func() { f.Follow(ctx, signals) })
	write(t, f, strings.ReplaceAll(two, "Ana", "Ana Moreau"))
	signals <- syscall.SIGHUP
	require.Eventually(t, func() bool {
		ana, _ := f.Directory.Principal("ana")
		return ana.Name == "Ana Moreau"
	}, testkit.Patience, time.Millisecond)
	cancel()
	following.Wait()
}

package app

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
	"leanpmo/internal/testkit"
)

// leavers notes who is known when what others have is ended.
type leavers struct {
	mu     sync.Mutex
	known  []string
	desks  map[string][]string
	rights map[string]store.DirectoryRights
	tokens []string // likewise, of tokens
	fails  int
}

func (l *leavers) EndSessionsOfOthers(_ context.Context, known []string, _ int64, _ time.Time) ([]string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fails > 0 {
		l.fails--
		return nil, errors.New("the database is away")
	}
	l.known = known
	return nil, nil
}

func (l *leavers) ClearDelegationsOfOthers(context.Context, []string, int64, time.Time) ([]string, error) {
	return nil, nil
}

func (l *leavers) RevokeTokensOfOthers(_ context.Context, known []string, _ int64, _ time.Time) ([]string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tokens = known
	return nil, nil
}

func (l *leavers) SetDesks(_ context.Context, desks map[string][]string, _ time.Time) ([]string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.desks = desks
	return nil, nil
}

func (l *leavers) ErasePublic(context.Context, time.Time) (int64, error) { return 0, nil }

func (l *leavers) DeleteExpiredSessions(context.Context, time.Time) (int64, error) { return 0, nil }

func (l *leavers) RecordRights(_ context.Context, people map[string]store.DirectoryRights, _ time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rights = people
	return nil
}

func (l *leavers) last() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.known
}

// TestARemovedPersonIsForgotten follows a file, as a server does: whoever is removed from it loses sessions and delegations, also when the
// database is away at first.
func TestARemovedPersonIsForgotten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "directory.yaml")
	require.NoError(t, os.WriteFile(path, directory.Local(), 0o600))
	file, err := directory.Open(path)
	require.NoError(t, err)
	c := Config{HTTPAddr: defaultHTTPAddr}
	p := &dependencies{file: file, directory: file.Directory, policy: policy.Holding(policy.Default())}
	discard := slog.New(slog.DiscardHandler)
	left := &leavers{fails: 1}
	ctx := t.Context()
	defer background(ctx, func(ctx context.Context) { p.follow(ctx, c, discard, c.servable) })()
	defer background(ctx, sessionKeeper{directory: p.directory, store: left, log: discard}.serve)()
	require.ErrorIs(t, sessionKeeper{directory: p.directory, store: left, log: discard}.left(ctx, time.Now()), errNotRead)
	require.Empty(t, left.last(), "nobody is unknown before the people of the database were read")
	p.directory.Take(directory.Stored{Version: 1})
	require.Eventually(t, func() bool { return len(left.last()) == 12 }, testkit.Patience, 10*time.Millisecond)
	without := strings.ReplaceAll(string(directory.Local()), "  - {id: rita, name: Rita Lindqvist, email: rita@example.test, roles: [requester], token: dev-rita}\n", "")
	without = strings.ReplaceAll(without, "members: [rita]", "members: [sam]")
	require.NoError(t, os.WriteFile(path, []byte(without), 0o600))
	require.Eventually(t, func() bool { return len(left.last()) == 11 }, testkit.Patience, 10*time.Millisecond)
	require.NotContains(t, left.last(), "rita")
	require.Eventually(t, func() bool {
		left.mu.Lock()
		defer left.mu.Unlock()
		return slices.Equal(left.tokens, left.known)
	}, testkit.Patience, 10*time.Millisecond, "their tokens are revoked too")
	require.Eventually(t, func() bool {
		left.mu.Lock()
		defer left.mu.Unlock()
		return len(left.rights) == 11
	}, testkit.Patience, 10*time.Millisecond, "what the file lets people do is recorded")
	require.Equal(t, store.DirectoryRights{Roles: []string{"requester", "approver"}, Groups: []string{"approvers", "finance"}, Token: true}, left.rights["bo"])
	require.Eventually(t, func() bool {
		left.mu.Lock()
		defer left.mu.Unlock()
		return len(left.desks["public-form"]) == 1 && left.desks["public-form"][0] == "sam"
	}, testkit.Patience, 10*time.Millisecond)
}

// Nothing is taken from people without an account that would be nobody's.
func TestThePublicFormNeedsAServiceWithADesk(t *testing.T) {
	require.Nil(t, Config{}.publicForm(nil), "off by default")
	require.Equal(t, defaultPublicPerHour, Config{PublicForm: "public-form"}.publicForm(nil).PerHour)
	for fault, c := range map[string]struct{ service, from, to string }{
		"":                                 {"public-form", "", ""},
		`"sam" is not a service`:           {"sam", "", ""},
		`"nobody" is not a service`:        {"nobody", "", ""},
		"has no desk with members":         {"public-form", ", desk: front-desk", ""},
		"no desk with members, so that":    {"public-form", "members: [rita]", "members: []"},
		"may not submit; give it the role": {"public-form", "name: Public form, roles: [requester]", "name: Public form, roles: [auditor]"},
	} {
		people, err := directory.Parse([]byte(strings.ReplaceAll(string(directory.Local()), c.from, c.to)))
		if c.from == "" {
			people, err = directory.Parse(directory.Local())
		}
		require.NoError(t, err)
		err = Config{HTTPAddr: defaultHTTPAddr, PublicForm: c.service}.servable(people)
		if fault == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, fault)
	}
}

// A file that a process could not have started with is not taken while it runs.
func TestWhatAProcessCannotWorkWithIsNotTaken(t *testing.T) {
	for want, c := range map[string]struct {
		config Config
		usable func(Config) func(*directory.Directory) error
		change func(string) string
	}{
		"the policy's group": {Config{HTTPAddr: defaultHTTPAddr}, func(c Config) func(*directory.Directory) error { return c.servable }, func(s string) string {
			return strings.ReplaceAll(s, "id: pmo, name: Portfolio office, members: [petra]", "id: pmo, name: Portfolio office, members: []")
		}},
		"tokens in plain": {Config{HTTPAddr: "0.0.0.0:8080"}, func(c Config) func(*directory.Directory) error { return c.servable }, func(s string) string { return s + "\n" }},
		"PMO_NOTIFY_SECRET_FILE is missing": {Config{}, func(c Config) func(*directory.Directory) error { return c.notifiable }, func(s string) string {
			return strings.ReplaceAll(s, "token: dev-sam}", "token: dev-sam, notify: {webhook: \"https://example.org/x\"}}")
		}},
	} {
		path := filepath.Join(t.TempDir(), "directory.yaml")
		require.NoError(t, os.WriteFile(path, directory.Local(), 0o600))
		file, err := directory.Open(path)
		require.NoError(t, err)
		p := &dependencies{file: file, directory: file.Directory, policy: policy.Holding(policy.Default())}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		p.follow(ctx, c.config, slog.New(slog.DiscardHandler), c.usable(c.config)) // ends at once, and has set the checks
		require.NoError(t, os.WriteFile(path, []byte(c.change(string(directory.Local()))), 0o600))
		file.Look(t.Context(), true)
		require.Error(t, file.Fault(), want)
		if want != "the policy's group" {
			require.ErrorContains(t, file.Fault(), want)
		}
	}
}

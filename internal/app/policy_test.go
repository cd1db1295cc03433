package app

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
)

// keptPolicies is the policy in force as a store keeps it; away makes it answer nothing.
type keptPolicies struct {
	kept []store.PolicyVersion
	away error
	lost *store.PolicyVersion // stored by another process just before ours
}

func (k *keptPolicies) PolicyInForce(context.Context) (store.PolicyVersion, error) {
	if k.away != nil {
		return store.PolicyVersion{}, k.away
	}
	if len(k.kept) == 0 {
		return store.PolicyVersion{}, store.ErrNotFound
	}
	return k.kept[len(k.kept)-1], nil
}

func (k *keptPolicies) VersionInForce(ctx context.Context) (int, error) {
	p, err := k.PolicyInForce(ctx)
	return p.Version, err
}

func (k *keptPolicies) PutPolicyInForce(_ context.Context, p store.PolicyVersion) error {
	if k.lost != nil {
		k.kept, k.lost = append(k.kept, *k.lost), nil
		return store.ErrConflict
	}
	k.kept = append(k.kept, p)
	return nil
}

// policyFile is the default policy with another version.
func policyFile(t *testing.T, version int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "policy.yaml")
	require.NoError(t, os.WriteFile(path, []byte(source(version)), 0o600))
	return path
}

func source(version int) string {
	return strings.Replace(string(policy.Default().Source()), "version: 1\n", fmt.Sprintf("version: %d\n", version), 1)
}

func stored(n int) store.PolicyVersion {
	return store.PolicyVersion{Version: n, Source: []byte(source(n))}
}

func newRules(t *testing.T, k *keptPolicies, file string) *rules {
	t.Helper()
	people, err := directory.Parse(directory.Local())
	require.NoError(t, err)
	r, err := Config{PolicyFile: file}.rules(k, people, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	return r
}

func neverWaits(t *testing.T) func(string) {
	return func(cause string) { require.Fail(t, "waits: "+cause) }
}

func TestAStartWithoutAFileKeepsThePolicyInForce(t *testing.T) {
	k := &keptPolicies{}
	require.NoError(t, newRules(t, k, policyFile(t, 3)).begin(t.Context(), neverWaits(t)))
	require.Len(t, k.kept, 1)

	r := newRules(t, k, "")
	require.NoError(t, r.begin(t.Context(), neverWaits(t)))
	require.Equal(t, 3, r.current.Now().Version())
	require.Len(t, k.kept, 1)

	err := newRules(t, k, policyFile(t, 2)).begin(t.Context(), neverWaits(t))
	require.ErrorIs(t, err, policy.ErrNotInForce)
	require.ErrorIs(t, err, ErrConfig, "the exit code says that starting again does not help")
}

func TestTwoProcessesTakeOnePolicyIntoForce(t *testing.T) {
	same, other := stored(3), stored(4)
	k := &keptPolicies{lost: &same}
	r := newRules(t, k, policyFile(t, 3))
	require.NoError(t, r.begin(t.Context(), neverWaits(t)))
	require.Equal(t, 3, r.current.Now().Version())

	k = &keptPolicies{lost: &other}
	require.ErrorIs(t, newRules(t, k, policyFile(t, 3)).begin(t.Context(), neverWaits(t)), policy.ErrNotInForce)
}

// With a file a process begins while the database is away, so that submissions and decisions go on. It is compared afterwards.
func TestAFileIsComparedWhenTheDatabaseIsBack(t *testing.T) {
	for name, c := range map[string]struct {
		inForce int
		refused bool
	}{
		"the one in force": {3, false}, "a newer one than that in force": {2, false}, "an older one than that in force": {4, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				k := &keptPolicies{away: store.ErrUnavailable, kept: []store.PolicyVersion{stored(c.inForce)}}
				r := newRules(t, k, policyFile(t, 3))
				require.NoError(t, r.begin(t.Context(), neverWaits(t)))
				name, fault := r.state()
				require.Equal(t, r.file.Name(), name)
				require.Contains(t, fault, "not compared")
				require.NoError(t, r.look(t.Context()), "it is still away")

				k.away = nil
				err := r.look(t.Context())
				if c.refused {
					require.ErrorIs(t, err, policy.ErrNotInForce)
					return
				}
				require.NoError(t, err)
				_, fault = r.state()
				require.Empty(t, fault)
				require.Equal(t, 3, k.kept[len(k.kept)-1].Version)
			})
		})
	}
}

func TestWithoutAFileTheDatabaseIsWaitedFor(t *testing.T) {
	for name, away := range map[string]error{"away": store.ErrUnavailable, "not migrated": store.ErrNoSchema} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				k := &keptPolicies{away: away, kept: []store.PolicyVersion{stored(5)}}
				r, waited := newRules(t, k, ""), 0
				require.NoError(t, r.begin(t.Context(), func(cause string) {
					require.Contains(t, cause, "cannot be read")
					if waited++; waited == 3 {
						k.away = nil
					}
				}))
				require.Equal(t, 5, r.current.Now().Version())
				require.Equal(t, 3, waited)
			})
		})
	}
}

func TestWaitingForThePolicyEndsWhereTheServerCannotListen(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { taken.Close() })
	p := &dependencies{rules: newRules(t, &keptPolicies{away: store.ErrUnavailable}, "")}
	err = p.awaitPolicy(t.Context(), Config{HTTPAddr: taken.Addr().String()}, slog.New(slog.DiscardHandler))
	require.ErrorContains(t, err, "listen on "+taken.Addr().String())
	require.Nil(t, p.policy)
}

// A version that comes into force while a process runs takes the place of its policy, without a restart.
func TestAProcessTakesThePolicyThatComesIntoForce(t *testing.T) {
	k := &keptPolicies{}
	r := newRules(t, k, policyFile(t, 3))
	require.NoError(t, r.begin(t.Context(), neverWaits(t)))
	held := r.current
	k.kept = append(k.kept, stored(4))
	require.NoError(t, r.look(t.Context()))
	_, fault := r.state()
	require.Empty(t, fault)
	require.Equal(t, 4, held.Now().Version(), "whoever holds the policy sees the new one")
}

func TestAProcessThatCannotUseThePolicyInForceSaysSo(t *testing.T) {
	for name, source := range map[string]string{
		"a newer program's":                 source(4) + "unheard_of: true\n",
		"names people this directory lacks": strings.Replace(source(4), "services:", "services:", 1) + "services: {judge: [nobody-here]}\n",
	} {
		t.Run(name, func(t *testing.T) {
			k := &keptPolicies{}
			r := newRules(t, k, policyFile(t, 3))
			require.NoError(t, r.begin(t.Context(), neverWaits(t)))
			k.kept = append(k.kept, store.PolicyVersion{Version: 4, Source: []byte(source)})
			require.NoError(t, r.look(t.Context()))
			_, fault := r.state()
			require.Contains(t, fault, "this process works by policy 3, and cannot work by policy 4")
			require.Equal(t, 3, r.current.Now().Version(), "it goes on by the one it has")
			k.kept = append(k.kept, stored(5))
			require.NoError(t, r.look(t.Context()))
			_, fault = r.state()
			require.Empty(t, fault)
		})
	}
}

func TestBootstrapFollowsThePolicyInForce(t *testing.T) {
	_, err := Config{}.policyToBootstrap(t.Context())
	require.ErrorIs(t, err, ErrConfig)
	p, err := Config{PolicyFile: policyFile(t, 3)}.policyToBootstrap(t.Context())
	require.NoError(t, err)
	require.Equal(t, 3, p.Version())
}

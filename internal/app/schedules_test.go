package app

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/engine"
	"leanpmo/internal/store"
)

// keptSchedules are schedules as Temporal keeps them; away makes it answer nothing.
type keptSchedules struct {
	every map[string]time.Duration
	away  error
}

func (k *keptSchedules) KeepSchedules(_ context.Context, portfolios []engine.Portfolio) error {
	for _, p := range portfolios {
		if k.away == nil {
			k.every[p.ID] = p.Every
		}
	}
	return k.away
}

func (k *keptSchedules) DropSchedule(_ context.Context, portfolio string) error {
	if k.away == nil {
		delete(k.every, portfolio)
	}
	return k.away
}

// acceptedPolicies is a store in which version 2 was accepted on version 1.
type acceptedPolicies struct {
	sources   map[int]string
	scheduled bool
}

func (a *acceptedPolicies) Unscheduled(context.Context) (store.Proposal, error) {
	if a.scheduled {
		return store.Proposal{}, store.ErrNotFound
	}
	return store.Proposal{Version: 2, Base: 1}, nil
}

func (a *acceptedPolicies) PolicyVersion(_ context.Context, version int) (store.PolicyVersion, error) {
	return store.PolicyVersion{Version: version, Source: []byte(a.sources[version])}, nil
}

func (a *acceptedPolicies) Scheduled(context.Context, int, time.Time) error {
	a.scheduled = true
	return nil
}

// A policy that is accepted while Temporal is away changes the schedules when it is back; a portfolio that it drops has no schedule any more.
func TestSchedulesFollowAnAcceptedPolicy(t *testing.T) {
	before, after := source(1), source(2)
	require.Contains(t, before, "  every: 15m\n")
	after = strings.Replace(strings.Replace(after, "  every: 15m\n", "  every: 30m\n", 1), "id: digital\n", "id: other\n", 1)
	kept := &acceptedPolicies{sources: map[int]string{1: before, 2: after}}
	schedules := &keptSchedules{every: map[string]time.Duration{"digital": 15 * time.Minute}, away: errors.New("Temporal is away")}
	k := scheduleKeeper{store: kept, schedules: schedules, log: slog.New(slog.DiscardHandler)}
	require.Error(t, k.look(t.Context(), time.Now()))
	require.False(t, kept.scheduled)
	schedules.away = nil
	require.NoError(t, k.look(t.Context(), time.Now()))
	require.Equal(t, map[string]time.Duration{"other": 30 * time.Minute}, schedules.every)
	require.True(t, kept.scheduled)
	schedules.away = errors.New("Temporal is away")
	require.NoError(t, k.look(t.Context(), time.Now()), "nothing is left to do")
}

// A version that was accepted in the product is kept when a process starts with the file of before, and it is said that the file is not used.
func TestAFileDoesNotUndoWhatWasAccepted(t *testing.T) {
	k := &keptPolicies{kept: []store.PolicyVersion{stored(1), {Version: 2, Source: []byte(source(2)), Actor: "paul", Proposal: "p"}}}
	var said strings.Builder
	r := newRules(t, k, policyFile(t, 1))
	r.log = slog.New(slog.NewTextHandler(&said, nil))
	require.NoError(t, r.begin(t.Context(), neverWaits(t)))
	require.Equal(t, 2, r.current.Now().Version())
	require.Len(t, k.kept, 2)
	require.Contains(t, said.String(), "the policy file is not used")
	newer := newRules(t, k, policyFile(t, 3))
	require.NoError(t, newer.begin(t.Context(), neverWaits(t)))
	require.Equal(t, 3, newer.current.Now().Version(), "a higher version is meant to take force")
}

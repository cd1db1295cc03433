package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/store"
)

func proposalOn(base int) store.Proposal {
	return store.Proposal{ID: uuid.NewString(), Version: base + 1, Base: base, Source: []byte("version: next"), Proposer: "petra", At: hours(base), Reason: "Value counts more.",
		Difference: json.RawMessage(`{"changes":[]}`), Effect: json.RawMessage(`[]`)}
}

func TestAnAcceptedProposalTakesForce(t *testing.T) {
	s, dsn := openDSN(t)
	ctx := context.Background()
	require.NoError(t, s.PutPolicyInForce(ctx, policyVersion(2)))
	p := proposalOn(2)
	_, err := s.PutProposal(ctx, p)
	require.NoError(t, err)
	late := proposalOn(2)
	_, err = s.PutProposal(ctx, late)
	require.NoError(t, err)

	decided, err := s.DecideProposal(ctx, store.ProposalDecision{ID: p.ID, State: store.ProposalAccepted, Actor: "paul", At: hours(4), Words: "Agreed."})
	require.NoError(t, err)
	require.Equal(t, store.ProposalAccepted, decided.State)
	inForce, err := s.PolicyInForce(ctx)
	require.NoError(t, err)
	require.Equal(t, store.PolicyVersion{Version: 3, Source: p.Source, Since: hours(4), Actor: "paul", Proposal: p.ID}, inForce)
	require.Equal(t, []string{"proposed by petra", "proposed by petra", "accepted by paul"}, changes(t, dsn, "policy", "3"))

	_, err = s.DecideProposal(ctx, store.ProposalDecision{ID: late.ID, State: store.ProposalAccepted, Actor: "paul", At: hours(5)})
	require.ErrorIs(t, err, store.ErrStale, "it was made for version 2")
	_, err = s.DecideProposal(ctx, store.ProposalDecision{ID: late.ID, State: store.ProposalWithdrawn, Actor: "petra", At: hours(5)})
	require.NoError(t, err)
	_, err = s.DecideProposal(ctx, store.ProposalDecision{ID: late.ID, State: store.ProposalRejected, Actor: "paul", At: hours(6)})
	require.ErrorIs(t, err, store.ErrConflict)
	versions, err := s.PolicyVersions(ctx, 0, 10)
	require.NoError(t, err)
	require.Equal(t, []store.PolicyHistory{{Version: 3, Since: hours(4), Actor: "paul", Proposal: p.ID, Proposer: "petra", Reason: p.Reason},
		{Version: 2, Since: hours(2), Actor: "operator"}}, versions)
	page, err := s.Proposals(ctx, "", 1)
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	rest, err := s.Proposals(ctx, page.Next, 10)
	require.NoError(t, err)
	require.Len(t, rest.Items, 1)
}

// Whoever proposed a policy does not accept it, whatever a door says.
func TestNobodyAcceptsTheirOwnProposal(t *testing.T) {
	s := open(t)
	ctx := context.Background()
	require.NoError(t, s.PutPolicyInForce(ctx, policyVersion(2)))
	p := proposalOn(2)
	_, err := s.PutProposal(ctx, p)
	require.NoError(t, err)
	_, err = s.DecideProposal(ctx, store.ProposalDecision{ID: p.ID, State: store.ProposalAccepted, Actor: p.Proposer, At: hours(4)})
	require.Error(t, err)
	inForce, err := s.VersionInForce(ctx)
	require.NoError(t, err)
	require.Equal(t, 2, inForce)
}

// Of several who accept at once, a proposal each or the same one, one makes a version.
func TestProposalsAcceptedAtOnce(t *testing.T) {
	s := open(t)
	ctx := context.Background()
	require.NoError(t, s.PutPolicyInForce(ctx, policyVersion(2)))
	ids := []string{}
	for range 3 {
		p := proposalOn(2)
		_, err := s.PutProposal(ctx, p)
		require.NoError(t, err)
		ids = append(ids, p.ID, p.ID)
	}
	errs := make([]error, len(ids))
	var all sync.WaitGroup
	for i, id := range ids {
		all.Go(func() {
			_, errs[i] = s.DecideProposal(ctx, store.ProposalDecision{ID: id, State: store.ProposalAccepted, Actor: "paul", At: hours(4)})
		})
	}
	all.Wait()
	accepted := 0
	for _, err := range errs {
		if err == nil {
			accepted++
			continue
		}
		require.True(t, errors.Is(err, store.ErrStale) || errors.Is(err, store.ErrConflict), "%v", err)
	}
	require.Equal(t, 1, accepted)
	versions, err := s.PolicyVersions(ctx, 0, 10)
	require.NoError(t, err)
	require.Len(t, versions, 2)
}

func TestOpenProposalsAreBounded(t *testing.T) {
	s := open(t)
	ctx := context.Background()
	require.NoError(t, s.PutPolicyInForce(ctx, policyVersion(2)))
	for range store.MostOpenProposals {
		_, err := s.PutProposal(ctx, proposalOn(2))
		require.NoError(t, err)
	}
	_, err := s.PutProposal(ctx, proposalOn(2))
	require.ErrorIs(t, err, store.ErrFull)
}

// Schedules are brought to what is in force, once; a version that is replaced before that needs none.
func TestSchedulesFollowWhatIsInForce(t *testing.T) {
	s := open(t)
	ctx := context.Background()
	require.NoError(t, s.PutPolicyInForce(ctx, policyVersion(2)))
	for base := 2; base < 4; base++ {
		_, err := s.Unscheduled(ctx)
		require.Equal(t, base == 2, errors.Is(err, store.ErrNotFound))
		p := proposalOn(base)
		_, err = s.PutProposal(ctx, p)
		require.NoError(t, err)
		_, err = s.DecideProposal(ctx, store.ProposalDecision{ID: p.ID, State: store.ProposalAccepted, Actor: "paul", At: hours(base + 1)})
		require.NoError(t, err)
	}
	waits, err := s.Unscheduled(ctx)
	require.NoError(t, err)
	require.Equal(t, 4, waits.Version)
	require.NoError(t, s.Scheduled(ctx, 4, hours(9)))
	_, err = s.Unscheduled(ctx)
	require.ErrorIs(t, err, store.ErrNotFound)
}

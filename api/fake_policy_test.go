package api

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/backlog"
	"leanpmo/internal/backtest"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/priority"
	"leanpmo/internal/store"
)

// fakePolicies are the policies of the fake store: the default one is in force until another is accepted.
type fakePolicies struct {
	versions  []store.PolicyVersion
	proposals []store.Proposal
	openIn    int
	scoring   fakeScoring
	points    fakePoints
}

func (f *fakeStore) policies() []store.PolicyVersion {
	if f.versions == nil {
		f.versions = []store.PolicyVersion{{Version: 1, Source: policy.Default().Source(), Since: now.Add(-time.Hour), Actor: "operator"}}
	}
	return f.versions
}

func (f *fakeStore) PolicyInForce(context.Context) (store.PolicyVersion, error) {
	list := f.policies()
	return list[len(list)-1], f.fails()
}

func (f *fakeStore) PolicyVersion(_ context.Context, version int) (store.PolicyVersion, error) {
	for _, v := range f.policies() {
		if v.Version == version {
			return v, f.fails()
		}
	}
	return store.PolicyVersion{}, store.ErrNotFound
}

func (f *fakeStore) PolicyVersions(_ context.Context, below, limit int) ([]store.PolicyHistory, error) {
	var list []store.PolicyHistory
	all := f.policies()
	for i := len(all) - 1; i >= 0 && len(list) < limit; i-- {
		if v := all[i]; below == 0 || v.Version < below {
			list = append(list, store.PolicyHistory{Version: v.Version, Since: v.Since, Actor: v.Actor, Proposal: v.Proposal})
		}
	}
	return list, f.fails()
}

func (f *fakeStore) PutProposal(ctx context.Context, p store.Proposal) (store.Proposal, error) {
	p.State = store.ProposalOpen
	f.proposals = append(f.proposals, p)
	return p, f.KeepKey(ctx, p)
}

func (f *fakeStore) Proposal(_ context.Context, id string) (store.Proposal, error) {
	for _, p := range f.proposals {
		if p.ID == id {
			return p, f.fails()
		}
	}
	return store.Proposal{}, store.ErrNotFound
}

func (f *fakeStore) Proposals(context.Context, string, int) (store.Page[store.Proposal], error) {
	return store.Page[store.Proposal]{Items: f.proposals}, f.fails()
}

func (f *fakeStore) DecideProposal(ctx context.Context, d store.ProposalDecision) (store.Proposal, error) {
	for i := range f.proposals {
		p := &f.proposals[i]
		if p.ID != d.ID {
			continue
		}
		inForce, _ := f.PolicyInForce(ctx)
		switch {
		case p.State != store.ProposalOpen:
			return *p, store.ErrConflict
		case d.State == store.ProposalAccepted && p.Base != inForce.Version:
			return *p, store.ErrStale
		case d.State == store.ProposalAccepted:
			f.versions = append(f.versions, store.PolicyVersion{Version: p.Version, Source: p.Source, Since: d.At, Actor: d.Actor, Proposal: p.ID})
		}
		p.State, p.DecidedBy, p.DecidedAt, p.Words = d.State, d.Actor, &d.At, d.Words
		return *p, f.KeepKey(ctx, *p)
	}
	return store.Proposal{}, store.ErrNotFound
}

func (f *fakeStore) OpenIn(context.Context, string) (int, error) { return f.openIn, f.fails() }

func (f *fakeStore) Titles(ctx context.Context, v store.View, ids []string) (map[string]string, error) {
	readable, err := f.Readable(ctx, v, ids)
	titles := map[string]string{}
	for _, id := range readable {
		titles[id] = f.rows[id].Content.Title
	}
	return titles, err
}

// fakeBacklogs has one backlog: request A is worth more, request B is urgent.
type fakeBacklogs struct{ young, shared bool } // without a past; with a resource that all need

func (fakeBacklogs) Snapshot(_ context.Context, _ string, at time.Time) (backlog.Snapshot, error) {
	inputs := func(value, time float64) pmo.Inputs {
		return pmo.Inputs{BusinessValue: &value, TimeCriticality: &time, RiskReduction: new(1.0), JobSize: new(2.0)}
	}
	return backlog.Snapshot{At: at, Needs: &backlog.Needs{}, Taken: priority.WIP{}, Waiting: []store.Waiting{
		{ID: requestA, Number: 1, SubmittedAt: now.Add(-48 * time.Hour), Class: pmo.ClassStandard, Inputs: inputs(13, 3)},
		{ID: requestB, Number: 2, SubmittedAt: now.Add(-48 * time.Hour), Class: pmo.ClassStandard, Inputs: inputs(3, 8)},
	}}, nil
}

// Past has two requests that ended: one was rejected by architecture, the other one waited a day behind nobody.
func (fakeBacklogs) Past(_ context.Context, since, _ time.Time) (backtest.Past, error) {
	ended := func(id string, number int64, size float64) backtest.Request {
		r := backtest.Request{BacklogAt: now.AddDate(0, 0, -9)}
		r.ID, r.Number, r.Portfolio, r.Lane, r.Severity, r.Requester, r.Revision = id, number, "digital", pmo.LaneMajor, "low", "sam", 1
		r.Content = pmo.Content{Title: "Ended", Kind: "feature", Size: size}
		r.SubmittedAt, r.PulledAt, r.AcceptedAt = now.AddDate(0, 0, -20), now.AddDate(0, 0, -8), now.AddDate(0, 0, -1)
		return r
	}
	return backtest.Past{From: since, More: 3, Ended: []backtest.Request{ended(requestA, 1, 3), ended(requestB, 2, 1)}}, nil
}

// WaitingSizes are those of its requests: one team-week for A, two for B.
func (f *fakeStore) WaitingSizes(context.Context, store.Filter) ([]store.Fundable, error) {
	var list []store.Fundable
	for id, size := range map[string]float64{requestA: 1, requestB: 2} {
		if !slices.Contains(f.unreadable, id) {
			list = append(list, store.Fundable{ID: id, Number: f.rows[id].Number, Title: f.rows[id].Content.Title, Size: size})
		}
	}
	return list, f.fails()
}

// proposalA is the id of a proposal that is there.
const proposalA = "00000000-0000-7000-8000-0000000000bb"

// otherRules is a document with other rules than the default policy's.
func otherRules(t *testing.T) []byte {
	t.Helper()
	text := string(policy.Default().Source())
	require.Contains(t, text, "time_criticality: 1")
	return []byte(strings.Replace(text, "time_criticality: 1", "time_criticality: 5", 1))
}

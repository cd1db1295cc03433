package api

import (
	"context"
	"slices"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/strategy"
)

// fakePoints are the points on requests, in memory.
type fakePoints struct{ stakes []store.Stake }

func (f *fakeStore) SpendPoints(ctx context.Context, sp store.Spending, entry pmo.Entry) error {
	if err := f.fails(); err != nil {
		return err
	}
	others := slices.DeleteFunc(slices.Clone(f.points.stakes), func(s store.Stake) bool {
		return s.Holder == sp.Holder && s.Period == sp.Period.ID && s.RequestID == sp.RequestID
	})
	sum := sp.Points
	for _, s := range others {
		if s.Holder == sp.Holder {
			sum += s.Points
		}
	}
	if sum > sp.Allowance {
		return store.ErrFull
	}
	if sp.Points > 0 {
		others = append(others, store.Stake{Holder: sp.Holder, Period: sp.Period.ID, RequestID: sp.RequestID, Number: f.rows[sp.RequestID].Number, Title: f.rows[sp.RequestID].Content.Title, Points: sp.Points, By: sp.By, At: sp.At})
	}
	f.points.stakes = others
	row := f.rows[sp.RequestID]
	row.Stakes, _ = f.StakesOn(ctx, sp.RequestID)
	f.rows[sp.RequestID] = row
	f.discussion.noted = append(f.discussion.noted, entry)
	return f.KeepKey(ctx, struct{}{})
}

func (f *fakeStore) StakesOn(_ context.Context, request string) ([]store.Stake, error) {
	return slices.DeleteFunc(slices.Clone(f.points.stakes), func(s store.Stake) bool { return s.RequestID != request }), f.fails()
}

func (f *fakeStore) Stakes(_ context.Context, _, period string, v store.View) ([]store.Stake, bool, error) {
	return slices.DeleteFunc(slices.Clone(f.points.stakes), func(s store.Stake) bool {
		return s.Period != period || f.rows[s.RequestID].Content.Confidential && !v.SeesAll
	}), false, f.fails()
}

func (f *fakeStore) PointsSpent(_ context.Context, _ string, _ strategy.PointPeriod, holders []string) (map[string]int, error) {
	spent := map[string]int{}
	for _, s := range f.points.stakes {
		if slices.Contains(holders, s.Holder) {
			spent[s.Holder] += s.Points
		}
	}
	return spent, f.fails()
}

package store_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

func TestResourcesAreChangedAtTheRevisionReadAndJudgedByWhatIsHeld(t *testing.T) {
	s, dsn := openDSN(t)
	putTeam(t, s, "falcon")
	r := request("A", inExecution("falcon"), func(r *pmo.Request) { r.Content.Resources = []string{"staging:2"} })
	project(t, s, r)
	var seen []store.TeamHold
	look := func(_ *pmo.Resource, holds []store.TeamHold) error { seen = holds; return nil }
	staging := pmo.Resource{ID: "staging", Name: "Staging", Portfolio: "core", Amounts: []pmo.ResourceAmount{{From: "2027-01-01", Amount: 2}}}
	made, err := s.PutResource(t.Context(), staging, "petra", day, look)
	require.NoError(t, err)
	require.Equal(t, 1, made.Revision)
	require.Len(t, seen, 1)
	require.Equal(t, []string{"staging:2"}, seen[0].Resources)
	_, err = s.PutResource(t.Context(), staging, "petra", day, look)
	require.ErrorIs(t, err, store.ErrConflict, "it exists")
	no := errors.New("no")
	_, err = s.PutResource(t.Context(), made, "petra", day, func(*pmo.Resource, []store.TeamHold) error { return no })
	require.ErrorIs(t, err, no)
	made.Amounts[0].Amount = 3
	made, err = s.PutResource(t.Context(), made, "petra", hours(1), look)
	require.NoError(t, err)
	found, err := s.Resources(t.Context())
	require.NoError(t, err)
	require.Equal(t, []pmo.Resource{made}, found)
	inPortfolio(t, s, func(tx *store.PortfolioTx) {
		found, err := tx.Resources(t.Context())
		require.NoError(t, err)
		require.Len(t, found, 1)
	})
	require.NoError(t, s.DropResource(t.Context(), "staging", "core", "petra", hours(2), look))
	require.ErrorIs(t, s.DropResource(t.Context(), "staging", "core", "petra", hours(2), look), store.ErrNotFound)
	require.Equal(t, []string{"created by petra", "changed by petra", "deleted by petra"}, changes(t, dsn, "resource", "staging"))
}

package store_test

import (
	"errors"
	"fmt"
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

// TestResourcesAreChangedAllOrNone: all are judged by what is held in their portfolios, and a conflict of one keeps the others out.
func TestResourcesAreChangedAllOrNone(t *testing.T) {
	s, dsn := openDSN(t)
	putTeam(t, s, "falcon")
	project(t, s, request("A", inExecution("falcon"), func(r *pmo.Request) { r.Content.Resources = []string{"staging:2"} }))
	staging := pmo.Resource{ID: "staging", Name: "Staging", Portfolio: "core", Amounts: []pmo.ResourceAmount{{From: "2027-07-01", Amount: 2}, {From: "2027-01-01", Until: "2027-06-30", Amount: 2}}}
	lab := pmo.Resource{ID: "lab", Name: "Lab", Portfolio: "other"}
	var seen []store.ResourceChange
	look := func(changes []store.ResourceChange) error { seen = changes; return nil }
	require.NoError(t, s.PutResources(t.Context(), []pmo.Resource{lab, staging}, "petra", day, nil, look))
	require.Equal(t, []string{"staging", "lab"}, []string{seen[0].Then.ID, seen[1].Then.ID})
	require.Len(t, seen[0].Holds, 1)
	require.Empty(t, seen[1].Holds, "of its own portfolio")
	found, err := s.Resources(t.Context())
	require.NoError(t, err)
	require.Len(t, found, 2)
	require.Equal(t, pmo.Date("2027-01-01"), found[0].Amounts[0].From, "in the order of time")
	staging.Revision = 1
	require.ErrorIs(t, s.PutResources(t.Context(), []pmo.Resource{staging, lab}, "petra", day, nil, look), store.ErrConflict, "lab exists")
	require.Equal(t, []string{"created by petra"}, changes(t, dsn, "resource", "staging"))
	no := errors.New("no")
	require.ErrorIs(t, s.PutResources(t.Context(), []pmo.Resource{staging}, "petra", day, nil, func([]store.ResourceChange) error { return no }), no)
}

// TestTwoChangesNeverTakeTheSame: two requests that have their places want the last two units at once; one of them gets them, and holds them before its
// snapshot says so.
func TestTwoChangesNeverTakeTheSame(t *testing.T) {
	s, _ := openDSN(t)
	putTeam(t, s, "falcon")
	staging := pmo.Resource{ID: "staging", Name: "Staging", Portfolio: "core", Amounts: []pmo.ResourceAmount{{From: "2027-01-01", Amount: 3}}}
	_, err := s.PutResource(t.Context(), staging, "petra", day, func(*pmo.Resource, []store.TeamHold) error { return nil })
	require.NoError(t, err)
	a, b := request("A", inExecution("falcon"), func(r *pmo.Request) { r.Content.Resources = []string{"staging", "lab:4"} }), request("B", inExecution("falcon"))
	project(t, s, a)
	project(t, s, b)
	no := errors.New("too little")
	fits := func(own store.TeamHold, holds []store.TeamHold, resources []pmo.Resource) error {
		held := 2.0
		for _, h := range holds {
			if h.RequestID != own.RequestID {
				held += pmo.ResourceNeeds(h.Resources)["staging"]
			}
		}
		if held > resources[0].On("2027-01-01") {
			return no
		}
		return nil
	}
	both := make(chan error, 2)
	for _, id := range []string{a.ID, b.ID} {
		go func() { both <- s.WantResources(t.Context(), id, "core", []string{"staging:2"}, fits) }()
	}
	refused := 0
	for range 2 {
		if err := <-both; err != nil {
			require.ErrorIs(t, err, no)
			refused++
		}
	}
	require.Equal(t, 1, refused)
	inPortfolio(t, s, func(tx *store.PortfolioTx) {
		holds, err := tx.Holds(t.Context())
		require.NoError(t, err)
		sum := map[string]float64{}
		for _, h := range holds {
			for id, amount := range pmo.ResourceNeeds(h.Resources) {
				sum[id] += amount
			}
		}
		require.LessOrEqual(t, sum["staging"], 3.0)
		require.GreaterOrEqual(t, sum["staging"], 2.0)
		require.InDelta(t, 4, sum["lab"], 0, "what it needed before it still holds")
	})
	require.NoError(t, s.WantResources(t.Context(), request("C").ID, "core", []string{"staging:9"}, fits), "without a place nothing is held")
}

// TestAPortfolioHasNoMoreResourcesThanAreRead: none is left out of a list without a word. Those that there are can be changed, and another portfolio has its own.
func TestAPortfolioHasNoMoreResourcesThanAreRead(t *testing.T) {
	s := open(t)
	put := func(list ...pmo.Resource) error {
		return s.PutResources(t.Context(), list, "petra", day, nil, func([]store.ResourceChange) error { return nil })
	}
	one := func(i int, portfolio string) pmo.Resource {
		return pmo.Resource{ID: fmt.Sprintf("%s-%04d", portfolio, i), Name: "R", Portfolio: portfolio}
	}
	var all []pmo.Resource
	for i := range store.MostResources - 1 {
		all = append(all, one(i, "core"))
	}
	require.NoError(t, put(all...))
	require.ErrorIs(t, put(one(5000, "core"), one(5001, "core")), store.ErrFull, "none of them is made")
	require.NoError(t, put(one(5000, "core"), one(1, "other")))
	allowed := func(*pmo.Resource, []store.TeamHold) error { return nil }
	_, err := s.PutResource(t.Context(), one(5001, "core"), "petra", day, allowed)
	require.ErrorIs(t, err, store.ErrFull)
	changed := one(5000, "core")
	changed.Name, changed.Revision = "Renamed", 1
	_, err = s.PutResource(t.Context(), changed, "petra", day, allowed)
	require.NoError(t, err)
	found, err := s.Resources(t.Context())
	require.NoError(t, err)
	require.Len(t, found, store.MostResources+1)
}

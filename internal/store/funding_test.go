package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

func TestFundableIsTheRankedBacklogAsFarAsTheReaderMayReadIt(t *testing.T) {
	s := open(t)
	none, err := s.Fundable(t.Context(), store.Filter{Portfolio: "core", SeesAll: true})
	require.NoError(t, err)
	require.Empty(t, none, "nothing was ranked yet")
	a, b, c, d := request("A", waiting), request("B", waiting), request("C", waiting), request("D", waiting)
	a.Number, b.Number, c.Number, d.Number = 1, 2, 3, 4
	a.Content.Size, b.Content.Confidential = 2.5, true
	run(t, s, "run/1", false, nil)
	for _, r := range []*pmo.Request{&a, &b, &c, &d} {
		project(t, s, *r)
	}
	run(t, s, "run/2", false, []store.RankedRequest{line(c, 1), line(b, 2), line(a, 3)}, c.ID)
	all, err := s.Fundable(t.Context(), store.Filter{Portfolio: "core", SeesAll: true})
	require.NoError(t, err)
	require.Equal(t, []store.Fundable{
		{ID: b.ID, Number: 2, Title: "B", Rank: 2, Class: "standard", Scored: true, Value: 20},
		{ID: a.ID, Number: 1, Title: "A", Rank: 3, Class: "standard", Scored: true, Value: 20, Size: 2.5},
	}, all, "C has a slot, D came after the run")
	some, err := s.Fundable(t.Context(), store.Filter{Portfolio: "core", Viewer: "stranger"})
	require.NoError(t, err)
	require.Equal(t, all[1:], some)
	// A run that changes few lines keeps only these, and refers to the one before for the others.
	run(t, s, "run/3", false, []store.RankedRequest{line(b, 1), line(a, 2)})
	changed := line(a, 2)
	changed.CostOfDelay = 21
	run(t, s, "run/4", false, []store.RankedRequest{line(b, 1), changed})
	all, err = s.Fundable(t.Context(), store.Filter{Portfolio: "core", SeesAll: true})
	require.NoError(t, err)
	require.Len(t, all, 2)
	require.Equal(t, []float64{20, 21}, []float64{all[0].Value, all[1].Value})
}

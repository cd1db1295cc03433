package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/store"
	"leanpmo/internal/strategy"
)

func TestSizedWorkIsWhatHasASlotAndWhatWasDelivered(t *testing.T) {
	s := open(t)
	a, b, c := request("A", waiting), request("B", waiting), request("C", waiting)
	a.Number, b.Number, c.Number = 1, 2, 3
	a.Content.Size, a.Content.Themes = 2.5, []string{"service"}
	project(t, s, a)
	project(t, s, b)
	project(t, s, c)
	run(t, s, "run/1", false, []store.RankedRequest{line(a, 1), line(b, 2)}, a.ID)
	done := c
	done.AcceptedAt, done.Seq = day.AddDate(0, 0, 3), c.Seq+1
	project(t, s, done)
	work, err := s.SizedWork(t.Context(), "core", day)
	require.NoError(t, err)
	require.Len(t, work, 2, "B waits")
	require.Equal(t, a.ID, work[0].ID)
	require.Equal(t, a.Content, work[0].Content)
	require.True(t, work[0].Delivered.IsZero())
	require.Equal(t, c.ID, work[1].ID)
	require.True(t, done.AcceptedAt.Equal(work[1].Delivered))
	process, err := s.WorkInProcess(t.Context(), "core")
	require.NoError(t, err)
	require.Equal(t, work[:1], process)
	late, err := s.SizedWork(t.Context(), "core", day.AddDate(0, 0, 4))
	require.NoError(t, err)
	require.Len(t, late, 1, "delivered before")
	require.NoError(t, s.InPortfolio(t.Context(), "core", func(tx *store.PortfolioTx) error {
		inside, err := tx.SizedWork(t.Context(), day)
		require.Equal(t, work, inside)
		require.NoError(t, err)
		asked, err := tx.SizedWorkOf(t.Context(), []string{b.ID, a.ID})
		require.Equal(t, []string{b.ID, a.ID}, []string{asked[0].ID, asked[1].ID})
		return err
	}))
}

func TestMarksOfWorkChangeWithIt(t *testing.T) {
	s := open(t)
	marks := func(since time.Time) store.WorkMarks {
		m, err := s.WorkMarks(t.Context(), "core", since)
		require.NoError(t, err)
		return m
	}
	none := marks(day)
	a, b, c := request("A", waiting), request("B", waiting), request("C", waiting)
	a.Number, b.Number, c.Number = 1, 2, 3
	a.AcceptedAt, b.AcceptedAt = day.AddDate(0, 0, 1), day.AddDate(0, 0, 3)
	project(t, s, a)
	first := marks(day)
	require.NotEqual(t, none.Delivered, first.Delivered)
	project(t, s, b)
	require.NotEqual(t, first.Delivered, marks(day).Delivered)
	require.Equal(t, none, marks(day.AddDate(0, 0, 4)), "nothing was delivered since")
	require.NotEqual(t, marks(day).Delivered, marks(day.AddDate(0, 0, 2)).Delivered, "the first one has left the window")
	require.Equal(t, marks(day), marks(day.AddDate(0, 0, 1)), "and nothing else changes it")

	project(t, s, c)
	run(t, s, "run/1", false, []store.RankedRequest{line(c, 1)}, c.ID)
	pulled := marks(day)
	require.NotEqual(t, none.InProcess, pulled.InProcess)
	c.Content.Size, c.Seq = 3, c.Seq+1
	project(t, s, c)
	require.NotEqual(t, pulled.InProcess, marks(day).InProcess, "its content may be another one")
	require.Equal(t, pulled.Delivered, marks(day).Delivered)
}

func TestARunKeepsItsGuardrails(t *testing.T) {
	s := open(t)
	flags := []strategy.GuardrailFlag{{ID: "support", By: strategy.ByKind, Of: "support", Name: "Support", Share: 0.5, Size: 1, Total: 2, Broken: true, Words: "Support has 50 %."}}
	require.NoError(t, s.InPortfolio(t.Context(), "core", func(tx *store.PortfolioTx) error {
		if err := tx.SavePrioritization(t.Context(), store.Prioritization{ID: "run/1", At: day, Guardrails: flags}, nil); err != nil {
			return err
		}
		return tx.SavePrioritization(t.Context(), store.Prioritization{ID: "run/2", At: day}, nil)
	}))
	found, err := s.Prioritization(t.Context(), "run/1")
	require.NoError(t, err)
	require.Equal(t, flags, found.Guardrails)
	found, err = s.Prioritization(t.Context(), "run/2")
	require.NoError(t, err)
	require.Nil(t, found.Guardrails, "as in runs before 0.9")
}

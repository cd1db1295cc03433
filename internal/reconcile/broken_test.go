package reconcile_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/engine"
	"leanpmo/internal/reconcile"
)

// fakeSides are the visibility store, the newest executions and the rows. Executions that ended by force come ten a page.
type fakeSides struct {
	failing   int64
	forced    []string
	newest    map[string]string // id to how the newest execution ended; missing: terminated
	open      []string
	err       error
	pages     int
	inspected int
}

func (f *fakeSides) CountFailing(context.Context) (int64, error) { return f.failing, f.err }

func (f *fakeSides) EndedByForce(_ context.Context, visit func([]engine.Execution) error) error {
	for page := range slices.Chunk(f.forced, 1000) {
		f.pages++
		var list []engine.Execution
		for _, id := range page {
			list = append(list, engine.Execution{ID: id})
		}
		if err := visit(list); err != nil {
			return err
		}
	}
	return nil
}

func (f *fakeSides) Inspect(_ context.Context, id string) (engine.Inspection, error) {
	f.inspected++
	how, ok := f.newest[id]
	if !ok {
		how = "terminated"
	}
	return engine.Inspection{Found: true, Ended: how}, nil
}

func (f *fakeSides) OpenAmong(_ context.Context, ids []string) ([]string, error) {
	return slices.DeleteFunc(slices.Clone(f.open), func(id string) bool { return !slices.Contains(ids, id) }), nil
}

func TestCountBroken(t *testing.T) {
	count := func(f *fakeSides) reconcile.Broken {
		got, err := reconcile.CountBroken(t.Context(), f, f)
		require.NoError(t, err)
		return got
	}
	require.Equal(t, reconcile.Broken{}, count(&fakeSides{}))
	require.Equal(t, reconcile.Broken{Failing: 2}, count(&fakeSides{failing: 2}))
	require.Equal(t, reconcile.Broken{Ended: 1}, count(&fakeSides{forced: []string{"a", "b", "a"}, open: []string{"a", "c"}}), "b has been closed")
	require.Equal(t, reconcile.Broken{Ended: 1}, count(&fakeSides{forced: []string{"reset", "completed", "failed"},
		open: []string{"reset", "completed", "failed"}, newest: map[string]string{"reset": "", "completed": "completed", "failed": "failed"}}))

	many := &fakeSides{}
	for i := range 30_000 {
		many.forced = append(many.forced, fmt.Sprint(i))
	}
	many.open = many.forced[:150]
	require.Equal(t, reconcile.Broken{Ended: 150}, count(many))
	require.Equal(t, []int{10, 100}, []int{many.pages, many.inspected}, "bounded")

	_, err := reconcile.CountBroken(t.Context(), &fakeSides{err: errors.New("away")}, many)
	require.ErrorContains(t, err, "away")
}

package api

import (
	"context"
	"slices"

	"leanpmo/internal/dependency"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

func nodeOf(r *pmo.Request, v store.View) dependency.Node {
	return dependency.Node{ID: r.ID, Number: r.Number, Title: r.Content.Title, Portfolio: r.Portfolio, Stage: r.Stage, Status: r.Status, Outcome: r.Outcome,
		Delivered: r.Delivered(), Begun: r.Pulled(), Waits: r.WaitsForPull(), Confidential: r.Content.Confidential,
		Readable: !r.Content.Confidential || v.SeesAll || slices.Contains(store.People(r), v.Viewer), Needs: r.Content.NeededNumbers(), Since: r.NeededSince}
}

// Dependencies answers all requests, which is more than it is asked for.
func (f *fakeStore) Dependencies(_ context.Context, numbers []int64, neededBy int64, v store.View) (reached, behind []dependency.Node, err error) {
	for _, row := range f.rows {
		n := nodeOf(&row.Request, v)
		reached = append(reached, n)
		if slices.Contains(n.Needs, neededBy) && !row.Closed() {
			behind = append(behind, n)
		}
	}
	return reached, behind, f.fails()
}

func (f *fakeStore) BacklogDependencies(_ context.Context, _ string, v store.View) ([]dependency.Node, error) {
	nodes, _, err := f.Dependencies(context.Background(), nil, 0, v)
	return append(nodes, f.tied...), err
}

func (f *fakeStore) UnreadableNumbers(_ context.Context, v store.View, numbers []int64) ([]int64, error) {
	var hidden []int64
	for _, row := range f.rows {
		if n := nodeOf(&row.Request, v); (!n.Readable || slices.Contains(f.unreadable, row.ID) && row.Requester != v.Viewer) && slices.Contains(numbers, n.Number) {
			hidden = append(hidden, n.Number)
		}
	}
	return hidden, f.fails()
}

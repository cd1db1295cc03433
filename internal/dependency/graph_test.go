package dependency

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"leanpmo/internal/pmo"
)

var day0 = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// node needs others since the day of its own number.
func node(n int64, needs ...int64) Node {
	out := Node{ID: fmt.Sprint("id-", n), Number: n, Status: pmo.StatusOpen, Waits: true, Readable: true, Needs: needs, Since: map[string]time.Time{}}
	for _, p := range needs {
		out.Since[pmo.Ref(p)] = day0.AddDate(0, 0, int(n))
	}
	return out
}

func ended(n Node, outcome pmo.Outcome, into ...string) Node {
	n.Status, n.Outcome, n.Waits, n.MergedInto = pmo.StatusClosed, outcome, false, into
	return n
}

func refs(nodes []*Node) []int64 {
	list := []int64{}
	for _, n := range nodes {
		list = append(list, n.Number)
	}
	return list
}

func waits(n *Node) bool { return n.Waits }

func TestStates(t *testing.T) {
	delivered := node(1)
	delivered.Delivered = true
	begun := node(2)
	begun.Begun = true
	for want, list := range map[State][]Node{
		Delivered: {delivered, ended(node(1), pmo.OutcomeDelivered), ended(node(1), pmo.OutcomeAnswered)}, Begun: {begun}, Open: {node(3)},
		Lost:   {ended(node(1), pmo.OutcomeRejected), ended(node(1), pmo.OutcomeWithdrawn), ended(node(1), pmo.OutcomeCancelled), ended(node(1), pmo.OutcomeExpired)},
		Merged: {ended(node(1), pmo.OutcomeMerged)},
	} {
		for _, n := range list {
			if n.Outcome == pmo.OutcomeDelivered {
				n.Delivered = true
			}
			require.Equal(t, want, n.State())
		}
	}
}

func TestWhatIsMergedGoesOnInOthers(t *testing.T) {
	g := New([]Node{node(1, 2), ended(node(2), pmo.OutcomeMerged, "id-3", "id-4"), node(3), ended(node(4), pmo.OutcomeMerged, "id-5", "id-1"), node(5)})
	require.Equal(t, []int64{3, 5}, refs(g.Pending("id-1")), "the parts of a split, and never itself")
	require.Empty(t, New([]Node{ended(node(1, 2), pmo.OutcomeMerged, "id-2"), ended(node(2, 1), pmo.OutcomeMerged, "id-1"), node(3, 1)}).Pending("id-3"))
}

func TestPendingAndLost(t *testing.T) {
	g := New([]Node{node(1, 2, 3, 4, 9), node(2), ended(node(3), pmo.OutcomeAnswered), ended(node(4), pmo.OutcomeRejected)})
	require.Equal(t, []int64{2}, refs(g.Pending("id-1")))
	require.Equal(t, []int64{4}, refs(g.Lost("id-1")))
}

func TestBeforeGoesThroughWhatIsElsewhere(t *testing.T) {
	elsewhere := node(2, 3)
	elsewhere.Waits = false
	before := New([]Node{node(1, 2), elsewhere, node(3, 4), node(4)}).Before(waits)
	require.Equal(t, []int64{3}, refs(before["id-1"]))
	require.Equal(t, []int64{4}, refs(before["id-3"]))
	require.Len(t, before, 2)
	elsewhere.Delivered = true
	require.Empty(t, New([]Node{node(1, 2), elsewhere, node(3)}).Before(waits))
}

func TestInACycleTheEdgeThatCameLastIsLeftOut(t *testing.T) {
	g := New([]Node{node(3, 7), node(7, 3, 9), node(8, 7), node(9)})
	require.Len(t, g.Cycles, 1)
	require.Equal(t, "R-3 needs R-7 needs R-3", g.Cycles[0].Words((*Node).NameFor))
	require.Equal(t, []int64{7}, refs(g.Pending("id-3")))
	require.Equal(t, []int64{9}, refs(g.Pending("id-7")), "R-7 needed R-3 last")
	require.Equal(t, []int64{3, 7, 9}, refs(g.Path(g.Node(3), g.Node(9))))
	require.Nil(t, g.Path(g.Node(9), g.Node(3)))
	hidden := node(7, 3)
	hidden.Readable = false
	require.Equal(t, "R-3 needs another request needs R-3", New([]Node{node(3, 7), hidden}).Cycles[0].Words((*Node).NameFor))
}

func TestNoCycleIsLeftWhateverTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "n")
		nodes := make([]Node, n)
		for i := range nodes {
			nodes[i] = node(int64(i+1), rapid.SliceOfNDistinct(rapid.Int64Range(1, int64(n)), 0, 3, rapid.ID[int64]).Draw(t, "needs")...)
		}
		g := New(nodes)
		for _, from := range g.nodes {
			for _, p := range g.Pending(from.ID) {
				require.Nil(t, g.Path(p, from), "%d", from.Number)
			}
		}
		order := rapid.Permutation(nodes).Draw(t, "order")
		require.Equal(t, g.Before(waits), New(order).Before(waits))
	})
}

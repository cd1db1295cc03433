package backlog

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"leanpmo/internal/dependency"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/priority"
	"leanpmo/internal/store"
)

// Needs is what the waiting requests of a portfolio need.
type Needs struct {
	graph  *dependency.Graph
	before map[string][]*dependency.Node // those of the backlog that must be done before each of them
	ids    []string                      // of those that need something

	nodes     []dependency.Node
	portfolio string
}

func readNeeds(ctx context.Context, tx *store.PortfolioTx, portfolio string) (*Needs, error) {
	nodes, err := tx.Dependencies(ctx)
	if err != nil {
		return nil, err
	}
	return needsOf(nodes, portfolio), nil
}

func needsOf(nodes []dependency.Node, portfolio string) *Needs {
	waits := func(n *dependency.Node) bool { return n.Waits && n.Portfolio == portfolio }
	graph := dependency.New(nodes)
	n := &Needs{graph: graph, before: graph.Before(waits), nodes: nodes, portfolio: portfolio}
	for i := range nodes {
		if waits(&nodes[i]) && len(nodes[i].Needs) > 0 {
			n.ids = append(n.ids, nodes[i].ID)
		}
	}
	return n
}

// without is what they need when some requests are not there: nobody needs these then, and they hold nobody back.
func (n *Needs) without(ids []string) *Needs {
	if len(ids) == 0 || len(n.nodes) == 0 {
		return n
	}
	left := slices.DeleteFunc(slices.Clone(n.nodes), func(node dependency.Node) bool { return slices.Contains(ids, node.ID) })
	return needsOf(left, n.portfolio)
}

// addTo says of each item what must be done before it.
func (n *Needs) addTo(items []priority.Item) {
	for i := range items {
		for _, p := range n.before[items[i].ID] {
			items[i].Needs = append(items[i].Needs, p.ID)
		}
	}
}

// hold adds why requests are not pulled before what they need is as far as the policy wants it to what holds them back anyway.
func (n *Needs) hold(before map[string]string, rule policy.Prerequisites) map[string]string {
	if rule == policy.PrerequisitesIgnored || len(n.ids) == 0 {
		return before
	}
	held := maps.Clone(before)
	for _, id := range n.ids {
		for _, p := range n.graph.Pending(id) {
			if held[id] != "" || rule == policy.PrerequisitesBegun && p.State() == dependency.Begun {
				continue
			}
			held[id] = "it needs " + p.Name() + ", which is not " + string(rule)
			if !p.Confidential {
				held[id] += " (" + standing(p) + ")"
			}
		}
	}
	return held
}

// standing says where a request is.
func standing(n *dependency.Node) string {
	if n.Status != pmo.StatusOpen {
		return strings.ReplaceAll(string(n.Status), "_", " ")
	}
	return "in " + string(n.Stage)
}

// Before are the numbers of those of the backlog that must be done before a request.
func (n *Needs) Before(id string) []int64 {
	var numbers []int64
	for _, p := range n.before[id] {
		numbers = append(numbers, p.Number)
	}
	return numbers
}

// Problems are, by request, a prerequisite that will not come, and a cycle.
func (n *Needs) Problems() map[string]string {
	found := map[string]string{}
	for _, id := range n.ids {
		for _, lost := range n.graph.Lost(id) {
			found[id] += fmt.Sprintf("It needs %s, which ended as %s and holds it back no longer: take it out of what it needs, or ask for it again. ", lost.Name(), lost.Outcome)
		}
	}
	for _, c := range n.graph.Cycles {
		for _, node := range c {
			found[node.ID] += cycleText(c) + " "
		}
	}
	for id, text := range found {
		found[id] = strings.TrimSpace(text)
	}
	return found
}

// cycleText names a cycle, and what is left out of it.
func cycleText(c dependency.Cycle) string {
	last := c[len(c)-1]
	return fmt.Sprintf("A cycle: %s. It is ranked as if %s did not need %s, which came last.", c.Words((*dependency.Node).Name), last.Name(), c[0].Name())
}

// namedCycles is how many cycles the words of a run name.
const namedCycles = 3

// CycleWords name the first cycles.
func (n *Needs) CycleWords() string {
	var text string
	for i, c := range n.graph.Cycles {
		if i == namedCycles {
			return text + fmt.Sprintf(" And %d more.", len(n.graph.Cycles)-namedCycles)
		}
		text += " " + cycleText(c)
	}
	return text
}

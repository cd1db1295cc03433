package api

import (
	"context"
	"fmt"
	"slices"
	"time"

	"leanpmo/internal/dependency"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// dependencyReader reads what requests need of each other. What the viewer may not read is marked.
type dependencyReader interface {
	Dependencies(ctx context.Context, numbers []int64, neededBy int64, v store.View) (reached, behind []dependency.Node, err error)
	BacklogDependencies(ctx context.Context, portfolio string, v store.View) ([]dependency.Node, error)
	UnreadableNumbers(ctx context.Context, v store.View, numbers []int64) ([]int64, error)
}

// viewFor is viewOf with the people whose delegate the actor is.
func viewFor(ctx context.Context, t *target) store.View {
	v := viewOf(ctx)
	v.ActsFor = t.actsFor
	return v
}

// submitterView is the view of who submits a request.
func (a *API) submitterView(ctx context.Context) (store.View, error) {
	v := viewOf(ctx)
	standing, err := a.Store.Standing(ctx, v.Viewer, nil, a.Now())
	v.ActsFor = standing.ActsFor
	return v, err
}

// needsFaults are the references that a request cannot need: those that are no request the viewer can see, and those that would close a cycle.
// own is the number of the request; 0 while it has none, when nobody can need it.
func (a *API) needsFaults(ctx context.Context, v store.View, own int64, c pmo.Content, at string) ([]problem.Field, error) {
	numbers := c.NeededNumbers()
	if len(numbers) == 0 || len(c.Needs) > pmo.MostNeeds { // too many are refused as such
		return nil, nil
	}
	nodes, _, err := a.Store.Dependencies(ctx, numbers, 0, v)
	if err != nil {
		return nil, err
	}
	graph := dependency.New(nodes)
	var fields []problem.Field
	for i, ref := range c.Needs {
		number, ok := pmo.RefNumber(ref)
		if !ok {
			continue // refused as no reference
		}
		if fault := needFault(graph, number, own); fault != "" {
			fields = append(fields, problem.Field{Pointer: fmt.Sprintf("%s/needs/%d", at, i), Detail: fault})
		}
	}
	return fields, nil
}

// needFault is why a request cannot need another one, or empty.
func needFault(graph *dependency.Graph, number, own int64) string {
	n := graph.Node(number)
	switch {
	case number == own:
		return "is this request itself"
	case n == nil || !n.Readable:
		return "is no request you can see"
	}
	if self := graph.Node(own); self != nil {
		if path := graph.Path(n, self); path != nil {
			cycle := append(dependency.Cycle{self}, path[:len(path)-1]...)
			return "closes a cycle: " + cycle.Words((*dependency.Node).NameFor)
		}
	}
	return ""
}

// submittedNeedsFaults are those of a submission, with the needs for resources that there are not. One repeated under its key has none, as of its dates.
func (a *API) submittedNeedsFaults(ctx context.Context, c pmo.Content, at, person, key string) ([]problem.Field, error) {
	fields, err := a.resourceFaults(ctx, c.Resources, at)
	if err != nil {
		return nil, err
	}
	if len(c.Needs) > 0 {
		v, err := a.submitterView(ctx)
		if err != nil {
			return nil, err
		}
		needs, err := a.needsFaults(ctx, v, 0, c, at)
		if err != nil {
			return nil, err
		}
		fields = append(fields, needs...)
	}
	if len(fields) > 0 && a.submittedBefore(ctx, person, key) {
		return nil, nil
	}
	return fields, nil
}

// keepHiddenNeeds checks the requests that a patch says are needed. Those that the actor may not see stay needed: who does not see them cannot
// take them out.
func (a *API) keepHiddenNeeds(ctx context.Context, t *target, p *pmo.Patch, at string) error {
	if !slices.Contains(p.Fields(), "needs") {
		return nil
	}
	v, given := viewFor(ctx, t), []string{}
	if p.Needs != nil {
		given = pmo.Needs(*p.Needs)
	}
	fields, err := a.needsFaults(ctx, v, t.Request.Number, pmo.Content{Needs: given}, at)
	if err != nil {
		return err
	}
	if len(fields) > 0 {
		return problem.InvalidFields(fields)
	}
	hidden, err := a.Store.UnreadableNumbers(ctx, v, t.Request.Content.NeededNumbers())
	if err != nil {
		return err
	}
	for _, number := range hidden {
		given = append(given, pmo.Ref(number))
	}
	if p.Needs != nil || len(hidden) > 0 {
		given = pmo.Needs(given)
		p.Needs = &given
		p.Merge.Clear = slices.DeleteFunc(p.Merge.Clear, func(path string) bool { return path == "needs" && len(hidden) > 0 })
	}
	return nil
}

// addDependencies says what a request needs and what needs it, and takes out of the answer what the reader may not know of. When that cannot be
// read, the answer says nothing of it.
func (a *API) addDependencies(ctx context.Context, t *target, body *wire.Request) {
	needed := neededIn(body)
	if len(needed) == 0 && t.Request.Number == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	numbers := append(slices.Clone(needed), t.Request.Number)
	reached, behind, err := a.Store.Dependencies(ctx, numbers, t.Request.Number, viewFor(ctx, t))
	if err != nil {
		hideNeeds(body, func(int64) bool { return true })
		return
	}
	graph := dependency.New(reached)
	hideNeeds(body, func(number int64) bool {
		n := graph.Node(number)
		return n != nil && !n.Readable
	})
	if found := dependenciesOf(t, graph, behind); len(found.Needs)+len(found.NeededBy)+len(found.Problems) > 0 {
		body.Dependencies = found
	}
}

func dependenciesOf(t *target, graph *dependency.Graph, behind []dependency.Node) *wire.Dependencies {
	out := &wire.Dependencies{Needs: []wire.Dependency{}, NeededBy: []wire.Dependency{}, Problems: []string{}}
	for _, number := range t.Request.Content.NeededNumbers() {
		if n := graph.Node(number); n != nil && n.Readable {
			out.Needs = append(out.Needs, dependencyOf(n))
		}
	}
	for i := range behind {
		if behind[i].Readable {
			out.NeededBy = append(out.NeededBy, dependencyOf(&behind[i]))
		}
	}
	for _, lost := range graph.Lost(t.ID) {
		out.Problems = append(out.Problems, fmt.Sprintf("%s ended as %s: it holds this request back no longer; take it out of what is needed, or ask for it again", lost.NameFor(), lost.Outcome))
	}
	for _, c := range graph.Cycles {
		if slices.ContainsFunc(c, func(n *dependency.Node) bool { return n.ID == t.ID }) {
			out.Problems = append(out.Problems, "a cycle: "+c.Words((*dependency.Node).NameFor))
		}
	}
	return out
}

func dependencyOf(n *dependency.Node) wire.Dependency {
	return wire.Dependency{ID: n.ID, Ref: pmo.Ref(n.Number), Title: n.Title, Stage: n.Stage, Status: n.Status, Outcome: n.Outcome, State: n.State(), Link: linksOf(n.ID).Self}
}

// neededIn are the numbers of all requests that an answer names as needed: by the content, and by changes of it that were proposed.
func neededIn(body *wire.Request) []int64 {
	var numbers []int64
	for _, list := range needsLists(body) {
		numbers = append(numbers, pmo.Content{Needs: *list}.NeededNumbers()...)
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

// hideNeeds takes references out of an answer. The lists are copied: the state that is answered is shared.
func hideNeeds(body *wire.Request, hidden func(number int64) bool) {
	isHidden := func(ref string) bool {
		number, ok := pmo.RefNumber(ref)
		return ok && hidden(number)
	}
	for _, list := range needsLists(body) {
		*list = slices.DeleteFunc(slices.Clone(*list), isHidden)
		if len(*list) == 0 {
			*list = nil
		}
	}
	since := body.NeededSince
	body.NeededSince = nil
	for _, ref := range body.Content.Needs {
		if at, known := since[ref]; known {
			if body.NeededSince == nil {
				body.NeededSince = make(map[string]time.Time, len(since))
			}
			body.NeededSince[ref] = at
		}
	}
}

// needsLists are the places of an answer that name needed requests.
func needsLists(body *wire.Request) []*[]string {
	lists := []*[]string{&body.Content.Needs}
	add := func(p *pmo.Patch) {
		if p != nil && p.Needs != nil {
			lists = append(lists, p.Needs)
		}
	}
	if body.Change != nil {
		add(&body.Change.Patch)
		for i := range body.Change.More {
			add(&body.Change.More[i])
		}
	}
	for i := range body.Questions {
		if d := body.Questions[i].Data; d != nil {
			add(d.Patch)
		}
	}
	for i := range body.ClosedQuestions {
		if d := body.ClosedQuestions[i].Data; d != nil {
			add(d.Patch)
		}
	}
	return lists
}

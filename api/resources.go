package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/backlog"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// resourceStore reads and changes what requests share.
type resourceStore interface {
	Resources(ctx context.Context) ([]pmo.Resource, error)
	PutResource(ctx context.Context, r pmo.Resource, actor string, at time.Time, check func(before *pmo.Resource, holds []store.TeamHold) error) (pmo.Resource, error)
	PutResources(ctx context.Context, list []pmo.Resource, actor string, at time.Time, answer any, check func([]store.ResourceChange) error) error
	WantResources(ctx context.Context, id, portfolio string, needs []string, check func(own store.TeamHold, holds []store.TeamHold, resources []pmo.Resource) error) error
	DropResource(ctx context.Context, id, portfolio, actor string, at time.Time, check func(before *pmo.Resource, holds []store.TeamHold) error) error
}

const resourcesAbout = "What requests of a portfolio share, whatever their teams: environments, licences, budgets, specialists. A request names what it needs in `resources`. It is held with the place of its team " +
	"and given back with it. A portfolio has at most 1000 of them, and a list has them all."

type resourcesInput struct {
	Portfolio string `query:"portfolio" maxLength:"64" doc:"The first one of the policy when absent"`
}

type resourcesOutput struct {
	Body wire.Page[wire.ResourceLoad]
}

// resources answers the shared resources of a portfolio with their load by week.
func (a *API) resources(ctx context.Context, in *resourcesInput) (*resourcesOutput, error) {
	portfolio, err := a.portfolio(in.Portfolio, "query/portfolio")
	if err != nil {
		return nil, err
	}
	rules := a.Policy.Now().AssignPolicyAt(portfolio, a.Now().UTC())
	read, err := a.Backlogs.Placement(ctx, portfolio, rules)
	if err != nil {
		return nil, err
	}
	return &resourcesOutput{Body: pageOf(store.Page[pmo.Resource]{Items: read.Resources}, func(r pmo.Resource) wire.ResourceLoad {
		line := wire.ResourceLoad{Resource: r, Weeks: []wire.ResourceWeek{}}
		for _, w := range backlog.ResourceWeeks(r, read.Holds, rules) {
			line.Weeks = append(line.Weeks, wire.ResourceWeek(w))
		}
		return line
	})}, nil
}

// ResourcePath names a resource.
type ResourcePath struct {
	ID string `path:"id" pattern:"^[a-z0-9][a-z0-9._-]{0,63}$" patternDescription:"an id of lower-case letters, digits, dots, hyphens and underscores"`
}

type resourceOutput struct {
	Replayable
	Status int
	Body   pmo.Resource
}

// putResource creates or changes a resource.
func (a *API) putResource(ctx context.Context, in *struct {
	Keyed
	ResourcePath
	Body wire.ResourceForm
}) (*resourceOutput, error) {
	saved, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, "put-resource "+in.ID, in.Body), in.Key, func(ctx context.Context) (pmo.Resource, error) {
		r := in.Body.Resource(in.ID)
		if _, err := a.portfolio(r.Portfolio, "/portfolio"); err != nil {
			return r, err
		}
		var fields []problem.Field
		for pointer, why := range r.Faults() {
			fields = append(fields, problem.Field{Pointer: pointer, Detail: why})
		}
		if len(fields) > 0 {
			slices.SortFunc(fields, func(x, y problem.Field) int { return strings.Compare(x.Pointer, y.Pointer) })
			return r, problem.InvalidFields(fields)
		}
		saved, err := a.Store.PutResource(ctx, r, actorOf(ctx).ID, a.Now().UTC(), func(before *pmo.Resource, holds []store.TeamHold) error {
			return a.overdrawn(ctx, r, before, holds, "/amounts")
		})
		return saved, tooManyResources(err, "/portfolio")
	})
	if err != nil {
		return nil, err
	}
	return &resourceOutput{Replayable: replayed, Status: http.StatusOK, Body: saved}, nil
}

// tooManyResources names the field that makes more resources of a portfolio than there can be; another error stays as it is.
func tooManyResources(err error, pointer string) error {
	if errors.Is(err, store.ErrFull) {
		return problem.InvalidField(pointer, "would have too many resources: a portfolio has at most %d", store.MostResources)
	}
	return err
}

// dropResource deletes a resource that nobody holds.
func (a *API) dropResource(ctx context.Context, in *struct {
	Keyed
	ResourcePath
}) (*clearedOutput, error) {
	_, replayed, err := once(ctx, a.Store, keyed(ctx, "", in.Key, "drop-resource "+in.ID, nil), in.Key, func(ctx context.Context) (struct{}, error) {
		list, err := a.Store.Resources(ctx)
		if err != nil {
			return struct{}{}, err
		}
		at := slices.IndexFunc(list, func(r pmo.Resource) bool { return r.ID == in.ID })
		if at < 0 {
			return struct{}{}, problem.New(problem.NotFound, "there is no such resource")
		}
		return struct{}{}, a.Store.DropResource(ctx, in.ID, list[at].Portfolio, actorOf(ctx).ID, a.Now().UTC(), func(before *pmo.Resource, holds []store.TeamHold) error {
			return a.overdrawn(ctx, pmo.Resource{ID: in.ID, Portfolio: list[at].Portfolio}, before, holds, "/id")
		})
	})
	return &clearedOutput{Replayable: replayed}, err
}

// overdrawn refuses a change after which requests under way would hold more than there is.
func (a *API) overdrawn(ctx context.Context, then pmo.Resource, before *pmo.Resource, holds []store.TeamHold, pointer string) error {
	_, why, err := a.overdraws(ctx, store.ResourceChange{Before: before, Then: then, Holds: holds})
	if err == nil && why != "" {
		err = problem.InvalidField(pointer, "%s", why)
	}
	return err
}

// overdraws says on which day requests under way would hold more of a resource than there is after a change, and why that is so: it names those that
// the actor may read. Both are empty where they would not.
func (a *API) overdraws(ctx context.Context, c store.ResourceChange) (day pmo.Date, why string, err error) {
	if c.Before == nil {
		return "", "", nil
	}
	day, over := backlog.Overdrawn(c.Then, *c.Before, c.Holds, a.Policy.Now().DayOf(c.Then.Portfolio, a.Now()))
	if len(over) == 0 {
		return "", "", nil
	}
	ids := make([]string, len(over))
	for i, h := range over {
		ids[i] = h.RequestID
	}
	titles, err := a.Store.Titles(ctx, viewOf(ctx), ids)
	if err != nil {
		return "", "", err
	}
	var names []string
	hidden := 0
	for _, h := range over {
		if _, readable := titles[h.RequestID]; readable && h.Number > 0 {
			names = append(names, pmo.Ref(h.Number))
			continue
		}
		hidden++
	}
	if hidden > 0 {
		names = append(names, fmt.Sprintf("%d that you may not read", hidden))
	}
	return day, fmt.Sprintf("is less on %s than requests hold then: %s", day, strings.Join(names, ", ")), nil
}

// resourceFaults are the needs of a form for resources that there are not.
func (a *API) resourceFaults(ctx context.Context, words []string, at string) ([]problem.Field, error) {
	if len(words) == 0 {
		return nil, nil
	}
	list, err := a.Store.Resources(ctx)
	if err != nil {
		return nil, err
	}
	var fields []problem.Field
	for i, word := range words {
		id, _, ok := pmo.ResourceNeed(word)
		if ok && !slices.ContainsFunc(list, func(r pmo.Resource) bool { return r.ID == id }) {
			fields = append(fields, problem.Field{Pointer: fmt.Sprintf("%s/resources/%d", at, i), Detail: "is no resource that there is"})
		}
	}
	return fields, nil
}

// mayNeed refuses changed needs of a request for resources that there are not and, where it has its place, for more than is free. What it may need more is
// held for it from now on; the change that is then given takes it.
func (a *API) mayNeed(ctx context.Context, r *pmo.Request, words []string, at string) error {
	fields, err := a.resourceFaults(ctx, words, at)
	if err == nil && len(fields) > 0 {
		err = problem.InvalidFields(fields)
	}
	if err != nil || r.Portfolio == "" || len(words) == 0 {
		return err
	}
	rules := a.Policy.Now().AssignPolicyAt(r.Portfolio, a.Now())
	return a.Store.WantResources(ctx, r.ID, r.Portfolio, words, func(own store.TeamHold, holds []store.TeamHold, resources []pmo.Resource) error {
		for i, word := range words {
			if why := backlog.TooLittle(word, own, holds, resources, rules); why != "" {
				fields = append(fields, problem.Field{Pointer: fmt.Sprintf("%s/resources/%d", at, i), Detail: why})
			}
		}
		if len(fields) > 0 {
			return problem.InvalidFields(fields)
		}
		return nil
	})
}

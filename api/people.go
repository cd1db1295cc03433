package api

import (
	"context"

	"leanpmo/internal/wire"
)

type peopleOutput struct {
	Body wire.Page[wire.Person]
}

// people lists the directory without addresses: what a requester needs to name a sponsor, a watcher or a delegate.
func (a *API) people(context.Context, *struct{}) (*peopleOutput, error) {
	out := &peopleOutput{Body: wire.Page[wire.Person]{Items: []wire.Person{}}}
	for _, p := range a.Directory.Principals() {
		groups := []string{}
		for _, g := range a.Directory.GroupsOf(p.ID) {
			groups = append(groups, g.ID)
		}
		out.Body.Items = append(out.Body.Items, wire.Person{ID: p.ID, Name: p.Name, Roles: listed(p.Roles), Groups: groups, Username: p.Username, Claims: p.Claims, Agent: p.Agent(), Responsible: p.Responsible})
	}
	return out, nil
}

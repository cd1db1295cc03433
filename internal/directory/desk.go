package directory

import (
	"fmt"
	"slices"

	"leanpmo/internal/yamlstrict"
)

// readDesks checks the desks of services. A service cannot answer what it is asked; the members of its desk do it in its place.
func (d *people) readDesks(faults *yamlstrict.Faults) {
	for i, p := range d.principals {
		path := fmt.Sprintf("principals[%d].desk", i)
		switch members, known := d.byGroup[p.Desk]; {
		case p.Desk == "":
		case !p.Service:
			faults.Add(path, "belongs to a person, who names a delegate instead")
		case !known:
			faults.Add(path, "%q is not a group", p.Desk)
		case slices.ContainsFunc(members, func(id string) bool { return d.principals[d.byID[id]].Service }):
			faults.Add(path, "has a service as a member: people answer for a service")
		}
	}
}

// Desks lists, by service, the members of its desk, sorted. A service without a desk is left out.
func (d *Directory) Desks() map[string][]string {
	state, desks := d.now.Load(), map[string][]string{}
	for _, p := range state.principals {
		if p.Desk != "" {
			desks[p.ID] = slices.Clone(state.byGroup[p.Desk])
		}
	}
	return desks
}

// Desk lists the members of a service's desk, sorted; nobody for anybody else.
func (d *Directory) Desk(service string) []string {
	p, _ := d.Principal(service)
	if p.Desk == "" {
		return nil
	}
	return d.Members(p.Desk)
}

// AtDeskOf lists the services whose desk a person is a member of, in the order of the file.
func (d *Directory) AtDeskOf(person string) []string {
	state := d.now.Load()
	var services []string
	for _, p := range state.principals {
		if p.Desk != "" && slices.Contains(state.byGroup[p.Desk], person) {
			services = append(services, p.ID)
		}
	}
	return services
}

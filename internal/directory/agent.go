package directory

import (
	"fmt"
	"slices"

	"leanpmo/internal/yamlstrict"
)

// KindAgent is the kind of a principal that is a program acting for somebody: it reads, leaves drafts that a person confirms, and decides nothing.
const KindAgent = "agent"

// Agent reports whether the principal is an agent.
func (p Principal) Agent() bool { return p.Kind == KindAgent }

// Person reports whether the principal is a person: neither a service nor an agent.
func (p Principal) Person() bool { return !p.Service && !p.Agent() }

// readAgents checks the agents: each has somebody responsible for it, signs in nowhere, and is in no group, because groups are asked.
func (d *people) readAgents(faults *yamlstrict.Faults) {
	for i, p := range d.principals {
		path := fmt.Sprintf("principals[%d]", i)
		switch {
		case p.Agent():
			d.readAgent(faults, path, p)
		case p.Kind != "":
			faults.Add(path+".kind", "%q is not a kind of principal: agent, or nothing", p.Kind)
		case p.Responsible != "":
			faults.Add(path+".responsible", "is only for agents")
		case p.Granted:
			faults.Add(path+".confidential", "is only for agents")
		}
	}
}

func (d *people) readAgent(faults *yamlstrict.Faults, path string, p Principal) {
	switch {
	case p.Service:
		faults.Add(path+".service", "an agent is no service")
	case len(p.OIDC) > 0:
		faults.Add(path+".oidc", "an agent does not sign in")
	case len(p.Groups) > 0:
		faults.Add(path, "an agent is in no group: groups are asked, and an agent answers nothing")
	}
	if answers := d.answerable(p.Responsible); len(answers) == 0 || slices.ContainsFunc(answers, func(id string) bool { return !d.principals[d.byID[id]].Person() }) {
		faults.Add(path+".responsible", "%q is neither a person nor a group of people", p.Responsible)
	}
}

// answerable are the people behind an id: a principal's own, or the members of a group.
func (d *people) answerable(id string) []string {
	if _, known := d.byID[id]; known {
		return []string{id}
	}
	return d.byGroup[id]
}

// ResponsibleFor lists the people who answer for an agent and confirm its drafts, sorted; nobody for anybody else.
func (d *Directory) ResponsibleFor(agent string) []string {
	state := d.now.Load()
	p, known := state.principal(agent)
	if !known || !p.Agent() {
		return nil
	}
	return slices.Clone(state.answerable(p.Responsible))
}

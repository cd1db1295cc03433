package policy

import (
	"fmt"
	"slices"

	"leanpmo/internal/access"
	"leanpmo/internal/directory"
)

// Actor is a principal as the rules of access know them: a service that the policy names may judge.
func (p *Policy) Actor(principal directory.Principal) access.Actor {
	actor := principal.Actor()
	actor.Service = actor.Service && !slices.Contains(p.doc.Services.Judge, principal.ID)
	return actor
}

// checkServices checks that each service that may judge is one.
func (p *Policy) checkServices(dir *directory.Directory, faults *Faults) {
	for i, id := range p.doc.Services.Judge {
		if principal, known := dir.Principal(id); !known || !principal.Service {
			faults.Add(fmt.Sprintf("services.judge[%d]", i), "%q is not a service of the directory", id)
		}
	}
}

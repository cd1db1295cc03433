package wire

import (
	"leanpmo/internal/dependency"
	"leanpmo/internal/pmo"
)

// Dependencies are the requests that one needs, and those that need it, as far as the reader may read them.
type Dependencies struct {
	Needs    []Dependency `json:"needs" doc:"What must be delivered before"`
	NeededBy []Dependency `json:"needed_by" doc:"Open requests that need this one, by number, 200 at most"`
	Problems []string     `json:"problems" doc:"What somebody has to put right: a prerequisite that will not come, or a cycle"`
}

// Dependency is a request that another one needs, or that needs another one.
type Dependency struct {
	ID      string           `json:"id"`
	Ref     string           `json:"ref"`
	Title   string           `json:"title"`
	Stage   pmo.Stage        `json:"stage"`
	Status  pmo.Status       `json:"status"`
	Outcome pmo.Outcome      `json:"outcome,omitempty"`
	State   dependency.State `json:"state" enum:"open,begun,delivered,lost,merged" doc:"How far it is: begun holds a slot, lost ended without being delivered, merged goes on in others"`
	Link    string           `json:"link"`
}

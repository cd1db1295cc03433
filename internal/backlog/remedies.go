package backlog

import (
	"leanpmo/internal/assign"
	"leanpmo/internal/pmo"
)

// Remedies are the smallest changes by which a request that waits would get a team, with what the teams hold now.
func (p *Placement) Remedies(id string) ([]pmo.Remedy, error) {
	return assign.Remedies(p.resources(nil), p.Waiting, p.candidates(nil), Assigning(p.Rules), id)
}

// CouldEver reports whether some team could take the request if it held nothing.
func (p *Placement) CouldEver(r assign.Request) bool {
	return assign.CouldEver(r, p.candidates(nil), Assigning(p.Rules))
}

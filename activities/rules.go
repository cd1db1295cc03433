package activities

import (
	"leanpmo/internal/approach"
	"leanpmo/internal/policy"
)

// recommending converts the values of the policy document to the parameters of the engine.
func recommending(p *policy.Policy) approach.Policy {
	a := p.ApproachPolicy()
	out := approach.DefaultPolicy()
	out.Version = a.Version
	out.KindDefaults = map[string]approach.Approach{}
	for kind, name := range a.KindDefaults {
		out.KindDefaults[kind] = approach.Approach(name)
	}
	return out
}

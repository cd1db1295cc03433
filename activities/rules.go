package activities

import (
	"leanpmo/internal/approach"
	"leanpmo/internal/assign"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/priority"
)

// These functions convert the values of the policy document to the parameter types of the engines.

func limits(p *policy.Policy, portfolio string) priority.Limits {
	l := p.Limits(portfolio)
	out := priority.Limits{Portfolio: &l.WIP, Classes: map[priority.Class]priority.ClassLimit{}}
	for class, limit := range l.Classes {
		if class == pmo.ClassExpedite {
			out.Expedite = limit.Max
			continue
		}
		out.Classes[priority.Class(class)] = priority.ClassLimit{Max: limit.Max, Reserved: limit.Reserved}
	}
	return out
}

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

func assigning(p policy.AssignPolicy) assign.Policy {
	out := assign.DefaultPolicy()
	out.LoadCeiling = p.LoadCeiling
	return out
}

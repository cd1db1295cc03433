package policy

import "cel.dev/cel-go/cel"

// ApproachFacts are the facts that conditions about ways of working may use; numbers are true.
func ApproachFacts() map[string]bool {
	names := map[string]bool{}
	for name, typ := range approachFacts {
		names[name] = typ.IsExactType(cel.DoubleType)
	}
	return names
}

// LifeCycles and WaysOfWorking are the names that rules may use.
func LifeCycles() []string { return lifeCycles }

// WaysOfWorking are the names of approaches.
func WaysOfWorking() []string { return waysOfWorking }

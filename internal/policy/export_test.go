package policy

// WaysOfWorking are the names of approaches.
func WaysOfWorking() []string { return waysOfWorking }

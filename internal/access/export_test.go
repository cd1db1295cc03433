package access

// ScopeOf is the scope of an action; empty: no token that is limited does it.
func ScopeOf(action Action) Scope { return rules[action].scope }

package access

import "slices"

// Scope is a part of what somebody may do, to which a token can be limited.
type Scope string

// The scopes.
const (
	ScopeRead   Scope = "read"   // read whatever its owner reads
	ScopeSubmit Scope = "submit" // submit requests
	ScopeChange Scope = "change" // amend, withdraw, hold and resume requests, watch and discuss them
	ScopeAnswer Scope = "answer" // answer questions
	ScopeReport Scope = "report" // report progress
	ScopeOffice Scope = "office" // the commands of the PMO, and teams
	// ScopeCalendar stands alone: its token stands in the address of a calendar, where others may see it.
	ScopeCalendar Scope = "calendar"
)

// Scopes lists every scope.
func Scopes() []Scope {
	return []Scope{ScopeRead, ScopeSubmit, ScopeChange, ScopeAnswer, ScopeReport, ScopeOffice, ScopeCalendar}
}

// Known reports whether it is a scope.
func (s Scope) Known() bool { return slices.Contains(Scopes(), s) }

func (s Scope) words() string {
	if s == "" {
		return ": no token is; sign in"
	}
	return ": it needs the scope " + string(s)
}

package access

import "slices"

// forAgents is all that an agent may do, whatever its roles and relations are. What a person decides, says or changes is not in it, nor what
// belongs to one person: addresses of who asked, calendars, views, tokens.
var forAgents = []Action{
	ListRequests, ReadRequest, ReadLedger, ReadExplanation, ReadForecast, ReadPlan, ReadInbox, ReadBacklog, ReadRuns, ReadTeams, ReadPolicy, ReadPeople,
	ReadReports, ReadOwnAccess,
	KeepDrafts, // with who answers for it, and sends or discards them
}

// ForAgents reports whether an agent may do the action at all.
func ForAgents(action Action) bool { return slices.Contains(forAgents, action) }

// barred are agents to whom no confidential request is shown, also where somebody made them a watcher of one.
func barred(actor Actor) bool { return actor.Agent && !actor.Granted }

// Viewer is for whom lists are read: by whose relations confidential requests are shown. It is nobody for an agent that may read none.
func Viewer(actor Actor) string {
	if barred(actor) {
		return ""
	}
	return actor.ID
}

package pmo

// StuckReason is why an open request does not go on.
type StuckReason string

// What does not go on: a question of exception is open, the team reported a blocker, its report is overdue, it waits for a team, or it has been in
// its stage for longer than usual.
const (
	StuckException StuckReason = "exception"
	StuckBlocked   StuckReason = "blocked"
	StuckReport    StuckReason = "report_overdue"
	StuckForTeam   StuckReason = "waits_for_team"
	StuckOverUsual StuckReason = "over_usual"
)

// StuckReasons lists the reasons, the most pressing first. Of a request, the first one that holds is said.
func StuckReasons() []StuckReason {
	return []StuckReason{StuckException, StuckBlocked, StuckReport, StuckForTeam, StuckOverUsual}
}

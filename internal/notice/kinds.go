package notice

import "leanpmo/internal/pmo"

// Kind is a kind of events, as people choose what they hear of.
type Kind string

// The kinds.
const (
	Questions  Kind = "questions"  // an answer, or scores, are asked for
	Discussion Kind = "discussion" // comments
	Course     Kind = "course"     // what becomes of a request: stages, decisions, changes, its end
	Work       Kind = "work"       // offers, plans, reports, risks, tools
)

// Digests are no kind of events: the digest, as people unsubscribe from its mails.
const Digests Kind = "digest"

// Kinds lists the kinds, in the order in which pages show them.
func Kinds() []Kind { return []Kind{Questions, Discussion, Course, Work} }

var kinds = map[string]Kind{
	pmo.EventAsked: Questions, pmo.EventReminded: Questions, pmo.EventEscalated: Questions, pmo.EventReassigned: Questions, pmo.EventScoringOpened: Questions,
	pmo.EventCommented: Discussion, pmo.EventCommentChanged: Discussion,
	pmo.EventOffered: Work, pmo.EventNoTeam: Work, pmo.EventAssigned: Work, pmo.EventDeclined: Work, pmo.EventPlanned: Work, pmo.EventReported: Work,
	pmo.EventRaidLogged: Work, pmo.EventRaidCleared: Work, pmo.EventHealth: Work, pmo.EventPlanReviewed: Work, pmo.EventPlaceKept: Work, pmo.EventChange: Work, pmo.EventRework: Work,
	pmo.EventWorkOpened: Work, pmo.EventWorkNotOpened: Work, pmo.EventWorkUpdated: Work, pmo.EventWorkNotUpdated: Work,
}

// KindOf is the kind of an event of the ledger. One that names no kind tells what becomes of the request.
func KindOf(event string) Kind {
	if k, ok := kinds[event]; ok {
		return k
	}
	return Course
}

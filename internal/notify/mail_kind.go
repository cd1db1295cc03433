package notify

import (
	"slices"

	"leanpmo/internal/pmo"
)

// MailKind is what a mail is about, as people unsubscribe from it.
type MailKind string

// The kinds of mails. Nobody unsubscribes from those that ask for an answer.
const (
	MailAsked      MailKind = "asked"      // an answer is asked for
	MailDecided    MailKind = "decided"    // what was decided, and where the request stands
	MailWork       MailKind = "work"       // plans, progress and health of the work
	MailDiscussion MailKind = "discussion" // comments and attachments
	MailOther      MailKind = "other"
)

// MailKinds are the kinds that people can unsubscribe from.
func MailKinds() []MailKind { return []MailKind{MailDecided, MailWork, MailDiscussion, MailOther} }

// eventKinds are the events of each kind. Those that are in none are MailOther.
var eventKinds = map[MailKind][]string{
	MailDecided: {pmo.EventSubmitted, pmo.EventAdmitted, pmo.EventStage, pmo.EventAnswered, pmo.EventCondition, pmo.EventSettled, pmo.EventTimedOut,
		pmo.EventSuperseded, pmo.EventHeld, pmo.EventResumed, pmo.EventDeferred, pmo.EventWoken, pmo.EventPulled, pmo.EventSlotReturned, pmo.EventAssigned,
		pmo.EventDeclined, pmo.EventAccepted, pmo.EventClosed, pmo.EventNotMerged, pmo.EventRefused, pmo.EventRetracted, pmo.EventPrerequisiteLost},
	MailWork: {pmo.EventRecommended, pmo.EventOffered, pmo.EventNoTeam, pmo.EventPlanned, pmo.EventReported, pmo.EventRaidLogged, pmo.EventRaidCleared,
		pmo.EventHealth, pmo.EventPlanReviewed, pmo.EventChange, pmo.EventRework, pmo.EventWorkOpened, pmo.EventWorkNotOpened, pmo.EventWorkUpdated,
		pmo.EventWorkNotUpdated},
	MailDiscussion: {pmo.EventCommented, pmo.EventCommentChanged, pmo.EventAttached, pmo.EventDetached},
}

// mailKindOf is the kind of an event that asks for no answer.
func mailKindOf(event string) MailKind {
	for _, kind := range MailKinds() {
		if slices.Contains(eventKinds[kind], event) {
			return kind
		}
	}
	return MailOther
}

// MailKind is the kind of a mail with this body.
func (p Payload) MailKind() MailKind {
	if p.Data.Links.Decisions != "" {
		return MailAsked
	}
	return mailKindOf(p.Data.Event)
}

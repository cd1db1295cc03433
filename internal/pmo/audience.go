package pmo

import (
	"slices"
	"strings"
)

// audience is a group of people whom an event may concern.
type audience string

// The audiences, as the table in docs/architecture.md names them.
const (
	toFollowers     audience = "followers"        // requester, submitter, watchers
	toAsked         audience = "people asked"     // who may answer the question the event is about
	toWaiting       audience = "not yet answered" // those of them who have not answered
	toInvolved      audience = "asked by any"     // who may answer any open question of the request
	toLeads         audience = "team's leads"     // of the team that has the work, or had it before a hold
	toDeliveryLeads audience = "delivery leads"   // who were asked about the approach
	toPMO           audience = "PMO"              // who were asked about an exception
	toSponsor       audience = "sponsor"          // named in the content
	toConcerned     audience = "concerned"        // whom only the event names; see its row
)

// audienceRow says who hears of an event.
type audienceRow struct {
	event string
	to    []audience
	why   string
}

// eventQuestionMoved is the row of a reassignment of a question to another person.
const eventQuestionMoved = EventReassigned + " (a question)"

// eventAskedLater is the row of people who are asked, or told of, a question that is already open.
const eventAskedLater = EventAsked + " (later)"

// audiences is the one table of who hears of which event; docs/architecture.md shows it. Whoever may not read a confidential request gets no
// notification all the same.
var audiences = []audienceRow{
	{EventSubmitted, []audience{toFollowers}, ""},
	{EventAdmitted, []audience{toFollowers}, ""},
	{EventStage, []audience{toFollowers}, ""},
	{EventAsked, []audience{toWaiting}, "Whose vote is carried over, and who proposed the plan that is asked about, has answered. Of an exception this is the PMO: a dead end and a blocker are exceptions."},
	{eventAskedLater, []audience{toConcerned}, "Concerned: new members of the group, delegates who were not told yet, and who was told too late, of the new deadline."},
	{EventPeople, []audience{toConcerned}, "Concerned: the followers when nobody is left to answer; otherwise who left is told to nobody."},
	{EventAnswered, nil, "The question's verdict is told."},
	{EventCondition, []audience{toConcerned}, "Concerned: the followers of a new condition; who asked for it when it is met or not, or void."},
	{EventSettled, []audience{toFollowers}, ""},
	{EventReminded, []audience{toWaiting}, ""},
	{EventEscalated, []audience{toAsked}, "Those who join included."},
	{EventTimedOut, []audience{toFollowers}, ""},
	{EventSuperseded, nil, "The event that superseded the question is told."},
	{EventReassigned, []audience{toConcerned, toFollowers}, "Concerned: the leads of the team that loses the work. The team that gets it is told of its offer."},
	{eventQuestionMoved, []audience{toConcerned}, "Concerned: who is asked now and who was before."},
	{EventAmended, []audience{toLeads, toFollowers}, ""},
	{EventInputs, nil, "The next ranking shows them."},
	{EventWatched, []audience{toConcerned}, "Concerned: the followers, when watchers were dropped because the request became confidential."},
	{EventHeld, []audience{toLeads, toInvolved, toFollowers}, ""},
	{EventResumed, []audience{toLeads, toInvolved, toFollowers}, ""},
	{EventDeferred, []audience{toFollowers}, ""},
	{EventWoken, []audience{toFollowers}, ""},
	{EventPulled, []audience{toFollowers}, ""},
	{EventSlotReturned, []audience{toConcerned, toPMO, toDeliveryLeads, toFollowers}, "Concerned: the leads of the team that had the work, or its offer."},
	{EventRecommended, nil, "The delivery leads are asked, or the policy confirms it."},
	{EventOffered, []audience{toLeads}, ""},
	{EventNoTeam, []audience{toDeliveryLeads, toFollowers}, "The PMO is asked."},
	{EventAssigned, []audience{toLeads, toFollowers}, ""},
	{EventDeclined, []audience{toDeliveryLeads, toConcerned}, "Concerned: the leads of both teams, where two were asked."},
	{EventPlanned, []audience{toLeads, toFollowers}, ""},
	{EventReported, []audience{toLeads, toFollowers}, "Of a blocker the PMO is asked too."},
	{EventRaidLogged, []audience{toLeads, toConcerned, toFollowers}, "Concerned: who can clear it. Of a blocker the PMO is asked too."},
	{EventRaidCleared, []audience{toLeads, toConcerned, toFollowers}, "Concerned: who added it."},
	{EventPlanReviewed, []audience{toLeads, toFollowers}, "What each answered is in their answers."},
	{EventPlaceKept, []audience{toLeads, toFollowers}, "Of work that its team has no room for any more, or has room for again."},
	{EventHealth, []audience{toLeads, toFollowers}, "When the rule gives another colour, or somebody sees it otherwise."},
	{EventChange, []audience{toLeads, toFollowers}, "Proposed, taken or refused."},
	{EventRework, []audience{toLeads, toFollowers}, ""},
	{EventAccepted, []audience{toLeads, toSponsor, toFollowers}, ""},
	{EventNotMerged, []audience{toFollowers}, "A merge that could not take effect."},
	{EventClosed, []audience{toLeads, toConcerned, toSponsor, toFollowers}, "Concerned: whom the open questions asked. So withdrawal, cancellation, merge and every other end."},
	{EventRefused, nil, "A signal that was not taken."},
	{EventWorkOpened, []audience{toLeads}, ""},
	{EventWorkNotOpened, []audience{toLeads, toConcerned}, "Concerned: who administers the tool."},
	{EventWorkUpdated, nil, ""},
	{EventWorkNotUpdated, []audience{toLeads, toConcerned}, "Concerned: who administers the tool."},
	{EventCommented, []audience{toConcerned, toFollowers}, "Concerned: whom the comment mentions. Who wrote it is told nothing."},
	{EventCommentChanged, []audience{toConcerned}, "Concerned: whom the comment mentions now and did not before."},
	{EventAttached, nil, "Whoever decides next sees it."},
	{EventDetached, nil, ""},
	{EventScoringOpened, []audience{toConcerned}, "Concerned: who is asked to score."},
	{EventScoringRevealed, []audience{toConcerned}, "Concerned: who was asked, and who asked."},
	{EventPointsSpent, nil, "Who reads the request sees them."},
	{EventPointsReturned, []audience{toConcerned}, "Concerned: who had put the points on it."},
	{EventPrerequisiteLost, []audience{toFollowers}, "Of the requests that need the one that ended."},
	{EventRetracted, nil, "Whoever was told of the entry that did not happen is told so."},
}

// NotifiedEvents lists the events of the ledger of which anybody is notified.
func NotifiedEvents() []string {
	var events []string
	for _, row := range audiences {
		if event, _, _ := strings.Cut(row.event, " ("); len(row.to) > 0 && !slices.Contains(events, event) {
			events = append(events, event)
		}
	}
	return events
}

// maxRecipients bounds the recipients of one entry; watchers are the last, and 200 at most.
const maxRecipients = 300

// recipients are the people who hear of an entry, by the table.
func (r *Request) recipients(e Entry) []string {
	event := e.Event
	switch {
	case event == EventReassigned && e.Question != "":
		event = eventQuestionMoved
	case event == EventAsked && e.concerned != nil:
		event = eventAskedLater
	}
	i := slices.IndexFunc(audiences, func(row audienceRow) bool { return row.event == event })
	if i < 0 {
		return r.Followers() // a test holds the table complete; should an event slip through, it is not lost
	}
	var people []string
	for _, to := range audiences[i].to {
		people = union(people, r.audience(to, e)...)
	}
	return people[:min(len(people), maxRecipients)]
}

func (r *Request) audience(to audience, e Entry) []string {
	q := r.Question(e.Question)
	switch {
	case to == toFollowers:
		return r.Followers()
	case to == toAsked && q != nil:
		return q.Seats()
	case to == toWaiting && q != nil:
		return q.Waiting()
	case to == toInvolved:
		return r.seatsOfOpen()
	case to == toLeads:
		return r.teamLeads()
	case to == toDeliveryLeads:
		return r.lastSeats(KindApproach)
	case to == toPMO:
		return r.lastSeats(KindException)
	case to == toSponsor:
		return []string{r.Content.Sponsor}
	case to == toConcerned:
		return e.concerned
	}
	return nil
}

// teamLeads are the leads of the teams that have the work or its offer, or had it before a hold.
func (r *Request) teamLeads() []string {
	switch {
	case r.Assignment != nil:
		return r.Assignment.AllLeads()
	case r.PreviousAssignment != nil:
		return r.PreviousAssignment.AllLeads()
	}
	return nil
}

// lastSeats are the people of the latest question of a kind that is still kept.
func (r *Request) lastSeats(kind Kind) []string {
	for i := len(r.Questions) - 1; i >= 0; i-- {
		if q := &r.Questions[i]; q.Kind == kind {
			return q.Seats()
		}
	}
	return nil
}

// seatsOfOpen lists the people whom the open questions ask, on hold too.
func (r *Request) seatsOfOpen() []string {
	var people []string
	for _, q := range r.OpenQuestions() {
		people = union(people, q.Seats()...)
	}
	return people
}

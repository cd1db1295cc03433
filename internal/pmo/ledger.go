package pmo

import (
	"cmp"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"
)

// Entry is one line of the ledger: what happened, by whom and why. Entries are only ever added.
type Entry struct {
	Seq        int64       `json:"seq"` // position within the request
	Key        string      `json:"key"` // natural key, unique per request: a reset that re-delivers messages adds nothing twice
	At         time.Time   `json:"at"`
	Event      string      `json:"event"`
	Stage      Stage       `json:"stage"`
	Actor      string      `json:"actor,omitempty"` // empty: the process itself
	For        string      `json:"for,omitempty"`
	Via        string      `json:"via,omitempty"`
	Question   string      `json:"question,omitempty"`
	Text       string      `json:"text"`           // the sentence a person reads
	Recipients []string    `json:"tell,omitempty"` // who is notified of it: set by record, from the table in audience.go
	Policy     string      `json:"policy,omitempty"`
	Completion *Completion `json:"completion,omitempty"` // how far the work was: of the events of CompletionEvents, since 0.9
	Plan       *Plan       `json:"plan,omitempty"`       // of an agreement on a plan, since 0.9: the plan, which is a baseline from then on

	concerned []string // people whom the event concerns and whom the state does not name, for audience.go
}

// The events of the ledger. They are part of the public feed: never renamed.
const (
	EventSubmitted    = "submitted"
	EventAdmitted     = "admitted"
	EventStage        = "stage_entered"
	EventAsked        = "asked"
	EventAnswered     = "answered"
	EventCondition    = "condition"
	EventSettled      = "settled"
	EventReminded     = "reminded"
	EventEscalated    = "escalated"
	EventTimedOut     = "timed_out"
	EventSuperseded   = "superseded"
	EventReassigned   = "reassigned"
	EventPeople       = "people_changed"
	EventAmended      = "amended"
	EventInputs       = "inputs_set"
	EventWatched      = "watched"
	EventHeld         = "held"
	EventResumed      = "resumed"
	EventDeferred     = "deferred"
	EventWoken        = "woken"
	EventPulled       = "pulled"
	EventSlotReturned = "slot_returned"
	EventRecommended  = "recommended"
	EventOffered      = "offered"
	EventNoTeam       = "no_team"
	EventAssigned     = "assigned"
	EventDeclined     = "declined"
	EventPlanned      = "planned"
	EventReported     = "reported"
	EventRaidLogged   = "raid_logged"
	EventRaidCleared  = "raid_cleared"
	EventHealth       = "health"
	EventPlanReviewed = "plan_reviewed"
	EventPlaceKept    = "place_kept"
	EventChange       = "change"
	EventRework       = "rework"
	EventAccepted     = "accepted"
	EventClosed       = "closed"
	EventNotMerged    = "not_merged"
	EventRefused      = "refused"

	EventWorkOpened     = "work_opened"
	EventWorkNotOpened  = "work_not_opened"
	EventWorkUpdated    = "work_updated"
	EventWorkNotUpdated = "work_not_updated"

	// What people say about a request and attach to it. No process writes these entries; see Note.
	EventCommented      = "commented"
	EventCommentChanged = "comment_changed"
	EventAttached       = "attached"
	EventDetached       = "detached"

	// Several people score its inputs privately. No process writes these entries; see Note. They never say what anybody gave.
	EventScoringOpened   = "scoring_opened"
	EventScoringRevealed = "scoring_revealed"

	// Stakeholders put points on it, or take them back. No process writes these entries; see Note. That they come back because it ended is written by
	// its projection.
	EventPointsSpent    = "points_spent"
	EventPointsReturned = "points_returned"

	// A request that this one needs ended without being delivered. The projection of that one writes the entry.
	EventPrerequisiteLost = "prerequisite_lost"

	// An earlier entry did not happen: the worker that wrote it ended before its workflow task was complete, and the task then came to another
	// result. Reconciliation writes the entry; its key names the other one.
	EventRetracted = "retracted"
)

// Note makes an entry about something that steers nothing and that the process does not know of, such as a comment. It has no Seq: its place
// among the others is that of its time. The people whom it concerns are told, by the
// table of audiences; not who did it.
func (r *Request) Note(now time.Time, by By, e Entry, concerned ...string) Entry {
	e.At, e.Actor, e.For, e.Via, e.Stage, e.concerned = now, by.Actor, by.For, by.Via, r.Stage, concerned
	e.Recipients, e.concerned = slices.DeleteFunc(slices.Clone(r.recipients(e)), func(person string) bool { return person == by.Actor }), nil
	return e
}

// record adds an entry and marks the state changed.
func (r *Request) record(now time.Time, e Entry) {
	r.Seq++
	r.LedgerSeq++
	e.Seq, e.At = r.LedgerSeq, now
	e.Recipients, e.concerned = r.recipients(e), nil
	if e.Stage == "" {
		e.Stage = r.Stage
	}
	if e.Key == "" {
		e.Key = r.key(e)
	}
	e.Completion = r.measure(e)
	r.Ledger = append(r.Ledger, e)
}

// recordCommand records what a command did: whoever gave it, the line is that command's.
func (r *Request) recordCommand(now time.Time, by By, e Entry) {
	e.Actor, e.For, e.Via = by.Actor, by.For, by.Via
	if command := cmp.Or(by.Key, by.Digest); command != "" && e.Key == "" && r.EntryCounts != nil {
		e.Key = e.Event + "@" + command
	}
	r.record(now, e)
}

// key names an entry that no command caused by its text and how many of its kind came before, never by time or position in the ledger: a
// workflow task that is executed again after a crash, and a reset, record the same things at other times and in another order.
func (r *Request) key(e Entry) string {
	kind := fmt.Sprintf("%s/%s/%s", e.Event, e.Stage, e.Question)
	if r.EntryCounts == nil {
		return fmt.Sprintf("%s#%d", kind, r.LedgerSeq)
	}
	r.EntryCounts[kind]++
	text := fnv.New32a()
	if e.Event != EventAdmitted { // its text names the similar requests found, which may differ for the same form
		_, _ = text.Write([]byte(e.Text))
	}
	return fmt.Sprintf("%s*%d~%08x", kind, r.EntryCounts[kind], text.Sum32())
}

// SubjectOfKey reads from the key of an entry which stage it enters or which question it is about: of an entry that begins or ends a stay in a
// stage, or a question. Such keys have begun with the event in every version. The question follows, or, in a key that Request.key made, the
// stage, the question and how many came before.
func SubjectOfKey(event, key string) (stage, question string) {
	rest, ok := strings.CutPrefix(key, event+"/")
	switch {
	case event == EventSubmitted:
		return string(StageIntake), ""
	case !ok:
		return "", ""
	}
	switch event {
	case EventStage:
		stage, _, _ = strings.Cut(rest, "/")
		return stage, ""
	case EventAsked, EventSettled, EventTimedOut, EventSuperseded:
		if counted := strings.LastIndexAny(rest, "*#"); counted >= 0 {
			_, question, _ = strings.Cut(rest[:counted], "/")
			return "", question
		}
		return "", rest
	}
	return "", ""
}

// StartEntryCounts begins to count the entries of each kind. A request that began without counts goes on without them until it continues as
// new: its earlier entries have keys of another form.
func (r *Request) StartEntryCounts() {
	if r.EntryCounts == nil {
		r.EntryCounts = map[string]int{}
	}
}

// BumpSeq marks the state changed without a ledger entry, so that it is projected again.
func (r *Request) BumpSeq() { r.Seq++ }

// MarkProjected removes the entries that Postgres has confirmed: from now on people can see them.
func (r *Request) MarkProjected(seq int64, now time.Time) {
	r.tell(seq, now)
	for len(r.Ledger) > 0 && r.Ledger[0].Seq <= seq {
		r.Ledger = r.Ledger[1:]
	}
}

// UnprojectedEntries lists the entries Postgres has not confirmed, in a list of its own.
func (r *Request) UnprojectedEntries() []Entry { return slices.Clone(r.Ledger) }

// Public is the state as everybody sees it: without the entries, which have a place of their own, and without what only the process
// counts by.
func (r *Request) Public() Request {
	s := *r
	s.Ledger, s.Keys, s.EntryCounts, s.Calendar, s.Latest, s.LatestSeq, s.Questions = nil, nil, nil, nil, nil, 0, slices.Clone(r.Questions)
	for i := range s.Questions {
		s.Questions[i].Announced = Announcement{}
	}
	return s
}

// Snapshot is the state as the read model stores it. It shares no memory with the state, because it is written while the process goes on.
//
//workflowcheck:ignore encoding/json sorts map keys and walks fields as declared: the same state gives the same copy.
func (r *Request) Snapshot() Request {
	s := r.Public()
	var copied Request
	data, err := json.Marshal(s)
	if err == nil {
		err = json.Unmarshal(data, &copied)
	}
	if err != nil {
		panic("pmo: a request is always encodable: " + err.Error()) // NaN or infinity, which no check lets in
	}
	return copied
}

// RecordRefusedSignal records that a signal was not taken: its sender gets no other answer.
func (r *Request) RecordRefusedSignal(c Decide, refusal *Refusal, now time.Time) {
	c = bounded(c)
	r.recordCommand(now, c.By, Entry{Event: EventRefused, Question: c.Question,
		Text: fmt.Sprintf("Not taken (%s via signal, claimed by %s): %s", c.Verdict, c.By.Actor, refusal.Detail)})
}

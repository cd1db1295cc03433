package pmo

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A sentence of the story has at most so many bytes as JSON: the Temporal server takes 400 for a summary, with the metadata of its payload.
const (
	storyBytes  = 340
	storyText   = 100 // characters of one entry's text
	storyLength = 12  // entries
)

// verbs say what somebody does who gives a verdict.
var verbs = map[string]string{
	VerdictApprove: "approves", VerdictReject: "rejects", VerdictAbstain: "abstains", VerdictNeedInfo: "asks the requester first",
	VerdictDefer: "puts it off", VerdictDuplicate: "names a duplicate", VerdictAnswered: "finds that no work is needed",
	VerdictSame: "agrees that it is the same", VerdictNotSame: "says that it is not the same", VerdictProvide: "fills the gaps",
	VerdictUnknown: "says that nobody knows", VerdictConfirm: "confirms", VerdictDecline: "declines", VerdictScore: "gives the inputs",
	VerdictAccept: "accepts", VerdictChoose: "chooses another way of working", VerdictAgree: "agrees", VerdictCounter: "proposes another plan", VerdictKeepPlan: "stays with the agreed plan",
	VerdictKeepOn: "goes on by the plan", VerdictReplan: "asks for another plan", VerdictKeep: "keeps it with the team", VerdictMove: "lets it move to another team", VerdictRefuse: "refuses", VerdictReported: "reports", VerdictRemarks: "accepts with remarks", VerdictRework: "sends it back to the team",
	VerdictStillNeed: "still needs it", VerdictNotNeeded: "no longer needs it", VerdictRealised: "says that the benefit came",
	VerdictPartly: "says that some of the benefit came", VerdictNotYet: "says that the benefit did not come",
	VerdictNameTeam: "names a team", VerdictRaiseLimit: "raises the limit for a team", VerdictBacklog: "sends it back to the backlog",
	VerdictApproveConditions: "approves with conditions", VerdictNamePerson: "names a person", VerdictAnswer: "answers in words", VerdictCancel: "ends the request", VerdictWait: "waits", VerdictRemedy: "changes what kept it from a team",
}

// Story tells ledger entries in one sentence, for those who read the history of the request in Temporal: "ana approves: review passed →
// prioritization". People who may not read the request may read there, so of a confidential request it tells no free text.
func (r *Request) Story(entries []Entry) string {
	if len(entries) > storyLength {
		entries = entries[len(entries)-storyLength:]
	}
	var text strings.Builder
	follows := false // the entry says what the verdict before it means
	for i, e := range entries {
		if follows {
			e.Actor = "" // who gave the verdict is named already
		}
		says, joint := r.storyOf(e, entries[i+1:])
		if says == "" {
			follows = e.Event == EventSettled
			continue
		}
		if follows {
			joint, follows = ": ", false
		}
		if text.Len() > 0 {
			text.WriteString(joint)
		}
		text.WriteString(says)
	}
	return Truncate(text.String(), storyBytes)
}

// storyOf tells one entry, and how it goes on from the one before. later are the entries after it.
func (r *Request) storyOf(e Entry, later []Entry) (says, joint string) {
	switch e.Event {
	case EventAnswered:
		return r.answerStory(e, later), "; "
	case EventSettled:
		return r.settledStory(e, later), ": "
	case EventStage:
		return "→ " + string(e.Stage), " "
	case EventAsked:
		return r.askedStory(e), "; "
	case EventSubmitted:
		return fmt.Sprintf("%s submits %s", whoActs(e), r.titled()), "; "
	case EventSuperseded:
		return "", "" // the event that superseded the question is told
	}
	if r.Content.Confidential {
		return withActor(e, strings.ReplaceAll(e.Event, "_", " ")), "; "
	}
	return withActor(e, Shorten(strings.TrimRight(oneLine(e.Text), ". "), storyText)), "; "
}

// titled is the number, with the title where everybody may read it.
func (r *Request) titled() string {
	if r.Content.Confidential {
		return r.Ref()
	}
	return r.Ref() + " " + r.ShownTitle()
}

// whoActs is who did what an entry says, and for whom.
func whoActs(e Entry) string {
	if e.For != "" && e.For != e.Actor {
		return e.Actor + " for " + e.For
	}
	return e.Actor
}

func withActor(e Entry, text string) string {
	if e.Actor == "" || strings.HasPrefix(text, e.Actor) {
		return text
	}
	return whoActs(e) + ": " + text
}

// answerStory is who answers what, with the count where the question goes on.
func (r *Request) answerStory(e Entry, later []Entry) string {
	who := whoActs(e)
	q := r.Question(e.Question)
	if q == nil {
		return who + " answers"
	}
	a := q.answerFor(By{Actor: e.Actor, For: e.For}.Seat())
	if a == nil {
		return who + " answers"
	}
	says := who + " " + verb(a.Verdict)
	if a.Reason != "" && !r.Content.Confidential {
		says += " (" + Shorten(oneLine(a.Reason), storyText) + ")"
	}
	if slices.ContainsFunc(later, func(l Entry) bool { return l.Event == EventSettled && l.Question == e.Question }) {
		return says
	}
	if t := q.Tally(); q.Open() && t.Needed > 1 {
		says += fmt.Sprintf(", %d of %d", t.Yes, t.Needed)
	}
	return says
}

func verb(verdict string) string {
	if v, ok := verbs[verdict]; ok {
		return v
	}
	return "answers " + verdict
}

// settledStory is what a verdict means, unless the entry after it says so.
func (r *Request) settledStory(e Entry, later []Entry) string {
	q := r.Question(e.Question)
	if q == nil || len(later) > 0 && later[0].Event != EventStage && later[0].Event != EventAsked {
		return ""
	}
	switch o, _ := q.option(q.Verdict); o.Effect {
	case EffectYes:
		if q.Kind == KindReview && len(later) == 0 {
			return q.Group + " passed"
		}
		return kindWords(q.Kind) + " passed"
	case EffectNo:
		return kindWords(q.Kind) + " failed"
	}
	return ""
}

func kindWords(k Kind) string { return strings.ReplaceAll(string(k), "_", " ") }

// asking is what a question of a kind asks whom, for the step that finds out who that is.
var asking = map[Kind]string{
	KindClarify: "the requester is asked what the form lacks", KindSponsor: "the sponsor is asked to stand behind it",
	KindReview: "approvers are asked: shall we do this?", KindDuplicate: "whom it concerns is asked: is it the same as another request?",
	KindReconfirm: "the requester is asked: is it still needed?", KindScore: "the missing inputs are asked for",
	KindApproach: "the delivery leads are asked: is this the right way of working?", KindAssignment: "a team is asked: will you take it?",
	KindPlan: "requester and team are asked: do we agree on the plan?", KindChange: "requester and team are asked: do we agree on the change?",
	KindChangeReview: "approvers are asked: shall this change be taken?", KindPlanReview: "requester and team are asked what has changed, what they learned, and what they do differently",
	KindPlace: "requester and team are asked: does it stay with the team, which has no room for it any more?", KindReport: "the team is asked how it goes",
	KindAcceptance: "the requester is asked: is the outcome reached?", KindBenefit: "the sponsor is asked: did the benefit come?",
	KindException: "the PMO is asked: it cannot go on by itself, what now?",
}

// Asking says what the question will ask whom, as a round of its kind.
func (s QuestionSpec) Asking(round int) string {
	return Truncate(fmt.Sprintf("%s (%s)", asking[s.Kind], QuestionID(s.Kind, round, s.Group)), storyBytes)
}

// askedStory is who is asked what, and until when.
func (r *Request) askedStory(e Entry) string {
	q := r.Question(e.Question)
	if q == nil {
		return ""
	}
	who := fewNames(q.Seats())
	if who == "" {
		who = "nobody who may answer"
	}
	return fmt.Sprintf("asked: %s (%s, due %s)", who, q.ID, minuteOf(q.DueAt))
}

func minuteOf(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 MST") }

// EntriesSince lists the entries after a position in the ledger that are not projected yet.
func (r *Request) EntriesSince(seq int64) []Entry {
	for i, e := range r.Ledger {
		if e.Seq > seq {
			return r.Ledger[i:]
		}
	}
	return nil
}

// Says is the sentence a receipt begins with: what the command did, what followed from it, and who is waited on. before is the ledger's
// position before the command, own the one after it; what other people did meanwhile is theirs.
func (r *Request) Says(before, own int64) string {
	since := r.EntriesSince(before)
	if len(since) == 0 || since[0].Seq != before+1 {
		return "" // the read model has them already
	}
	var entries []Entry
	for _, e := range since {
		if e.Seq <= own || e.Via == "" {
			entries = append(entries, e)
		}
	}
	says := r.Story(entries)
	waiting := r.WaitingOn()
	if says == "" || len(waiting) == 0 || len(entries) > 0 && entries[len(entries)-1].Event == EventAsked {
		return says
	}
	return Truncate(says+"; waits on "+fewNames(waiting), storyBytes)
}

// Unrecorded says what a write to the read model is about that has no new entry of the ledger.
func (r *Request) Unrecorded() string {
	waiting := r.WaitingOn()
	switch {
	case r.Work != nil && r.Work.Pending:
		return "the team's tool is to show the work item as " + workStatusText[r.Work.Requested.Status]
	case r.Closed():
		return "nothing new: closed as " + string(r.Outcome)
	case len(waiting) > 0:
		return Truncate("nothing new: "+string(r.Stage)+", waits on "+fewNames(waiting), storyBytes)
	}
	return "nothing new: " + string(r.Stage)
}

// Moment is one of the latest things that happened, in words.
type Moment struct {
	At   time.Time `json:"at"`
	Says string    `json:"says"`
}

// keepMoments is how many of the latest things a request keeps for its page in Temporal.
const keepMoments = 3

// KeepLatest keeps what happened since it was called last as one of the latest things. It is called when the process has come to rest.
func (r *Request) KeepLatest() {
	entries := r.EntriesSince(r.LatestSeq)
	r.LatestSeq = r.LedgerSeq
	says := r.Story(entries)
	if says == "" {
		return
	}
	latest := append(slices.Clone(r.Latest), Moment{At: entries[len(entries)-1].At, Says: says})
	r.Latest = latest[max(0, len(latest)-keepMoments):]
}

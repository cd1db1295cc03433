package pmo

import (
	"fmt"
	"slices"
	"time"
)

// KindPlace asks requester and team whether work stays with a team that accepted it and, after a change of its own, has no room for it any more.
const KindPlace Kind = "place"

// The verdicts about work that its team has no room for any more.
const (
	VerdictKeep = "keep"
	VerdictMove = "move"
)

// NoRoom says that the team which accepted the work has no room for it any more. Since Process11.
type NoRoom struct {
	Team string    `json:"team"`
	Why  string    `json:"why"`                                                                           // as a sentence in English
	At   time.Time `json:"at"`                                                                            // when it was found
	Next string    `json:"next,omitempty" doc:"The team that would take it, when that was looked for"`    // id
	Move string    `json:"move,omitempty"`                                                                // what a move would bring, as a sentence in English
	Kept time.Time `json:"kept,omitzero" doc:"When it was settled that it stays, over the team's limits"` // zero while both sides are asked
}

// LoseRoom proposes to both sides that the work moves, because the team that accepted it has no room for it any more. Nothing moves by itself. A second
// message changes nothing, and neither does what was found before the team accepted. Work that the PMO put over the limits of the team stays.
func (r *Request) LoseRoom(n NoRoom, now time.Time) {
	a := r.Assignment
	if r.Process < Process11 || r.Stage != StageExecution || r.Status != StatusOpen || !r.DoneAt.IsZero() || !r.TeamConfirmed() {
		return
	}
	part := a.Part(n.Team)
	if part == nil || a.NoRoom != nil || a.OverLimit && part.Team == a.Team || part.ConfirmedAt.After(n.At) {
		return
	}
	n.Kept = time.Time{}
	r.setNoRoom(&n)
}

// FindRoom ends what LoseRoom began: the team has room for the work again.
func (r *Request) FindRoom(team string, now time.Time) {
	if a := r.Assignment; a == nil || a.NoRoom == nil || a.NoRoom.Team != team {
		return
	}
	r.setNoRoom(nil)
	r.record(now, Entry{Event: EventPlaceKept, Text: fmt.Sprintf("%s has room for it again: it stays.", team)})
	r.supersede(now, "the team has room for it again", KindPlace)
}

// setNoRoom changes a copy: ledger entries and steps under way share the assignment.
func (r *Request) setNoRoom(n *NoRoom) {
	a := *r.Assignment
	a.NoRoom = n
	r.Assignment = &a
	r.Seq++
}

// placeQuestion asks both sides whether the work stays; nil where the team has room for it, and once it is settled.
func (r *Request) placeQuestion() *QuestionSpec {
	a := r.Assignment
	if a == nil || a.NoRoom == nil || !a.NoRoom.Kept.IsZero() || !r.DoneAt.IsZero() {
		return nil
	}
	text := fmt.Sprintf("%s Shall %q stay with %s, over its limits, or move to another team?", sentence(a.NoRoom.Why), r.Content.Title, a.NoRoom.Team)
	if a.NoRoom.Move != "" {
		text += " " + sentence(a.NoRoom.Move)
	}
	return &QuestionSpec{Kind: KindPlace, Text: text + " Without an answer it stays."}
}

// placeSettled lets the work stay over the limits of its team, or looks for another team, which is not the one that has no room.
func (r *Request) placeSettled(q Question, reason string, now time.Time) {
	if r.Assignment == nil || r.Assignment.NoRoom == nil {
		return
	}
	n := *r.Assignment.NoRoom
	if q.Verdict != VerdictMove {
		n.Kept = now
		r.setNoRoom(&n)
		r.record(now, Entry{Event: EventPlaceKept, Actor: settledByPerson(q), Text: because(fmt.Sprintf("It stays with %s, over its limits", n.Team), reason)})
		return
	}
	leads, next := r.teamLeads(), n.Next
	if n.Team != r.Assignment.Team {
		next = r.Assignment.Team // the first team is asked again, with another second one
	}
	r.lookForTeam(next, "")
	r.Declined = append(slices.Clone(r.Declined), Decline{Team: n.Team, Reason: n.Why})
	r.record(now, Entry{Event: EventReassigned, concerned: leads, Text: because("Requester and team let it move: another team is looked for", reason)})
	r.supersede(now, "another team is looked for")
	r.move(TriggerReassigned, now)
}

// because adds a reason, where one is given, to what is said.
func because(text, reason string) string {
	if reason == "" {
		return text + "."
	}
	return text + ": " + sentence(reason)
}

package pmo

import (
	"fmt"
	"strings"
	"time"
)

// Pull is the slot a request works in.
type Pull struct {
	Run    string    `json:"run"` // the prioritization run, or "override"
	At     time.Time `json:"at"`
	By     string    `json:"by,omitempty"`
	Reason string    `json:"reason,omitempty"`
	Why    string    `json:"why,omitempty"` // rank and limit, as the run says; empty before 0.6
}

// prioritizationStep waits in the backlog until a prioritization run or an override gives the request a slot. Meanwhile missing inputs are
// asked for, and after a time whether it is still needed.
func (r *Request) prioritizationStep(now time.Time) Step {
	r.startReconfirmClock(now)
	if r.Pulled() {
		return r.moved(TriggerPulled, now)
	}
	step, _ := r.toOpen(r.scoreQuestion(), r.reconfirmQuestion(now))
	return step
}

// startReconfirmClock sets when the requester is asked whether it is still needed.
func (r *Request) startReconfirmClock(now time.Time) {
	if r.ReconfirmBy.IsZero() && r.Rules.ReconfirmAfter > 0 {
		r.ReconfirmBy = r.calendar().periodEnd(now, r.Rules.ReconfirmAfter)
		r.Seq++
	}
}

// scoreQuestion asks for the inputs that ranking needs; nil when none is missing.
func (r *Request) scoreQuestion() *QuestionSpec {
	missing := r.Content.Inputs.Missing(r.NeededInputs())
	if len(missing) == 0 || r.Content.Class == ClassExpedite {
		return nil
	}
	return &QuestionSpec{Kind: KindScore, Text: "To be ranked it needs: " + strings.ReplaceAll(strings.Join(missing, ", "), "_", " ") + "."}
}

// NeededInputs names the inputs that the scoring model of the request's policy needs.
func (r *Request) NeededInputs() []string {
	if len(r.Rules.ScoreInputs) > 0 {
		return r.Rules.ScoreInputs
	}
	return scoreInputs
}

// reconfirmQuestion asks whether the request is still needed; nil until it is time.
func (r *Request) reconfirmQuestion(now time.Time) *QuestionSpec {
	at := r.ReconfirmDue()
	if at.IsZero() || at.After(now) {
		return nil
	}
	return &QuestionSpec{Kind: KindReconfirm, Text: fmt.Sprintf("%q has waited since %s. Do need and date still stand?", r.Content.Title, r.dayOf(r.StageSince))}
}

// MayTakeSlot reports whether the request takes a slot now: it waits for a pull and, since 0.6, no answer about its form or its sponsor comes
// first.
func (r *Request) MayTakeSlot() bool {
	return r.WaitsForPull() && (r.Process < Process06 || !r.answersComeFirst())
}

// TakeSlot takes the slot a prioritization run gave. It returns whether the request could use it.
func (r *Request) TakeSlot(p Pull, now time.Time) bool {
	if !r.MayTakeSlot() {
		r.Seq++ // the next projection releases the slot
		return false
	}
	r.Pull, r.Returned, r.ReconfirmBy = &p, nil, time.Time{} // no reconfirmation while it is worked on; back in the backlog the clock starts again
	if r.PulledAt.IsZero() {
		r.PulledAt = now
	}
	text := "Pulled from the backlog by " + p.Run + "."
	if p.Why != "" {
		text = "Pulled: " + p.Why + "."
	}
	if p.By != "" {
		text = "Pulled by override: " + p.Reason
	}
	r.record(now, Entry{Event: EventPulled, Actor: p.By, Text: text})
	return true
}

func (r *Request) reconfirmSettled(q Question, now time.Time) {
	switch {
	case q.Verdict == VerdictNotNeeded:
		r.Close(TriggerNotNeeded, "The requester no longer needs it.", By{}, now)
		return
	case q.Verdict == VerdictAskAgain:
		r.MissedReconfirmations++
		if r.MissedReconfirmations >= max(r.Rules.ReconfirmRounds, 1) {
			r.Close(TriggerUnanswered, fmt.Sprintf("Nobody answered %d times whether it is still needed.", r.MissedReconfirmations), By{}, now)
		}
		return // the stage opens the next round
	}
	r.MissedReconfirmations = 0
	r.ReconfirmBy = r.calendar().periodEnd(now, r.Rules.ReconfirmAfter)
	if q.Data != nil && q.Data.Patch != nil {
		if material := r.applyAnswer(q, now); len(material) > 0 {
			r.backToReview(now)
		}
	}
}

func (r *Request) scoreSettled(q Question, now time.Time) {
	if q.Data == nil || q.Data.Inputs == nil {
		return
	}
	r.mergeInputs(*q.Data.Inputs)
	r.noteInputs(*q.Data.Inputs, q.SettledBy, "", now)
	r.record(now, Entry{Event: EventInputs, Key: EventInputs + "/" + q.ID, Actor: q.SettledBy, Text: "Inputs completed."})
}

// mergeInputs takes the values given and leaves the others.
func (r *Request) mergeInputs(in Inputs) {
	given := in.refs()
	for i, own := range r.Content.Inputs.refs() {
		if value := *given[i].value; value != nil {
			*own.value = value
		}
	}
	if in.MoSCoW != "" {
		r.Content.Inputs.MoSCoW = in.MoSCoW
	}
	r.Revision++
	r.outdateFacts()
}

// clearInputs makes inputs unknown.
func (r *Request) clearInputs(names []string) {
	for _, input := range r.Content.Inputs.refs() {
		if contains(names, input.name) {
			*input.value = nil
		}
	}
	if contains(names, inputMoSCoW) {
		r.Content.Inputs.MoSCoW = ""
	}
}

// CheckInputs returns why inputs cannot be set, or nil.
func (r *Request) CheckInputs(c SetInputs) *Refusal {
	if refusal := r.checkAcceptsCommands(); refusal != nil {
		return refusal
	}
	if r.Pulled() {
		return refuse(RefusedMovedOn, "it has been pulled; its rank no longer counts")
	}
	if !c.Sure.valid() {
		return invalid("/sure", "is one of low, medium, high")
	}
	return r.checkInputs(c.Inputs, "/inputs")
}

// ApplyInputs gives what the score is computed from.
func (r *Request) ApplyInputs(c SetInputs, now time.Time) Receipt {
	r.clearInputs(c.Clear)
	r.mergeInputs(c.Inputs)
	r.noteInputs(c.Inputs, c.By.Actor, c.Sure, now)
	class := r.setClass(c.Class, now)
	r.recordCommand(now, c.By, Entry{Event: EventInputs, Text: strings.TrimSpace("Inputs set. " + class + c.Reason)})
	if r.scoreQuestion() == nil {
		r.supersede(now, "the inputs are no longer missing", KindScore)
		delete(r.Unanswered, KindScore)
	}
	return r.receipt("inputs_set")
}

// setClass changes the class of service. It says what follows: where the policy calls the class material, the request is reviewed again, as after
// an amendment of it. Until 0.4 no review was asked.
func (r *Request) setClass(class *ClassOfService, now time.Time) string {
	if class == nil || *class == r.Content.Class {
		return ""
	}
	if r.Process < Process05 {
		r.Content.Class = *class
		return ""
	}
	was := r.Content.Class
	_, material := r.apply(Patch{Class: class}, now)
	r.contentChanged(material, now)
	return fmt.Sprintf("Class %s → %s. ", orNone(string(was)), *class)
}

// CheckPull returns why a request cannot be pulled by override, or nil.
func (r *Request) CheckPull(c OverridePull) *Refusal {
	if refusal := r.checkAcceptsCommands(); refusal != nil {
		return refusal
	}
	if c.Reason == "" {
		return invalid("/reason", "an override says why")
	}
	if !r.WaitsForPull() {
		return refuse(RefusedMovedOn, "it does not wait for a pull; it is in %s", r.Stage)
	}
	if !r.MayTakeSlot() {
		return refuse(RefusedMovedOn, "it is not pulled before its sponsor has confirmed and its form is complete; its open questions say what is missing")
	}
	return nil
}

// ApplyPull gives the request a slot by override.
func (r *Request) ApplyPull(c OverridePull, now time.Time) Receipt {
	r.TakeSlot(Pull{Run: "override", At: now, By: c.By.Actor, Reason: c.Reason}, now)
	return r.receipt("pulled")
}

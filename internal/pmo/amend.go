package pmo

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// CheckAmend returns why an amendment cannot be taken, or nil.
func (r *Request) CheckAmend(c Amend) *Refusal {
	if refusal := r.checkAcceptsCommands(); refusal != nil {
		return refusal
	}
	if c.Revision != r.Revision {
		return refuse(RefusedStale, "you saw revision %d, it is at %d", c.Revision, r.Revision)
	}
	if c.Patch.Empty() {
		return invalid("/patch", "says which fields get which values")
	}
	if r.Stage == StageClosure || !r.DoneAt.IsZero() {
		return refuse(RefusedMovedOn, "the work is done; ask for rework or submit a new request")
	}
	if c.Patch.Inputs != nil {
		if refusal := r.checkInputs(*c.Patch.Inputs, "/patch/inputs"); refusal != nil {
			return refusal
		}
	}
	if refusal := r.checkPatch(c.Patch, "/patch", c.By.Actor); refusal != nil {
		return refusal
	}
	if c.Patch.Merge != nil && slices.Contains(c.Patch.Fields(), "inputs") && r.isOwn(c.By.Actor) && !r.Stage.InputsMayBeStated() {
		return refuse(RefusedOwnRequest, "the inputs of a request are set by others once it is reviewed")
	}
	if r.Change != nil && len(r.materialIn(c.Patch)) > 0 {
		return refuse(RefusedDecided, "another change waits for an answer")
	}
	return nil
}

func (r *Request) materialIn(p Patch) []string {
	_, changed := p.Apply(r.Content)
	return Material(changed, r.Rules.Material)
}

// reviewAnswered reports whether somebody has answered the present round of review.
func (r *Request) reviewAnswered() bool {
	return r.Stage == StageReview && slices.ContainsFunc(r.Questions, func(q Question) bool {
		return q.Kind == KindReview && q.Round == r.Rounds[KindReview] && len(q.Answers) > 0
	})
}

// ApplyAmend changes the content. A material change before the pull opens the next round of review; after it, both sides are asked.
func (r *Request) ApplyAmend(c Amend, now time.Time) Receipt {
	material := r.materialIn(c.Patch)
	if r.Pulled() && len(material) > 0 {
		r.Change = &Change{By: c.By.Actor, Patch: c.Patch, Reason: c.Reason}
		r.recordCommand(now, c.By, Entry{Event: EventChange,
			Text: fmt.Sprintf("Change of %s proposed; requester and team are asked.", strings.Join(material, ", "))})
		return r.receipt("change_proposed")
	}
	unjudged := c.Patch.Merge != nil && r.isOwn(c.By.Actor) && r.reviewAnswered()
	changed, _ := r.apply(c.Patch, now)
	r.notePatch(c.Patch, c.By.Actor, now)
	if len(changed) == 0 {
		return r.receipt("unchanged")
	}
	r.recordCommand(now, c.By, Entry{Event: EventAmended,
		Text: fmt.Sprintf("Changed: %s. %s", strings.Join(changed, ", "), c.Reason)})
	switch {
	case r.Stage == StageIntake || len(material) > 0:
		r.contentChanged(material, now)
	case unjudged && contains(changed, "inputs"):
		r.Version++ // who has answered judged other inputs
		r.backToReview(now)
	}
	return r.receipt("amended")
}

// contentChanged is what follows before the pull: intake checks the form again; later, a material change opens the next round of review.
func (r *Request) contentChanged(material []string, now time.Time) {
	switch {
	case r.Stage == StageIntake:
		r.supersede(now, "the form was changed", KindClarify, KindSponsor)
		r.Admitted = false
	case len(material) > 0:
		r.backToReview(now)
	}
}

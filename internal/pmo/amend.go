package pmo

import (
	"fmt"
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
		if refusal := c.Patch.Inputs.check("/patch/inputs"); refusal != nil {
			return refusal
		}
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

// ApplyAmend changes the content. A material change before the pull opens the next round of review; after it, both sides are asked.
func (r *Request) ApplyAmend(c Amend, now time.Time) Receipt {
	material := r.materialIn(c.Patch)
	if r.Pulled() && len(material) > 0 {
		r.Change = &Change{By: c.By.Actor, Patch: c.Patch, Reason: c.Reason}
		r.recordCommand(now, c.By, Entry{Event: EventChange, Recipients: r.Followers(),
			Text: fmt.Sprintf("Change of %s proposed; requester and team are asked.", strings.Join(material, ", "))})
		return r.receipt("change_proposed")
	}
	changed, _ := r.apply(c.Patch, now)
	if len(changed) == 0 {
		return r.receipt("unchanged")
	}
	r.recordCommand(now, c.By, Entry{Event: EventAmended, Recipients: r.Followers(),
		Text: fmt.Sprintf("Changed: %s. %s", strings.Join(changed, ", "), c.Reason)})
	switch {
	case r.Stage == StageIntake:
		r.supersede(now, "the form was changed", KindClarify, KindSponsor)
		r.Admitted = false
	case len(material) > 0:
		r.backToReview(now)
	}
	return r.receipt("amended")
}

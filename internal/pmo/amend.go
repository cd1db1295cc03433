package pmo

import (
	"fmt"
	"strings"
	"time"
)

// CheckAmend tells why an amendment cannot be taken, or nil.
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
		r.recordCommand(now, c.By, Entry{Event: EventChange, Recipients: r.followers(),
			Text: fmt.Sprintf("Change of %s proposed; requester and team are asked.", strings.Join(material, ", "))})
		return r.receipt("change_proposed")
	}
	changed, _ := r.apply(c.Patch)
	if len(changed) == 0 {
		return r.receipt("unchanged")
	}
	r.recordCommand(now, c.By, Entry{Event: EventAmended, Recipients: r.followers(),
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

// backToReview supersedes every open question: they were about something else.
func (r *Request) backToReview(now time.Time) {
	r.supersede(now, "the content changed")
	r.Route, r.InfoWanted = nil, ""
	r.Wake("", "the content changed", now)
	r.nextReviewRound()
	if r.Stage != StageReview {
		r.Enter(StageReview, now)
	}
}

// CheckInputs tells why inputs cannot be set, or nil.
func (r *Request) CheckInputs(c SetInputs) *Refusal {
	if refusal := r.checkAcceptsCommands(); refusal != nil {
		return refusal
	}
	if r.Pulled() {
		return refuse(RefusedMovedOn, "it has been pulled; its rank no longer counts")
	}
	return c.Inputs.check("/inputs")
}

// ApplyInputs gives what the score is computed from.
func (r *Request) ApplyInputs(c SetInputs, now time.Time) Receipt {
	r.mergeInputs(c.Inputs)
	if c.Class != nil {
		r.Content.Class = *c.Class
	}
	r.recordCommand(now, c.By, Entry{Event: EventInputs, Text: strings.TrimSpace("Inputs set. " + c.Reason)})
	if _, needed := r.ScoreNeeded(); !needed {
		r.supersede(now, "the inputs are no longer missing", KindScore)
	}
	return r.receipt("inputs_set")
}

// ApplyWatch changes who hears of the request.
func (r *Request) ApplyWatch(c Watch, now time.Time) Receipt {
	before := len(r.Watchers)
	r.Watchers = union(r.Watchers, c.Add...)
	added := len(r.Watchers) - before
	var kept []string
	for _, w := range r.Watchers {
		if !contains(c.Remove, w) {
			kept = append(kept, w)
		}
	}
	removed := len(r.Watchers) - len(kept)
	r.Watchers = kept
	if added+removed > 0 {
		r.recordCommand(now, c.By, Entry{Event: EventWatched, Text: fmt.Sprintf("Watchers: %d added, %d removed.", added, removed)})
	}
	return r.receipt("watched")
}

// CheckWatch tells why watchers cannot be changed, or nil.
func (r *Request) CheckWatch(c Watch) *Refusal {
	if len(c.Add)+len(c.Remove) == 0 {
		return invalid("/add", "names at least one person")
	}
	if len(r.Watchers)+len(c.Add) > 200 {
		return invalid("/add", "a request has at most 200 watchers")
	}
	return nil
}

package pmo

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// MergeProposal says that the request goes on in others and closes as merged. An approver proposes it by the verdict duplicate: the
// review is suspended and whom it concerns is asked. The PMO decides it by a cancellation that names the others. Once agreed it takes
// effect if none of the others has ended meanwhile.
type MergeProposal struct {
	Into      []string `json:"into"`
	Number    int64    `json:"number,omitempty"` // of the only one, where it is known
	By        By       `json:"by"`
	Reason    string   `json:"reason,omitempty"`
	Duplicate bool     `json:"duplicate,omitempty"` // proposed by an approver
	Agreed    bool     `json:"agreed,omitempty"`
}

// MergeCheck is what the activity CheckMerge found out: why the request cannot go on in the others, or nothing.
type MergeCheck struct {
	Refused string `json:"refused,omitempty"`
}

// The results of a cancellation that names other requests: the check of these is still under way, or one of them has ended.
const (
	ResultMerging   = "merging"
	ResultNotMerged = "not_merged"
)

// CheckGoesOnIn returns why the request cannot go on in another one, or nil: that one has ended, or is itself to go on in this one. A chain
// is not followed: who merges names the request in which the work goes on.
func (r *Request) CheckGoesOnIn(target *Request) *Refusal {
	if target.Closed() {
		detail := fmt.Sprintf("%s has ended as %s", target.name(), target.Outcome)
		switch {
		case contains(target.MergedInto, r.ID):
			detail += ": it goes on in this very request"
		case len(target.MergedInto) > 0:
			detail += ": name the request in which it goes on"
		}
		return refuse(RefusedMovedOn, "%s", detail)
	}
	if target.Merge != nil && contains(target.Merge.Into, r.ID) {
		return refuse(RefusedMovedOn, "%s is itself to go on in this very request", target.name())
	}
	return nil
}

func (r *Request) name() string {
	if r.Number == 0 {
		return "the other request"
	}
	return r.Ref()
}

// proposeMerge suspends the review until whom it concerns has answered.
func (r *Request) proposeMerge(q Question, reason string, now time.Time) {
	r.suspendReview(now, "an approver says that it is a duplicate")
	r.Merge = &MergeProposal{Into: []string{q.Data.Of}, Number: q.Data.OfNumber, By: By{Actor: q.SettledBy}, Reason: reason, Duplicate: true}
	r.Seq++
}

// duplicateQuestion asks whom it concerns whether the request asks for the same as another one; nil unless an approver says so.
func (r *Request) duplicateQuestion() *QuestionSpec {
	m := r.Merge
	if m == nil || m.Agreed {
		return nil
	}
	text := fmt.Sprintf("%s says that %q asks for the same as %s. %s Shall it go on there?", m.By.Actor, r.Content.Title, m.other(), m.Reason)
	return &QuestionSpec{Kind: KindDuplicate, Text: strings.Join(strings.Fields(text), " ")}
}

func (m *MergeProposal) other() string {
	if m.Number > 0 {
		return Ref(m.Number)
	}
	return "request " + strings.Join(m.Into, ", ")
}

// duplicateSettled takes the answer of whom it concerns. Without agreement the review goes on, with the votes it had.
func (r *Request) duplicateSettled(q Question, reason string, now time.Time) {
	if r.Merge == nil {
		return
	}
	if q.Verdict == VerdictSame {
		r.Merge.Agreed, r.MergeChecked = true, true
		r.Seq++
		return
	}
	r.dropMerge("It is not a duplicate: "+reason, now)
}

// dropMerge goes on as if nobody had proposed to merge it.
func (r *Request) dropMerge(why string, now time.Time) {
	if r.Merge.Duplicate {
		why += " Review goes on."
	}
	r.Merge = nil
	r.record(now, Entry{Event: EventNotMerged, Text: why})
}

// decideMerge is the PMO ending the request because it goes on in others.
func (r *Request) decideMerge(c Stop) Receipt {
	r.Merge, r.MergeChecked = &MergeProposal{Into: c.Into, By: c.By, Reason: c.Reason, Agreed: true}, true
	r.Seq++
	return r.receipt(ResultMerging)
}

// mergeStep is the check of the others once the merge is agreed. From then on the projection knows by MergeChecked that the read model may
// hold the place of a merge that did not take effect.
func (r *Request) mergeStep() (Step, bool) {
	if r.Merge == nil || !r.Merge.Agreed {
		return Step{}, false
	}
	return Step{Action: ActionCheckMerge}, true
}

// FinishMerge closes the request as merged, unless one of the others has ended: then it goes on.
func (r *Request) FinishMerge(found MergeCheck, now time.Time) {
	m := r.Merge
	if found.Refused != "" {
		r.dropMerge(fmt.Sprintf("Not merged into %s: %s.", m.other(), found.Refused), now)
		return
	}
	r.Merge, r.MergedInto = nil, m.Into
	if m.Duplicate {
		r.Close(TriggerDuplicate, strings.TrimSpace("Goes on in another request. "+m.Reason), By{}, now)
		return
	}
	r.Close(TriggerMerged, m.Reason, m.By, now)
}

// MergeNotice is what the requests in which this one goes on are told: who follows it, and which conditions it was approved on.
func (r *Request) MergeNotice() Watch {
	notice := Watch{Says: r.Ref() + " goes on here: those who follow it watch this one", Header: Header{By: By{Via: "system", Actor: MergeActor(r.ID)}}, Add: r.Followers(), Confidential: r.Content.Confidential}
	for _, c := range r.toFulfil() {
		c.From = r.Ref() + "/" + c.ID
		notice.Conditions = append(notice.Conditions, c)
	}
	return notice
}

// TakeConditions adds the conditions of a request that goes on in this one. Those of a confidential request would be read by others here,
// and what is accepted is judged no more: they end with the other request, which the ledger says.
func (r *Request) TakeConditions(c Watch, now time.Time) {
	handed, left := c.Conditions, ""
	handed = slices.DeleteFunc(slices.Clone(handed), func(h Condition) bool {
		return !h.sound() || slices.ContainsFunc(r.Conditions, func(k Condition) bool { return k.From == h.From })
	})
	room := max(maxConditions-len(r.Conditions), 0)
	switch {
	case len(handed) == 0:
		return
	case c.Confidential && !r.Content.Confidential:
		handed, left = nil, fmt.Sprintf("%d conditions of a confidential request that goes on here are not taken over.", len(handed))
	case r.Delivered():
		handed, left = nil, fmt.Sprintf("Not taken over, because this request is accepted already: the conditions %s.", fromOf(handed))
	case len(handed) > room:
		left = fmt.Sprintf("Not taken over, because a request has at most %d conditions: %s.", maxConditions, fromOf(handed[room:]))
		handed = handed[:room]
	}
	for _, h := range handed {
		r.addCondition(Condition{Text: h.Text, By: h.By, For: h.For, At: h.At, From: h.From}, now)
	}
	if left != "" {
		r.record(now, Entry{Event: EventCondition, Actor: c.By.Actor, Via: c.By.Via, Text: left, concerned: r.Followers()})
	}
}

// sound reports whether a condition that came with a signal has no more text than those that are asked for.
func (c Condition) sound() bool {
	names := utf8.RuneCountInString(c.By + c.For + c.From)
	return c.Text != "" && utf8.RuneCountInString(c.Text) <= maxConditionText && names <= maxConditionNames
}

func fromOf(list []Condition) string {
	names := make([]string, len(list))
	for i, c := range list {
		names[i] = c.From
	}
	return strings.Join(names, ", ")
}

// resultOfMerge is what became of a cancellation that names other requests.
func (r *Request) resultOfMerge(result string) string {
	switch {
	case result != ResultMerging || r.Merge != nil:
		return result
	case r.Closed():
		return string(r.Outcome)
	}
	return ResultNotMerged
}

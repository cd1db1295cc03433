package pmo

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Approvers may approve on conditions. A condition belongs to the request and not to the answer it came with: it stays when the content
// changes, when review goes into another round and when the person who asked for it leaves. The plan answers each condition by a milestone or
// a note, and the acceptance says of each that it is met, or why it is not. A condition on a change of running work counts once the change is
// taken, and is void when it is not taken. A request that goes on in others hands its conditions over to them (merge.go).

// Limits of conditions. Replay repeats the check of those that a merge hands over, so they never change.
const (
	maxConditionNames  = 300 // characters of who asked for it and of where it is from
	maxConditionsAsked = 10  // with one answer
	maxConditions      = 30  // of a request, void ones included
	maxConditionText   = 500
)

// Condition is what an approver wants fulfilled with a request that they approve.
type Condition struct {
	ID       string    `json:"id"` // c1, c2, …; never given twice in a request
	Text     string    `json:"text"`
	By       string    `json:"by"`            // who asked for it
	For      string    `json:"for,omitempty"` // whose seat they filled, if not their own
	At       time.Time `json:"at"`
	Question string    `json:"decision,omitempty"` // the question it was asked for in
	From     string    `json:"from,omitempty"`     // the request and the condition it was handed over from
	Change   bool      `json:"change,omitempty"`   // it is on a change that is under review
	Void     string    `json:"void,omitempty"`     // why it no longer counts
	Met      *bool     `json:"met,omitempty"`      // what the acceptance says of it
	Reason   string    `json:"reason,omitempty"`   // why it is not met
}

// ConditionData is what an answer says about a condition: its text where it is asked for, or whether it is met.
type ConditionData struct {
	ID     string `json:"id,omitempty" maxLength:"20" doc:"acceptance: the condition"`
	Text   string `json:"text,omitempty" maxLength:"500" doc:"approve_with_conditions: what has to be fulfilled"`
	Met    *bool  `json:"met,omitempty" doc:"acceptance: whether it is met"`
	Reason string `json:"reason,omitempty" maxLength:"500" doc:"acceptance: why it is not met; needed then"`
}

// PlanCondition says how a plan answers a condition: by a milestone of the plan, or in a note.
type PlanCondition struct {
	ID        string `json:"id" maxLength:"20"`
	Milestone string `json:"milestone,omitempty" maxLength:"200" doc:"Name of a milestone of the plan"`
	Note      string `json:"note,omitempty" maxLength:"500"`
}

// approves reports whether a verdict approves what is reviewed.
func approves(verdict string) bool {
	return verdict == VerdictApprove || verdict == VerdictApproveConditions
}

// ToFulfil reports whether plan and acceptance have to answer the condition.
func (c Condition) ToFulfil() bool { return c.Void == "" && !c.Change }

// ConditionsInForce lists the conditions that count, those on a change under review included.
func (r *Request) ConditionsInForce() []Condition {
	return slices.DeleteFunc(slices.Clone(r.Conditions), func(c Condition) bool { return c.Void != "" })
}

// toFulfil lists the conditions that plan and acceptance have to answer.
func (r *Request) toFulfil() []Condition {
	return slices.DeleteFunc(slices.Clone(r.Conditions), func(c Condition) bool { return !c.ToFulfil() })
}

func idsOf(list []Condition) string {
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	return strings.Join(ids, ", ")
}

// askers are who asked for it, and whose seat they filled.
func (c Condition) askers() []string { return union([]string{c.By}, c.For) }

// words names the condition and its first words, for a refusal.
func (c Condition) words() string {
	text := []rune(c.Text)
	if len(text) > 60 {
		text = append(text[:60], '…')
	}
	return fmt.Sprintf("condition %s of %s (%s)", c.ID, c.By, string(text))
}

// checkConditions returns why what an answer says about conditions cannot be taken, or nil.
func (r *Request) checkConditions(q *Question, o Option, d Data) *Refusal {
	const at = "/data/conditions"
	switch {
	case o.Verdict == VerdictApproveConditions:
		return r.checkAsked(at, d.Conditions)
	case q.Kind == KindAcceptance && o.Verdict != VerdictRework:
		_, refusal := r.judge(at, d.Conditions)
		return refusal
	case len(d.Conditions) > 0:
		return invalid(at, "do not go with %s", o.Verdict)
	case q.Kind == KindPlan && o.Verdict == VerdictAgree:
		if open := r.unansweredBy(r.LatestPlan()); len(open) > 0 {
			return invalid(at, "%s is not answered by the plan: counter with data.plan.conditions, which name a milestone or give a note for each", open[0].words())
		}
	}
	return nil
}

func (r *Request) checkAsked(at string, asked []ConditionData) *Refusal {
	switch {
	case len(asked) == 0:
		return invalid(at, "names at least one condition")
	case len(asked) > maxConditionsAsked:
		return invalid(at, "has more than %d elements", maxConditionsAsked)
	case len(r.Conditions)+len(asked) > maxConditions:
		return invalid(at, "a request has at most %d conditions, and it has %d", maxConditions, len(r.Conditions))
	}
	for i, c := range asked {
		switch {
		case strings.TrimSpace(c.Text) == "":
			return invalid(fmt.Sprintf("%s/%d/text", at, i), "says what has to be fulfilled")
		case c.ID != "" || c.Met != nil || c.Reason != "":
			return invalid(fmt.Sprintf("%s/%d", at, i), "has a text alone: it gets its id from the process")
		}
	}
	return checkConditionTexts(at, asked, func(c ConditionData) (string, string) { return "text", c.Text })
}

// checkConditionTexts refuses texts that are longer than those of conditions may be.
func checkConditionTexts[T any](at string, list []T, text func(T) (name, value string)) *Refusal {
	for i, element := range list {
		if name, value := text(element); len([]rune(value)) > maxConditionText {
			return invalid(fmt.Sprintf("%s/%d/%s", at, i, name), "is longer than %d characters", maxConditionText)
		}
	}
	return nil
}

// judge returns the conditions as an acceptance judges them, or why it does not: each is met, or it says why not.
func (r *Request) judge(at string, said []ConditionData) ([]Condition, *Refusal) {
	judged := slices.Clone(r.Conditions)
	open := r.toFulfil()
	for i, s := range said {
		n := slices.IndexFunc(open, func(c Condition) bool { return c.ID == s.ID })
		if n < 0 {
			return nil, invalid(fmt.Sprintf("%s/%d/id", at, i), "is none of the conditions that are still to be judged: %s", orNone(idsOf(open)))
		}
		met := s.Met != nil && *s.Met
		if !met && strings.TrimSpace(s.Reason) == "" {
			return nil, invalid(fmt.Sprintf("%s/%d/reason", at, i), "%s is not met: say why", open[n].words())
		}
		c := &judged[slices.IndexFunc(judged, func(c Condition) bool { return c.ID == s.ID })]
		c.Met, c.Reason = &met, s.Reason
		open = slices.Delete(open, n, n+1)
	}
	if len(open) > 0 {
		return nil, invalid(at, "%s is neither met nor does it say why not: give {\"id\": %q, \"met\": true} or a reason", open[0].words(), open[0].ID)
	}
	return judged, checkConditionTexts(at, said, func(c ConditionData) (string, string) { return "reason", c.Reason })
}

// askConditions takes the conditions that came with an approval. One that the same person has asked for is not added again.
func (r *Request) askConditions(q *Question, c Decide, now time.Time) {
	if c.Verdict != VerdictApproveConditions {
		return
	}
	for _, asked := range c.Data.Conditions {
		if slices.ContainsFunc(r.ConditionsInForce(), func(k Condition) bool { return k.Text == asked.Text && contains(k.askers(), c.By.Seat()) }) {
			continue
		}
		r.addCondition(Condition{Text: asked.Text, By: c.By.Actor, For: other(c.By.Seat(), c.By.Actor), At: now, Question: q.ID,
			Change: q.Kind == KindChangeReview || r.changeReviewed()}, now)
	}
}

// addCondition gives a condition its id and records it.
func (r *Request) addCondition(c Condition, now time.Time) {
	c.ID = fmt.Sprintf("c%d", len(r.Conditions)+1)
	r.Conditions = append(r.Conditions, c)
	text := fmt.Sprintf("Condition %s: %s", c.ID, c.Text)
	if c.From != "" {
		text = fmt.Sprintf("Condition %s, of %s: %s", c.ID, c.From, c.Text)
	}
	r.record(now, Entry{Event: EventCondition, Question: c.Question, Actor: c.By, For: c.For, Text: text, concerned: r.Followers()})
}

// endChangeConditions makes the conditions on a change count once it is taken, or void.
func (r *Request) endChangeConditions(taken bool, now time.Time) {
	for i := range r.Conditions {
		c := &r.Conditions[i]
		if !c.Change || c.Void != "" {
			continue
		}
		if c.Change = false; taken {
			continue
		}
		c.Void = "the change it was on is not taken"
		r.record(now, Entry{Event: EventCondition, Question: c.Question, concerned: c.askers(), Text: fmt.Sprintf("Condition %s no longer counts: %s.", c.ID, c.Void)})
	}
}

// acceptConditions takes what the acceptance says of each condition; who asked for it hears.
func (r *Request) acceptConditions(judged []Condition, by string, now time.Time) {
	r.Conditions = judged
	for _, c := range r.toFulfil() {
		text := fmt.Sprintf("Met: %s.", c.words())
		if !*c.Met {
			text = fmt.Sprintf("Not met: %s. Why: %s", c.words(), c.Reason)
		}
		r.record(now, Entry{Event: EventCondition, Actor: by, concerned: c.askers(), Text: text})
	}
}

// conditionsSummary says in a sentence what the acceptance said of the conditions; empty without any.
func (r *Request) conditionsSummary() string {
	var unmet []Condition
	all := r.toFulfil()
	for _, c := range all {
		if c.Met == nil || !*c.Met {
			unmet = append(unmet, c)
		}
	}
	switch {
	case len(all) == 0:
		return ""
	case len(unmet) == 0:
		return fmt.Sprintf(" Conditions met: %s.", idsOf(all))
	}
	return fmt.Sprintf(" %d of %d conditions met; not met: %s.", len(all)-len(unmet), len(all), idsOf(unmet))
}

// conditionTerms fits the terms of a question to the conditions: what they make an answer need, and what silence cannot do, because it
// answers none of them.
func (r *Request) conditionTerms(q *Question) {
	fulfil := r.toFulfil()
	if len(fulfil) == 0 {
		return
	}
	switch {
	case q.Kind == KindAcceptance:
		q.Options = slices.Clone(q.Options)
		for i := range q.Options {
			if q.Options[i].Verdict != VerdictRework {
				q.Options[i].Needs = append(slices.Clone(q.Options[i].Needs), "conditions")
			}
		}
		q.Text += fmt.Sprintf(" Say of each condition whether it is met: %s.", idsOf(fulfil))
		if q.OnSilence == VerdictAutoAccept {
			q.OnSilence = VerdictAskAgain
		}
	case q.Kind == KindPlan:
		if open := r.unansweredBy(r.LatestPlan()); len(open) > 0 {
			q.Text += fmt.Sprintf(" It does not answer the conditions %s yet: a counter names a milestone or gives a note for each.", idsOf(open))
			if q.OnSilence == VerdictAgree {
				q.OnSilence = VerdictAskAgain
			}
		}
	case q.Kind.AsksGroups():
		q.Text += fmt.Sprintf(" Conditions so far: %s.", idsOf(r.ConditionsInForce()))
	}
}

// unansweredBy lists the conditions that a plan answers by neither a milestone nor a note.
func (r *Request) unansweredBy(p *Plan) []Condition {
	return slices.DeleteFunc(r.toFulfil(), func(c Condition) bool {
		return p != nil && slices.ContainsFunc(p.Conditions, func(a PlanCondition) bool { return a.ID == c.ID && p.answers(a) })
	})
}

func (p *Plan) answers(a PlanCondition) bool {
	return strings.TrimSpace(a.Note) != "" || a.Milestone != "" && slices.ContainsFunc(p.Milestones, func(m Milestone) bool { return m.Name == a.Milestone })
}

// withConditions is the answers to conditions with those of a proposal: a condition that it does not mention stays answered as it was.
func withConditions(list, proposed []PlanCondition) []PlanCondition {
	list = slices.Clone(list)
	for _, a := range proposed {
		if i := slices.IndexFunc(list, func(b PlanCondition) bool { return b.ID == a.ID }); i >= 0 {
			list[i] = a
		} else {
			list = append(list, a)
		}
	}
	return list
}

// checkPlanConditions returns why the answers to conditions of a plan cannot be taken, or nil. proposed are those that the proposal gives.
func (r *Request) checkPlanConditions(at string, plan Plan, proposed []PlanCondition) *Refusal {
	for i, a := range proposed {
		switch {
		case !slices.ContainsFunc(r.ConditionsInForce(), func(c Condition) bool { return c.ID == a.ID }):
			return invalid(fmt.Sprintf("%s/%d/id", at, i), "is no condition of this request")
		case a.Milestone == "" && strings.TrimSpace(a.Note) == "":
			return invalid(fmt.Sprintf("%s/%d", at, i), "names a milestone, or says in a note how %s is met", a.ID)
		case !plan.answers(a):
			return invalid(fmt.Sprintf("%s/%d/milestone", at, i), "is no milestone of the plan")
		}
	}
	for _, a := range plan.Conditions {
		if !plan.answers(a) {
			return invalid(at, "%s was answered by the milestone %q, which the plan does not have any more", a.ID, a.Milestone)
		}
	}
	return checkConditionTexts(at, proposed, func(a PlanCondition) (string, string) { return "note", a.Note })
}

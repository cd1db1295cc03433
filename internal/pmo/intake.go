package pmo

import (
	"fmt"
	"strings"
	"time"
)

// Admission is what intake found out about the form as it is now: the number from Postgres, everything else from the policy.
// The activity Admit answers it; at most 4 KB.
type Admission struct {
	Number     int64     `json:"number"`
	Portfolio  string    `json:"portfolio"`
	Lane       Lane      `json:"lane"`
	LaneReason string    `json:"lane_reason"`
	Severity   string    `json:"severity"`
	Missing    []Gap     `json:"missing,omitempty"`
	Similar    []Similar `json:"similar,omitempty"` // at most five
	Rules      Rules     `json:"rules"`
	Forecast   string    `json:"forecast"` // the first forecast in words, for the requester
	// Calendar is the portfolio's working time.
	Calendar *Calendar `json:"calendar,omitempty"`
	// Route is the way through review, given when the facts are derived again after intake.
	Route *Route `json:"route,omitempty"`
	// Link is the request's address for people; empty where the installation has none.
	Link string `json:"link,omitempty"`
	// Ahead is what the steps after intake need, where it was asked for and there is room for it.
	Ahead *Ahead `json:"ahead,omitempty"`
}

// Gap is something the form lacks.
type Gap struct {
	Field string `json:"field"`
	Why   string `json:"why"`
}

// Similar is a request that may ask for the same; it never closes anything by itself.
type Similar struct {
	ID     string  `json:"id"`
	Number int64   `json:"number"`
	Title  string  `json:"title"`
	Score  float64 `json:"score"` // trigram similarity, 0 to 1
	Closed bool    `json:"closed,omitempty"`
	Words  string  `json:"words"` // what they share, in words
}

// intakeStep checks the form until it has no gaps that are still asked about, then has the sponsor confirm.
func (r *Request) intakeStep(now time.Time) Step {
	if !r.Admitted {
		return Step{Action: ActionAdmit}
	}
	if step, open := r.toOpen(r.clarifyQuestion(), r.sponsorQuestion()); open {
		return step
	}
	if len(r.OpenQuestions()) > 0 {
		return Step{Action: ActionWait}
	}
	return r.moved(TriggerFormComplete, now)
}

// Admit takes what intake found out about version r.Revision of the form.
func (r *Request) Admit(a Admission, now time.Time) {
	r.meetCalendar(a.Calendar)
	if r.AssessedBefore() != 0 {
		r.assessAgain(a, now)
		return
	}
	first := r.Number == 0
	r.Reassess = false
	was := r.Lane
	r.Number, r.Portfolio, r.Admitted, r.Link = a.Number, a.Portfolio, true, a.Link
	r.Lane, r.LaneReason, r.Severity, r.Missing, r.Similar, r.Rules = a.Lane, a.LaneReason, a.Severity, a.Missing, a.Similar, a.Rules
	text := fmt.Sprintf("%s: %s lane, because %s.", Ref(a.Number), laneWords(was, a.Lane), a.LaneReason)
	if first {
		r.record(r.SubmittedAt, Entry{Event: EventSubmitted, Key: EventSubmitted, Actor: r.SubmittedBy, For: other(r.Requester, r.SubmittedBy),
			Text: r.submitted()})
		text += " " + a.Forecast
		r.Forecast = a.Forecast
	}
	if len(a.Similar) > 0 {
		text += fmt.Sprintf(" Perhaps related: %s.", similarWords(a.Similar))
	}
	r.record(now, Entry{Event: EventAdmitted, Text: text, Policy: a.Rules.Policy})
}

// laneWords names the lane, and the one before when it is another.
func laneWords(was, is Lane) string {
	if was == "" || was == is {
		return string(is)
	}
	return fmt.Sprintf("%s instead of %s", is, was)
}

func (r *Request) submitted() string {
	text := "Submitted: " + r.Content.Title
	if r.OnBehalf != "" {
		text = fmt.Sprintf("Submitted: %s. For %s, because %s", r.Content.Title, r.Requester, r.OnBehalf)
	}
	if r.Agent != "" {
		text += fmt.Sprintf(". Drafted by the agent %s, confirmed by %s", r.Agent, r.SubmittedBy)
	}
	return text
}

func other(person, actor string) string {
	if person == actor {
		return ""
	}
	return person
}

func similarWords(list []Similar) string {
	words := make([]string, 0, len(list))
	for _, s := range list {
		words = append(words, fmt.Sprintf("%s %q (%.0f %% alike)", Ref(s.Number), s.Title, s.Score*100))
	}
	return strings.Join(words, ", ")
}

// clarifyQuestion asks for the gaps of the form; nil when there are none or they were asked about often enough.
func (r *Request) clarifyQuestion() *QuestionSpec {
	if len(r.Missing) == 0 || r.Waived || r.Rounds[KindClarify]-r.ClarifyFrom >= max(r.Rules.ClarifyRounds, 1) {
		return nil
	}
	var gaps []string
	for _, g := range r.Missing {
		gaps = append(gaps, g.Field+" ("+g.Why+")")
	}
	return &QuestionSpec{Kind: KindClarify, Text: "Please add: " + strings.Join(gaps, "; ") + "."}
}

// sponsorQuestion asks the sponsor to confirm; nil where the lane needs none, or they have.
func (r *Request) sponsorQuestion() *QuestionSpec {
	if !r.Rules.NeedsSponsor || r.Content.Sponsor == "" || r.Sponsored == r.Content.Sponsor {
		return nil
	}
	return &QuestionSpec{Kind: KindSponsor, Text: fmt.Sprintf("%s asks you to sponsor %q. Do you stand behind it?", r.Requester, r.Content.Title)}
}

func (r *Request) clarifySettled(q Question, now time.Time) {
	switch {
	case q.Verdict == VerdictUnknown || q.Verdict == VerdictExpire:
		r.Waived = true
	case r.asksAboutWork() && q.Data != nil && q.Data.Patch != nil && len(r.materialIn(*q.Data.Patch)) > 0:
		r.proposeAnswer(q, now)
	case q.Data != nil && q.Data.Patch != nil:
		material := r.applyAnswer(q, now)
		switch {
		case len(material) == 0:
		case r.Process >= Process05 && r.Stage == StageReview && r.InfoWanted == "", r.Process >= Process06 && r.Stage == StagePrioritization:
			r.backToReview(now)
		default:
			r.Route = nil // asked by review: the route is found again for the changed content
		}
	}
	if r.InfoWanted != "" {
		r.InfoWanted = ""
		return // review opens its next round
	}
	if r.Process < Process05 || r.Stage == StageIntake {
		r.Admitted = r.Waived
	}
}

// asksAboutWork reports whether a question of kind clarify is about the form of a request that holds a slot. Since 0.6.
func (r *Request) asksAboutWork() bool {
	return r.Process >= Process06 && r.Pulled() && !r.changeAsksInfo()
}

// proposeAnswer makes a material answer about the form of work under way what a material amendment is: a change that both sides are asked about.
func (r *Request) proposeAnswer(q Question, now time.Time) {
	r.Change = &Change{By: q.SettledBy, Patch: *q.Data.Patch, Reason: "It fills a gap of the form."}
	r.record(now, Entry{Event: EventChange, Key: EventChange + "/" + q.ID, Question: q.ID, Actor: q.SettledBy,
		Text: fmt.Sprintf("Change of %s proposed with the answer; requester and team are asked.", strings.Join(r.materialIn(*q.Data.Patch), ", "))})
}

func (r *Request) sponsorSettled(q Question, reason string, now time.Time) {
	if q.Verdict == VerdictConfirm {
		r.Sponsored, r.SponsorsLost = r.Content.Sponsor, 0
		return
	}
	if r.Process >= Process05 {
		r.sponsorLost(q, reason, now)
		return
	}
	if q.Verdict == VerdictReject || r.Rounds[KindSponsor] >= 3 {
		r.Close(TriggerNoSponsor, "No sponsor stood behind it: "+reason, By{}, now)
		return
	}
	// The form is checked again: without a sponsor it has a gap, and the requester names another one.
	r.Content.Sponsor, r.Admitted, r.Waived = "", false, false
	r.Revision++
	// There is one more round for it; a round's number is never given twice.
	r.ClarifyFrom = max(r.ClarifyFrom, r.Rounds[KindClarify]-max(r.Rules.ClarifyRounds, 1)+1)
}

// applyAnswer takes the changes that came with an answer. It returns the material ones.
func (r *Request) applyAnswer(q Question, now time.Time) []string {
	changed, material := r.apply(*q.Data.Patch, now)
	r.notePatch(*q.Data.Patch, q.SettledBy, now)
	if len(changed) > 0 {
		r.record(now, Entry{Event: EventAmended, Key: EventAmended + "/" + q.ID, Question: q.ID, Actor: q.SettledBy,
			Text: "Changed with the answer: " + strings.Join(changed, ", ") + "."})
	}
	return material
}

// apply changes the content and counts the revision; a material change also counts the version. It returns the changed fields. Every change of
// the content comes through here, so making a request confidential drops its watchers whichever way it came.
func (r *Request) apply(p Patch, now time.Time) (changed, material []string) {
	open := !r.Content.Confidential
	r.Content, changed = p.Apply(r.Content)
	if len(changed) == 0 {
		return nil, nil
	}
	r.Seq++
	r.Revision++
	r.noteNeeds(now)
	if material = Material(changed, r.Rules.Material); len(material) > 0 {
		r.Version++
	}
	r.outdateFacts()
	r.renewRecommendation(changed, now)
	if contains(changed, "sponsor") {
		r.sponsorChanged(now)
	}
	if open && r.Content.Confidential {
		r.dropWatchers(now)
	}
	return changed, material
}

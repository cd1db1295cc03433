package pmo

import (
	"fmt"
	"strings"
	"time"
)

// BacklogEntered starts the clock of cooling urgency.
func (r *Request) BacklogEntered(now time.Time) {
	if r.ReconfirmBy.IsZero() && r.Rules.ReconfirmAfter > 0 {
		r.ReconfirmBy = now.Add(r.Rules.ReconfirmAfter)
		r.Seq++
	}
}

// ScoreNeeded is the question for missing inputs, if one is to be put now.
func (r *Request) ScoreNeeded() (QuestionSpec, bool) {
	missing := r.Content.Inputs.Missing()
	if len(missing) == 0 || r.Content.Class == ClassExpedite {
		return QuestionSpec{}, false
	}
	return QuestionSpec{Kind: KindScore, Text: "To be ranked it needs: " + strings.Join(missing, ", ") + "."}, true
}

// ReconfirmNeeded is the question whether the need still stands, if it is time.
func (r *Request) ReconfirmNeeded(now time.Time) (QuestionSpec, bool) {
	at := r.ReconfirmDue()
	if at.IsZero() || at.After(now) {
		return QuestionSpec{}, false
	}
	return QuestionSpec{Kind: KindReconfirm, Text: fmt.Sprintf("%q has waited since %s. Do need and date still stand?", r.Content.Title, r.StageSince.UTC().Format(time.DateOnly))}, true
}

// TakeSlot takes the slot a run gave. It tells whether the request could use it.
func (r *Request) TakeSlot(p Pull, now time.Time) bool {
	if !r.WaitsForPull() {
		r.Seq++ // the next projection gives the slot back
		return false
	}
	r.Pull, r.ReconfirmBy = &p, time.Time{} // what is worked on does not cool; back in the backlog its clock starts anew
	if r.PulledAt.IsZero() {
		r.PulledAt = now
	}
	text := "Pulled from the backlog by " + p.Run + "."
	if p.By != "" {
		text = "Pulled by override: " + p.Reason
	}
	r.record(now, Entry{Event: EventPulled, Actor: p.By, Text: text, Recipients: r.followers()})
	return true
}

func (r *Request) reconfirmed(q Question, now time.Time) {
	switch {
	case q.Verdict == VerdictNotNeeded:
		r.Close(OutcomeWithdrawn, "The requester no longer needs it.", By{}, now)
		return
	case q.Verdict == VerdictAskAgain:
		r.MissedReconfirmations++
		if r.MissedReconfirmations >= max(r.Rules.ReconfirmRounds, 1) {
			r.Close(OutcomeExpired, fmt.Sprintf("Nobody answered %d times whether it is still needed.", r.MissedReconfirmations), By{}, now)
		}
		return // asked again as the next round
	}
	r.MissedReconfirmations = 0
	r.ReconfirmBy = now.Add(r.Rules.ReconfirmAfter)
	if q.Data != nil && q.Data.Patch != nil {
		if material := r.applyAnswer(q, now); len(material) > 0 {
			r.backToReview(now)
		}
	}
}

func (r *Request) scored(q Question, now time.Time) {
	if q.Data == nil || q.Data.Inputs == nil {
		return
	}
	r.mergeInputs(*q.Data.Inputs)
	r.record(now, Entry{Event: EventInputs, Key: EventInputs + "/" + q.ID, Actor: q.SettledBy, Text: "Inputs completed."})
}

// mergeInputs takes the values given and leaves the others.
func (r *Request) mergeInputs(in Inputs) {
	own := &r.Content.Inputs
	for _, part := range []struct{ to, from **float64 }{{&own.BusinessValue, &in.BusinessValue}, {&own.TimeCriticality, &in.TimeCriticality},
		{&own.RiskReduction, &in.RiskReduction}, {&own.JobSize, &in.JobSize}} {
		if *part.from != nil {
			*part.to = *part.from
		}
	}
	r.Revision++
}

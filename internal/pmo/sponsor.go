package pmo

import (
	"slices"
	"time"
)

// sponsorsAsked is how many people may decline to sponsor a request before it ends for want of a sponsor.
const sponsorsAsked = 3

// sponsorChanged is what follows when the content names another sponsor: nobody speaks as its sponsor until the new one has confirmed.
func (r *Request) sponsorChanged(now time.Time) {
	if r.Process < Process05 {
		return
	}
	r.Sponsored = ""
	r.supersede(now, "another sponsor is named", KindSponsor)
}

// ConfirmedSponsor is the sponsor who speaks for the request: named, and confirmed where the lane needs it. Empty: nobody does.
func (r *Request) ConfirmedSponsor() string {
	if r.Rules.NeedsSponsor && r.Sponsored != r.Content.Sponsor {
		return ""
	}
	return r.Content.Sponsor
}

// SponsorFor is the sponsor as a question of this kind knows them: only the confirmed one answers anything else than whether they sponsor it.
func (r *Request) SponsorFor(kind Kind) string {
	if kind == KindSponsor {
		return r.Content.Sponsor
	}
	return r.ConfirmedSponsor()
}

// sponsorAfterIntake asks a sponsor who is named after intake. In review nothing more is asked until they have answered; elsewhere the process
// goes on meanwhile.
func (r *Request) sponsorAfterIntake() (Step, bool) {
	if r.Process < Process05 || r.Stage == StageIntake || r.Stage == StageClosure {
		return Step{}, false
	}
	return r.toOpen(r.sponsorQuestion())
}

// sponsorLost is what follows when somebody does not sponsor the request. Before the pull it ends after several of them; work under way goes
// on. Another one may be named in both cases.
func (r *Request) sponsorLost(q Question, reason string, now time.Time) {
	r.SponsorsLost++
	if r.PulledAt.IsZero() && (q.Verdict == VerdictReject || r.SponsorsLost >= sponsorsAsked) {
		r.Close(TriggerNoSponsor, "No sponsor stood behind it: "+reason, By{}, now)
		return
	}
	r.Content.Sponsor = ""
	r.Revision++
	r.outdateFacts()
	if r.Stage == StageIntake {
		r.Admitted, r.Waived = false, false
		r.ClarifyFrom = max(r.ClarifyFrom, r.Rounds[KindClarify]-max(r.Rules.ClarifyRounds, 1)+1)
		return
	}
	r.record(now, Entry{Event: EventAmended, Text: "Nobody sponsors it now: " + reason + ". Please name another sponsor.", Recipients: r.Followers()})
}

// gapsInReview asks for the gaps that a change of the content opened after intake.
func (r *Request) gapsInReview() *QuestionSpec {
	if r.InfoWanted != "" {
		return nil
	}
	return r.clarifyQuestion()
}

// answersComeFirst reports whether review opens nothing more and does not pass yet: gaps of the form or the sponsor come first.
func (r *Request) answersComeFirst() bool {
	return slices.ContainsFunc(r.OpenQuestions(), func(q *Question) bool { return q.Kind == KindSponsor || q.Kind == KindClarify })
}

// endWithStage lists the kinds of question that end when another stage is entered; none means all. Whether somebody sponsors the request is
// asked on until the work is done.
func (r *Request) endWithStage(next Stage) []Kind {
	if r.Process < Process05 || next == StageClosure || r.Stage == StageIntake {
		return nil
	}
	return slices.DeleteFunc(Kinds(), func(k Kind) bool { return k == KindSponsor })
}

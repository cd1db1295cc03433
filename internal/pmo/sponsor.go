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

// ConfirmedSponsor is the sponsor who has the sponsor's rights: named, and has confirmed. Empty: nobody has.
func (r *Request) ConfirmedSponsor() string {
	if r.Sponsored != r.Content.Sponsor {
		return ""
	}
	return r.Content.Sponsor
}

// SponsorFor is the sponsor as a question of this kind knows them. Who has not confirmed is asked whether they do and, in a lane that needs no
// sponsor, about the benefit; they give no inputs.
func (r *Request) SponsorFor(kind Kind) string {
	if kind == KindSponsor || kind == KindBenefit && !r.Rules.NeedsSponsor {
		return r.Content.Sponsor
	}
	return r.ConfirmedSponsor()
}

// CheckSponsor returns why the request cannot name this sponsor, or nil. at is the JSON pointer of the form.
func CheckSponsor(sponsor, requester, submitter, at string) *Refusal {
	if sponsor != "" && (sponsor == requester || sponsor == submitter) {
		return invalid(at+"/sponsor", "is somebody else than the requester and who submitted it: no one sponsors their own request")
	}
	return nil
}

// checkPatch returns why somebody may not change these fields, or nil: what the door has judged by the table of fields, as far as the state
// knows it. The door of signals has no other check. Since 0.5, because histories hold what was accepted before.
func (r *Request) checkPatch(p Patch, at string, people ...string) *Refusal {
	if r.Process < Process05 {
		return nil
	}
	if p.Sponsor != nil {
		if refusal := CheckSponsor(*p.Sponsor, r.Requester, r.SubmittedBy, at); refusal != nil {
			return refusal
		}
	}
	if !contains(p.Fields(), "inputs") {
		return nil
	}
	if r.Pulled() {
		return refuse(RefusedMovedOn, "it has been pulled; its rank no longer counts")
	}
	if !r.Stage.InputsMayBeStated() && slices.ContainsFunc(people, r.isOwn) {
		return refuse(RefusedOwnRequest, "the inputs of a request are set by others once it is reviewed")
	}
	return nil
}

// formAfterIntake asks a sponsor who is named after intake and, since 0.6, for gaps that a change of the content or of the policy opened. In
// review nothing more is asked until they have answered, and in the backlog the request is not pulled; after the pull the process goes on
// meanwhile. A proposed change may fill the gap, so that it is decided first.
func (r *Request) formAfterIntake() (Step, bool) {
	if r.Process < Process05 || r.Stage == StageIntake || r.Stage == StageClosure {
		return Step{}, false
	}
	questions := []*QuestionSpec{r.sponsorQuestion()}
	if r.Process >= Process06 && r.Stage != StageReview && r.DoneAt.IsZero() && r.Change == nil {
		questions = append(questions, r.clarifyQuestion())
	}
	return r.toOpen(questions...)
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
	r.record(now, Entry{Event: EventAmended, Text: "Nobody sponsors it now: " + reason + ". Please name another sponsor."})
}

// gapsInReview asks for the gaps that a change of the content opened after intake.
func (r *Request) gapsInReview() *QuestionSpec {
	if r.InfoWanted != "" {
		return nil
	}
	return r.clarifyQuestion()
}

// FormKinds are the kinds of question about the form and its sponsor.
func FormKinds() []Kind { return []Kind{KindSponsor, KindClarify} }

// answersComeFirst reports whether gaps of the form or the sponsor come first: review opens nothing more and does not pass yet, and a request
// of the backlog is not pulled.
func (r *Request) answersComeFirst() bool {
	return slices.ContainsFunc(r.OpenQuestions(), func(q *Question) bool { return slices.Contains(FormKinds(), q.Kind) })
}

// endWithStage lists the kinds of question that end when another stage is entered; none means all. Whether somebody sponsors the request and,
// since 0.6, what its form lacks are asked on until the work is done.
func (r *Request) endWithStage(next Stage) []Kind {
	if r.Process < Process05 || next == StageClosure || r.Stage == StageIntake {
		return nil
	}
	gaps := r.Process >= Process06 && r.InfoWanted == "" && !r.changeAsksInfo()
	return slices.DeleteFunc(Kinds(), func(k Kind) bool { return k == KindSponsor || k == KindClarify && gaps })
}

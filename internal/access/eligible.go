package access

import (
	"slices"
	"strings"

	"leanpmo/internal/pmo"
)

// Candidate is somebody who may answer a question, with what the rule depends on.
type Candidate struct {
	Actor
	ActsFor []string // whose delegate they are now
	For     string   // the seat they name; empty: their own, or the only one they can fill
}

// Seats are a question and its request, as far as the rule depends on them.
type Seats struct {
	Kind        pmo.Kind
	Asked       []string // who may answer: the people asked and, once escalated, those who joined
	Requester   string
	SubmittedBy string
}

// Cause is why somebody may not answer, for callers that word it themselves.
type Cause string

// The causes.
const (
	CauseUnknown     Cause = "unknown"      // nobody is known by that id
	CauseRequester   Cause = "requester"    // it is their own request
	CauseSubmittedBy Cause = "submitted_by" // they submitted it for the requester
	CauseDelegate    Cause = "delegate"     // they are the delegate of the requester or the submitter
	CauseAdmin       Cause = "admin"        // administrators do not judge
	CauseService     Cause = "service"      // services do not judge, unless the policy lets them
	CauseAgent       Cause = "agent"        // agents answer nothing
	CauseNotDelegate Cause = "not_delegate" // the person they name has not named them
	CauseNotAsked    Cause = "not_asked"    // the question does not ask them, nor anybody whose delegate they are
	CauseAmbiguous   Cause = "ambiguous"    // they can fill several seats and name none
)

// Eligibility is the answer of Eligible: whose seat the answer fills, or why there is none.
type Eligibility struct {
	Decision
	Seat  string
	Cause Cause
}

// Eligible is the one rule of who may answer a question. Separation of duties comes first: no one judges their own request, nor one of
// somebody whose delegate they are; no one sponsors their own; an administrator, who could take any seat, does not judge, nor does a service. Then a seat is needed:
// the candidate's own, or that of somebody who named them as delegate.
//
// Whether the question is still open, and whether the seat has answered already, is known to the process alone, which refuses what comes
// too late.
func Eligible(c Candidate, s Seats) Eligibility {
	if c.ID == "" {
		return ineligible(CauseUnknown, pmo.RefusedForbidden, "nobody is known by that id")
	}
	if c.Agent {
		return ineligible(CauseAgent, pmo.RefusedForbidden, "an agent answers no question: a person does")
	}
	if cause := conflict(c, s); cause != "" {
		return ineligible(cause, pmo.RefusedOwnRequest, ownReason(s.Kind, cause))
	}
	if s.Kind.Judges() && c.has(RoleAdmin) {
		return ineligible(CauseAdmin, pmo.RefusedForbidden, "an administrator, who could give themselves any seat, does not judge requests")
	}
	if s.Kind.Judges() && c.Service {
		return ineligible(CauseService, pmo.RefusedForbidden, "a service does not judge requests, unless the policy lets it")
	}
	return seatOf(c, s)
}

// Named says why somebody who is to be given a seat of such a question could not answer it; empty when they could.
func Named(c Candidate, s Seats) string {
	s.Asked = []string{c.ID}
	e := Eligible(c, s)
	if e.Allowed {
		return ""
	}
	return "may not answer it: " + CauseText[e.Cause]
}

// CauseText words the causes for whoever names somebody else.
var CauseText = map[Cause]string{
	CauseRequester: "it is their own request", CauseSubmittedBy: "they submitted it", CauseUnknown: "they are not in the directory",
	CauseDelegate: "they are the requester's delegate", CauseAdmin: "administrators do not judge", CauseService: "services do not judge",
	CauseAgent: "agents answer no questions",
}

// conflict is what the candidate has to do with the request that keeps them from answering.
func conflict(c Candidate, s Seats) Cause {
	judges := s.Kind.Judges()
	switch standsIn := slices.Contains(c.ActsFor, s.Requester) || s.SubmittedBy != "" && slices.Contains(c.ActsFor, s.SubmittedBy); {
	case !judges && s.Kind != pmo.KindSponsor:
		return ""
	case c.ID == s.Requester:
		return CauseRequester
	case judges && c.ID == s.SubmittedBy:
		return CauseSubmittedBy
	case standsIn:
		return CauseDelegate
	}
	return ""
}

func ownReason(kind pmo.Kind, cause Cause) string {
	if kind == pmo.KindSponsor {
		return "the sponsor is somebody else than the requester"
	}
	switch cause {
	case CauseRequester:
		return "this is your own request; no one judges their own"
	case CauseSubmittedBy:
		return "you submitted this request; who submits a request does not judge it"
	}
	return "you are the delegate of the requester, or of who submitted the request, and so cannot judge it"
}

// seatOf finds the seat the candidate fills.
func seatOf(c Candidate, s Seats) Eligibility {
	if c.For != "" && c.For != c.ID {
		if !slices.Contains(c.ActsFor, c.For) {
			return ineligible(CauseNotDelegate, pmo.RefusedNotAsked, "the person you name has not named you as their delegate")
		}
		return asked(s, []string{c.For})
	}
	if slices.Contains(s.Asked, c.ID) || c.For == c.ID {
		return asked(s, []string{c.ID})
	}
	return asked(s, c.ActsFor)
}

func asked(s Seats, seats []string) Eligibility {
	seats = slices.DeleteFunc(slices.Clone(seats), func(seat string) bool { return !slices.Contains(s.Asked, seat) })
	switch len(seats) {
	case 0:
		return ineligible(CauseNotAsked, pmo.RefusedNotAsked, "the question asks neither you nor anybody whose delegate you are")
	case 1:
		return Eligibility{Decision: Decision{Allowed: true}, Seat: seats[0]}
	}
	return ineligible(CauseAmbiguous, pmo.RefusedInvalid, "say for whom you answer: "+strings.Join(seats, " or "))
}

func ineligible(cause Cause, kind, reason string) Eligibility {
	return Eligibility{Decision: refuse(kind, reason), Cause: cause}
}

package pmo

import "time"

// Ahead is what the steps that follow intake at once will ask for. The activity Admit finds it along with the admission, so that a
// submission takes one step of the worker and not one for each. Since 0.8.
type Ahead struct {
	At    time.Time   `json:"at"` // the deadlines of the terms count from here
	Steps []AheadStep `json:"steps,omitempty"`
}

// AheadStep is the answer to one step: a route, or the terms of a question. It is of use as long as the request is at Seq.
type AheadStep struct {
	Seq   int64          `json:"seq"`
	Route *Route         `json:"route,omitempty"`
	ID    string         `json:"id,omitempty"` // of the question
	Terms *QuestionTerms `json:"terms,omitempty"`
}

// mostAhead is how many moves of a request are looked ahead: review with some groups takes four or five.
const mostAhead = 12

// LookAhead takes a request through the steps after its admission, until it waits or needs something else. The request is a copy that
// nothing else is done with.
func LookAhead(r *Request, a Admission, at time.Time, route func(RouteInput) (Route, error), terms func(QuestionTermsInput) QuestionTerms) (*Ahead, error) {
	ahead := &Ahead{At: at}
	r.Admit(a, at)
	for range mostAhead {
		step := r.NextStep(at)
		switch step.Action {
		case ActionContinue:
		case ActionRoute:
			found, err := route(r.RouteInput())
			if err != nil {
				return nil, err
			}
			ahead.Steps = append(ahead.Steps, AheadStep{Seq: r.Seq, Route: &found})
			r.SetRoute(found, at)
		case ActionOpenQuestion:
			in := r.TermsOf(step.Question, at)
			found := terms(in)
			ahead.Steps = append(ahead.Steps, AheadStep{Seq: r.Seq, ID: QuestionID(in.Kind, in.Round, in.Group), Terms: &found})
			r.OpenQuestion(step.Question, found, at)
		default:
			return ahead, nil
		}
	}
	return ahead, nil
}

// RouteAt is the route that was found ahead for the request as it is at seq; nil: none was.
func (a *Ahead) RouteAt(seq int64) *Route {
	if step := a.at(seq); step != nil {
		return step.Route
	}
	return nil
}

// TermsAt are the terms that were found ahead for a question of the request as it is at seq; nil: none were.
func (a *Ahead) TermsAt(seq int64, id string) *QuestionTerms {
	if step := a.at(seq); step != nil && step.ID == id {
		return step.Terms
	}
	return nil
}

func (a *Ahead) at(seq int64) *AheadStep {
	if a == nil {
		return nil
	}
	for i := range a.Steps {
		if a.Steps[i].Seq == seq {
			return &a.Steps[i]
		}
	}
	return nil
}

// TermsOf asks for the terms of a question that opens at a time.
func (r *Request) TermsOf(question QuestionSpec, at time.Time) QuestionTermsInput {
	return r.TermsInput(question.Kind, r.NextRound(question), question.Group, question.Quorum, at)
}

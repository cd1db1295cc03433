package pmo

import (
	"strings"
	"time"
)

// CheckDecide returns why an answer cannot be taken, or nil. It changes nothing.
func (r *Request) CheckDecide(c Decide, now time.Time) *Refusal {
	if refusal := r.checkAcceptsCommands(); refusal != nil {
		return refusal
	}
	q := r.Question(c.Question)
	if q == nil {
		return r.unknownQuestion(c.Question)
	}
	seat := c.By.Seat()
	if !q.Open() {
		return closedQuestion(q)
	}
	if q.Voted(seat) || q.Voted(c.By.Actor) {
		return refuse(RefusedDecided, "%s has already answered %s", seat, q.ID)
	}
	if q.Kind.Judges() && (r.isOwn(c.By.Actor) || r.isOwn(seat)) {
		return refuse(RefusedOwnRequest, "this request is yours, or you submitted it, or the seat is of somebody whose request it is")
	}
	if !contains(q.Seats(), seat) && !c.By.Joins {
		return refuse(RefusedNotAsked, "%s does not wait on %s", q.ID, seat)
	}
	if q.Counting >= CountOwnSeats && seat != c.By.Actor && contains(q.Seats(), c.By.Actor) {
		return refuse(RefusedNotAsked, "%s has a seat of their own in %s; the seat of %s needs another person", c.By.Actor, q.ID, seat)
	}
	option, ok := q.option(c.Verdict)
	if !ok {
		return invalid("/verdict", "%s takes one of: %s", q.ID, q.verdicts())
	}
	return r.checkData(q, option, c, now)
}

func (r *Request) isOwn(person string) bool { return person == r.Requester || person == r.SubmittedBy }

func (r *Request) checkAcceptsCommands() *Refusal {
	switch r.Status {
	case StatusClosed:
		return refuse(RefusedClosed, "%s", r.HowItClosed())
	case StatusOnHold:
		return refuse(RefusedOnHold, "the request is on hold: %s", r.Hold.Reason)
	}
	return nil
}

func closedQuestion(q *Question) *Refusal {
	if q.Status == QuestionSuperseded || q.Status == QuestionSuspended {
		return refuse(RefusedSuperseded, "%s is over: %s", q.ID, q.SettledBy)
	}
	return refuse(RefusedDecided, "%s was settled as %s by %s", q.ID, q.Verdict, q.SettledBy)
}

// unknownQuestion distinguishes the id of an earlier round from one that never existed.
func (r *Request) unknownQuestion(id string) *Refusal {
	for _, kind := range Kinds() {
		for round := 1; round <= r.Rounds[kind]; round++ {
			if prefix := QuestionID(kind, round, ""); id == prefix || len(id) > len(prefix) && id[:len(prefix)+1] == prefix+"/" {
				return refuse(RefusedSuperseded, "%s is over", prefix)
			}
		}
	}
	return refuse(RefusedNoSuchQuestion, "this request has no such question")
}

func (q *Question) verdicts() string {
	list := ""
	for i, o := range q.Options {
		if i > 0 {
			list += ", "
		}
		list += o.Verdict
	}
	return list
}

func (r *Request) checkData(q *Question, o Option, c Decide, now time.Time) *Refusal {
	if o.Reason && c.Reason == "" {
		return invalid("/reason", "%s needs a reason", o.Verdict)
	}
	for _, need := range o.Needs {
		if refusal := r.checkNeed(need, c.Data, now); refusal != nil {
			return refusal
		}
	}
	if p := c.Data.Patch; p != nil && p.Inputs != nil {
		if refusal := r.checkInputs(*p.Inputs, "/data/patch/inputs"); refusal != nil {
			return refusal
		}
	}
	if p := c.Data.Patch; p != nil {
		if refusal := r.checkPatch(*p, "/data/patch", c.By.Actor, c.By.Seat()); refusal != nil {
			return refusal
		}
	}
	if p := c.Data.Patch; p != nil && q.Kind == KindClarify && r.asksAboutWork() && r.Change != nil && len(r.materialIn(*p)) > 0 {
		return refuse(RefusedDecided, "another change waits for an answer")
	}
	if refusal := r.checkNamed(q, o, c.Data); refusal != nil {
		return refusal
	}
	if refusal := r.checkConditions(q, o, c.Data); refusal != nil {
		return refusal
	}
	if q.Kind == KindPlan && o.Verdict == VerdictCounter && c.Data.Plan == nil && c.Data.Approach == "" {
		return invalid("/data", "a counter names another plan or another approach")
	}
	if q.Kind == KindPlan && c.Data.Plan != nil && r.Process >= Process05 {
		if refusal := r.CheckCounter(*c.Data.Plan, c.Data.Approach); refusal != nil {
			return refusal
		}
	}
	if d := c.Data.Approach; d != "" && !contains(Approaches(), d) {
		return invalid("/data/approach", "is one of: %s", strings.Join(Approaches(), ", "))
	}
	return nil
}

func (r *Request) checkNeed(need string, d Data, now time.Time) *Refusal {
	switch need {
	case "patch":
		if d.Patch == nil || d.Patch.Empty() {
			return invalid("/data/patch", "says which fields get which values")
		}
	case "review":
		return checkReviewAnswers(d.Review)
	case "inputs":
		if d.Inputs == nil {
			return invalid("/data/inputs", "gives the missing inputs")
		}
		return r.checkInputs(*d.Inputs, "/data/inputs")
	case "approach":
		if !contains(Approaches(), d.Approach) {
			return invalid("/data/approach", "is one of: %s", strings.Join(Approaches(), ", "))
		}
	case "of":
		if d.Of == "" || d.Of == r.ID {
			return invalid("/data/of", "names the other request")
		}
	case "team":
		if d.Team == "" {
			return invalid("/data/team", "names a team")
		}
	case "remedy":
		if d.Remedy == "" {
			return invalid("/data/remedy", "names one of the changes that the question lists, as in team/falcon")
		}
	case "person":
		if d.Person == "" {
			return invalid("/data/person", "names a person")
		}
	case "until":
		return r.checkUntil(d, now)
	}
	return nil
}

func (r *Request) checkUntil(d Data, now time.Time) *Refusal {
	at, err := d.deferredTo()
	switch {
	case err != nil:
		return invalid("/data/until", "is a date like 2027-03-31")
	case !at.After(now):
		return invalid("/data/until", "lies in the future: %s is not after today, %s", d.Until, d.today(now))
	case r.Rules.DeferAtMost > 0 && at.After(now.Add(r.Rules.DeferAtMost)):
		return invalid("/data/until", "lies at most %d days ahead", int(r.Rules.DeferAtMost.Hours()/24))
	}
	return nil
}

// today is the day that now is in the portfolio's time zone, which the moment tells at which the day of the deferral begins.
func (d Data) today(now time.Time) Date {
	if day, err := d.Until.Time(time.UTC); err == nil && !d.UntilAt.IsZero() {
		now = now.Add(day.Sub(d.UntilAt))
	}
	return Date(now.UTC().Format(time.DateOnly))
}

// checkInputs returns why inputs cannot be taken, or nil. The scale of the policy is known to the doors; what no policy allows is refused here
// too. Before 0.5 a job size had only to be positive.
func (r *Request) checkInputs(in Inputs, at string) *Refusal {
	if r.Process >= Process05 && in.JobSize != nil && !(*in.JobSize >= LeastJobSize) {
		return invalid(at+"/job_size", "is at least %g", LeastJobSize)
	}
	return in.check(at)
}

func (i Inputs) check(at string) *Refusal {
	for _, in := range i.Each() {
		switch v := in.Value; {
		case v == nil:
		case in.Name == "job_size" && (*v <= 0 || *v > in.Most): // the least of histories before 0.5
			return invalid(at+"/job_size", "is more than 0 and at most %g", in.Most)
		case in.Name != "job_size" && !(*v >= in.Least && *v <= in.Most):
			return invalid(at+"/"+in.Name, "lies between %g and %g", in.Least, in.Most)
		}
	}
	if i.MoSCoW != "" && !contains(MoSCoWWords(), i.MoSCoW) {
		return invalid(at+"/"+inputMoSCoW, "is one of %s", strings.Join(MoSCoWWords(), ", "))
	}
	return nil
}

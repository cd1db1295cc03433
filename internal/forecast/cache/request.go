package cache

import (
	"context"
	"fmt"
	"math"
	"time"

	"leanpmo/internal/forecast"
	"leanpmo/internal/pmo"
)

// PullWithin is the horizon, in days, within which it is said how likely a request is pulled.
const PullWithin = 28

// Place is where an open request stands, as far as its state does not say it.
type Place struct {
	Rank     int // in the ranking of its portfolio; 0: it has none
	WIPLimit int // of the portfolio
	// Counted says that the read model has the request, so that it is one of those that the demand counts.
	Counted bool
}

// Answer is when an open request is expected to be pulled and finished, and what that rests on.
type Answer struct {
	// Start is when it is pulled; of a request that is pulled it is the zero value.
	Start, Finish forecast.Result
	Queue         forecast.Queue
	Demand        forecast.Demand
	Undecided     bool
	PerWeek       float64 // requests that the portfolio finishes in a week
	Needs         int     // requests that must come first

	part    forecast.Part
	options forecast.Options
}

// ForRequest is the forecast for an open request.
func (c *Cache) ForRequest(ctx context.Context, r *pmo.Request, place Place, at time.Time) (Answer, error) {
	demand, err := c.Demand(ctx, r.Portfolio, at)
	if err != nil {
		return Answer{}, err
	}
	in, err := c.inputs(ctx, r.Portfolio, at)
	if err != nil {
		return Answer{}, err
	}
	queue := in.queueOf(r, place, demand, at)
	found := in.forecast(queue)
	answer := Answer{Start: found.start, Finish: found.finish, Queue: queue, Demand: demand, Undecided: r.Undecided(), PerWeek: in.model.PerWeek(), part: found.part, options: in.options}
	answer.part.Queue = r.Portfolio
	before, err := c.before(ctx, r, at, map[string]bool{})
	if answer.Needs = len(before); err == nil && len(before) > 0 {
		answer.after(before)
	}
	if n := answer.AbovePerWeek(); n > 0 && !answer.Finish.CannotForecast {
		answer.Finish.Sentence += fmt.Sprintf(" About %g a week are expected to come and rank above it.", n)
	}
	return answer, err
}

// after is the answer for a request that waits for others too.
func (a *Answer) after(before []forecast.Part) {
	a.part = a.part.After(a.options, before...)
	a.Start, a.Finish = forecast.Joint(a.options, a.Start, forecast.All(a.options, before...)), a.part.Finish(a.options)
	if !a.Finish.CannotForecast {
		a.Finish.Sentence += " What it needs has to come first, and counts."
	}
}

// queueOf is the place of an open request among what waits in its portfolio. One that has no rank yet comes after all that wait.
func (i *inputs) queueOf(r *pmo.Request, place Place, d forecast.Demand, at time.Time) forecast.Queue {
	counted := place.Counted && r.Status == pmo.StatusOpen // the demand counts no request that is on hold or deferred
	q := forecast.Queue{InProgress: d.InProgress, WIPLimit: place.WIPLimit, Pulled: r.Pulled(), Team: teamOf(r)}
	switch {
	case q.Pulled:
		off := i.calendar.DaysOff(i.teams[q.Team].Absences...)
		q.Age = int(i.calendar.Worked(off, r.PulledAt, at))
	case place.Rank > 0:
		q.Ahead, q.Above = place.Rank-1, i.arrivals.Above(forecast.PlaceOf(place.Rank, max(d.Waiting, place.Rank)))
	default:
		if counted && r.Undecided() {
			d.Undecided--
		} else if counted {
			d.Waiting--
		}
		q.Ahead, q.Above = max(d.Ahead(), 0), i.arrivals.AboveUnranked()
	}
	return q
}

// teamOf is the team that works on a request, or did before it was on hold.
func teamOf(r *pmo.Request) string {
	switch {
	case r.Assignment != nil:
		return r.Assignment.Team
	case r.PreviousAssignment != nil:
		return r.PreviousAssignment.Team
	}
	return ""
}

// AbovePerWeek is how many requests are expected to come in a week and to be pulled before it.
func (a *Answer) AbovePerWeek() float64 { return math.Round(a.Queue.Above*70) / 10 }

// Approval is the chance that the request is approved: 1 once it is.
func (a *Answer) Approval() float64 {
	if !a.Undecided {
		return 1
	}
	return a.Demand.Chance()
}

// PulledWithin is the chance that the request is pulled within so many days, its approval included; false where it cannot be said, and for one
// that is pulled.
func (a *Answer) PulledWithin(days int) (float64, bool) {
	if a.Queue.Pulled || a.Start.CannotForecast {
		return 0, false
	}
	chance := a.Start.ChanceWithin(days)
	return a.Approval() * chance.P, chance.Known
}

// Wanted is the chance that the request is approved and finished by the end of a wanted day.
func (a *Answer) Wanted(day time.Time) forecast.IfWhen {
	return forecast.IfAndWhen(a.Approval(), a.Finish.ChanceBy(day))
}

// Selection is when the last of several open requests is finished, if all are approved.
type Selection struct {
	Finish forecast.Result
	// SharedPeople says that people work on several of them.
	SharedPeople bool
	// Approved is the chance that all are approved, as if each were decided by itself.
	Approved float64
}

// All is the common forecast of several open requests.
func All(answers []Answer) Selection {
	s := Selection{Approved: 1}
	var parts []forecast.Part
	var o forecast.Options
	for i := range answers {
		a := &answers[i]
		if i == 0 {
			o = a.options
		}
		parts = append(parts, a.part)
		s.Approved *= a.Approval()
	}
	s.Finish, s.SharedPeople = forecast.All(o, parts...), forecast.SharePeople(parts...)
	return s
}

// Wanted is the chance that all are approved and finished by the end of a wanted day.
func (s *Selection) Wanted(day time.Time) forecast.IfWhen {
	return forecast.IfAndWhen(s.Approved, s.Finish.ChanceBy(day))
}

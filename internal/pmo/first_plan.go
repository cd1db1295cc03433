package pmo

import "time"

// FirstPlan is what the plan said that was agreed first. Later plans are compared with it, and in the end what came true.
type FirstPlan struct {
	Approach string    `json:"approach"`
	EndsAt   time.Time `json:"ends_at,omitzero" doc:"When it said that the work would be done; absent where it said nothing"`
}

// noteFirstPlan keeps what the plan says that is agreed first. Requests that agreed on one before Process10 have it in their ledger.
func (r *Request) noteFirstPlan() {
	if r.Process >= Process10 && r.FirstPlan == nil {
		r.FirstPlan = &FirstPlan{Approach: r.Plan.Approach, EndsAt: r.planEnd()}
	}
}

// planEnd is when the plan says that the work will be done: the end of the last of its days, else of its iterations from the agreement on, else of
// its expectation from the pull on; zero where it says nothing.
func (r *Request) planEnd() time.Time {
	p := r.Plan
	last := r.calendar().EndOf(p.Due)
	for _, m := range p.Milestones {
		last = later(last, r.calendar().EndOf(m.Due))
	}
	switch {
	case !last.IsZero():
		return last
	case p.Iterations > 0 && p.WeeksEach > 0 && !r.StartedAt.IsZero():
		return r.StartedAt.AddDate(0, 0, 7*p.Iterations*p.WeeksEach)
	case p.Expectation != nil && p.Expectation.Days > 0 && !r.PulledAt.IsZero():
		return r.PulledAt.AddDate(0, 0, p.Expectation.Days)
	}
	return time.Time{}
}

package approach

import (
	"math"
	"time"

	"leanpmo/internal/pmo"
)

// Finished is a delivered request as a retrospective reads it.
type Finished struct {
	Approach    string // the way of working at the end
	Recommended string
	Began       string    // the way of working of the plan that was agreed first; empty where none is kept
	PlannedEnd  time.Time // when that plan said that the work would be done; zero where it said nothing
	PulledAt    time.Time
	StartedAt   time.Time // a plan was agreed
	AcceptedAt  time.Time
	Reworks     int
	Remarks     bool // accepted with remarks
	Benefit     string
}

// FinishedOf reads a request that is delivered. A request that agreed on its first plan before 0.10 does not keep what that said.
func FinishedOf(r *pmo.Request) Finished {
	f := Finished{Approach: r.Approach.Name(), PulledAt: r.PulledAt, StartedAt: r.StartedAt, AcceptedAt: r.AcceptedAt, Reworks: r.Reworks, Remarks: r.Remarks != "", Benefit: r.Benefit}
	if r.Approach != nil {
		f.Recommended = r.Approach.Recommended
	}
	if first := r.FirstPlan; first != nil {
		f.Began, f.PlannedEnd = first.Approach, first.EndsAt
	}
	return f
}

// Worked compares of one delivered request what was recommended, what was chosen, and what came of it. What nothing is known of is absent.
type Worked struct {
	Recommended   string     `json:"recommended" doc:"The way of working that was recommended"`
	Began         string     `json:"began" doc:"The one that work began in, by the plan that was agreed first"`
	Ended         string     `json:"ended" doc:"The one that it ended in"`
	Taken         bool       `json:"taken" doc:"Work began in the recommended one"`
	Kept          bool       `json:"kept" doc:"It ended in the one that it began in"`
	Days          float64    `json:"days" doc:"From the pull to the acceptance"`
	Waiting       *float64   `json:"waiting_days,omitempty" doc:"From the pull until a plan was agreed"`
	PlannedEnd    *time.Time `json:"planned_end,omitempty" doc:"When the first agreed plan said that it would be done"`
	DaysOver      *float64   `json:"days_over,omitempty" doc:"How many days after that it was accepted; negative: before"`
	ForecastError *float64   `json:"forecast_error,omitempty" doc:"How much longer than the plan said, from the pull; 0.2 is 20 %"`
	Late          bool       `json:"late,omitempty" doc:"It was accepted after that end"`
	Reworks       int        `json:"reworks" doc:"How often the requester sent it back"`
	Satisfied     bool       `json:"satisfied" doc:"Accepted without remarks, and never sent back"`
	Benefit       string     `json:"benefit,omitempty" doc:"What the benefit review found; absent without an answer"`
	Realised      bool       `json:"realised,omitempty" doc:"The benefit came, in whole"`
}

// Worked compares what was said with what came true.
func (f Finished) Worked() Worked {
	w := Worked{Recommended: f.Recommended, Began: f.Began, Ended: f.Approach, Days: elapsedDays(f.PulledAt, f.AcceptedAt), Reworks: f.Reworks, Satisfied: f.Reworks == 0 && !f.Remarks}
	if w.Began == "" {
		w.Began = f.Approach
	}
	w.Taken, w.Kept = w.Began == w.Recommended, w.Ended == w.Began
	if !f.StartedAt.IsZero() {
		waited := math.Max(elapsedDays(f.PulledAt, f.StartedAt), 0)
		w.Waiting = &waited
	}
	if !f.PlannedEnd.IsZero() {
		planned, over := math.Max(elapsedDays(f.PulledAt, f.PlannedEnd), 1), elapsedDays(f.PlannedEnd, f.AcceptedAt)
		part := w.Days/planned - 1
		w.PlannedEnd, w.DaysOver, w.ForecastError, w.Late = &f.PlannedEnd, &over, &part, w.Days > planned
	}
	if f.Benefit != pmo.VerdictNotReview {
		w.Benefit, w.Realised = f.Benefit, f.Benefit == realisedInFull
	}
	return w
}

func elapsedDays(from, to time.Time) float64 { return to.Sub(from).Hours() / 24 }

package approach

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"leanpmo/internal/pmo"
)

// Sign is evidence that a plan or its way of working no longer fits.
type Sign struct {
	// Kind is unplanned, late, pace, volatility or answers.
	Kind string
	Says string
	// Suggests is the approach that it speaks for; empty where it speaks for planning anew.
	Suggests Approach
}

// Borders of evidence. Above muchUnplanned percent of unplanned work iterations stop to be plans, above mostUnplanned they are a flow; the rest
// are our conventions.
const (
	muchUnplanned    = 30
	mostUnplanned    = 50
	missedMilestones = 2
	missedIterations = 2
)

// Course is how work by a plan has gone so far.
type Course struct {
	Plan      pmo.Plan
	Unplanned *float64 // percent of the work that comes unplanned
	Percent   *int     // of the work that is done
	Started   time.Time
	Now       time.Time
	Today     pmo.Date // in the time zone of the portfolio
	// Changed is the percentage of the scope that changed in a month so far, and Answered what the answers said of the requirements; nil where it is not known.
	Changed, Answered *float64
	// FitsChanged is what would be recommended if the answer were Changed.
	FitsChanged Approach
	// Fits is what is recommended by the answers as they are now.
	Fits Approach
	// FitsBecause is the first reason for it.
	FitsBecause string
	// Followed says that the approach in force was the recommended one: who chose otherwise knows that another one is recommended.
	Followed bool
}

// Signs lists what speaks for another plan or another approach; empty while work goes as planned.
func (c Course) Signs() []Sign {
	var signs []Sign
	add := func(sign Sign) {
		if sign.Kind != "" {
			signs = append(signs, sign)
		}
	}
	add(c.unplanned())
	add(c.late())
	add(c.pace())
	add(c.volatility())
	add(c.answers())
	return signs
}

// planned are the approaches that plan ahead what is done.
var planned = []Approach{Scrum, XP, Program, Predictive}

func (c Course) unplanned() Sign {
	if c.Unplanned == nil || *c.Unplanned <= muchUnplanned || !slices.Contains(planned, Approach(c.Plan.Approach)) {
		return Sign{}
	}
	sign := Sign{Kind: "unplanned", Says: fmt.Sprintf("%s %% of the work comes unplanned, and the plan leaves no room for it", num(*c.Unplanned)), Suggests: Scrumban}
	if *c.Unplanned > mostUnplanned {
		sign.Suggests = Kanban
	}
	return sign
}

func (c Course) late() Sign {
	var late []string
	for _, m := range c.Plan.Milestones {
		if !m.Done && m.Due != "" && m.Due < c.Today {
			late = append(late, m.Name)
		}
	}
	if len(late) < missedMilestones {
		return Sign{}
	}
	return Sign{Kind: "late", Says: fmt.Sprintf("%d milestones are past their day: %s", len(late), strings.Join(late, ", "))}
}

// pace compares the share that is done with the iterations that are over.
func (c Course) pace() Sign {
	if c.Plan.Iterations == 0 || c.Plan.WeeksEach == 0 || c.Percent == nil || c.Started.IsZero() {
		return Sign{}
	}
	over := int(c.Now.Sub(c.Started).Hours() / 24 / 7 / float64(c.Plan.WeeksEach))
	done := float64(*c.Percent) / 100 * float64(c.Plan.Iterations)
	if missed := float64(min(over, c.Plan.Iterations)) - done; missed < missedIterations {
		return Sign{}
	}
	return Sign{Kind: "pace", Says: fmt.Sprintf("%s of %d are over, and what is done would fit into %s", plural(over, "iteration"), c.Plan.Iterations, num(done))}
}

// volatility finds that the scope changes more than the answer said: it lies in a higher range of the form. That less changes is no sign: requirements change
// without the size of the work.
func (c Course) volatility() Sign {
	if c.Changed == nil || c.Answered == nil {
		return Sign{}
	}
	q := QuestionNamed("change_per_month")
	if q.rangeOf(*c.Changed).From <= q.rangeOf(*c.Answered).From {
		return Sign{}
	}
	sign := Sign{Kind: "volatility", Says: fmt.Sprintf("%s %% of the scope changed in a month, where the answers said %s %%", num(*c.Changed), num(*c.Answered))}
	if c.Followed && c.FitsChanged != Approach(c.Plan.Approach) {
		sign.Suggests = c.FitsChanged
	}
	return sign
}

// answers finds that the work is not what the answers said when the approach was recommended.
func (c Course) answers() Sign {
	if !c.Followed || c.Fits == "" || c.Fits == Approach(c.Plan.Approach) {
		return Sign{}
	}
	return Sign{Kind: "answers", Says: fmt.Sprintf("by the answers as they are now, %s fits: %s", c.Fits.Title(), c.FitsBecause), Suggests: c.Fits}
}

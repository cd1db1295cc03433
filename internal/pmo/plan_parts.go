package pmo

import "fmt"

// Milestone is a dated point of a plan.
type Milestone struct {
	Name string `json:"name" minLength:"1"`
	Due  Date   `json:"due,omitempty"`
	Done bool   `json:"done,omitempty"`
	// Gate marks a decision with criteria, not only a date.
	Gate  bool     `json:"gate,omitempty" doc:"A decision whether the work goes on"`
	After []string `json:"after,omitempty" maxItems:"50" doc:"Ids of the work packages that are done by then; without due, their estimates give the date"`
}

// WorkPackage is a part of planned work with a three-point estimate, in working days. Three zeros are an estimate that is still missing.
type WorkPackage struct {
	ID          string   `json:"id" minLength:"1" maxLength:"40"`
	Name        string   `json:"name" minLength:"1" maxLength:"200"`
	Optimistic  float64  `json:"optimistic" required:"false" doc:"Working days if all goes well"`
	Likely      float64  `json:"likely" required:"false" doc:"Working days, most likely"`
	Pessimistic float64  `json:"pessimistic" required:"false" doc:"Working days if much goes wrong"`
	After       []string `json:"after,omitempty" maxItems:"50" doc:"Ids of the work packages it waits for"`
}

// Estimated reports whether the estimate is there.
func (p WorkPackage) Estimated() bool { return p.Pessimistic > 0 }

// IterationRange is a forecast in iterations.
type IterationRange struct {
	Low  int `json:"low"`
	High int `json:"high"`
}

// PlanExpectation is a period and the probability of being done within it. It is not a promise.
type PlanExpectation struct {
	Days        int     `json:"days"`
	Probability float64 `json:"probability" doc:"0.85 is 85 %"`
	Basis       string  `json:"basis,omitempty" maxLength:"200" doc:"Where the number comes from"`
}

// Words say the expectation.
func (e PlanExpectation) Words() string {
	text := fmt.Sprintf("%.0f %% within %d days", e.Probability*100, e.Days)
	if e.Basis != "" {
		text += " (" + e.Basis + ")"
	}
	return text
}

// SLEWords say the service-level expectation: its numbers, else the words of a plan without them; empty without any.
func (p *Plan) SLEWords() string {
	if p.Expectation != nil {
		return p.Expectation.Words()
	}
	return p.SLE
}

// ServiceClass is how a plan treats a class of service.
type ServiceClass struct {
	Name string `json:"name" minLength:"1" maxLength:"200"`
	Rule string `json:"rule" minLength:"1" maxLength:"500"`
}

// BudgetUnit is what a budget counts in.
type BudgetUnit string

// The units of a budget.
const (
	BudgetTeamWeeks BudgetUnit = "team_weeks"
	BudgetMoney     BudgetUnit = "money"
)

// Budget is what planned work may cost. Change is the part of it that is kept for changes.
type Budget struct {
	Unit   BudgetUnit `json:"unit" enum:"team_weeks,money"`
	Total  float64    `json:"total" doc:"At completion"`
	Change float64    `json:"change,omitempty" doc:"Of the total, kept for changes"`
}

// EarnedValue is a measurement of planned work: the planned and the earned part of the budget, and what was spent.
type EarnedValue struct {
	Planned float64 `json:"planned" doc:"The budget of the work that was to be done by now"`
	Earned  float64 `json:"earned" doc:"The budget of the work that is done"`
	Spent   float64 `json:"spent" doc:"What was spent"`
}

// ScheduleIndex is SPI, and CostIndex CPI: below 1 the work is behind, or costs more than planned. Nil where nothing was to be done, or spent.
func (v EarnedValue) ScheduleIndex() *float64 { return indexOf(v.Earned, v.Planned) }

// CostIndex is CPI.
func (v EarnedValue) CostIndex() *float64 { return indexOf(v.Earned, v.Spent) }

func indexOf(earned, of float64) *float64 {
	if of == 0 {
		return nil
	}
	index := earned / of
	return &index
}

// Seam is where the planned and the agile part of a hybrid meet.
type Seam struct {
	Planned string `json:"planned" minLength:"1" maxLength:"500"`
	Agile   string `json:"agile" minLength:"1" maxLength:"500"`
	Meets   string `json:"meets" minLength:"1" maxLength:"500" doc:"What one part gives the other, and when"`
}

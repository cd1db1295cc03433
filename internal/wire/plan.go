package wire

import (
	"time"

	"leanpmo/internal/pmo"
)

// PlanView is a plan, proposed or agreed, with what follows from its numbers.
type PlanView struct {
	Agreed   bool          `json:"agreed"`
	Plan     pmo.Plan      `json:"plan" doc:"The one in force, or while none is agreed the one that is asked about"`
	Version  int           `json:"version" doc:"Of the latest plan; a proposal names it"`
	Proposed *ProposedPlan `json:"proposed,omitempty" doc:"Another plan that is asked about while work goes on by the agreed one"`
	// Schedule and Measured are of the plan in force.
	Schedule    *PlanSchedule      `json:"schedule,omitempty" doc:"Of the work packages; absent while an estimate is missing"`
	Measured    *PlanEarnedValue   `json:"earned_value,omitempty" doc:"Of the latest measurement"`
	Baselines   []PlanBaseline     `json:"baselines" doc:"The plans that were agreed, the first one first"`
	Changes     []PlanChange       `json:"changes" doc:"How the latest plan differs from the first that was agreed"`
	Signs       []PlanSign         `json:"signs" doc:"What speaks for another plan or another way of working, while work goes on"`
	Suitability ApproachFilter     `json:"suitability" doc:"What the answers say of the work, as in the approach"`
	Dimensions  ApproachDimensions `json:"dimensions"`
	Lessons     []Learned          `json:"lessons" doc:"What was learned on similar requests: the latest two of each"`
	Lacks       []PlanFault        `json:"lacks" doc:"What the latest plan does not say yet and its approach needs"`
}

// ProposedPlan is a plan that is asked about while work goes on by the agreed one.
type ProposedPlan struct {
	Plan    pmo.Plan     `json:"plan"`
	By      string       `json:"by"`
	At      time.Time    `json:"at"`
	Reason  string       `json:"reason"`
	Changes []PlanChange `json:"changes" doc:"How it differs from the plan in force"`
}

// PlanSchedule is the critical path of the work packages, by expected durations in working days.
type PlanSchedule struct {
	Packages  []PlanPackage `json:"packages"`
	Critical  []string      `json:"critical" doc:"Ids of the packages without slack"`
	Duration  float64       `json:"duration" doc:"Working days, expected"`
	Deviation float64       `json:"deviation" doc:"Standard deviation of the critical path"`
	Expected  pmo.Date      `json:"expected,omitempty"`
	P85       pmo.Date      `json:"p85,omitempty" doc:"The day by which the critical path is done in 85 % of all cases"`
}

// PlanPackage is a work package in the schedule.
type PlanPackage struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Mean      float64  `json:"mean" doc:"Expected working days: (optimistic + 4 × likely + pessimistic) / 6"`
	Deviation float64  `json:"deviation" doc:"(pessimistic - optimistic) / 6"`
	Slack     float64  `json:"slack" doc:"Working days that it may be late without moving the end"`
	Critical  bool     `json:"critical"`
	Starts    pmo.Date `json:"starts,omitempty"`
	Ends      pmo.Date `json:"ends,omitempty"`
}

// PlanEarnedValue is how planned work stands against its budget.
type PlanEarnedValue struct {
	pmo.EarnedValue
	Unit             pmo.BudgetUnit `json:"unit" enum:"team_weeks,money"`
	Budget           float64        `json:"budget"`
	ScheduleVariance float64        `json:"schedule_variance"`
	CostVariance     float64        `json:"cost_variance"`
	ScheduleIndex    *float64       `json:"schedule_index,omitempty" doc:"SPI: below 1 is behind"`
	CostIndex        *float64       `json:"cost_index,omitempty" doc:"CPI: below 1 costs more"`
	AtCompletion     *float64       `json:"at_completion,omitempty" doc:"EAC: the cost to expect in the end"`
	ToComplete       *float64       `json:"to_complete,omitempty" doc:"ETC: what is still to be spent"`
	Variance         *float64       `json:"variance_at_completion,omitempty" doc:"VAC: what the budget is over that"`
	NeededIndex      *float64       `json:"needed_index,omitempty" doc:"TCPI: the cost index that the rest needs to stay within the budget"`
}

// PlanBaseline is a plan that was agreed.
type PlanBaseline struct {
	At   time.Time `json:"at"`
	Plan pmo.Plan  `json:"plan"`
}

// PlanChange is one way in which a plan differs from another.
type PlanChange struct {
	What string `json:"what" enum:"approach,goal,start,end,milestone,iterations,expectation,wip_limit,budget,seam"`
	Name string `json:"name,omitempty" doc:"Of the milestone"`
	Was  string `json:"was,omitempty"`
	Is   string `json:"is,omitempty"`
	Days int    `json:"days,omitempty" doc:"How much later a date is; negative is earlier"`
}

// PlanSign is evidence that a plan or its way of working no longer fits.
type PlanSign struct {
	Kind     string `json:"kind" enum:"unplanned,late,pace,volatility,answers"`
	Says     string `json:"says"`
	Suggests string `json:"suggests,omitempty" doc:"The approach that it speaks for; absent where it speaks for planning anew"`
}

// PlanFault is a field of a plan with what is wrong with it.
type PlanFault struct {
	Pointer string `json:"pointer" doc:"JSON pointer inside the plan"`
	Detail  string `json:"detail"`
}

// PlanDraft is a plan to begin a proposal with.
type PlanDraft struct {
	Version int      `json:"version" doc:"Of the latest plan; a proposal names it"`
	Plan    pmo.Plan `json:"plan"`
}

// PlanProposal proposes a whole plan.
type PlanProposal struct {
	Version  int      `json:"version" minimum:"0" doc:"Of the plan you saw; an older one is refused (409)"`
	Approach string   `json:"approach,omitempty" enum:"checklist,kanban,scrum,scrumban,continuous_delivery,exploratory,program,xp,hybrid,predictive" doc:"Absent: as it was"`
	Plan     pmo.Plan `json:"plan"`
	Reason   string   `json:"reason" minLength:"1" maxLength:"4000"`
}

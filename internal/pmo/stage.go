package pmo

// Stage is where a request is in the process. The order is the order of the process.
type Stage string

// The seven stages.
const (
	StageIntake         Stage = "intake"         // number given, form checked, lane chosen
	StageReview         Stage = "review"         // the policy's groups judge whether it is worth doing
	StagePrioritization Stage = "prioritization" // ranked in the backlog until a replenishment pulls it
	StageApproach       Stage = "approach"       // the way of working is confirmed
	StageAssignment     Stage = "assignment"     // a team with skills and room accepts it
	StageExecution      Stage = "execution"      // planned, worked on, reported
	StageClosure        Stage = "closure"        // accepted by the requester; benefit looked at later
)

// Stages lists the stages in process order.
func Stages() []Stage {
	return []Stage{StageIntake, StageReview, StagePrioritization, StageApproach, StageAssignment, StageExecution, StageClosure}
}

// UnderWay reports whether a request of this stage holds a slot, or gave it back for a hold.
func (s Stage) UnderWay() bool {
	return s == StageApproach || s == StageAssignment || s == StageExecution || s == StageClosure
}

// InputsMayBeStated reports whether the requester may still state the inputs of their score: until review has approved them.
func (s Stage) InputsMayBeStated() bool { return s == StageIntake || s == StageReview }

// Status is whether a request is being processed.
type Status string

// A request is open, paused by a decision, or closed for good.
const (
	StatusOpen     Status = "open"
	StatusOnHold   Status = "on_hold"  // clocks stopped; refuses answers until resumed
	StatusDeferred Status = "deferred" // review put it off until a date
	StatusClosed   Status = "closed"
)

// Outcome is how a request ended. Every outcome carries its reason to the requester.
type Outcome string

// The ends of a request.
const (
	OutcomeDelivered Outcome = "delivered" // accepted by the requester
	OutcomeRejected  Outcome = "rejected"  // review said no
	OutcomeWithdrawn Outcome = "withdrawn" // the requester took it back
	OutcomeCancelled Outcome = "cancelled" // the PMO ended it, with a reason
	OutcomeMerged    Outcome = "merged"    // goes on in another request, or in its parts
	OutcomeAnswered  Outcome = "answered"  // no work needed: advice, an existing tool
	OutcomeExpired   Outcome = "expired"   // repeated questions stayed unanswered
)

// Lane is the weight of the process a request gets.
type Lane string

// Express work is small and known; major work needs a sponsor and a benefit review; the rest is standard.
const (
	LaneExpress  Lane = "express"
	LaneStandard Lane = "standard"
	LaneMajor    Lane = "major"
)

// ClassOfService is the policy bundle by delay-cost shape.
type ClassOfService string

// Classes of service, see docs/architecture.md.
const (
	ClassExpedite   ClassOfService = "expedite"
	ClassFixedDate  ClassOfService = "fixed_date"
	ClassStandard   ClassOfService = "standard"
	ClassIntangible ClassOfService = "intangible"
)

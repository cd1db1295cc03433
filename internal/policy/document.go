package policy

import (
	"leanpmo/internal/calendar"
	"leanpmo/internal/notice"
	"leanpmo/internal/pmo"
	"leanpmo/internal/priority"
	"leanpmo/internal/strategy"
)

// Document is a policy as it is written. Conditions (when) are CEL expressions over the content, see variables; an entry
// of a list without a condition always applies, so it comes last.
type Document struct {
	Version      int                       `json:"version"`
	About        string                    `json:"about,omitempty"`
	Calendars    []CalendarDoc             `json:"calendars"`
	Portfolios   []PortfolioDoc            `json:"portfolios"`
	Classes      []ClassDoc                `json:"classes"`
	Intake       IntakeDoc                 `json:"intake"`
	Severity     []SeverityRule            `json:"severity"`
	Lanes        []LaneRule                `json:"lanes"`
	Review       ReviewDoc                 `json:"review"`
	Questions    map[pmo.Kind]*QuestionDoc `json:"questions"`
	Scoring      ScoringDoc                `json:"scoring"`
	Approach     ApproachDoc               `json:"approach"`
	Assignment   AssignmentDoc             `json:"assignment"`
	Execution    ExecutionDoc              `json:"execution"`
	Closure      ClosureDoc                `json:"closure"`
	Reconfirm    ReconfirmDoc              `json:"reconfirm"`
	Exceptions   ExceptionsDoc             `json:"exceptions,omitzero"`
	Services     ServicesDoc               `json:"services,omitzero"`
	Material     []string                  `json:"material"`
	Replenishing ReplenishingDoc           `json:"prioritization"`
	// Notifications is the table of who hears of what; none: notice.Default.
	Notifications notice.Table `json:"notifications,omitempty"`
}

// CalendarDoc is the working time of an organization; the time zone is the portfolio's.
type CalendarDoc struct {
	ID          string     `json:"id"`
	WorkingDays []string   `json:"working_days"`
	Hours       string     `json:"hours"`
	Holidays    []pmo.Date `json:"holidays,omitempty"`
}

// PortfolioDoc is a backlog with its goals and limits.
type PortfolioDoc struct {
	ID       string     `json:"id"`
	Name     string     `json:"name"`
	When     string     `json:"when,omitempty"` // which requests belong to it
	TimeZone string     `json:"time_zone"`
	Calendar string     `json:"calendar"`
	Group    string     `json:"group"` // its PMO: the last to be asked
	Themes   []ThemeDoc `json:"themes,omitempty"`
	// StrategyWindow is how far back delivered work counts in the shares of themes, kinds and horizons; none: 26 weeks.
	StrategyWindow calendar.Duration `json:"strategy_window,omitzero"`
	Horizons       []HorizonDoc      `json:"horizons,omitempty"` // the first whose condition holds is a request's
	Guardrails     []GuardrailDoc    `json:"guardrails,omitempty"`
	Objectives     []ObjectiveDoc    `json:"objectives,omitempty"`
	// KeyResultsStale is the age after which what was said of a key result is marked; none: 35 days.
	KeyResultsStale calendar.Duration `json:"key_results_stale_after,omitzero"`
	Points          *PointsDoc        `json:"points,omitempty"` // of stakeholders; none: there are no points
	WIPLimit        int               `json:"wip_limit"`
	// ScoringModel is the portfolio's own; empty: that of scoring.
	ScoringModel priority.Model `json:"scoring_model,omitempty"`
	// ClassLimits limit single classes of service; that of expedite does not count towards the WIP limit.
	ClassLimits map[pmo.ClassOfService]ClassLimitDoc `json:"class_limits,omitempty"`
}

// ThemeDoc is a strategy goal.
type ThemeDoc struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Target is the share of the capacity that it should get, from 0 to 1. Themes without one share what the targets leave by their weights; one
	// without a weight has no target.
	Target *float64 `json:"target,omitempty"`
	Weight float64  `json:"weight,omitempty"`
}

// HorizonDoc is how far ahead work looks, such as keeping things running or trying something new.
type HorizonDoc struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	When string `json:"when,omitempty"`
}

// GuardrailDoc is the least and the greatest share of the capacity that a theme, a kind or a horizon should have. It is shown where it is not
// kept, and holds nothing back.
type GuardrailDoc struct {
	ID      string   `json:"id"`
	Theme   string   `json:"theme,omitempty"`
	Kind    string   `json:"kind,omitempty"`
	Horizon string   `json:"horizon,omitempty"`
	AtLeast *float64 `json:"at_least,omitempty"`
	AtMost  *float64 `json:"at_most,omitempty"`
	// Window makes it a guardrail on what was delivered within it; without one it is on the work in process.
	Window calendar.Duration `json:"window,omitzero"`
}

// PointsDoc are points that stakeholders put on the requests that matter to them.
type PointsDoc struct {
	Period  strategy.PeriodKind `json:"period"` // month, quarter, half_year or year
	Holders []PointHolderDoc    `json:"holders"`
}

// PointHolderDoc is a person, or a group whose members spend together.
type PointHolderDoc struct {
	Person string `json:"person,omitempty"`
	Group  string `json:"group,omitempty"`
	Points int    `json:"points"`
}

// ClassLimitDoc limits one class of service in a portfolio.
type ClassLimitDoc struct {
	Max      *int `json:"max,omitempty"`
	Reserved int  `json:"reserved,omitempty"` // slots this class may fill first
}

// ClassDoc explains a class of service.
type ClassDoc struct {
	ID   pmo.ClassOfService `json:"id"`
	Says string             `json:"says"`
}

// IntakeDoc configures the form.
type IntakeDoc struct {
	ClarifyRounds int        `json:"clarify_rounds"`
	LeastSize     float64    `json:"least_size,omitempty"`    // in team-weeks, of a size that is given
	SponsorLanes  []pmo.Lane `json:"sponsor_lanes,omitempty"` // lanes whose sponsor must confirm
	Fields        []FieldDoc `json:"fields,omitempty"`        // asked of every kind
	Kinds         []KindDoc  `json:"kinds"`
}

// KindDoc is a kind of request with what its form asks.
type KindDoc struct {
	ID     string     `json:"id"`
	Name   string     `json:"name"`
	Help   string     `json:"help,omitempty"`
	Public bool       `json:"public,omitempty"` // also people without an account may ask for it, where the installation has the public form
	Fields []FieldDoc `json:"fields,omitempty"`
}

// Need is whether a field is required, wanted or optional.
type Need string

// Title and kind are always required. A required field is refused when it is missing, a wanted one is asked about.
const (
	NeedRequired Need = "required"
	NeedWanted   Need = "wanted"
	NeedOptional Need = "optional"
)

// FieldDoc asks for one field of the content.
type FieldDoc struct {
	Field string `json:"field"`
	Need  Need   `json:"need"`
	When  string `json:"when,omitempty"`
	Ask   string `json:"ask"` // the help text, and the question when it is missing
	// Public fields are also asked in the public form, of the kinds that have one.
	Public bool `json:"public,omitempty"`
}

// SeverityRule assesses the severity, independent of the requested urgency.
type SeverityRule struct {
	Severity string `json:"severity"`
	When     string `json:"when,omitempty"`
	Because  string `json:"because"`
}

// LaneRule chooses the lane.
type LaneRule struct {
	Lane    pmo.Lane `json:"lane"`
	When    string   `json:"when,omitempty"`
	Because string   `json:"because"`
}

// ReviewDoc is who reviews what.
type ReviewDoc struct {
	DeferAtMost calendar.Duration `json:"defer_at_most"`
	Routes      []RouteDoc        `json:"routes"`
}

// RouteDoc is one way through review; the first whose condition holds is taken.
type RouteDoc struct {
	ID      string    `json:"id"`
	When    string    `json:"when,omitempty"`
	Because string    `json:"because"`
	Steps   []StepDoc `json:"steps"`
}

// StepDoc asks one group. Steps of the same order run side by side.
type StepDoc struct {
	Group  string    `json:"group"`
	Order  int       `json:"order,omitempty"`
	Quorum QuorumDoc `json:"quorum"`
}

// QuorumDoc is a pmo.Quorum as policies write it.
type QuorumDoc struct {
	Mode          pmo.QuorumMode `json:"mode"`
	N             int            `json:"n,omitempty"`
	Reject        pmo.RejectRule `json:"reject,omitempty"`
	RejectN       int            `json:"reject_n,omitempty"`
	AbstainCounts bool           `json:"abstain_counts,omitempty"`
}

// QuestionDoc says for a kind of question who is asked, by when, and what happens without an answer.
type QuestionDoc struct {
	From      []string           `json:"ask"`            // requester, sponsor, leads, step, portfolio, or group:<id>; all of them
	Else      []string           `json:"else,omitempty"` // who is asked when nobody of these may answer
	Quorum    *QuorumDoc         `json:"quorum,omitempty"`
	Due       calendar.Duration  `json:"due"`
	Remind    RemindDoc          `json:"remind,omitzero"`
	Escalate  *EscalateDoc       `json:"escalate,omitempty"`
	OnSilence string             `json:"on_silence"`
	Groups    []GroupQuestionDoc `json:"groups,omitempty"` // review: what differs for single groups
}

// GroupQuestionDoc is what differs when this group is asked.
type GroupQuestionDoc struct {
	Group    string             `json:"group"`
	Due      *calendar.Duration `json:"due,omitempty"`
	Escalate *EscalateDoc       `json:"escalate,omitempty"`
}

// RemindDoc says when to remind: so long after asking, and so long before it is due.
type RemindDoc struct {
	After  []calendar.Duration `json:"after,omitempty"`
	Before []calendar.Duration `json:"before,omitempty"`
}

// EscalateDoc says who may decide when the deadline has passed, and for how long.
type EscalateDoc struct {
	To  string            `json:"to"` // a group
	Due calendar.Duration `json:"due"`
}

// ScoringDoc says how requests are scored.
type ScoringDoc struct {
	// Model is wsjf, cd3, rice, ice, value_effort, weighted or moscow; empty is wsjf. A portfolio may name another one.
	Model     priority.Model       `json:"model,omitempty"`
	Scale     []float64            `json:"scale,omitempty"` // the values of the inputs of WSJF; none: any from 0 to 1000
	Weights   priority.Weights     `json:"weights"`
	Criteria  []priority.Criterion `json:"criteria,omitempty"`  // of the weighted model
	Normalise string               `json:"normalise,omitempty"` // scale or backlog: what a criterion is divided by
	// LongestWait is after how long the smallest score outranks the highest that has not waited; AgeingPerWeek, the rule before 0.8, adds points
	// instead. A policy has one of the two at most.
	LongestWait   calendar.Duration `json:"longest_wait,omitzero"`
	Spread        float64           `json:"spread,omitempty"` // how many times the highest score is the smallest one; 0: by the scale
	AgeingPerWeek float64           `json:"ageing_per_week"`
	NearTie       float64           `json:"near_tie"`
	UnknownLead   calendar.Duration `json:"unknown_lead"`
	StaleAfter    calendar.Duration `json:"stale_after,omitzero"` // age of an input after which it is marked; none: 26 weeks
}

// ApproachDoc says where a recommended way of working is taken without asking.
type ApproachDoc struct {
	AutoAcceptLanes []pmo.Lane `json:"auto_accept_lanes,omitempty"`
	// KindDefaults is the way of working for kinds of request about which nothing else decides.
	KindDefaults map[string]string `json:"kind_defaults,omitempty"`
	// LifeCycles, Frameworks and Practices are the rules of the recommendation; a list that is absent is the built-in one (approach.yaml).
	LifeCycles []ApproachRuleDoc `json:"life_cycles,omitempty"`
	Frameworks []ApproachRuleDoc `json:"frameworks,omitempty"`
	Practices  []ApproachRuleDoc `json:"practices,omitempty"`
}

// AssignmentDoc has the limits of teams that name none of their own.
type AssignmentDoc struct {
	WIPLimit    int               `json:"wip_limit"`
	LoadCeiling float64           `json:"load_ceiling"`
	AssumeSize  float64           `json:"assume_size"` // team-weeks held for a request of unknown size
	RetryAfter  calendar.Duration `json:"retry_after"`
	// AskAfter is how long a request without a team waits before the PMO is asked what now; absent: two working days. It is asked at once where no
	// team could ever take it.
	AskAfter *calendar.Duration `json:"ask_after,omitempty"`
	// Lateness is the share of a request's value that is lost where a team would finish it late, 0 to 1; absent: the engine's.
	Lateness *float64 `json:"lateness,omitempty"`
	// Switching is the share of a mean request's value that each request costs beyond one for each member of its team, 0 to 1; absent: the engine's.
	Switching *float64 `json:"switching,omitempty"`
	// Fairness is the share of a request's value that goes off for a team that carried all of its capacity over the last weeks, 0 to 1.
	Fairness float64 `json:"fairness,omitempty"`
	// Reserve is the share of each team's capacity, below its ceiling, that plans leave free for expedite requests and those of ReserveKinds, 0 to 1.
	Reserve      float64  `json:"reserve,omitempty"`
	ReserveKinds []string `json:"reserve_kinds,omitempty"`
}

// ExecutionDoc says how often a team reports and how far size may grow without a new review.
type ExecutionDoc struct {
	ReportEvery calendar.Duration `json:"report_every"`
	Tolerance   float64           `json:"tolerance"`
}

// ClosureDoc says whose benefit is checked, and when.
type ClosureDoc struct {
	BenefitLanes []pmo.Lane        `json:"benefit_lanes,omitempty"`
	BenefitAfter calendar.Duration `json:"benefit_after"`
}

// ReconfirmDoc says after which time in the backlog the requester is asked again.
type ReconfirmDoc struct {
	After  calendar.Duration `json:"after"`
	Rounds int               `json:"rounds"`
}

// ServicesDoc says what services of the directory may do beyond what their roles say.
type ServicesDoc struct {
	Judge []string `json:"judge,omitempty"` // ids of services that may answer questions that decide on a request's fate
}

// ExceptionsDoc says when the PMO is asked about questions that stay unanswered.
type ExceptionsDoc struct {
	// Rounds is how many rounds of one kind of question may bring no answer, or no agreement; 0 is 3.
	Rounds int `json:"rounds,omitempty"`
}

// ReplenishingDoc says how often backlogs are ranked and pulled from.
type ReplenishingDoc struct {
	Every          calendar.Duration `json:"every"`
	RunAtMostEvery calendar.Duration `json:"run_at_most_every"`
	// Prerequisites is how far what a request needs must be before it is pulled; empty is delivered.
	Prerequisites Prerequisites `json:"prerequisites,omitempty"`
}

// Prerequisites is how far the requests that one needs must be before it is pulled.
type Prerequisites string

// The rules about prerequisites. Under each of them what is needed stands before who needs it in the backlog.
const (
	PrerequisitesDelivered Prerequisites = "delivered"
	PrerequisitesBegun     Prerequisites = "begun"
	PrerequisitesIgnored   Prerequisites = "ignored"
)

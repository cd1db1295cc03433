package pmo

import (
	"slices"
	"time"
)

// Schema is the version of the state's shape, carried in every snapshot.
const Schema = 1

// Request is the whole state of one request: what the workflow holds, what continue-as-new carries over and what the read model stores.
// It is changed only through its methods, and its stage, status and outcome only through the table in transitions.go.
type Request struct {
	Schema int `json:"schema"`
	// Process is the version of the process's rules that the present execution of the workflow follows.
	Process     ProcessVersion `json:"process,omitempty"`
	ID          string         `json:"id"`     // uuid
	Number      int64          `json:"number"` // shown as R-<number>; 0 until intake gave one
	Portfolio   string         `json:"portfolio,omitempty"`
	Requester   string         `json:"requester"`       // the true requester
	SubmittedBy string         `json:"submitted_by"`    // who typed it in
	Agent       string         `json:"agent,omitempty"` // who drafted it for them; empty: nobody
	SubmittedAt time.Time      `json:"submitted_at"`
	Digest      string         `json:"digest"`              // of the submitted body
	OnBehalf    string         `json:"on_behalf,omitempty"` // why somebody else typed it in
	SplitFrom   string         `json:"split_from,omitempty"`

	Content  Content   `json:"content"`
	Revision int       `json:"revision"` // grows with every amendment; PATCH carries it
	Version  int       `json:"version"`  // grows with every material amendment; votes belong to one version
	Watchers []string  `json:"watchers,omitempty"`
	Rules    Rules     `json:"rules,omitzero"`
	Calendar *Calendar `json:"calendar,omitempty"` // working time, for lengths and periods; not in snapshots

	Lane       Lane      `json:"lane,omitempty"`
	LaneReason string    `json:"lane_reason,omitempty"`
	Forecast   string    `json:"forecast,omitempty"` // the first forecast in words, made at intake
	Severity   string    `json:"severity,omitempty"` // assessed, apart from the asked-for urgency
	Missing    []Gap     `json:"missing,omitempty"`  // what the form still lacks
	Similar    []Similar `json:"similar,omitempty"`

	Stage      Stage     `json:"stage"`
	StageSince time.Time `json:"stage_since"`
	Status     Status    `json:"status"`

	Questions []Question   `json:"questions,omitempty"` // the open ones and the latest closed of each kind
	Rounds    map[Kind]int `json:"rounds,omitempty"`    // the latest round of each kind

	Admitted           bool        `json:"admitted,omitempty"`      // the form was checked as it is now
	Waived             bool        `json:"waived,omitempty"`        // the gaps of the form are accepted: nobody can fill them
	ClarifyFrom        int         `json:"clarify_from,omitempty"`  // rounds of clarify that no longer count: the sponsor's no opened a new gap
	InfoWanted         string      `json:"asked_info,omitempty"`    // what an approver wants to know before judging
	Sponsored          string      `json:"sponsored,omitempty"`     // the sponsor who confirmed
	SponsorsLost       int         `json:"sponsors_lost,omitempty"` // how many did not sponsor it since one confirmed
	Reassess           bool        `json:"reassess,omitempty"`      // lane, severity, route and rules belong to another content or policy, see facts.go
	Route              *Route      `json:"route,omitempty"`
	Deferral           *Deferral   `json:"deferral,omitempty"`
	Pull               *Pull       `json:"pull,omitempty"`
	Approach           *Approach   `json:"approach,omitempty"`
	Assignment         *Assignment `json:"assignment,omitempty"`
	PreviousAssignment *Assignment `json:"resting,omitempty"`   // the team before a hold; it gets the work back after the next pull if it has room
	Preferred          string      `json:"preferred,omitempty"` // the team the PMO wishes for
	// PreferredSecond is the team it wishes for as the second one, where two are needed.
	PreferredSecond string     `json:"preferred_second,omitempty"`
	Declined        []Decline  `json:"declined,omitempty"`
	NoTeamReason    string     `json:"waits,omitempty"`      // why no team could be offered, and what would free it
	Unplaced        *Unplaced  `json:"unplaced,omitempty"`   // since when none could, and what would help; nil before Process10
	RetryAt         time.Time  `json:"retry_at,omitzero"`    // when a team is looked for again if nothing happens before
	NamedTeam       *NamedTeam `json:"named_team,omitempty"` // the team the PMO named, until it is offered
	Returned        *Returned  `json:"returned,omitempty"`   // the slot was given back; until the next pull
	PutOff          []PutOff   `json:"put_off,omitempty"`    // exceptions to ask about again
	// InputNotes say who gave each input of the score, when and how sure. An input given before 0.8 has none.
	InputNotes map[string]InputNote `json:"input_notes,omitempty"`
	// NeededSince says since when it needs each of the requests of its content.
	NeededSince           map[string]time.Time `json:"needed_since,omitempty"`
	Unanswered            map[Kind]int         `json:"unanswered,omitempty"` // rounds in a row without an answer or agreement
	Plan                  *Plan                `json:"plan,omitempty"`       // proposed, or agreed when AgreedAt is set
	Replan                *Replan              `json:"replan,omitempty"`     // proposed while the agreed plan is in force
	Conditions            []Condition          `json:"conditions,omitempty"` // what approvers asked for with their approval; only ever added to
	Progress              *Progress            `json:"progress,omitempty"`   // the latest report
	Raid                  []RaidItem           `json:"raid,omitempty" doc:"The RAID log: risks, assumptions, issues, dependencies and blockers of the work"`
	Health                *Assessment          `json:"health,omitempty" doc:"How the work stands by the rule of health, while work goes on; since 0.10"`
	FirstPlan             *FirstPlan           `json:"first_plan,omitempty" doc:"What the plan said that was agreed first, for what came true to be compared with"`
	PlanBy                string               `json:"plan_by,omitempty" doc:"Who proposed the plan that is asked about before one is agreed; absent where it was drafted"`
	LastReview            *PlanReview          `json:"last_review,omitempty" doc:"How the latest review of the plan ended"`
	Change                *Change              `json:"change,omitempty"`
	Work                  *WorkItem            `json:"work,omitempty"` // as the team's tool shows it
	Hold                  *Hold                `json:"hold,omitempty"`
	MissedReconfirmations int                  `json:"unheard,omitempty"`   // how often in a row nobody answered whether it is still needed
	ReconfirmBy           time.Time            `json:"confirm_by,omitzero"` // when the requester is asked again whether it is still needed

	Outcome      Outcome        `json:"outcome,omitempty"`
	Reason       string         `json:"reason,omitempty"` // why it ended so, for the requester
	MergedInto   []string       `json:"merged_into,omitempty"`
	Merge        *MergeProposal `json:"merge,omitempty"`         // proposed, or agreed and about to take effect
	MergeChecked bool           `json:"merge_checked,omitempty"` // a merge was about to take effect
	Remarks      string         `json:"remarks,omitempty"`
	Reworks      int            `json:"reworks,omitempty"` // how often the requester sent the work back
	Lessons      []Lesson       `json:"lessons,omitempty"`
	PulledAt     time.Time      `json:"pulled_at,omitzero"`   // first pull: cycle time starts
	StartedAt    time.Time      `json:"started_at,omitzero"`  // plan agreed
	DoneAt       time.Time      `json:"done_at,omitzero"`     // the team says done
	AcceptedAt   time.Time      `json:"accepted_at,omitzero"` // lead and cycle time end
	BenefitAt    time.Time      `json:"benefit_at,omitzero"`  // when the benefit is looked at
	Benefit      string         `json:"benefit,omitempty"`
	ClosedAt     time.Time      `json:"closed_at,omitzero"`
	ClosedBy     string         `json:"closed_by,omitempty"` // who ended it; empty: the policy, or a version before 0.6

	ProjectionVersion ProjectionVersion `json:"told,omitzero"`
	Seq               int64             `json:"seq"` // grows with every change, over continue-as-new too
	LedgerSeq         int64             `json:"ledger_seq"`
	Ledger            []Entry           `json:"ledger,omitempty"` // entries the read model has not confirmed yet
	Keys              []Key             `json:"keys,omitempty"`   // the last answered commands
	// EntryCounts counts the ledger entries of each kind; nil in a request that began before they were counted.
	EntryCounts map[string]int `json:"lines,omitempty"`
	// Latest are the last things that happened, for the request's page in Temporal, up to the entry LatestSeq.
	Latest    []Moment `json:"latest,omitempty"`
	LatestSeq int64    `json:"latest_seq,omitempty"`
	// Link is the request's address for people, where the installation has one.
	Link string `json:"link,omitempty"`
}

// ProjectionVersion identifies the workflow task that projected last. A task may be executed again after a crash between its projection
// and its place in history, with other times and answers under the same seq; the later projection is the right one.
type ProjectionVersion struct {
	Events int       `json:"events"` // length of the history when the task began
	At     time.Time `json:"at"`     // when it began
}

// Rules are the policy's numbers that apply to this request, as of the policy version in force at its admission.
type Rules struct {
	Policy          string        `json:"policy,omitempty"`
	Material        []string      `json:"material,omitempty"`      // fields whose change needs a new review
	Tolerance       float64       `json:"tolerance,omitempty"`     // share by which size may grow after the pull without a new review
	ReportEvery     time.Duration `json:"report_every,omitempty"`  // a team that is silent for longer is asked for a report
	ReconfirmAfter  time.Duration `json:"reconfirm_after"`         // how long it waits before the requester is asked whether it is still needed
	BenefitAfter    time.Duration `json:"benefit_after,omitempty"` // 0: no benefit review
	DeferAtMost     time.Duration `json:"defer_at_most,omitempty"` // latest date a review may put it off to
	AutoApproach    bool          `json:"auto_approach,omitempty"` // the recommendation is taken without asking
	NeedsSponsor    bool          `json:"needs_sponsor,omitempty"`
	ClarifyRounds   int           `json:"clarify_rounds,omitempty"`   // how often gaps are asked about
	ReconfirmRounds int           `json:"reconfirm_rounds,omitempty"` // how often an unanswered re-ask is repeated
	ExceptionRounds int           `json:"exception_rounds,omitempty"` // rounds without an answer or agreement after which the PMO is asked
	ScoreInputs     []string      `json:"score_inputs,omitempty"`     // what the scoring model needs; empty: the inputs of WSJF
	WorkItems       bool          `json:"work_items,omitempty"`       // work is opened in the teams' tool; set by the installation, not by the policy
}

// ProcessVersion says which rules a request's process follows where they have changed since a request may have begun: which questions are
// asked and what is done without asking. An execution of the workflow keeps the version it began with, because its history replays through
// the same rules; the next one, after continue-as-new, follows the latest.
type ProcessVersion int

// The versions of the process. A request that began before they were counted has the workflow's default version, which is negative.
const (
	Process05 ProcessVersion = 1 // since 0.5
	Process06 ProcessVersion = 2 // since 0.6
	Process07 ProcessVersion = 3 // since 0.7
	Process08 ProcessVersion = 4 // since 0.8
	Process09 ProcessVersion = 5 // since 0.9
	Process10 ProcessVersion = 6 // since 0.10
	Process11 ProcessVersion = 7 // since 0.11

	LatestProcess = Process11
)

// Submission is what a request starts from.
type Submission struct {
	Content     Content   `json:"content"`
	Requester   string    `json:"requester"`
	SubmittedBy string    `json:"submitted_by"`
	Reason      string    `json:"reason,omitempty"` // why it is submitted for somebody else
	SplitFrom   string    `json:"split_from,omitempty"`
	Watchers    []string  `json:"watchers,omitempty"`
	Agent       string    `json:"agent,omitempty"` // who drafted it for SubmittedBy; empty: nobody
	At          time.Time `json:"at"`
}

// New is a request just submitted.
func New(id, digest string, s Submission) *Request {
	r := &Request{
		Schema: Schema, Process: LatestProcess, ID: id, Digest: digest, Content: s.Content, SplitFrom: s.SplitFrom, OnBehalf: s.Reason, Watchers: s.Watchers,
		Requester: s.Requester, SubmittedBy: s.SubmittedBy, SubmittedAt: s.At, Agent: s.Agent,
		Revision: 1, Version: 1, Stage: StageIntake, StageSince: s.At, Status: StatusOpen, Rounds: map[Kind]int{},
	}
	r.noteInputs(s.Content.Inputs, s.SubmittedBy, "", s.At)
	r.noteNeeds(s.At)
	return r
}

// Closed reports whether the request has ended.
func (r *Request) Closed() bool { return r.Status == StatusClosed }

// Pulled reports whether the request holds a slot of its portfolio.
func (r *Request) Pulled() bool { return r.Pull != nil }

// Undecided reports whether the request's review is not over yet.
func (r *Request) Undecided() bool {
	return !r.Closed() && (r.Stage == StageIntake || r.Stage == StageReview)
}

// Delivered reports whether the requester has accepted the outcome; slot and capacity are released then.
func (r *Request) Delivered() bool { return !r.AcceptedAt.IsZero() }

// Since is since when the request stands as it does: closed, on hold, deferred, delivered, or in its stage. The ledger has an entry of the
// same time.
func (r *Request) Since() time.Time {
	switch {
	case r.Closed() && !r.ClosedAt.IsZero():
		return r.ClosedAt
	case r.Status == StatusOnHold && r.Hold != nil:
		return r.Hold.Since
	case r.Status == StatusDeferred && r.Deferral != nil && !r.Deferral.Since.IsZero():
		return r.Deferral.Since
	case r.Delivered() && r.Status == StatusOpen:
		return r.AcceptedAt
	}
	return r.StageSince
}

// WaitsForPull reports whether a prioritization run may pull the request now.
func (r *Request) WaitsForPull() bool {
	return r.Stage == StagePrioritization && r.Status == StatusOpen && !r.Pulled()
}

// OpenQuestions lists the open questions in the order they were asked.
func (r *Request) OpenQuestions() []*Question {
	var open []*Question
	for i := range r.Questions {
		if r.Questions[i].Open() {
			open = append(open, &r.Questions[i])
		}
	}
	return open
}

// OpenQuestionOf is the open question of a kind, or nil.
func (r *Request) OpenQuestionOf(kind Kind) *Question {
	for _, q := range r.OpenQuestions() {
		if q.Kind == kind {
			return q
		}
	}
	return nil
}

// Question finds a question by id, or nil.
func (r *Request) Question(id string) *Question {
	for i := range r.Questions {
		if r.Questions[i].ID == id {
			return &r.Questions[i]
		}
	}
	return nil
}

// WaitingOn lists, sorted and once each, the people open questions wait for.
func (r *Request) WaitingOn() []string { return r.peopleOfOpenQuestions((*Question).Waiting) }

// SeatsOfOpenQuestions lists, sorted and once each, the people open questions ask, those who have answered included.
func (r *Request) SeatsOfOpenQuestions() []string { return r.peopleOfOpenQuestions((*Question).Seats) }

// peopleOfOpenQuestions lists people of the open questions. On hold nobody is waited for.
func (r *Request) peopleOfOpenQuestions(whom func(*Question) []string) []string {
	if r.Status == StatusOnHold {
		return nil
	}
	var people []string
	for _, q := range r.OpenQuestions() {
		people = append(people, whom(q)...)
	}
	slices.Sort(people)
	return slices.Compact(people)
}

// Followers are the people who are informed how the request fares: requester, submitter, watchers.
func (r *Request) Followers() []string {
	return union([]string{r.Requester}, append([]string{r.SubmittedBy}, r.Watchers...)...)
}

func contains(list []string, s string) bool { return slices.Contains(list, s) }

func union(list []string, more ...string) []string {
	for _, s := range more {
		if s != "" && !contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

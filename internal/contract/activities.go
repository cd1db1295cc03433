package contract

import (
	"strings"
	"time"

	"leanpmo/internal/pmo"
)

// RequestInput starts a Request, and carries its state over continue-as-new.
type RequestInput struct {
	ID         string         `json:"id"`
	Digest     string         `json:"digest"`
	Submission pmo.Submission `json:"submission"`
	State      *pmo.Request   `json:"state,omitempty"` // set on continue-as-new only
	// CountEntries makes the keys of ledger entries count from the beginning: a command may come with the first workflow task, before the
	// version of the process is known. Callers before 0.9 do not set it.
	CountEntries bool `json:"count_entries,omitempty"`
}

// RequestResult is what a closed Request leaves behind.
type RequestResult struct {
	Outcome pmo.Outcome `json:"outcome"`
	Reason  string      `json:"reason"`
}

// AdmitInput asks for a number and a check of the form as it is now.
type AdmitInput struct {
	ID          string      `json:"id"`
	Requester   string      `json:"requester"`
	SubmittedAt time.Time   `json:"submitted_at"`
	Content     pmo.Content `json:"content"`
	Number      int64       `json:"number,omitempty"` // set after intake: only the facts of the content are wanted, with their route
	Ahead       *AheadInput `json:"ahead,omitempty"`  // set at the first intake since 0.8: what the next steps need is wanted too
}

// AheadInput is what looking ahead needs besides.
type AheadInput struct {
	Process     pmo.ProcessVersion `json:"process"`
	SubmittedBy string             `json:"submitted_by"`
	At          time.Time          `json:"at"`
}

// RecommendInput asks for the way of working, or for the plan skeleton of a chosen one.
type RecommendInput struct {
	ID        string      `json:"id"`
	Portfolio string      `json:"portfolio"`
	Lane      pmo.Lane    `json:"lane"`
	Content   pmo.Content `json:"content"`
	Chosen    string      `json:"chosen,omitempty"` // set: only the plan for this approach
	At        time.Time   `json:"at"`
}

// Recommended is an approach with its reasons and a plan of its weight.
type Recommended struct {
	Approach pmo.Approach `json:"approach"`
	Plan     pmo.Plan     `json:"plan"`
}

// AssignInput asks for the best team; capacity is held for it.
type AssignInput struct {
	ID        string      `json:"id"`
	Number    int64       `json:"number"`
	Portfolio string      `json:"portfolio"`
	Content   pmo.Content `json:"content"`
	Declined  []string    `json:"declined,omitempty"`
	Approach  string      `json:"approach,omitempty"`  // the way of working chosen for it
	Preferred string      `json:"preferred,omitempty"` // the team the PMO prefers
	// PreferredSecond is the team it prefers as the second one.
	PreferredSecond string `json:"preferred_second,omitempty"`
	Keep            string `json:"keep,omitempty"` // the team that had it before a hold
	// KeepSecond is the second team that had it before a hold.
	KeepSecond string `json:"keep_second,omitempty"`
	// Named is the one team that the PMO named, whatever skills are recorded for it; OverLimit: also over its WIP limit and load ceiling.
	Named     string    `json:"named,omitempty"`
	OverLimit bool      `json:"over_limit,omitempty"`
	At        time.Time `json:"at"`
	// Since is when a search found no team first; zero: none has.
	Since time.Time `json:"since,omitzero"`
	// Remedies asks for what would help, where no team is found.
	Remedies bool `json:"remedies,omitempty"`
}

// AssignResult is a team with capacity held, or why there is none.
type AssignResult struct {
	Team    string   `json:"team,omitempty"`
	Leads   []string `json:"leads,omitempty"`
	Size    float64  `json:"size,omitempty"`
	Pace    float64  `json:"pace,omitempty"` // of the team, where it has one of its own: Size is the size of the request divided by it
	Reasons []string `json:"reasons,omitempty"`
	// Second is the second team with capacity held, for a request that needs two; nil: it needs one.
	Second *pmo.TeamPart `json:"second,omitempty"`
	// Waits is why there is no team: which limits apply, and what would change that.
	Waits   string    `json:"waits,omitempty"`
	RetryAt time.Time `json:"retry_at,omitzero"` // when to search again if nothing happens before
	// AskAt is when the PMO is asked, if no team is found before; zero: at once.
	AskAt    time.Time    `json:"ask_at,omitzero"`
	Remedies []pmo.Remedy `json:"remedies,omitempty"` // what would help, where it was asked for
	Policy   string       `json:"policy"`
}

// ProjectInput is written to the read model: the newest snapshot and every ledger entry since the last success.
type ProjectInput struct {
	Snapshot pmo.Request `json:"snapshot"`
	Entries  []pmo.Entry `json:"entries,omitempty"`
}

// ProjectResult is how far Postgres has come.
type ProjectResult struct {
	LedgerSeq int64 `json:"ledger_seq"`
}

// CheckMergeInput asks whether a request may go on in others now, and holds its place: of two that go on in each other, the first one does.
type CheckMergeInput struct {
	ID   string   `json:"id"`
	Into []string `json:"into"`
	Seq  int64    `json:"seq"` // of the state that asks
}

// CheckActorInput asks whether somebody claimed by a signal may answer.
type CheckActorInput struct {
	ID        string   `json:"id"`
	Actor     string   `json:"actor"`
	For       string   `json:"for,omitempty"`
	Question  string   `json:"decision"`
	Kind      pmo.Kind `json:"kind"`
	Seats     []string `json:"asked"`
	Requester string   `json:"requester"`
	// SubmittedBy is who submitted for the requester; may not judge either.
	SubmittedBy string `json:"submitted_by,omitempty"`
	// Text is the reason of the answer, which the API would have cleaned.
	Text      string   `json:"text,omitempty"`
	Portfolio string   `json:"portfolio,omitempty"`
	Until     pmo.Date `json:"until,omitempty"` // of a deferral
	// People is the open question, for whom it asks today; absent from a worker of an earlier version, as what follows.
	People   *pmo.QuestionTermsInput `json:"people,omitempty"`
	Decision pmo.Decide              `json:"given,omitzero"`
	Kept     pmo.Kept                `json:"kept,omitzero"`
	Content  pmo.Content             `json:"content,omitzero"`
	Stage    pmo.Stage               `json:"stage,omitempty"`
	Sponsor  string                  `json:"sponsor,omitempty"` // who has confirmed
	About    pmo.Kind                `json:"about,omitempty"`   // of an exception: the kind of the question that it is about
}

// CheckActorResult is the same answer the API would have given.
type CheckActorResult struct {
	Allowed  bool      `json:"allowed"`
	For      string    `json:"for,omitempty"` // the seat, when a delegation gives one
	Reason   string    `json:"reason,omitempty"`
	Joins    bool      `json:"joins,omitempty"`     // the question has no such seat yet, and asks its person today
	Of       string    `json:"of,omitempty"`        // the id of the request that the answer names
	OfNumber int64     `json:"of_number,omitempty"` // its number, unless it is confidential
	UntilAt  time.Time `json:"until_at,omitzero"`   // when the day Until begins in the portfolio's time zone
}

// PrioritizationInput starts a PrioritizationRun.
type PrioritizationInput struct {
	Portfolio string `json:"portfolio"`
	Cause     string `json:"cause"` // schedule, now, capacity, expedite
	Actor     string `json:"actor,omitempty"`
	Reason    string `json:"reason,omitempty"`
	Dry       bool   `json:"dry,omitempty"`
}

// RankInput is the run's one transaction.
type RankInput struct {
	PrioritizationInput
	ID string    `json:"run"` // workflow id: names the run and makes it repeatable
	At time.Time `json:"at"`
	// Abandon: the run was cancelled. If it has not ranked yet, it never will; if it has, the result says whom to tell.
	Abandon bool `json:"abandon,omitempty"`
}

// PrioritizationResult is what a prioritization run did. The requests in Pulled and WaitForTeam are signalled; at most 500 each, the others
// wait for the next run.
//
// Words and Why are the first fields: a history in Temporal shows the beginning of a result, and they name requests by number.
type PrioritizationResult struct {
	Words string `json:"words"` // the run in one sentence
	// Why says of each pulled request, in the order of Pulled, at which rank it was pulled and why. A repeated attempt has none.
	Why         []string `json:"why,omitempty"`
	ID          string   `json:"run"`
	Count       int      `json:"count"`
	Moves       int      `json:"moves"`
	Pulled      []string `json:"pulled,omitempty"` // request ids that got a slot
	WaitForTeam []string `json:"nudge,omitempty"`  // request ids that wait for a team
	// LostPlaces are offers for which their teams have no room any more; at most 500.
	LostPlaces []LostPlace `json:"lost_places,omitempty"`
	// NoRoom are requests that teams accepted and have no room for any more; at most 500. Since 0.11.
	NoRoom []NoRoom `json:"no_room,omitempty"`
	// HasRoom are requests that were proposed to move, or stayed over the limits of their teams, and for which the teams have room again; at most
	// 500. Since 0.11.
	HasRoom []HasRoom `json:"has_room,omitempty"`
	// Untold are slots of earlier runs that ended before they told the request.
	Untold    []SlotInput `json:"untold,omitempty"`
	Abandoned bool        `json:"abandoned,omitempty"` // it was cancelled before it ranked
}

// LostPlace is a request whose team is asked and has no room for it any more.
type LostPlace struct {
	RequestID string `json:"id"`
	Team      string `json:"team"`
	Says      string `json:"says"` // why
}

// NoRoom is a request for which the team that accepted it has no room any more.
type NoRoom struct {
	RequestID string `json:"id"`
	pmo.NoRoom
}

// HasRoom is a request for which the team that accepted it has room again.
type HasRoom struct {
	RequestID string `json:"id"`
	Team      string `json:"team"`
}

// Pulled is the signal to a request that got a slot.
type Pulled struct {
	Says             string    `json:"says,omitempty"` // why, in words; the first field, because a history shows the beginning of a signal
	PrioritizationID string    `json:"run"`
	At               time.Time `json:"at"`
	// Lost is the team that is asked and has no room any more: another is looked for. Of the signal that capacity changed alone.
	Lost string `json:"lost,omitempty"`
	// NoRoom: the team that accepted the work has no room for it any more. Of the same signal, since 0.11.
	NoRoom *pmo.NoRoom `json:"no_room,omitempty"`
	// HasRoom is the team that accepted the work and has room for it again. Of the same signal, since 0.11.
	HasRoom string `json:"has_room,omitempty"`
}

// SlotInput names a slot that a run gave to a request: to tell of it, or to give it back when nobody can use it.
type SlotInput struct {
	Portfolio        string    `json:"portfolio"`
	RequestID        string    `json:"id"`
	PrioritizationID string    `json:"run"`
	At               time.Time `json:"at,omitzero"` // when it was given; not set where it is given back
	Why              string    `json:"why,omitempty"`
}

// CachedReceiptInput names a command for the query CachedReceipt.
type CachedReceiptInput struct {
	Command string `json:"command"`
	By      pmo.By `json:"by"`
}

// CachedReceipt is what the state knows of a key.
type CachedReceipt struct {
	Found     bool        `json:"found,omitempty"`
	KeyReused bool        `json:"key_reused,omitempty"` // it came with another command or payload
	Receipt   pmo.Receipt `json:"receipt"`
}

// ReceiptInput is the payload of the update Receipt.
type ReceiptInput struct {
	Digest string `json:"digest"` // of the submitted body
}

// WorkItemInput starts a WorkItem, carries its state over continue-as-new, and is the input of the activity SendWanted: Wanted goes by
// signal to the workflow that runs for its key, or starts one.
type WorkItemInput struct {
	Request   string         `json:"request"` // id of the request: its workflow gets the reports
	Number    int64          `json:"number"`
	Portfolio string         `json:"portfolio"`
	Team      string         `json:"team"`
	ID        string         `json:"id,omitempty"` // of the item, where the tool has one already
	URL       string         `json:"url,omitempty"`
	MayExist  bool           `json:"may_exist,omitempty"`
	Wanted    WorkItemWanted `json:"wanted"`
	Reported  bool           `json:"reported,omitempty"` // on continue-as-new: nothing is to be done about Wanted
}

// WorkItemFor is the message that the item of r ought to be in a state. mayExist: an attempt to open it may have reached the tool.
func WorkItemFor(r *pmo.Request, state pmo.WorkItemState, mayExist bool) WorkItemInput {
	item := r.Work
	return WorkItemInput{Request: r.ID, Number: r.Number, Portfolio: r.Portfolio, Team: item.Team, ID: item.ID, URL: item.URL, MayExist: mayExist,
		Wanted: WorkItemWanted{Says: "the item of " + r.Ref() + " is to be " + strings.ReplaceAll(string(state.Status), "_", " "), State: state, Summary: r.WorkItemSummary(), Approach: r.Approach.Name(), Milestones: r.WorkItemMilestones(), Final: r.Closed()}}
}

// PeopleChanged is the payload of the signal SignalPeople.
type PeopleChanged struct {
	Says string `json:"says"` // for readers of the history
}

// Nothing is the result of an activity that has none.
type Nothing struct{}

// WorkItemWanted is the payload of the signal SignalWanted: a state, and what a tool shows beside it.
type WorkItemWanted struct {
	Says       string            `json:"says,omitempty"` // for readers of the history
	State      pmo.WorkItemState `json:"state"`
	Summary    string            `json:"summary,omitempty"`
	Approach   string            `json:"approach,omitempty"`
	Milestones []pmo.Milestone   `json:"milestones,omitempty"`
	Final      bool              `json:"final,omitempty"` // the request has ended: report soon, whether or not the tool answers
}

// OpenWorkInput opens the work item of a request in the tool of its team. Opened twice under one key, it is one item.
type OpenWorkInput struct {
	Key        string          `json:"key"` // request and assignment round
	ID         string          `json:"id"`
	Number     int64           `json:"number"`
	Title      string          `json:"title"`
	Summary    string          `json:"summary,omitempty"`
	Team       string          `json:"team"`
	Approach   string          `json:"approach,omitempty"`
	Milestones []pmo.Milestone `json:"milestones,omitempty"`
}

// OpenedWork is the item in the tool.
type OpenedWork struct {
	ID  string `json:"id"`
	URL string `json:"url,omitempty"`
}

// UpdateWorkInput is the state an item should have in the tool.
type UpdateWorkInput struct {
	Key     string         `json:"key"`
	Work    string         `json:"work,omitempty"` // the item's id; empty: found by its key, if it was ever opened
	Title   string         `json:"title,omitempty"`
	Summary string         `json:"summary,omitempty"`
	Status  pmo.WorkStatus `json:"status"`
	Reason  string         `json:"reason,omitempty"`
}

// UpdatedWork is the answer.
type UpdatedWork struct {
	ID      string `json:"id,omitempty"`
	Missing bool   `json:"missing,omitempty"` // the tool never had it, or has it no more
}

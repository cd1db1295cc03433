package pmo

import (
	"fmt"
	"time"
)

// By is the sender of a command. The API authenticates it before the command reaches the process.
type By struct {
	Actor  string `json:"actor"`            // who is signed in
	For    string `json:"for,omitempty"`    // whose delegate they act as; empty: for themselves
	Via    string `json:"via,omitempty"`    // api, signal, system
	Key    string `json:"key,omitempty"`    // scoped idempotency key; empty: the digest is used
	Digest string `json:"digest,omitempty"` // of the payload
	Call   string `json:"call,omitempty"`   // differs in every call, also in one that repeats a command
	// Joins says that the question has no such seat yet, and that its person is among those whom the question asks today: the door has found
	// that, because only the door knows the directory. It does not count in the digest: a repeated answer finds the seat.
	Joins bool `json:"joins,omitempty"`
}

// ViaDelivery is By.Via of what a team's tool reports.
const ViaDelivery = "delivery"

// Seat is whose answer it is: the absent person's when acting for somebody, else the actor's.
func (b By) Seat() string {
	if b.For != "" {
		return b.For
	}
	return b.Actor
}

// Header is what every command carries: who gives it.
type Header struct {
	By By `json:"by"`
}

// Sender is who gives the command.
func (h Header) Sender() By { return h.By }

// SetSender says who gives the command.
func (h *Header) SetSender(by By) { h.By = by }

// Command is what a request takes by update: a pointer to one of the types below.
type Command interface {
	Sender() By
	SetSender(by By)
}

// Decide answers a question.
type Decide struct {
	Header
	Question string `json:"decision"`
	Verdict  string `json:"verdict"`
	Reason   string `json:"reason,omitempty"`
	Data     Data   `json:"data,omitzero"`
}

// Data is what some verdicts need beside their name.
type Data struct {
	Patch    *Patch   `json:"patch,omitempty"`    // clarify, reconfirm: the content's changes
	Until    Date     `json:"until,omitempty"`    // defer
	Of       string   `json:"of,omitempty"`       // duplicate: id of the other request
	Inputs   *Inputs  `json:"inputs,omitempty"`   // score
	Approach string   `json:"approach,omitempty"` // choose, counter
	Plan     *Plan    `json:"plan,omitempty"`     // counter
	Lessons  []Lesson `json:"lessons,omitempty"`  // acceptance
	// Review are the answers to the three questions of a review of the plan.
	Review *ReviewAnswers `json:"review,omitempty"`
	// Conditions are asked for with an approval, and judged with the acceptance. A plan answers them in the plan.
	Conditions []ConditionData `json:"conditions,omitempty" maxItems:"50"`
	Team       string          `json:"team,omitempty"`   // name_team, raise_limit: id of the team
	Person     string          `json:"person,omitempty"` // name_person: who may answer too
	Remedy     string          `json:"remedy,omitempty"` // remedy: id of one of those that the question names
	// UntilAt is when the day Until begins in the portfolio's time zone. The API and the check of signals set it, because time zones are data that
	// a replay may not read; zero in a command of an earlier release: the day begins in UTC.
	UntilAt time.Time `json:"until_at,omitzero" hidden:"true"`
	// OfNumber is the number of the request Of, where the API may say it.
	OfNumber int64 `json:"of_number,omitempty" hidden:"true"`
}

// deferredTo is when a deferral with this data ends.
func (d Data) deferredTo() (time.Time, error) {
	begins, err := d.Until.Time(time.UTC)
	if err != nil || d.UntilAt.IsZero() {
		return begins, err
	}
	if d.UntilAt.Sub(begins).Abs() > farthestZone {
		return d.UntilAt, fmt.Errorf("%s does not begin at %s anywhere", d.Until, d.UntilAt)
	}
	return d.UntilAt, nil
}

// farthestZone is how far from UTC's a day begins, at most: time zones lie between UTC-12 and UTC+14.
const farthestZone = 14 * time.Hour

// Amend changes the content.
type Amend struct {
	Header
	Revision int    `json:"revision"` // the revision the caller saw
	Patch    Patch  `json:"patch"`
	Reason   string `json:"reason,omitempty"`
}

// Report is a team's progress report. Percent, risks and blocker that are absent stay as they were; empty ones are cleared. Without a health
// the rule gives it.
type Report struct {
	Header
	Percent   *int     `json:"percent,omitempty"`
	NoPercent bool     `json:"no_percent,omitempty"` // how much is done is not known any more
	Health    Health   `json:"health,omitempty"`
	Note      string   `json:"note,omitempty"`
	Risks     []Risk   `json:"risks,omitzero"`
	Blocked   *string  `json:"blocked,omitempty"`
	Done      bool     `json:"done,omitempty"`
	Lessons   []Lesson `json:"lessons,omitempty"`
	// EarnedValue measures planned work against the budget of its plan.
	EarnedValue *EarnedValue `json:"earned_value,omitempty"`
	HappenedAt  time.Time    `json:"happened_at,omitzero"` // as a team's tool says; zero is now
	// Measure counts what is done in items or points; without percent it gives that too.
	Measure    *Measure `json:"measure,omitempty"`
	Milestones []string `json:"milestones,omitempty"` // names of milestones of the plan that are reached
}

// Stop is a withdrawal, a hold, a resumption or a cancellation: somebody acts, with a reason.
type Stop struct {
	Header
	Reason string `json:"reason,omitempty"`
	// Into names the requests this one goes on in: a cancellation with it closes as merged.
	Into []string `json:"into,omitempty"`
}

// Reassign moves a question to another person, or the work to another team.
type Reassign struct {
	Header
	Reason   string `json:"reason"`
	Question string `json:"decision,omitempty"`
	From     string `json:"from,omitempty"`
	To       string `json:"to,omitempty"`
	Team     string `json:"team,omitempty"` // preferred team; its lead is asked
	// Second is the preferred team for the part of the second team, where the request needs two.
	Second string `json:"second,omitempty"`
}

// SetInputs gives what a score is computed from.
type SetInputs struct {
	Header
	Inputs Inputs          `json:"inputs"`
	Clear  []string        `json:"clear,omitempty"` // inputs that become unknown again
	Class  *ClassOfService `json:"class,omitempty"`
	Reason string          `json:"reason,omitempty"`
	// Sure is how sure who gives the inputs is of them; empty: not said.
	Sure Sureness `json:"sure,omitempty"`
}

// Watch adds watchers to the request, or removes them.
type Watch struct {
	Says string `json:"says,omitempty"` // of a merge, for readers of the history; the first field, because a history shows the beginning of a signal
	Header
	Add          []string `json:"add,omitempty"`
	Remove       []string `json:"remove,omitempty"`
	Confidential bool     `json:"confidential,omitempty"` // of a merge: the request that goes on was confidential
	// Conditions of a request that goes on in this one; of a merge alone.
	Conditions []Condition `json:"conditions,omitempty"`
}

// OverridePull is the PMO's override of the replenishment.
type OverridePull struct {
	Header
	Reason string `json:"reason"`
}

// Receipt answers a command: what it did, and which questions are open after it. At most 2 KB.
type Receipt struct {
	// Says is the receipt in one sentence. It is the first field: a history in Temporal shows the beginning of a result.
	Says           string     `json:"says,omitempty"`
	ID             string     `json:"id"`
	Number         int64      `json:"number,omitempty"`
	Result         string     `json:"result"` // recorded, settled, amended, …
	Question       string     `json:"decision,omitempty"`
	Verdict        string     `json:"verdict,omitempty"`
	Tally          *Tally     `json:"tally,omitempty"`
	Stage          Stage      `json:"stage"`
	Status         Status     `json:"status"`
	Outcome        Outcome    `json:"outcome,omitempty"`
	Revision       int        `json:"revision"`
	Seq            int64      `json:"seq"`
	Digest         string     `json:"digest,omitempty"`     // of the submitted body, in the answer to a submission
	AcknowledgedAt time.Time  `json:"accepted_at,omitzero"` // when the submission was taken
	Open           []OpenItem `json:"open,omitempty"`
	Truncated      bool       `json:"truncated,omitempty"` // more questions are open than fit
	Replayed       bool       `json:"replayed,omitempty"`  // the same command was answered before
	Call           string     `json:"call,omitempty"`      // By.Call of the call that was answered first; never sent to callers
}

// OpenItem is an open question in short.
type OpenItem struct {
	ID          string    `json:"id"`
	Kind        Kind      `json:"kind"`
	Waiting     []string  `json:"waiting"`                // the first of them
	MoreWaiting int       `json:"more_waiting,omitempty"` // how many people Waiting leaves out
	DueAt       time.Time `json:"due_at"`
}

// Key is a command answered before, kept so that its repetition gets the same answer.
type Key struct {
	Key     string  `json:"key"`
	Command string  `json:"command,omitempty"` // absent in those recorded before 0.5
	Digest  string  `json:"digest"`
	Answer  Receipt `json:"answer"` // without the open questions
}

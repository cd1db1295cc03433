package pmo

import "fmt"

// QuorumMode is how many yes-answers settle a question.
type QuorumMode string

// The quorum modes. Percent rounds up: 3 people at 50 % are 2.
const (
	QuorumAny     QuorumMode = "any"
	QuorumAll     QuorumMode = "all"
	QuorumCount   QuorumMode = "n"
	QuorumPercent QuorumMode = "percent"
)

// RejectRule is how many no-answers settle a question against it. There is always one: a quorum without it could never end.
type RejectRule string

// One no is enough; or no as soon as the quorum can no longer be reached; or a number of noes (or out of reach).
const (
	RejectAny        RejectRule = "any"
	RejectOutOfReach RejectRule = "out_of_reach"
	RejectCount      RejectRule = "n"
)

// Quorum is the rule by which answers become a verdict. These are all its rules; tally.go counts by them.
//
// What each seat adds to the count (n is the number of counted seats):
//
//	seat of the people asked                             | n         | yes, no, abstain, pending
//	answered yes or no, by its person or their delegate  | 1         | yes or no
//	answered abstain                                     | 0         | abstain; n keeps it with abstain_counts
//	not answered                                         | 1         | pending
//	given up: its person answered for another seat       | 0         | nothing: one person has one answer. Not since CountOwnSeats:
//	                                                     |           | who has a seat fills no other, which waits for its person, another
//	                                                     |           | delegate, or the escalation
//	moved to another person (reassigned)                 | 1         | what the other person answers
//	removed from the question                            | 0         | nothing, and its answer no longer counts. So a seat whose person is
//	                                                     |           | away and whose delegate fills another, while that lasts
//	of somebody who joined by escalation                 | 0         | nothing: their yes or no decides alone, their abstain nothing
//
// When the question has a verdict; the first row that applies:
//
//	somebody who joined by escalation said yes or no     | that
//	yes ≥ needed                                         | yes
//	reject any, and no ≥ 1                               | no
//	reject n, and no ≥ max(rejectn, 1)                   | no
//	no ≥ 1, and yes + pending < needed (out of reach)    | no
//	pending = 0                                          | none: stuck
//	else                                                 | none: open
//
// needed is at least 1, and by mode: any 1; all n; n N; percent N % of n, rounded up. So nobody is never a quorum, and silence and
// abstentions alone are never a no. A stuck question is escalated or times out at once; with a seat given up it is escalated at once,
// or else keeps its deadline, because the PMO may move that seat to somebody who can still answer.
type Quorum struct {
	Mode          QuorumMode `json:"mode"`
	N             int        `json:"n,omitempty"`       // people for mode n, percent for mode percent
	Reject        RejectRule `json:"reject,omitempty"`  // default out_of_reach
	RejectN       int        `json:"rejectn,omitempty"` // noes for rule n
	AbstainCounts bool       `json:"abstain_counts,omitempty"`
}

// Counting is the version of the rules by which a question's answers are counted. A question keeps the one it was opened with: a
// recorded history is replayed with the same verdicts.
type Counting int

// The versions. Before seats were counted, an abstention after the escalation lowered n, and a seat given up stayed in it.
const (
	CountAnswers Counting = 0
	CountSeats   Counting = 1
	// CountOwnSeats counts as CountSeats does, and who has a seat of their own fills no other: two seats are two people.
	CountOwnSeats Counting = 2
)

// Needed is the number of yes-answers among n counted people; at least one, so nobody can never be a quorum.
func (q Quorum) Needed(n int) int {
	needed := 1
	switch q.Mode {
	case QuorumAll:
		needed = n
	case QuorumCount:
		needed = q.N
	case QuorumPercent:
		needed = (n*q.N + 99) / 100
	}
	return max(needed, 1)
}

// String says the rule in words.
func (q Quorum) String() string {
	switch q.Mode {
	case QuorumAll:
		return "all must agree"
	case QuorumCount:
		return fmt.Sprintf("%d must agree", q.N)
	case QuorumPercent:
		return fmt.Sprintf("%d %% must agree", q.N)
	}
	return "any one decides"
}

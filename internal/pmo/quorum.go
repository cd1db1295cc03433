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

// Quorum is the rule by which answers become a verdict.
type Quorum struct {
	Mode          QuorumMode `json:"mode"`
	N             int        `json:"n,omitempty"`       // people for mode n, percent for mode percent
	Reject        RejectRule `json:"reject,omitempty"`  // default out_of_reach
	RejectN       int        `json:"rejectn,omitempty"` // noes for rule n
	AbstainCounts bool       `json:"abstain_counts,omitempty"`
}

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

// Tally is the count of a question's answers.
type Tally struct {
	Yes     int    `json:"yes"`
	No      int    `json:"no"`
	Abstain int    `json:"abstain"`
	Pending int    `json:"pending"`
	Needed  int    `json:"needed"`
	Verdict Effect `json:"verdict,omitempty"` // yes or no once it is settled, empty before
	Stuck   bool   `json:"stuck,omitempty"`   // everybody has answered and nothing is settled
}

// Tally counts the answers. It decides as soon as the outcome is fixed; the order of votes does not matter.
func (q *Question) Tally() Tally {
	t := q.countAnswers()
	counted := len(q.People)
	if !q.Quorum.AbstainCounts {
		counted -= t.Abstain
	}
	t.Needed = q.Quorum.Needed(counted)
	switch {
	case q.decidedByEscalation(&t):
	case t.Yes >= t.Needed:
		t.Verdict = EffectYes
	case q.Quorum.Reject == RejectAny && t.No > 0,
		q.Quorum.Reject == RejectCount && t.No >= max(q.Quorum.RejectN, 1),
		t.No > 0 && t.Yes+t.Pending < t.Needed:
		t.Verdict = EffectNo
	case t.Pending == 0:
		t.Stuck = true
	}
	return t
}

func (q *Question) countAnswers() Tally {
	var t Tally
	for _, person := range q.People {
		if !q.Voted(person) {
			t.Pending++
		}
	}
	for _, a := range q.Answers {
		o, _ := q.option(a.Verdict)
		switch o.Effect {
		case EffectYes:
			t.Yes++
		case EffectNo:
			t.No++
		case EffectAbstain:
			t.Abstain++
		}
	}
	return t
}

// decidedByEscalation lets those decide alone to whom the question was escalated: they were called because the others did not.
func (q *Question) decidedByEscalation(t *Tally) bool {
	if !q.Escalated {
		return false
	}
	for _, a := range q.Answers {
		if !contains(q.Escalation, a.For) || contains(q.People, a.For) {
			continue
		}
		if o, _ := q.option(a.Verdict); o.Effect == EffectYes || o.Effect == EffectNo {
			t.Verdict = o.Effect
			return true
		}
	}
	return false
}

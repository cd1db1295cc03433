package pmo

import "fmt"

// keepKeys is how many answered commands a request remembers, over continue-as-new too.
const keepKeys = 500

// A receipt shows so many open questions, fewer when they would not fit.
const (
	receiptSays    = 20 // answered commands whose sentence is kept
	receiptOpen    = 6
	receiptWaiting = 5 // people of each
	receiptBytes   = 2048
)

func (r *Request) receipt(result string) Receipt {
	return Receipt{ID: r.ID, Number: r.Number, Result: result, Stage: r.Stage, Status: r.Status, Outcome: r.Outcome, Revision: r.Revision, Seq: r.Seq}
}

// SubmissionReceipt is the receipt of a submission. It is the same however often it is asked for.
func (r *Request) SubmissionReceipt() Receipt {
	return Receipt{Says: fmt.Sprintf("%s submits %s", r.SubmittedBy, r.Ref()), ID: r.ID, Number: r.Number, Result: "accepted", Stage: StageIntake, Status: StatusOpen, Revision: 1, Digest: r.Digest, AcknowledgedAt: r.SubmittedAt}
}

// WithOpenQuestions brings a receipt up to date with what the process did since, and names the open questions.
func (r *Request) WithOpenQuestions(c Receipt) Receipt {
	c.Result = r.resultOfMerge(c.Result)
	c.Stage, c.Status, c.Outcome, c.Revision, c.Seq = r.Stage, r.Status, r.Outcome, r.Revision, r.Seq
	c.Open = nil
	for _, q := range r.OpenQuestions() {
		if len(c.Open) == receiptOpen {
			c.Truncated = true
			break
		}
		waiting := q.Waiting()
		shown := min(len(waiting), receiptWaiting)
		c.Open = append(c.Open, OpenItem{ID: q.ID, Kind: q.Kind, Waiting: waiting[:shown], MoreWaiting: len(waiting) - shown, DueAt: q.DueAt})
	}
	for len(c.Open) > 0 && jsonBytes(c) > receiptBytes {
		c.Open, c.Truncated = c.Open[:len(c.Open)-1], true
	}
	return c
}

// commandOfResult names the command of a receipt that was cached before keys kept their command. These commands may have equal payloads.
var commandOfResult = map[string]string{"held": "Hold", "resumed": "Resume", "woken": "Wake", "withdrawn": "Withdraw", "cancelled": "Cancel",
	"merged": "Cancel", "pulled": "Pull", "reported": "ReportProgress"}

// is reports whether the key was given with this command and payload. The digest does not contain the command, so both are compared.
func (k *Key) is(command, digest string) bool {
	recorded := k.Command
	if recorded == "" {
		recorded = commandOfResult[k.Answer.Result]
	}
	return k.Digest == digest && (recorded == "" || recorded == command)
}

// CachedReceipt finds the answer to a command given before. A key that came with another command or payload is refused.
func (r *Request) CachedReceipt(command string, by By) (Receipt, bool, *Refusal) {
	if by.Key == "" {
		return Receipt{}, false, nil
	}
	for _, k := range r.Keys {
		if k.Key != by.Key {
			continue
		}
		if !k.is(command, by.Digest) {
			return Receipt{}, false, refuse(RefusedKeyReused, "this key came with another command or another request body before")
		}
		answer := k.Answer
		answer.Replayed = true
		return answer, true, nil
	}
	return Receipt{}, false, nil
}

// CacheReceipt keeps the answer to a command for its repetition. It is called again when the answer is complete: a repetition gets the same
// one, without the open questions, which would take too much of the state.
func (r *Request) CacheReceipt(command string, by By, answer Receipt) {
	if by.Key == "" {
		return
	}
	answer.Open, answer.Truncated = nil, false
	for i := len(r.Keys) - 1; i >= 0; i-- {
		if r.Keys[i].Key == by.Key {
			r.Keys[i].Answer = answer
			return
		}
	}
	r.Keys = append(r.Keys, Key{Key: by.Key, Command: command, Digest: by.Digest, Answer: answer})
	if old := len(r.Keys) - 1 - receiptSays; old >= 0 {
		r.Keys[old].Answer.Says = "" // the sentences of all would take too much of the state
	}
	if len(r.Keys) > keepKeys {
		r.Keys = r.Keys[len(r.Keys)-keepKeys:]
	}
}

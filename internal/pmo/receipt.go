package pmo

import "encoding/json"

// keepKeys is how many answered commands a request remembers, over continue-as-new too.
const keepKeys = 500

// A receipt shows so many open questions, fewer when they would not fit.
const (
	receiptOpen    = 6
	receiptWaiting = 5 // people of each
	receiptBytes   = 2048
)

func (r *Request) receipt(result string) Receipt {
	return Receipt{ID: r.ID, Number: r.Number, Result: result, Stage: r.Stage, Status: r.Status, Outcome: r.Outcome, Revision: r.Revision, Seq: r.Seq}
}

// SubmissionReceipt is the receipt of a submission. It is the same however often it is asked for.
func (r *Request) SubmissionReceipt() Receipt {
	return Receipt{ID: r.ID, Number: r.Number, Result: "accepted", Stage: StageIntake, Status: StatusOpen, Revision: 1, Digest: r.Digest, AcknowledgedAt: r.SubmittedAt}
}

// WithOpenQuestions brings a receipt up to date with what the process did since, and names the open questions.
func (r *Request) WithOpenQuestions(c Receipt) Receipt {
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
	for len(c.Open) > 0 && c.bytes() > receiptBytes {
		c.Open, c.Truncated = c.Open[:len(c.Open)-1], true
	}
	return c
}

// bytes is the receipt's size on the wire.
//
//workflowcheck:ignore encoding/json gives the same text for the same receipt.
func (c Receipt) bytes() int {
	data, _ := json.Marshal(c) // plain fields only: it cannot fail
	return len(data)
}

// CachedReceipt finds the answer to a command given before. A key that came with another payload is refused.
func (r *Request) CachedReceipt(by By) (Receipt, bool, *Refusal) {
	if by.Key == "" {
		return Receipt{}, false, nil
	}
	for _, k := range r.Keys {
		if k.Key != by.Key {
			continue
		}
		if k.Digest != by.Digest {
			return Receipt{}, false, refuse(RefusedKeyReused, "this key came with another request body before")
		}
		answer := k.Answer
		answer.Replayed = true
		return answer, true, nil
	}
	return Receipt{}, false, nil
}

// CacheReceipt keeps the answer to a command for its repetition.
func (r *Request) CacheReceipt(by By, answer Receipt) {
	if by.Key == "" {
		return
	}
	answer.Open = nil
	r.Keys = append(r.Keys, Key{Key: by.Key, Digest: by.Digest, Answer: answer})
	if len(r.Keys) > keepKeys {
		r.Keys = r.Keys[len(r.Keys)-keepKeys:]
	}
}

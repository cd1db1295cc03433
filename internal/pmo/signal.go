package pmo

import "unicode/utf8"

// Limits of a decision that came as a signal. Replay repeats their check, so they never change: the limits of commands, which may, are checked
// by the activity that also checks the sender.
const (
	signalBytes      = 128 << 10
	signalCharacters = 200 // of each part of its sender, of its question and of its verdict
)

// TakeSignal prepares a decision that came as a signal, and returns why it is dropped unread, or nil. Its sender is only claimed. A patch
// without the mark of a merge patch is taken as one, as every patch of the API is. In a request that began under earlier rules signals are
// taken as they were.
func (r *Request) TakeSignal(c *Decide) *Refusal {
	c.By.Via, c.By.Joins = "signal", false
	if r.Process < Process05 {
		return nil
	}
	for _, text := range []string{c.By.Actor, c.By.For, c.By.Key, c.By.Digest, c.By.Call, c.Question, c.Verdict} {
		if utf8.RuneCountInString(text) > signalCharacters {
			return invalid("", "the sender, the question and the verdict have at most %d characters each", signalCharacters)
		}
	}
	if size := jsonBytes(c); size > signalBytes {
		return invalid("", "a signal has at most %d bytes", signalBytes)
	}
	if p := c.Data.Patch; p != nil && p.Merge == nil {
		p.Merge = &Merge{}
	}
	c.By.Joins = true // whether the question asks them today is known once the sender is checked
	return nil
}

// bounded is a decision of which a line of the ledger repeats only as much as a sound one has.
func bounded(c Decide) Decide {
	for _, text := range []*string{&c.By.Actor, &c.By.For, &c.By.Key, &c.By.Digest, &c.Question, &c.Verdict} {
		if utf8.RuneCountInString(*text) > signalCharacters {
			*text = string([]rune(*text)[:signalCharacters-1]) + "…"
		}
	}
	return c
}

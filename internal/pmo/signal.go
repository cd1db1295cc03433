package pmo

import (
	"encoding/json"
	"errors"
	"slices"
	"unicode/utf8"
)

// SignalledDecision is a decision that came as a signal, with what it clears: a decoded decision does not tell null from absent.
type SignalledDecision struct {
	decision Decide
	patch    *Patch   // as a merge patch
	empty    []string // fields of the plan
}

// UnmarshalJSON reads the signal. The data converter calls it, so that workflow code reads no JSON.
func (s *SignalledDecision) UnmarshalJSON(document []byte) error {
	var given struct {
		Data struct {
			Patch json.RawMessage `json:"patch"`
			Plan  json.RawMessage `json:"plan"`
		} `json:"data"`
	}
	if err := errors.Join(json.Unmarshal(document, &s.decision), json.Unmarshal(document, &given)); err != nil {
		return err
	}
	if p := s.decision.Data.Patch; p != nil {
		patch, err := MergePatch(given.Data.Patch)
		if err != nil {
			return err
		}
		if p.Merge != nil {
			patch.Merge.Clear = append(patch.Merge.Clear, p.Merge.Clear...)
		}
		s.patch = &patch
	}
	if s.decision.Data.Plan == nil {
		return nil
	}
	empty, err := EmptyFields[Plan](given.Data.Plan)
	s.empty = empty
	return err
}

// Decision is what was sent. Since Process08 null, zero and an empty list clear a field of its patch and of its plan, as they do in the API;
// before, they were taken as absent.
func (s *SignalledDecision) Decision(process ProcessVersion) Decide {
	c := s.decision
	if process < Process08 {
		return c
	}
	c.Data.Patch = s.patch
	if c.Data.Plan != nil {
		plan := *c.Data.Plan
		plan.Clear = append(slices.Clone(plan.Clear), s.empty...)
		c.Data.Plan = &plan
	}
	return c
}

// signalLimits are the limits of a decision that came as a signal, by the process version that first has them: replay repeats their check, so
// the limits of a version never change, and others come with the next version. The limits of commands, which may change, are checked by the
// activity that also checks the sender.
var signalLimits = map[ProcessVersion]signalLimit{
	Process05: {bytes: 128 << 10, characters: 200},
}

type signalLimit struct {
	bytes      int
	characters int // of each part of its sender, of its question and of its verdict
}

// signalLimit is the limit of the version, or of the latest one before it that has one. Before Process05 signals were taken as they were.
func (v ProcessVersion) signalLimit() (signalLimit, bool) {
	for ; v >= Process05; v-- {
		if limit, ok := signalLimits[v]; ok {
			return limit, true
		}
	}
	return signalLimit{}, false
}

// TakeSignal prepares a decision that came as a signal, and returns why it is dropped unread, or nil. Its sender is only claimed. A patch
// without the mark of a merge patch is taken as one, as every patch of the API is. In a request that began under earlier rules signals are
// taken as they were.
func (r *Request) TakeSignal(c *Decide) *Refusal {
	c.By.Via, c.By.Joins = "signal", false
	limit, limited := r.Process.signalLimit()
	if !limited {
		return nil
	}
	for _, text := range []string{c.By.Actor, c.By.For, c.By.Key, c.By.Digest, c.By.Call, c.Question, c.Verdict} {
		if utf8.RuneCountInString(text) > limit.characters {
			return invalid("", "the sender, the question and the verdict have at most %d characters each", limit.characters)
		}
	}
	if size := jsonBytes(c); size > limit.bytes {
		return invalid("", "a signal has at most %d bytes", limit.bytes)
	}
	if p := c.Data.Patch; p != nil && p.Merge == nil {
		p.Merge = &Merge{}
	}
	c.By.Joins = true // whether the question asks them today is known once the sender is checked
	return nil
}

// shownCharacters is how much of a part of a refused signal the ledger repeats. Only people read it.
const shownCharacters = 200

// bounded is a decision of which a line of the ledger repeats only as much as a sound one has.
func bounded(c Decide) Decide {
	for _, text := range []*string{&c.By.Actor, &c.By.For, &c.By.Key, &c.By.Digest, &c.Question, &c.Verdict} {
		if utf8.RuneCountInString(*text) > shownCharacters {
			*text = string([]rune(*text)[:shownCharacters-1]) + "…"
		}
	}
	return c
}

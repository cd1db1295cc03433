package priority

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// InputChange is one input with another value, sufficient alone to pass a rival.
type InputChange struct {
	Input string  `json:"input"`
	From  float64 `json:"from"`
	To    float64 `json:"to"`
	// Steps is how many steps of the policy's scale it is; 0 without a scale.
	Steps int `json:"steps,omitempty"`
}

// toPass lists the changes of single inputs that would take e past the entry at a place, the smallest first. For scored entries the change
// makes a clear difference, which always decides the order.
func (r Ranking) toPass(e *Entry, at int) ([]InputChange, string) {
	if e.Band == BandUnscored {
		return nil, "It will be placed by its score once " + given(e)
	}
	if at < 0 {
		return nil, "Nothing stands ahead of it"
	}
	rival := &r.Entries[at]
	who := rival.Item.name()
	if text := r.tiedToPass(e, rival); text != "" {
		return nil, text
	}
	switch {
	case e.Band == BandNotYet:
		return nil, "It joins the work that is due on " + day(e.NotBefore)
	case rival.Band != e.Band:
		return nil, "Only " + rival.Band.String() + " work stands ahead of it"
	case e.Band == BandExpedite:
		return nil, "Expedite work keeps its order of arrival"
	case e.Band == BandDue:
		return nil, "It would pass " + who + " if it had to start before " + day(rival.NotBefore)
	case rival.Tier != e.Tier:
		return nil, "It would pass " + who + " as " + tiers[rival.Tier-1] + " (now " + tiers[e.Tier-1] + ")"
	}
	changes := r.changesToPass(e, rival)
	if len(changes) == 0 {
		return nil, "No single input can take it past " + who + ": its score would have to be above " +
			num(rival.counts()/(1-e.NearTie)) + " (now " + num(e.Score.Value) + ")"
	}
	ways := make([]string, 0, 2)
	for _, c := range changes[:min(len(changes), cap(ways))] {
		ways = append(ways, words(c.Input)+" were "+num(c.To)+" instead of "+num(c.From))
	}
	return changes, "It would pass " + who + " if its " + strings.Join(ways, ", or if its ")
}

func given(e *Entry) string {
	var parts []string
	if e.Missing != 0 {
		parts = append(parts, e.Missing.Words()+" is given")
	}
	if e.Unusable != 0 {
		parts = append(parts, e.Unusable.Words()+" is corrected")
	}
	return strings.Join(parts, " and ")
}

func (r Ranking) changesToPass(e, rival *Entry) []InputChange {
	var list []InputChange
	for _, f := range r.rules.factors {
		value := e.Item.Inputs.at(f.field)
		if value == nil || r.rules.needs&f.field == 0 {
			continue
		}
		passes := func(v float64) bool {
			item := e.Item
			*item.Inputs.at(f.field) = &v
			s, _, _ := r.rules.score(&item, r.At)
			return s.Known && clearlyAbove(s.Value, rival.counts(), e.NearTie)
		}
		c := InputChange{Input: f.field.Names()[0], From: **value}
		if r.nearest(f, &c, passes) {
			list = append(list, c)
		}
	}
	slices.SortStableFunc(list, func(a, b InputChange) int {
		return cmp.Or(cmp.Compare(a.Steps, b.Steps), cmp.Compare(a.ratio(), b.ratio()))
	})
	return list
}

func (c InputChange) ratio() float64 {
	return max(c.To/max(c.From, smallest), c.From/max(c.To, smallest))
}

// nearest finds the value nearest to the present one that passes: on the policy's scale where the value is on it, otherwise any.
func (r Ranking) nearest(f factor, c *InputChange, passes func(float64) bool) bool {
	down := f.field == r.rules.divisor || r.rules.weights[index(f.field)] < 0
	if at := slices.Index(r.rules.Scale, c.From); at >= 0 {
		for i := at; i >= 0 && i < len(r.rules.Scale); {
			if c.To = r.rules.Scale[i]; i != at && passes(c.To) {
				return true
			}
			c.Steps++
			if i++; down {
				i -= 2
			}
		}
		return false
	}
	if c.To = f.hi; down {
		c.To = max(f.lo, smallest)
	}
	if !passes(c.To) {
		return false
	}
	from := c.From
	for range 100 { // halves the distance that is left
		if mid := (from + c.To) / 2; passes(mid) {
			c.To = mid
		} else {
			from = mid
		}
	}
	if round := math.Ceil(c.To*100) / 100; !down && passes(round) {
		c.To = round
	} else if round := math.Floor(c.To*100) / 100; down && passes(round) {
		c.To = round
	}
	return true
}

package priority

import (
	"math"
	"strings"
	"time"
)

// Reason is one term of a rank: what it is, its amount and its part in the
// cost of delay.
type Reason struct {
	// Code is stable: an input's name, ageing, lane, not_before, missing,
	// unusable or near_tie.
	Code string `json:"code"`
	// Amount is in weighted points; 0 for reasons that are not amounts.
	Amount float64 `json:"amount"`
	// Share is the term's part of the cost of delay, 0 to 1.
	Share float64 `json:"share"`
	Text  string  `json:"text"`
}

// Explanation says why an entry has its rank and what would change it.
type Explanation struct {
	Outcome     string      `json:"outcome"`
	Reasons     []Reason    `json:"reasons"`
	Above       *Rival      `json:"above,omitempty"`
	Below       *Rival      `json:"below,omitempty"`
	Sensitivity Sensitivity `json:"flip"`
	// Sentence is the whole of it in plain words.
	Sentence string `json:"sentence"`
}

// Explain puts an entry into words. It needs nothing but the stored entry.
func Explain(e Entry) Explanation {
	x := Explanation{Outcome: outcome(e), Reasons: reasons(e), Sensitivity: sensitivity(e)}
	if e.Above.Rank > 0 {
		x.Above = &e.Above
	}
	if e.Below.Rank > 0 {
		x.Below = &e.Below
	}
	parts := []string{x.Outcome, neighbours(e), x.Sensitivity.Text}
	for _, r := range x.Reasons {
		if r.Code == "near_tie" {
			parts = append(parts, r.Text)
		}
	}
	x.Sentence = sentences(parts)
	return x
}

func outcome(e Entry) string {
	who := name(e.Item.Number, e.Item.ID) + " is at rank " + whole(e.Rank)
	switch e.Band {
	case BandExpedite:
		return who + ": expedite work goes first, in order of arrival"
	case BandDue:
		return who + ": its fixed date " + day(*e.Item.FixedDate) + " needs a start since " + day(e.NotBefore)
	case BandNotYet:
		return who + ": not yet before " + day(e.NotBefore) + ", so that it is done by " + day(*e.Item.FixedDate)
	case BandUnscored:
		return who + ": " + unscored(e)
	}
	s := e.Score
	return who + " with score " + num(s.Value) + ": cost of delay " + num(s.CostOfDelay) + " ÷ job size " + num(s.JobSize)
}

// unscored names what is missing and what is impossible; neither is ever read
// as zero.
func unscored(e Entry) string {
	var what []string
	if e.Missing != 0 {
		what = append(what, "missing "+e.Missing.Words())
	}
	if e.Unusable != 0 {
		what = append(what, e.Unusable.Words()+" "+e.Item.Inputs.reason(e.Unusable))
	}
	return "cannot be scored: " + strings.Join(what, "; ")
}

func reasons(e Entry) []Reason {
	var rs []Reason
	if e.Class != Standard {
		rs = append(rs, Reason{Code: "lane", Text: "class of service " + words(string(e.Class))})
	}
	if !e.NotBefore.IsZero() {
		rs = append(rs, startReason(e))
	}
	if e.Band == BandUnscored {
		code := "missing"
		if e.Missing == 0 {
			code = "unusable"
		}
		rs = append(rs, Reason{Code: code, Text: unscored(e)})
	}
	if e.Band == BandFlow {
		rs = append(rs, terms(e.Score)...)
		if r, ok := nearTie(e); ok {
			rs = append(rs, r)
		}
	}
	if len(rs) == 0 {
		rs = append(rs, Reason{Code: "lane", Text: e.Band.String()})
	}
	return rs
}

func startReason(e Entry) Reason {
	lead := e.Item.FixedDate.Sub(e.NotBefore)
	text := "start on " + day(e.NotBefore) + " = " + day(*e.Item.FixedDate) + " − " + num(math.Round(lead.Hours()/24)) + " days"
	if e.LeadAssumed {
		return Reason{Code: "not_before", Text: text + " (the policy's assumption; the lead time cannot be forecast yet)"}
	}
	return Reason{Code: "not_before", Text: text + " (85 % of comparable work is done in that time)"}
}

// terms splits a score: shares of the cost of delay, then the divisor.
func terms(s Score) []Reason {
	rs := make([]Reason, 0, 5)
	add := func(code string, amount float64, text string) {
		if amount == 0 {
			return
		}
		share := amount / s.CostOfDelay
		rs = append(rs, Reason{Code: code, Amount: amount, Share: share,
			Text: text + " " + num(amount) + " (" + num(math.Round(share*100)) + " % of the cost of delay)"})
	}
	add("business_value", s.BusinessValue, "business value")
	add("time_criticality", s.TimeCriticality, "time criticality")
	add("risk_reduction", s.RiskReduction, "risk reduction or opportunity")
	add("ageing", s.Ageing, "ageing, "+whole(s.WeeksWaited)+" weeks waited,")
	return append(rs, Reason{Code: "job_size", Amount: s.JobSize, Text: "divided by job size " + num(s.JobSize)})
}

// nearTie reports when the order of neighbours is not that of their scores.
func nearTie(e Entry) (Reason, bool) {
	switch {
	case e.Above.Band == BandFlow && e.Above.Score < e.Score.Value:
		return Reason{Code: "near_tie", Text: "It stays behind " + e.Above.name() + " although its score is higher by " +
			difference(e.Score.Value, e.Above.Score) + ": near-ties keep their previous order"}, true
	case e.Below.Band == BandFlow && e.Below.Score > e.Score.Value:
		return Reason{Code: "near_tie", Text: "It stays ahead of " + e.Below.name() + " although its score is lower by " +
			difference(e.Below.Score, e.Score.Value) + ": near-ties keep their previous order"}, true
	}
	return Reason{}, false
}

func difference(hi, lo float64) string { return num((hi-lo)/hi*100) + " %" }

func neighbours(e Entry) string {
	var parts []string
	if e.Above.Rank > 0 {
		parts = append(parts, "behind "+e.Above.name()+e.Above.scoreIn(e.Band))
	}
	if e.Below.Rank > 0 {
		parts = append(parts, "ahead of "+e.Below.name()+e.Below.scoreIn(e.Band))
	}
	if len(parts) == 0 {
		return "It is alone in the backlog"
	}
	return "It stands " + strings.Join(parts, " and ")
}

func (r Rival) name() string { return name(r.Number, r.ID) }

// scoreIn gives the rival's score where it is what the order rests on.
func (r Rival) scoreIn(b Band) string {
	if r.Band == BandFlow && b == BandFlow {
		return " (" + num(r.Score) + ")"
	}
	return " (" + r.Band.String() + ")"
}

// Gap splits the distance of two scores into what adds up: logarithms, because
// ln score = ln cost of delay − ln job size.
type Gap struct {
	Score       float64 `json:"score"`
	CostOfDelay float64 `json:"cost_of_delay"`
	JobSize     float64 `json:"job_size"`
}

// Compare returns ln(a/b) of the scores and its two additive parts: a positive
// part favours a. Entries without a positive score give a zero Gap.
func Compare(a, b Entry) Gap {
	if a.Score.Value <= 0 || b.Score.Value <= 0 {
		return Gap{}
	}
	g := Gap{
		CostOfDelay: math.Log(a.Score.CostOfDelay / b.Score.CostOfDelay),
		JobSize:     -math.Log(a.Score.JobSize / b.Score.JobSize),
	}
	g.Score = g.CostOfDelay + g.JobSize
	return g
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

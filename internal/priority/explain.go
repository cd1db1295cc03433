package priority

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// Explanation says why an entry has its rank and what would change it.
type Explanation struct {
	// Sentence is the whole of it in plain words.
	Sentence string `json:"-"`
	// Causes are what moved it in the run, in places; they add up.
	Causes []Cause `json:"causes,omitempty"`
	// Parts add up to the score; none where no score decides.
	Parts []ScorePart `json:"parts,omitempty"`
	// Above and Below are the neighbours, with what separates them.
	Above *Neighbour `json:"above,omitempty"`
	Below *Neighbour `json:"below,omitempty"`
	// Up is what would take it up one place, Top what would take it among the first places; absent where no single input can.
	Up  []InputChange `json:"up,omitempty"`
	Top []InputChange `json:"top,omitempty"`
	// UpText says Up in words, or why there is none.
	UpText  string `json:"-"`
	TopText string `json:"top_text,omitempty"`
	// Range says how sure the rank is; absent where no score orders.
	Range *RankRange `json:"range,omitempty"`
	// NearTie says that the order of neighbours is not that of their scores.
	NearTie string `json:"near_tie,omitempty"`
	// Needs are those of the backlog that must be done before, Unblocks those that wait behind it, directly or through others; MoreUnblocked is how
	// many of them are left out.
	Needs         []Ref `json:"needs,omitempty"`
	Unblocks      []Ref `json:"unblocks,omitempty"`
	MoreUnblocked int   `json:"more_unblocked,omitempty"`
	// Inherited is the score that counts because of them instead of its own: that of the group with which it is done.
	Inherited float64 `json:"inherited,omitempty"`
	// Guardrails say, of a pulled request, which guardrails of the portfolio that leads away from or towards.
	Guardrails []string `json:"guardrails,omitempty"`
	// Problem is what somebody has to put right: a prerequisite that will not come, or a cycle.
	Problem string `json:"problem,omitempty"`
}

// Neighbour is the entry before or after another one.
type Neighbour struct {
	ID     string  `json:"id"`
	Number int64   `json:"number"`
	Rank   int     `json:"rank"`
	Score  float64 `json:"score"`
	// Apart says what separates the two.
	Apart string `json:"apart"`
	// Near says that the scores differ by no more than what the policy calls a near-tie.
	Near bool `json:"near,omitempty"`
	// Hidden says that it is not for who reads: only its rank is told.
	Hidden bool `json:"hidden,omitempty"`
}

// Explain puts an entry into words. The first so many places are those worth to know the way to, such as the WIP limit; 0: none.
func (r Ranking) Explain(at, first int) Explanation {
	e := &r.Entries[at]
	x := Explanation{Above: r.neighbour(e, at-1), Below: r.neighbour(e, at+1)}
	if e.Score.Known && (e.Band == BandFlow || e.Band == BandWont) {
		x.Parts = r.rules.parts(&e.Item, e.Score)
	}
	x.Up, x.UpText = r.toPass(e, at-1)
	if first > 0 && at > first && first <= len(r.Entries) && r.Entries[first-1].Band == e.Band {
		x.Top, x.TopText = r.toPass(e, first-1)
	}
	x.NearTie = nearTie(e)
	x.Sentence = sentences([]string{r.outcome(e), r.pointsWords(e), r.waiting(e), r.ties(at, &x), neighbours(e), x.UpText, x.NearTie})
	return x
}

func (r Ranking) outcome(e *Entry) string {
	who := name(e.Item.Number, e.Item.ID) + " is at rank " + whole(e.Rank)
	switch e.Band {
	case BandExpedite:
		return who + ": expedite work goes first, in order of arrival"
	case BandDue:
		return who + ": its fixed date " + day(*e.Item.FixedDate) + " needs a start since " + day(e.NotBefore) + ", " + r.leadWords(e)
	case BandNotYet:
		return who + ": not yet before " + day(e.NotBefore) + ", so that it is done by " + day(*e.Item.FixedDate) + ": " + r.leadWords(e)
	case BandUnscored:
		return who + ": " + r.unscored(e)
	}
	if e.Tier > 0 {
		who += " (" + tiers[e.Tier-1] + ")"
	}
	s := e.Score
	text := who + " with score " + num(s.Value) + ": " + r.rules.numerator + " " + num(s.CostOfDelay)
	if r.rules.divides != "" && s.JobSize != 1 || r.rules.divisor != 0 {
		text += " ÷ " + r.rules.divides + " " + num(s.JobSize)
	}
	return text
}

// leadWords says how long before its date a request is started, and what that rests on.
func (r Ranking) leadWords(e *Entry) string {
	days := num(math.Round(e.Item.FixedDate.Sub(e.NotBefore).Hours() / 24))
	if e.LeadAssumed {
		return days + " days before it, which the policy assumes because too little finished work is known to forecast"
	}
	return days + " days before it, in which 85 % of the finished requests were done"
}

// waiting says what waiting has added, and the longest wait.
func (r Ranking) waiting(e *Entry) string {
	if len(e.Item.ID) == 0 || e.Band != BandFlow || e.Score.Ageing == 0 {
		return ""
	}
	share := num(math.Round(e.Score.Ageing / e.Score.CostOfDelay * 100))
	text := "Of its score " + share + " % comes from " + plural(e.Score.WeeksWaited, "week") + " of waiting"
	if n := r.Policy.WeeksUntilFirst(); n > 0 {
		text += fmt.Sprintf("; the smallest score outranks the highest after at most %d weeks", n)
	}
	return text
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return whole(n) + " " + what + "s"
}

// unscored names what is missing and what is impossible; neither is ever read
// as zero.
func (r Ranking) unscored(e *Entry) string {
	var what []string
	if e.Missing != 0 {
		what = append(what, "missing "+e.Missing.Words())
	}
	if e.Unusable != 0 {
		what = append(what, e.Unusable.Words()+" "+r.rules.reason(&e.Item.Inputs, e.Unusable))
	}
	return "cannot be scored: " + strings.Join(what, "; ")
}

// reason is why the first of some inputs cannot be used.
func (r *rules) reason(in *Inputs, bad Fields) string {
	for _, f := range r.factors {
		if bad&f.field == 0 {
			continue
		}
		if f.field == FieldMoSCoW {
			return "must be one of " + strings.Join(tiers[:], ", ")
		}
		return f.fault(**in.at(f.field))
	}
	return ""
}

// nearTie says when the order of neighbours is not that of their scores.
func nearTie(e *Entry) string {
	switch {
	case e.Band != BandFlow || e.Tied || e.Above.tied || e.Below.tied:
	case e.Above.Band == BandFlow && e.Above.Tier == e.Tier && e.Above.Score < e.Score.Value:
		return "It stays behind " + e.Above.name() + " although its score is higher by " +
			difference(e.Score.Value, e.Above.Score) + ": near-ties keep their previous order"
	case e.Below.Band == BandFlow && e.Below.Tier == e.Tier && e.Below.Score > e.Score.Value:
		return "It stays ahead of " + e.Below.name() + " although its score is lower by " +
			difference(e.Below.Score, e.Score.Value) + ": near-ties keep their previous order"
	}
	return ""
}

func difference(hi, lo float64) string { return num((hi-lo)/hi*100) + " %" }

func neighbours(e *Entry) string {
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

// neighbour is the entry at a place beside e; nil where there is none.
func (r Ranking) neighbour(e *Entry, at int) *Neighbour {
	if at < 0 || at >= len(r.Entries) {
		return nil
	}
	o := &r.Entries[at]
	n := &Neighbour{ID: o.Item.ID, Number: o.Item.Number, Rank: o.Rank, Score: o.Score.Value, Apart: r.apart(e, o)}
	if e.Band == BandFlow && o.Band == BandFlow && e.Tier == o.Tier {
		hi, lo := max(e.counts(), o.counts()), min(e.counts(), o.counts())
		n.Near = !clearlyAbove(hi, lo, r.Policy.NearTie)
	}
	return n
}

// apart says what separates two entries: the quotient of their scores is that of the numerators over that of the divisors.
func (r Ranking) apart(e, o *Entry) string {
	first, second := e, o
	if o.Rank < e.Rank {
		first, second = o, e
	}
	if text := r.tiedApart(first, second); text != "" {
		return text
	}
	switch {
	case first.Band != second.Band:
		return first.Band.String() + " goes before " + second.Band.String()
	case first.Tier != second.Tier && first.Band != BandUnscored:
		return tiers[first.Tier-1] + " goes before " + tiers[second.Tier-1]
	case first.Band == BandDue || first.Band == BandNotYet:
		return "a start on " + day(first.NotBefore) + " goes before one on " + day(second.NotBefore)
	case first.Band != BandFlow || first.Score.Value == second.Score.Value:
		return "the earlier one goes first"
	case first.Score.Value < second.Score.Value:
		return "a near-tie that keeps its previous order"
	}
	text := r.rules.numerator + " " + num(first.Score.CostOfDelay) + " against " + num(second.Score.CostOfDelay)
	if first.Score.JobSize != second.Score.JobSize {
		text += ", " + r.rules.divides + " " + num(first.Score.JobSize) + " against " + num(second.Score.JobSize)
	}
	return text
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

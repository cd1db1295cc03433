package priority

import "strings"

// scale is the usual relative scale for sizes and parts of the cost of delay.
var scale = [...]float64{1, 2, 3, 5, 8, 13, 20}

// Sensitivity is the smallest change of one input that would take an entry past
// its rival. Zero numbers mean that a change of that input alone cannot do it.
type Sensitivity struct {
	Rival Rival `json:"rival"`
	// JobSize is the largest sufficient job size: on the usual scale the largest
	// step that is small enough, else a limit that it must stay below.
	JobSize     float64 `json:"job_size,omitempty"`
	SizeIsLimit bool    `json:"size_is_bound,omitempty"`
	CostOfDelay float64 `json:"cost_of_delay,omitempty"`
	Text        string  `json:"text"`
}

// sensitivity finds the change that would take e past its rival above. For
// scored neighbours the change makes a clear difference, which always decides
// the order.
func sensitivity(e Entry) Sensitivity {
	s := Sensitivity{Rival: e.Above}
	switch {
	case e.Band == BandUnscored:
		s.Text = "It will be placed by its score once " + given(e)
	case e.Above.Rank == 0:
		s.Text = "Nothing stands ahead of it"
	case e.Band == BandNotYet:
		s.Text = "It joins the work that is due on " + day(e.NotBefore)
	case e.Above.Band != e.Band:
		s.Text = "Only " + e.Above.Band.String() + " work stands ahead of it"
	case e.Band == BandExpedite:
		s.Text = "Expedite work keeps its order of arrival"
	case e.Band == BandDue:
		s.Text = "It would pass " + e.Above.name() + " if it had to start before " + day(e.Above.NotBefore)
	default:
		passByScore(&s, e)
	}
	return s
}

func given(e Entry) string {
	var parts []string
	if e.Missing != 0 {
		parts = append(parts, e.Missing.Words()+" is given")
	}
	if e.Unusable != 0 {
		parts = append(parts, e.Unusable.Words()+" is corrected")
	}
	return strings.Join(parts, " and ")
}

// passByScore finds a job size and a cost of delay, each sufficient alone, that
// clearly beat the rival's score.
func passByScore(s *Sensitivity, e Entry) {
	cod, size, rival := e.Score.CostOfDelay, e.Score.JobSize, e.Above.Score
	beats := func(score float64) bool { return clearlyAbove(score, rival, e.NearTie) }
	needed := rival / (1 - e.NearTie)

	var ways []string
	if cod > 0 && needed > 0 {
		if onScale(size) {
			for _, step := range scale {
				if step < size && beats(cod/step) {
					s.JobSize = step
				}
			}
		} else {
			s.JobSize, s.SizeIsLimit = cod/needed, true
		}
	}
	switch {
	case s.SizeIsLimit:
		ways = append(ways, "job size were below "+num(s.JobSize)+" (now "+num(size)+")")
	case s.JobSize > 0:
		ways = append(ways, "job size were ≤ "+num(s.JobSize)+" (now "+num(size)+")")
	}
	s.CostOfDelay = needed * size
	ways = append(ways, "cost of delay were above "+num(s.CostOfDelay)+" (now "+num(cod)+")")
	s.Text = "It would pass " + e.Above.name() + " if its " + strings.Join(ways, ", or if its ")
}

func onScale(v float64) bool {
	for _, s := range scale {
		if s == v {
			return true
		}
	}
	return false
}

package priority

import "strings"

// scale is the usual relative scale for sizes and parts of the cost of delay.
var scale = [...]float64{1, 2, 3, 5, 8, 13, 20}

// flip finds what would take e past its rival above. For scored neighbours it
// is a change that surely suffices: a clear difference, which always decides.
func flip(e Entry) Flip {
	f := Flip{Rival: e.Above}
	switch {
	case e.Band == BandUnscored:
		f.Text = "It will be placed by its score once " + given(e)
	case e.Above.Rank == 0:
		f.Text = "Nothing stands ahead of it"
	case e.Band == BandNotYet:
		f.Text = "It joins the work that is due on " + day(e.NotBefore)
	case e.Above.Band != e.Band:
		f.Text = "Only " + e.Above.Band.String() + " work stands ahead of it"
	case e.Band == BandExpedite:
		f.Text = "Expedite work keeps its order of arrival"
	case e.Band == BandDue:
		f.Text = "It would pass " + e.Above.name() + " if it had to start before " + day(e.Above.NotBefore)
	default:
		flipScore(&f, e)
	}
	return f
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

// flipScore looks for a job size and a cost of delay, each alone, that clearly
// beat the rival's score.
func flipScore(f *Flip, e Entry) {
	cod, size, rival := e.Score.CostOfDelay, e.Score.JobSize, e.Above.Score
	beats := func(score float64) bool { return clearlyAbove(score, rival, e.NearTie) }
	needed := rival / (1 - e.NearTie)

	var ways []string
	if cod > 0 && needed > 0 {
		if onScale(size) {
			for _, s := range scale {
				if s < size && beats(cod/s) {
					f.JobSize = s
				}
			}
		} else {
			f.JobSize, f.SizeIsBound = cod/needed, true
		}
	}
	switch {
	case f.SizeIsBound:
		ways = append(ways, "job size were below "+num(f.JobSize)+" (now "+num(size)+")")
	case f.JobSize > 0:
		ways = append(ways, "job size were ≤ "+num(f.JobSize)+" (now "+num(size)+")")
	}
	f.CostOfDelay = needed * size
	ways = append(ways, "cost of delay were above "+num(f.CostOfDelay)+" (now "+num(cod)+")")
	f.Text = "It would pass " + e.Above.name() + " if its " + strings.Join(ways, ", or if its ")
}

func onScale(v float64) bool {
	for _, s := range scale {
		if s == v {
			return true
		}
	}
	return false
}

package priority

// PointsWeight is the weight of the points of stakeholders in a model that is a sum; 0 in others.
func (p Policy) PointsWeight() float64 {
	switch p.model() {
	case WSJF, MoSCoW:
		return p.weights().StakeholderPoints
	case Weighted:
		for _, c := range p.Criteria {
			if c.Input == PointsInput {
				return c.Weight
			}
		}
	}
	return 0
}

// raisedByPoints is how many times the highest score is what it would be without points.
func (p Policy) raisedByPoints() float64 {
	points, others := p.PointsWeight(), 0.0
	if p.AllPoints <= 0 || points <= 0 {
		return 1
	}
	switch p.model() {
	case Weighted:
		for _, c := range p.Criteria {
			if c.Input != PointsInput && c.Weight > 0 {
				others += c.Weight
			}
		}
	case WSJF, MoSCoW:
		w := p.weights()
		others = w.BusinessValue + w.TimeCriticality + w.RiskReduction
	default:
		return 1
	}
	if others == 0 {
		return 1
	}
	return 1 + points/others
}

// pointsTerm is what the points of stakeholders add to the numerator of a sum: its share of all points of a period, at most all of them, as a part of the
// largest value that another input has.
func (r *rules) pointsTerm(it *Item) float64 {
	if r.points == 0 || r.AllPoints <= 0 || it.Points <= 0 {
		return 0
	}
	share := min(it.Points/r.AllPoints, 1)
	if r.gain > 0 {
		return r.points * share * 100 / r.gain
	}
	if n := len(r.Scale); n > 0 {
		return r.points * share * r.Scale[n-1]
	}
	return 0
}

// pointsWords says what the points of stakeholders do to a score; empty where they do nothing.
func (r Ranking) pointsWords(e *Entry) string {
	if !e.Score.Known || e.Band != BandFlow && e.Band != BandWont {
		return ""
	}
	term := r.rules.pointsTerm(&e.Item)
	if term == 0 {
		return ""
	}
	return "Stakeholders put " + num(e.Item.Points) + " points on it, of " + num(r.Policy.AllPoints) + " in a period: that adds " + num(term/e.Score.JobSize) + " to its score"
}

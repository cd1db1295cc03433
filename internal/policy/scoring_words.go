package policy

import (
	"fmt"
	"strings"

	"leanpmo/internal/priority"
)

// scoringWords says how requests are ranked.
func (p *Policy) scoringWords() string {
	text := p.modelWords(p.Scoring(p.doc.Portfolios[0].ID))
	for _, d := range p.doc.Portfolios[1:] {
		if other := p.modelWords(p.Scoring(d.ID)); other != p.modelWords(p.Scoring(p.doc.Portfolios[0].ID)) {
			text += " In " + d.Name + ": " + other
		}
	}
	return text
}

func (p *Policy) modelWords(s priority.Policy) string {
	wsjf := fmt.Sprintf("cost of delay over size: value counts %g, time %g, risk %g", s.Weights.BusinessValue, s.Weights.TimeCriticality, s.Weights.RiskReduction)
	switch s.Model {
	case priority.CD3:
		return "Rank is what a week of delay costs, in money, over weeks of duration (CD3)."
	case priority.RICE:
		return "Rank is reach times impact times confidence over effort (RICE)."
	case priority.ICE:
		return "Rank is impact times confidence times ease (ICE)."
	case priority.ValueEffort:
		return "Rank is business value over effort."
	case priority.MoSCoW:
		return "Rank is must before should before could (MoSCoW), and within each " + wsjf + "; what is \"won't\" is not pulled."
	case priority.Weighted:
		var terms []string
		for _, c := range s.Criteria {
			terms = append(terms, fmt.Sprintf("%s %g", strings.ReplaceAll(c.Input, "_", " "), c.Weight))
		}
		of := "the largest value of the scale"
		if s.Normalise == priority.NormaliseBacklog {
			of = "the largest in the backlog"
		}
		return "Rank is a weighted mean (" + strings.Join(terms, ", ") + "), each value as a share of " + of + "; negative weights divide."
	}
	return "Rank is " + wsjf + "."
}

// ageingWords says what waiting adds, and how long one waits at most because of others.
func (p *Policy) ageingWords() string {
	s := p.Scoring(p.doc.Portfolios[0].ID)
	switch weeks := s.WeeksUntilFirst(); {
	case s.LongestWait > 0:
		return fmt.Sprintf("Every week of waiting raises a score by %.1f %%: after %d weeks the smallest score outranks the highest that has just come.", 100*(s.GrowthPerWeek()-1), weeks)
	case s.AgeingPerWeek > 0 && weeks > 0:
		return fmt.Sprintf("Every week of waiting adds %g; the smallest score outranks the highest that has just come after %d weeks.", s.AgeingPerWeek, weeks)
	case s.AgeingPerWeek > 0:
		return fmt.Sprintf("Every week of waiting adds %g.", s.AgeingPerWeek)
	}
	return "Waiting does not change a rank."
}

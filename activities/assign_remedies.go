package activities

import (
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
)

// askPMO says when the PMO is asked about a request that found no team, and what would help it, outside the portfolio's lock. Where no team could
// ever take it, or the one that the PMO named cannot, there is nothing to wait for.
func (s *search) askPMO(p *policy.Policy) error {
	if s.read == nil || s.in.Named != "" {
		return nil
	}
	own := ownRequest(s.in, s.rules)
	if s.read.CouldEver(own) {
		since := s.in.At
		if !s.in.Since.IsZero() {
			since = s.in.Since
		}
		s.result.AskAt = p.AskForTeamAt(s.in.Portfolio, since)
	}
	if !s.in.Remedies {
		return nil
	}
	list, err := s.read.Remedies(own.ID)
	if err != nil {
		return err
	}
	if l := s.later; l != nil {
		if t := s.read.Team(l.Team); t != nil {
			wait := pmo.Remedy{ID: pmo.RemedyWait, Team: t.ID, Name: t.Name, Until: pmo.Date(l.From)}
			if second := s.read.Team(l.Second); second != nil {
				wait.Name += " and " + second.Name
			}
			wait.Say()
			list = append(list, wait)
		}
	}
	s.result.Remedies = list[:min(len(list), pmo.MaxRemedies)]
	return nil
}

package web

import (
	"strings"

	"leanpmo/internal/pmo"
)

// Remedy says in the reader's language what would help a request that no team can take.
func (t *reader) Remedy(m pmo.Remedy) string {
	switch {
	case m.ID == pmo.RemedyWait:
		return t.T("remedy.wait", "day", t.Day(m.Until).Words, "team", m.Name)
	case m.ID == pmo.RemedySecond:
		return t.T("remedy.second", "team", m.Name, "other", m.With, "skills", strings.Join(m.Second, ", "))
	case m.ID == pmo.RemedySplit && m.With != "":
		return t.T("remedy.split_teams", "team", m.Name, "other", m.With)
	case m.ID == pmo.RemedySplit:
		return t.T("remedy.split_part", "team", m.Name, "size", t.Number(m.Size))
	}
	var parts []string
	if limit := m.WIPLimit; limit != nil {
		parts = append(parts, t.T("remedy.wip_limit", "team", m.Name, "from", t.Number(limit.From), "to", t.Number(limit.To)))
	}
	if limit := m.LoadCeiling; limit != nil {
		parts = append(parts, t.T("remedy.load_ceiling", "team", m.Name, "from", t.Percent(limit.From), "to", t.Percent(limit.To)))
	}
	if len(m.Skills) > 0 {
		parts = append(parts, t.T("remedy.skills", "team", m.Name, "skills", strings.Join(m.Skills, ", ")))
	}
	if m.AskAgain {
		parts = append(parts, t.T("remedy.ask_again", "team", m.Name))
	}
	return strings.Join(parts, "; ")
}

// remedyChoices are what a question can be answered with.
func remedyChoices(t *reader, q *pmo.Question) []choice {
	var list []choice
	for i := range q.Remedies {
		if m := &q.Remedies[i]; m.Answers() {
			list = append(list, choice{m.ID, t.Remedy(*m)})
		}
	}
	return list
}

package web

import (
	"net/http"
	"net/url"

	"leanpmo/internal/wire"
)

type skillsView struct {
	Report     wire.SkillsReport
	Portfolios []portfolioLink // empty where there is one only
	CSV        string
}

// Names are the names of teams, by their ids.
func (v skillsView) Names(ids []string) []string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = v.Report.Teams[id]
	}
	return names
}

// skills shows which skills delay the most value, and what would help.
func (s *Site) skills(w http.ResponseWriter, r *http.Request) error {
	portfolio := r.URL.Query().Get("portfolio")
	answer, err := s.api.SkillsReport(r.Context(), portfolio)
	if err != nil {
		return err
	}
	rules, err := s.api.Policy(r.Context())
	if err != nil {
		return err
	}
	view := skillsView{Report: answer.Value, CSV: "/skills.csv?portfolio=" + url.QueryEscape(answer.Value.Portfolio)}
	chosen := answer.Value.Portfolio
	view.Portfolios = portfolioLinks(rules.Value.Data, &chosen)
	for i := range view.Portfolios {
		view.Portfolios[i].Link = "/skills?portfolio=" + url.QueryEscape(rules.Value.Data.Portfolios[i].ID)
	}
	return render(s, w, r, http.StatusOK, "skills", view)
}

// skillsCSV is the report for a spreadsheet.
func (s *Site) skillsCSV(w http.ResponseWriter, r *http.Request) error {
	doc, err := s.api.SkillsCSV(r.Context(), r.URL.Query().Get("portfolio"))
	if err != nil {
		return err
	}
	return sendCSV(w, "skills.csv", doc)
}

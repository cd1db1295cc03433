package api

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"leanpmo/internal/assign"
	"leanpmo/internal/policy"
	"leanpmo/internal/wire"
)

const skillsAbout = "Of the requests that wait for a team and find none now, by skill: how many wait for it, for how many weeks, and what those weeks are worth in value and in money, where requests say " +
	"their cost of delay. All that waits is planned again with the skill in one team more, and with one person more who has it, in the teams with the most room: where it helps most, and how much less is waited. " +
	"Requests that you may not read take their places, and are in no sum. `format=csv`: one line a skill."

type skillsInput struct {
	Portfolio string `query:"portfolio" maxLength:"64" doc:"The first one of the policy when absent"`
	Format    string `query:"format" enum:"json,csv" default:"json"`
}

// skills answers which skills delay the most value.
func (a *API) skills(ctx context.Context, in *skillsInput) (*flowOutput, error) {
	portfolio, err := a.portfolio(in.Portfolio, "query/portfolio")
	if err != nil {
		return nil, err
	}
	p, at := a.Policy.Now(), a.moment()
	read, err := a.Backlogs.Placement(ctx, portfolio, p.AssignPolicyAt(portfolio, at))
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(read.Waiting))
	for i := range read.Waiting {
		ids[i] = read.Waiting[i].ID
	}
	titles, err := a.Store.Titles(ctx, viewOf(ctx), ids)
	if err != nil {
		return nil, err
	}
	out := wire.SkillsReport{At: at, Portfolio: portfolio, Policy: p.Name(), Waiting: len(titles), Weeks: policy.WeeksAhead, Teams: map[string]string{}}
	for _, d := range p.Document().Portfolios {
		if d.ID == portfolio {
			out.Name = d.Name
		}
	}
	for i := range read.Teams {
		out.Teams[read.Teams[i].ID] = read.Teams[i].Name
	}
	if out.Skills, err = read.SkillDelays(func(id string) bool { _, readable := titles[id]; return readable }); err != nil {
		return nil, err
	}
	if in.Format == "csv" {
		return skillsCSV(out.Skills), nil
	}
	return &flowOutput{ContentType: "application/json", Body: func(to huma.Context) {
		_ = json.NewEncoder(to.BodyWriter()).Encode(out) // a reader who has gone gets no more
	}}, nil
}

func skillsCSV(list []assign.SkillDelay) *flowOutput {
	return &flowOutput{ContentType: "text/csv; charset=utf-8", Disposition: `attachment; filename="skills.csv"`, Body: func(to huma.Context) {
		w := csv.NewWriter(to.BodyWriter())
		_ = w.Write([]string{"skill", "level", "teams", "requests", "weeks", "value", "money", "priced", "tried", "taught_team", "taught_requests", "taught_weeks", "taught_value", "taught_money",
			"person_team", "person_requests", "person_weeks", "person_value", "person_money"})
		for _, s := range list {
			_ = w.Write(append([]string{escapeFormula(s.Skill), fmt.Sprint(s.Level), strings.Join(s.Teams, " "), fmt.Sprint(s.Delay.Requests), fmt.Sprint(s.Delay.Weeks), fmt.Sprint(s.Delay.Value), fmt.Sprint(s.Delay.Money),
				fmt.Sprint(s.Delay.Priced), fmt.Sprint(s.Tried)}, append(helpCells(s.Taught), helpCells(s.Person)...)...))
		}
		w.Flush()
	}}
}

func helpCells(h assign.Help) []string {
	return []string{h.Team, fmt.Sprint(h.Less.Requests), fmt.Sprint(h.Less.Weeks), fmt.Sprint(h.Less.Value), fmt.Sprint(h.Less.Money)}
}

// documentSkills documents both media types of the report.
func (a *API) documentSkills() {
	schema := a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[wire.SkillsReport](), true, "SkillsReport")
	a.huma.OpenAPI().Paths["/v1/reports/skills"].Get.Responses["200"].Content = map[string]*huma.MediaType{
		"application/json": {Schema: schema}, "text/csv": {Schema: &huma.Schema{Type: huma.TypeString}},
	}
}

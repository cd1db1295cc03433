package activities

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
)

// resultBudget is what a step of a request may return to its workflow, in bytes: everything it returns is in the history for good.
const resultBudget = 4 << 10

// TestResultsStayWithinTheirBudget: the largest form, and teams whose names and skills are as long as the doors take them.
func TestResultsStayWithinTheirBudget(t *testing.T) {
	long := strings.Repeat("界", 8000)
	content := pmo.Content{Title: long[:600], Kind: "programme", Problem: long, Outcome: long, Users: long, OthersToAct: long, Workaround: long, SuccessMeasure: long, Size: 40}
	var teams []store.TeamLoad
	for i := range 20 {
		content.Skills = append(content.Skills, fmt.Sprintf("%d%s", i, long[:590]))
		team := pmo.Team{ID: fmt.Sprintf("team-%d", i) + strings.Repeat("x", 50), Name: long[:290], Skills: content.Skills[:i:i], Capacity: 1000}
		for lead := range 10 {
			team.Leads = append(team.Leads, fmt.Sprint(lead, strings.Repeat("p", 60)))
		}
		teams = append(teams, store.TeamLoad{Team: team, WIP: i % 3, Load: float64(i)})
	}
	able := append([]store.TeamLoad{}, teams...)
	for i := range able {
		able[i].Skills = content.Skills
	}
	rules := policy.Default()
	a := New(Deps{Policy: rules})
	assign := func(teams []store.TeamLoad, in contract.AssignInput) func() (any, error) {
		return func() (any, error) {
			r, err := choose(in, teams, nil, rules.AssignPolicy())
			if in.Named != "" {
				r, err = chooseNamed(in, teams, nil, rules.AssignPolicy())
			}
			r.Policy = rules.Name()
			return withinBudget(r), err
		}
	}
	in := contract.AssignInput{ID: uuid.NewString(), Number: 7, Content: content, At: time.Now()}
	named, over := in, in
	named.Named, over.Named, over.OverLimit = able[0].ID, able[0].ID, true
	for name, result := range map[string]func() (any, error){
		"no team":      assign(teams, in),
		"a team":       assign(able, in),
		"a named team": assign(able, named),
		"over limits":  assign(able, over),
		"route": func() (any, error) {
			return a.Route(context.Background(), pmo.RouteInput{Content: content, Portfolio: "digital"})
		},
		"recommend": func() (any, error) {
			return a.Recommend(context.Background(), contract.RecommendInput{Content: content})
		},
		"admit": func() (any, error) {
			admission := rules.Admit(content, nil)
			admission.Calendar = rules.RequestCalendar(admission.Portfolio, time.Now())
			similar := make([]pmo.Similar, similarShown)
			for i := range similar {
				similar[i] = pmo.Similar{ID: uuid.NewString(), Number: 1 << 40, Title: long[:600], Words: long[:600], Score: 0.123456789}
			}
			admission.Similar = shortened(similar)
			return admission, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := result()
			require.NoError(t, err)
			data, err := json.Marshal(r)
			require.NoError(t, err)
			t.Logf("%d bytes", len(data))
			require.LessOrEqual(t, len(data), resultBudget)
		})
	}
}

package assign

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// portfolio is a backlog of requests whose sizes add up to so much of what the teams can hold.
func portfolio(requests, teams int, demand float64) ([]Request, []Team) {
	rng := rand.New(rand.NewPCG(7, 7))
	skills := []string{"go", "web", "data", "mobile", "ops", "payments", "search", "legacy"}
	var list []Request
	sum := 0.0
	for i := range requests {
		r := Request{ID: fmt.Sprintf("r%03d", i), Rank: i + 1, Size: float64(1+rng.IntN(16)) / 2, Value: float64(1 + rng.IntN(20))}
		for range 1 + rng.IntN(2) {
			r.Skills = append(r.Skills, skills[rng.IntN(len(skills))])
		}
		sum += r.Size
		list = append(list, r)
	}
	var all []Team
	for j := range teams {
		t := Team{ID: fmt.Sprintf("t%02d", j), Skills: map[string]int{}, Capacity: sum / demand / 0.8 / float64(teams) * (0.75 + rng.Float64()/2)}
		for _, s := range skills {
			if rng.IntN(10) < 7 {
				t.Skills[s] = 1 + rng.IntN(MaxLevel)
			}
		}
		all = append(all, t)
	}
	return list, all
}

// BenchmarkPortfolioThatBinds plans 500 requests over 50 teams whose rooms the requests fill to nine tenths.
func BenchmarkPortfolioThatBinds(b *testing.B) {
	for _, priority := range []Priority{Strict, Weighted} {
		b.Run(string(priority), func(b *testing.B) {
			requests, teams := portfolio(500, 50, 0.9)
			var plan Plan
			for b.Loop() {
				var err error
				if plan, err = Assign(requests, teams, Policy{Priority: priority}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(100*plan.Gap(), "gap%")
		})
	}
}

// BenchmarkRemedies finds what would help the last of 500 requests, of 50 teams that can hold nine tenths of them.
func BenchmarkRemedies(b *testing.B) {
	requests, teams := portfolio(500, 50, 1.1)
	for b.Loop() {
		list, err := Remedies(nil, requests, teams, DefaultPolicy(), "r499")
		if err != nil || len(list) == 0 {
			b.Fatal(list, err)
		}
	}
}

package simulate

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/assign"
	"leanpmo/internal/priority"
)

var at = time.Date(2027, 3, 1, 8, 0, 0, 0, time.UTC)

func points(v float64) *float64 { return &v }

// request came into the backlog so many days after the begin; negative: before.
func request(id string, class priority.Class, value, size, day float64, skills ...string) Request {
	arrived := at.Add(time.Duration(day * 24 * float64(time.Hour)))
	r := Request{Arrived: arrived, Item: priority.Item{ID: id, Class: class, SubmittedAt: arrived.AddDate(0, 0, -3),
		Inputs: priority.Inputs{BusinessValue: points(value), TimeCriticality: points(1), RiskReduction: points(1), JobSize: points(max(size, 1))}},
		Work: assign.Request{ID: id, Size: size, Value: value, Skills: skills}}
	if class == priority.FixedDate {
		date := arrived.AddDate(0, 0, 70)
		r.Item.FixedDate = &date
	}
	return r
}

func team(id string, weeks int, capacity float64, skills map[string]int) Team {
	t := Team{Team: assign.Team{ID: id, Name: id, Capacity: capacity, Skills: skills}}
	for range weeks {
		t.Weeks = append(t.Weeks, Week{Capacity: capacity, Speed: 1})
	}
	return t
}

func scenario(wip int, teams ...Team) Scenario {
	return Scenario{Limits: priority.Limits{Portfolio: &wip}, Assign: assign.DefaultPolicy(), AssumeSize: 2, Teams: teams}
}

// portfolio is one of several skills and classes, with so many that wait and so many arrivals a week.
func portfolio(waiting, teams, weeks, perWeek int, seed uint64) Input {
	rng := rand.New(rand.NewPCG(seed, 1))
	skills := []string{"go", "web", "data", "ops", "payments"}
	class := func() priority.Class {
		switch n := rng.IntN(40); {
		case n == 0:
			return priority.Expedite
		case n < 7:
			return priority.FixedDate
		case n < 13:
			return priority.Intangible
		}
		return priority.Standard
	}
	drawn := func(id string, day float64) Request {
		return request(id, class(), float64(1+rng.IntN(20)), float64(1+rng.IntN(8))/2, day, skills[rng.IntN(len(skills))])
	}
	in := Input{At: at, Weeks: weeks, Past: Past{From: at.AddDate(-1, 0, 0), Until: at}}
	for i := range 52 * perWeek {
		in.Past.Requests = append(in.Past.Requests, drawn(fmt.Sprintf("p%04d", i), -364*rng.Float64()))
	}
	for i := range waiting {
		in.Backlog = append(in.Backlog, drawn(fmt.Sprintf("b%04d", i), -100*rng.Float64()))
	}
	var list []Team
	for k := range teams {
		t := team(fmt.Sprintf("t%02d", k), weeks, 4+6*rng.Float64(), map[string]int{})
		t.WIPLimit = 4
		for _, s := range skills {
			if rng.IntN(10) < 7 {
				t.Skills[s] = 1 + rng.IntN(3)
			}
		}
		list = append(list, t)
		for range 15 {
			in.Past.Cycles = append(in.Past.Cycles, Cycle{Team: t.ID, Days: 5 + 40*rng.ExpFloat64()})
		}
		held := Held{Request: drawn(fmt.Sprintf("h%02d", k), -40), Team: t.ID, Since: at.AddDate(0, 0, -10)}
		held.Work.Size = 1
		in.Held = append(in.Held, held)
	}
	in.Now = scenario(3*teams, list...)
	return in
}

func simulated(t testing.TB, in Input) Result {
	t.Helper()
	got, err := Simulate(context.Background(), in)
	require.NoError(t, err)
	return got
}

// quantiles of the exponential distribution, ascending, and their squared coefficient of variation.
func quantiles(n int, mean float64) (list []float64, cv2 float64) {
	sum, squares := 0.0, 0.0
	for i := range n {
		list = append(list, -mean*math.Log(1-(float64(i)+0.5)/float64(n)))
		sum, squares = sum+list[i], squares+list[i]*list[i]
	}
	m := sum / float64(n)
	for i := range list {
		list[i] *= mean / m
	}
	return list, squares/float64(n)/(m*m) - 1
}

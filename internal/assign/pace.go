package assign

import (
	"cmp"

	"leanpmo/internal/pmo"
)

// size is what a request takes of the capacity of this team.
func (t Team) size(r Request) float64 { return pmo.Team{Pace: t.Pace}.SizeOf(r.Size) }

// ordinary is the size of a request that takes so much of the capacity of this team.
func (t Team) ordinary(taken float64) float64 { return taken * cmp.Or(t.Pace, 1) }

// slowestPace is the lowest pace of all teams; 1 where there is none.
func slowestPace(teams []Team) float64 {
	slowest := 0.0
	for _, t := range teams {
		pace := t.Pace
		if pace == 0 {
			pace = 1
		}
		if slowest == 0 || pace < slowest {
			slowest = pace
		}
	}
	return slowest
}

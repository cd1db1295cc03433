package pmo

import (
	"cmp"
	"fmt"
	"math"
)

// Bounds of the pace of a team: beyond them, the sizes are estimated wrongly rather than the team so different.
const (
	leastPace = 0.25
	mostPace  = 4
)

// pace is the stated pace, or that of an ordinary team.
func (t Team) pace() float64 { return cmp.Or(t.Pace, 1) }

// SizeOf is what a request of a size, in team-weeks of an ordinary team, takes of this one: the size divided by its pace, to a millionth.
func (t Team) SizeOf(size float64) float64 {
	if t.Pace == 0 || t.Pace == 1 {
		return size
	}
	return math.Round(size/t.Pace*1e6) / 1e6
}

// SizeFor is what a request of a size takes of the team that it is assigned to, at the pace the team had when it was.
func (a Assignment) SizeFor(size float64) float64 { return Team{Pace: a.Pace}.SizeOf(size) }

// PaceFault says what is wrong with the pace of a team; empty where nothing is.
func (t Team) PaceFault() string {
	if pace := t.pace(); !(pace >= leastPace && pace <= mostPace) { // NaN too
		return fmt.Sprintf("is a number from %g to %d, or 0 for 1", leastPace, mostPace)
	}
	return ""
}

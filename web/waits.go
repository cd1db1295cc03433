package web

import (
	"fmt"
	"strings"

	"leanpmo/internal/wire"
)

// waitChart is the curve of the wait over load, with the points of the teams.
type waitChart struct {
	axes
	Curve string // the path
	Teams []waitRow
}

// waitRow is a team on the curve.
type waitRow struct {
	Team, Name         string
	Now, Next, Ceiling waitDot
	Pooled             *float64
}

// waitDot is a point of the picture. One whose wait has no end, or is above the picture, is at its upper edge.
type waitDot struct {
	wire.WaitPoint
	X, Y float64
}

// waitPart is what the template of a point in the table needs.
type waitPart struct {
	Dot   waitDot
	Label string // of its column
	Page  *reader
}

// mostWait is the longest wait of the picture: at 95 % of load.
const mostWait = 20

// waitsPart is what the template of the picture with its table needs.
type waitsPart struct {
	Chart *waitChart
	Says  string // what the load is that the points are at
	Page  *reader
}

// teamWaits are the points of a named team.
type teamWaits struct {
	Team, Name string
	wire.TeamWaits
}

// newWaitChart is nil without a team.
func newWaitChart(t *reader, curve []wire.WaitPoint, teams ...teamWaits) *waitChart {
	if len(teams) == 0 || len(curve) == 0 {
		return nil
	}
	scale := scale{top: mostWait, step: mostWait / 4}
	dot := func(p wire.WaitPoint) waitDot {
		d := waitDot{WaitPoint: p, X: calibrationX(min(p.Load, 1)), Y: plotTop}
		if p.Wait != nil {
			d.Y = scale.y(*p.Wait)
		}
		return d
	}
	c := &waitChart{axes: axes{Y: scale.ticks(t)}}
	for share := 0.0; share <= 1; share += .25 {
		c.X = append(c.X, tick{calibrationX(share), t.Percent(share)})
	}
	var path strings.Builder
	for i, p := range curve {
		at, command := dot(p), "L"
		if i == 0 {
			command = "M"
		}
		fmt.Fprintf(&path, "%s%g %g", command, at.X, at.Y)
	}
	c.Curve = path.String()
	for _, team := range teams {
		c.Teams = append(c.Teams, waitRow{Team: team.Team, Name: team.Name, Now: dot(team.Now), Next: dot(team.Next), Ceiling: dot(team.Ceiling), Pooled: team.Pooled})
	}
	return c
}

package cache

import (
	"context"
	"time"

	"leanpmo/internal/forecast"
	"leanpmo/internal/pmo"
)

// Begun forecasts when a request is finished that teams begin some days from now, each a part of it: the later of their ends, or the one that cannot be
// forecast. A part takes what the team's finished requests took, or those of the portfolio where the team has too few, without the days on which the
// whole team is away. The teams are as they are given, which may be others than those that are stored.
func (c *Cache) Begun(ctx context.Context, portfolio string, teams []pmo.Team, days int, now time.Time) (later forecast.Result, err error) {
	i, err := c.inputs(ctx, portfolio, now)
	if err != nil {
		return later, err
	}
	for k, team := range teams {
		found := i.begun(team, days)
		if found.CannotForecast {
			return found, nil
		}
		if k == 0 || found.P85.Days > later.P85.Days {
			later = found
		}
	}
	return later, nil
}

func (i *inputs) begun(team pmo.Team, days int) forecast.Result {
	w := i.workOf(team.ID)
	if off := i.calendar.DaysOff(team.Absences...); len(off) > 0 {
		w.Off = blackout(off)
	}
	return i.model.Split(forecast.Queue{Pulled: true, InProgress: 1, Team: team.ID}, w).BegunIn(days, i.options)
}

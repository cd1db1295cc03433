package cache

import (
	"context"
	"time"

	"leanpmo/internal/forecast"
	"leanpmo/internal/pmo"
)

// Begun forecasts when a request is finished that a team begins some days from now: it takes what the team's finished requests took, or those of
// the portfolio where the team has too few, without the days on which the whole team is away. The team is as it is given, which may be another
// than the one that is stored.
func (c *Cache) Begun(ctx context.Context, portfolio string, team pmo.Team, days int, now time.Time) (forecast.Result, error) {
	i, err := c.inputs(ctx, portfolio, now)
	if err != nil {
		return forecast.Result{}, err
	}
	w := i.workOf(team.ID)
	if off := i.calendar.DaysOff(team.Absences...); len(off) > 0 {
		w.Off = blackout(off)
	}
	return i.model.Split(forecast.Queue{Pulled: true, InProgress: 1, Team: team.ID}, w).BegunIn(days, i.options), nil
}

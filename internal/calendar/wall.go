package calendar

import (
	"time"

	"leanpmo/internal/pmo"
)

// wall is a position on the wall clock: a day and the time since its midnight. The day is kept in UTC, where all days are
// equally long.
type wall struct {
	day   time.Time
	clock time.Duration
}

func (w wall) addDays(n int) wall { return wall{w.day.AddDate(0, 0, n), w.clock} }

// wall reads the clock at t. While the clock repeats the hour by which it was set back, the reading stays at the end of
// that hour, so that later moments never have an earlier reading.
func (c *Calendar) wall(t time.Time) wall {
	t = t.In(c.loc)
	if start, back := setBack(t); back > 0 && t.Sub(start) < back {
		t = start.Add(back)
	}
	y, m, d := t.Date()
	clock := time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute +
		time.Duration(t.Second())*time.Second + time.Duration(t.Nanosecond())
	return wall{time.Date(y, m, d, 0, 0, 0, 0, time.UTC), clock}
}

// instant is the moment the clock first shows w, or the moment it jumps over it.
func (c *Calendar) instant(w wall) time.Time {
	y, m, d := w.day.Date()
	h, min, s := int(w.clock/time.Hour), int(w.clock/time.Minute)%60, int(w.clock/time.Second)%60
	t := time.Date(y, m, d, h, min, s, int(w.clock%time.Second), c.loc)
	if start, back := setBack(t); back > 0 && t.Sub(start) < back {
		return t.Add(-back)
	}
	if t.Minute() != min || t.Hour() != h%24 {
		return jump(t)
	}
	return t
}

// setBack is when the zone in force at t began, and by how much the clock was set back then (0: not at all).
func setBack(t time.Time) (start time.Time, back time.Duration) {
	start, _ = t.ZoneBounds()
	if start.IsZero() {
		return t, 0
	}
	_, now := t.Zone()
	_, before := start.Add(-time.Nanosecond).Zone()
	return start, time.Duration(before-now) * time.Second
}

// jump is the transition nearest to a reading that does not exist: time.Date lands within one jump's length of it.
func jump(t time.Time) time.Time {
	start, end := t.ZoneBounds()
	if end.IsZero() || !start.IsZero() && t.Sub(start) < end.Sub(t) {
		return start
	}
	return end
}

func (c *Calendar) worked(w wall) bool {
	return c.days[w.day.Weekday()] && !c.holidays[pmo.Date(w.day.Format(time.DateOnly))]
}

// work moves w by an amount of working time, forward (sign 1) or back (-1).
func (c *Calendar) work(w wall, amount time.Duration, sign int) wall {
	for range 100_000 { // some 270 years; only a calendar without working days reaches this
		if room := c.room(w, sign); room > 0 {
			if amount <= room {
				at := max(w.clock, c.start)
				if sign < 0 {
					at = min(w.clock, c.end)
				}
				return wall{w.day, at + time.Duration(sign)*amount}
			}
			amount -= room
		}
		w = w.addDays(sign)
		w.clock = 0
		if sign < 0 {
			w.clock = 24 * time.Hour
		}
	}
	return w
}

// room is the working time of w's day that lies after w, or before it.
func (c *Calendar) room(w wall, sign int) time.Duration {
	if !c.worked(w) {
		return 0
	}
	if sign < 0 {
		return max(min(w.clock, c.end)-c.start, 0)
	}
	return max(c.end-max(w.clock, c.start), 0)
}

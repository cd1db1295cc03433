package web

import (
	"math"
	"time"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// forecastPicture is the forecast as a bar on a line of time: from now to P95, with the wanted date. Positions are in units of the
// picture, which is 600 wide.
type forecastPicture struct {
	P50, P85, P95 float64
	D50, D85, D95 Moment
	Wanted        *float64
	WantedDay     Moment
	WantedLate    bool // the wanted date is before P85
	Months        []mark
	Words         string
}

type mark struct {
	X    float64
	Text string
}

const (
	pictureLeft  = 20.0
	pictureWidth = 560.0
)

// pictureOf is the picture of a request's forecast; nil when it has none.
func pictureOf(t *reader, r *wire.Request) *forecastPicture {
	if r.Forecast == nil || r.Forecast.CannotForecast {
		return nil
	}
	f := r.Forecast
	return drawForecast(t, [3]pmo.Date{f.P50, f.P85, f.P95}, r.Content.WantedBy, f.Words)
}

// drawForecast draws the days of even odds, 85 and 95 in 100; nil where one of them is not known.
func drawForecast(t *reader, days [3]pmo.Date, by pmo.Date, words string) *forecastPicture {
	p50, err50 := days[0].Time(t.zone)
	p85, err85 := days[1].Time(t.zone)
	p95, err95 := days[2].Time(t.zone)
	if err50 != nil || err85 != nil || err95 != nil {
		return nil
	}
	now := t.now.In(t.zone)
	last := p95
	wanted, err := by.Time(t.zone)
	if hasWanted := err == nil && wanted.After(now); hasWanted && wanted.After(last) {
		last = wanted
	}
	length := math.Max(last.Sub(now).Hours(), 24)
	x := func(at time.Time) float64 {
		share := math.Min(1, math.Max(0, at.Sub(now).Hours()/length))
		return math.Round((pictureLeft+share*pictureWidth)*10) / 10
	}
	p := &forecastPicture{P50: x(p50), P85: x(p85), P95: x(p95), D50: t.Day(days[0]), D85: t.Day(days[1]), D95: t.Day(days[2]), Words: words}
	if err == nil {
		at := x(wanted)
		p.Wanted, p.WantedDay, p.WantedLate = &at, t.Day(by), wanted.Before(p85)
	}
	for at := time.Date(now.Year(), now.Month()+1, 1, 0, 0, 0, 0, t.zone); at.Before(last) && len(p.Months) < 24; at = at.AddDate(0, 1, 0) {
		p.Months = append(p.Months, mark{x(at), t.T("month." + monthKey(at.Month()))})
	}
	if len(p.Months) > 8 { // every third one is enough
		thinned := p.Months[:0]
		for i, m := range p.Months {
			if i%3 == 0 {
				thinned = append(thinned, m)
			}
		}
		p.Months = thinned
	}
	return p
}

package promise

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
)

// promised is a promise of the first of January for the given days of it, and on which day it was finished.
func promised(request string, p50, p85, p95, finished int) Judged {
	day := func(n int) pmo.Date {
		if n == 0 {
			return ""
		}
		return pmo.Date(fmt.Sprintf("2027-01-%02d", n))
	}
	return Judged{Promise: Promise{RequestID: request, Day: "2027-01-01", ToldAt: at, Finish: Days{day(p50), day(p85), day(p95)}}, Outcome: Outcome{FinishedOn: day(finished)}, Today: "2027-01-25"}
}

func TestCalibrate(t *testing.T) {
	var list []Judged
	for i := range 20 { // of twenty, 17 are finished on the tenth, one on the fifteenth, two not at all
		finished := 10
		if i == 17 {
			finished = 15
		} else if i > 17 {
			finished = 0
		}
		list = append(list, promised(fmt.Sprint(i), 8, 12, 20, finished))
	}
	later := promised("0", 9, 11, 28, 10)
	later.ToldAt = at.Add(time.Hour)
	list = append(list, later)
	c := Calibrate(list)
	require.Equal(t, []int{21, 20, 0, 0}, []int{c.Promises, c.Requests, c.Pending, c.Void})
	p50, p85, p95 := c.Levels[0], c.Levels[1], c.Levels[2]
	require.Equal(t, []int{0, 20, 0, 21}, []int{p50.First.Hits, p50.First.N, p50.Hits, p50.N})
	require.Equal(t, []int{17, 20, 18, 21}, []int{p85.First.Hits, p85.First.N, p85.Hits, p85.N})
	require.Equal(t, []int{18, 20, 18, 20}, []int{p95.First.Hits, p95.First.N, p95.Hits, p95.N}, "the day of the later one is not over")
	require.True(t, p85.First.Within)
	require.False(t, p50.First.Within)
	require.InDelta(t, .640, p85.Low, .001, "Wilson's interval of 17 of 20")
	require.InDelta(t, .948, p85.High, .001)
	require.Equal(t, Sharpness{Ahead: 7, To85: 4, To95: 12}, c.Sharpness)
	require.Equal(t, "17 of 20 forecasts at 85 % were met; correct ones give 14 to 20: as stated.", c.Words[2])
}

func TestCalibrateWantedDates(t *testing.T) {
	var list []Judged
	for i, finished := range []int{5, 6, 7, 0} {
		j := promised(fmt.Sprint(i), 8, 12, 20, finished)
		j.WantedBy, j.Wanted = "2027-01-10", .85
		list = append(list, j)
	}
	open := promised("open", 8, 12, 20, 5)
	open.WantedBy, open.Wanted = "2027-02-10", .1
	c := Calibrate(append(list, open))
	require.Equal(t, 4, c.Wanted.N)
	require.InDelta(t, .1975, c.Wanted.Brier, 1e-9)
	require.InDelta(t, .5962, c.Wanted.LogLoss, 5e-5)
	require.Contains(t, c.Words[len(c.Words)-1], "Brier score 0.197")
}

func TestCalibrationIsHonestWithLittleData(t *testing.T) {
	require.Equal(t, []string{"Nothing was promised in this time."}, Calibrate(nil).Words)
	void, without, open := promised("a", 8, 12, 20, 0), promised("b", 0, 0, 0, 0), promised("c", 20, 28, 0, 5)
	void.ClosedOn = "2027-01-03"
	without.Cannot = "nothing was finished"
	known := promised("b", 8, 12, 20, 13)
	known.ToldAt = at.Add(time.Hour)
	c := Calibrate([]Judged{void, without, open, known})
	require.Equal(t, []int{4, 3, 1, 1, 1}, []int{c.Promises, c.Requests, c.Without, c.Pending, c.Void})
	require.Equal(t, []int{0, 1}, []int{c.Levels[1].First.Hits, c.Levels[1].First.N}, "the first promise that names days counts")
	require.Contains(t, c.Levels[1].First.Sentence, "too few to judge")
	require.Equal(t, []float64{0, 1}, []float64{Calibrate(nil).Levels[0].Low, Calibrate(nil).Levels[0].High})
}

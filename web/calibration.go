package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"leanpmo/internal/forecast"
	"leanpmo/internal/wire"
)

type calibrationView struct {
	Report wire.Calibration
	Chart  *calibrationChart
	Past   *calibrationChart // of the backtest
	Spans  []daySpan
	CSV    string
}

// calibrationChart compares what was stated, from left to right, with what was kept, from below to the top. On the diagonal both are the same.
type calibrationChart struct {
	axes
	Points []calibrationPoint
}

type calibrationPoint struct {
	X, Y, Top, Bottom float64 // the interval's ends
	Stated            float64
	Kept              int
	Of                int
	Share             float64
	Band              string
	Independent       int // the band is of so many, where that is fewer than are judged; else 0
	Fits              bool
}

// calibration shows whether forecasts that were told came true as often as they said.
func (s *Site) calibration(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	days, portfolio := calibrationDays(q), q.Get("portfolio")
	answer, err := s.api.Calibration(r.Context(), portfolio, days)
	if err != nil {
		return err
	}
	t, view := s.readerOf(r), calibrationView{Report: answer.Value}
	var told []calibrationPoint
	for _, l := range view.Report.Levels {
		told = append(told, calibrationPointOf(l.First, l.First.Hits, l.First.N, l.Low, l.High))
	}
	view.Chart = newCalibrationChart(t, told)
	if b := view.Report.Backtest; b != nil {
		var past []calibrationPoint
		for _, j := range b.Judgements {
			low, high := forecast.Wilson(worth(j), j.Independent)
			past = append(past, calibrationPointOf(j, j.Hits, j.N, low, high))
		}
		view.Past = newCalibrationChart(t, past)
	}
	for _, n := range []int{90, 365, 730} {
		q.Set("days", strconv.Itoa(n))
		view.Spans = append(view.Spans, daySpan{Days: n, Link: "/calibration?" + q.Encode(), Chosen: n == days})
	}
	q.Set("days", strconv.Itoa(days))
	view.CSV = "/calibration.csv?" + q.Encode()
	return render(s, w, r, http.StatusOK, "calibration", view)
}

// worth is how many of the independent forecasts were kept that overlapping ones are worth.
func worth(j forecast.Judgement) int {
	if j.N == 0 {
		return 0
	}
	return (2*j.Hits*j.Independent + j.N) / (2 * j.N)
}

func calibrationDays(q url.Values) int {
	days, err := strconv.Atoi(q.Get("days"))
	if err != nil || days < 1 || days > 730 {
		return 365
	}
	return days
}

// calibrationCSV is the promises behind the page, for a spreadsheet.
func (s *Site) calibrationCSV(w http.ResponseWriter, r *http.Request) error {
	doc, err := s.api.CalibrationCSV(r.Context(), r.URL.Query().Get("portfolio"), calibrationDays(r.URL.Query()))
	if err != nil {
		return err
	}
	return sendCSV(w, "calibration.csv", doc)
}

func calibrationPointOf(j forecast.Judgement, hits, n int, low, high float64) calibrationPoint {
	p := calibrationPoint{X: calibrationX(j.Level), Top: calibrationY(high), Bottom: calibrationY(low), Stated: j.Level, Kept: hits, Of: n, Fits: j.Within, Band: "–"}
	if n > 0 {
		p.Share = float64(hits) / float64(n)
	}
	p.Y = calibrationY(p.Share)
	if n >= forecast.DefaultMinActive {
		p.Band = fmt.Sprintf("%d–%d", j.Low, j.High)
	}
	if j.Independent < n {
		p.Independent = j.Independent
	}
	return p
}

func calibrationX(share float64) float64 { return tenth(plotLeft + share*(plotRight-plotLeft)) }
func calibrationY(share float64) float64 { return tenth(plotBottom - share*(plotBottom-plotTop)) }

// newCalibrationChart leaves out chances of which nothing is known; nil without any.
func newCalibrationChart(t *reader, points []calibrationPoint) *calibrationChart {
	c := &calibrationChart{}
	for _, p := range points {
		if p.Of > 0 {
			c.Points = append(c.Points, p)
		}
	}
	if len(c.Points) == 0 {
		return nil
	}
	for _, share := range []float64{0, .25, .5, .75, 1} {
		c.X, c.Y = append(c.X, tick{calibrationX(share), t.Percent(share)}), append(c.Y, tick{calibrationY(share), t.Percent(share)})
	}
	return c
}

package web

import (
	"math"

	"leanpmo/internal/wire"
)

// bar is one week of the throughput chart; positions are in units of the picture, which is 600 by 160.
type bar struct {
	X, Y, W, H float64
	Count      int
	Week       string
}

const (
	chartWidth, chartHeight = 560.0, 120.0
	chartLeft, chartTop     = 30.0, 12.0
)

// throughputBars are how many requests were delivered in each week.
func throughputBars(t *reader, r wire.FlowReport) []bar {
	if len(r.Throughput) == 0 {
		return nil
	}
	most := 1
	for _, b := range r.Throughput {
		most = max(most, b.Count)
	}
	width := chartWidth / float64(len(r.Throughput))
	bars := make([]bar, 0, len(r.Throughput))
	for i, b := range r.Throughput {
		height := chartHeight * float64(b.Count) / float64(most)
		bars = append(bars, bar{X: tenth(chartLeft + float64(i)*width + width*0.12), W: tenth(width * 0.76), Y: tenth(chartTop + chartHeight - height), H: tenth(height),
			Count: b.Count, Week: t.date(b.Start.In(t.zone))})
	}
	return bars
}

// point is one delivered request: when, and after how many days.
type point struct {
	X, Y float64
	Ref  string
	Days float64
}

// scatter is the cycle times of delivered requests with two percentile lines.
type scatter struct {
	Points   []point
	Y50, Y85 float64
	Days50   float64
	Days85   float64
	Most     float64
}

// cycleScatter is the scatter of a report; nil without a delivered request.
func cycleScatter(r wire.FlowReport) *scatter {
	s := &scatter{Days50: r.CycleTime.P50, Days85: r.CycleTime.P85}
	for _, item := range r.Items {
		if item.PulledAt != nil && item.AcceptedAt != nil {
			s.Most = math.Max(s.Most, item.AcceptedAt.Sub(*item.PulledAt).Hours()/24)
		}
	}
	if s.Most == 0 {
		return nil
	}
	span := math.Max(r.To.Sub(r.From).Hours(), 1)
	y := func(days float64) float64 {
		return tenth(chartTop + chartHeight - chartHeight*math.Min(1, days/s.Most))
	}
	for _, item := range r.Items {
		if item.PulledAt == nil || item.AcceptedAt == nil {
			continue
		}
		days := item.AcceptedAt.Sub(*item.PulledAt).Hours() / 24
		share := math.Min(1, math.Max(0, item.AcceptedAt.Sub(r.From).Hours()/span))
		s.Points = append(s.Points, point{X: tenth(chartLeft + share*chartWidth), Y: y(days), Ref: item.Ref, Days: math.Round(days*10) / 10})
	}
	s.Y50, s.Y85 = y(s.Days50), y(s.Days85)
	return s
}

func tenth(n float64) float64 { return math.Round(n*10) / 10 }

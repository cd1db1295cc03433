package priority

import "slices"

// Spread is how far apart several people are about one input.
type Spread struct {
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	Middle float64 `json:"middle"` // the value in the middle; of two, the lower one, so that it is on the scale
	Of     int     `json:"of"`
	Apart  bool    `json:"apart"` // worth talking about
}

// SpreadOf compares what people gave. On a scale they are apart when the lowest and the highest are not the same value nor neighbours; without one, when the
// highest is more than twice the lowest.
func SpreadOf(values, scale []float64) Spread {
	if len(values) == 0 {
		return Spread{}
	}
	sorted := slices.Sorted(slices.Values(values))
	s := Spread{Low: sorted[0], High: sorted[len(sorted)-1], Middle: sorted[(len(sorted)-1)/2], Of: len(sorted)}
	low, high := slices.Index(scale, s.Low), slices.Index(scale, s.High)
	if low >= 0 && high >= 0 {
		s.Apart = high-low > 1
	} else {
		s.Apart = s.High > 2*s.Low
	}
	return s
}

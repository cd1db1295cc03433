package approach

import (
	"fmt"
	"math"
)

// Axis is one of Boehm and Turner's five dimensions: 0 is the agile centre, 10
// the plan-driven rim; nil is unknown.
type Axis struct {
	Name  string   `json:"name"`
	Value *float64 `json:"value"`
	Text  string   `json:"text"`
}

// Radar is the five dimensions with their reading.
type Radar struct {
	Axes [5]Axis `json:"axes"`
	// Home is agile, plan_driven, mixed, or empty while fewer than three axes are known.
	Home string `json:"home"`
	// Advice is what the method says to do about it.
	Advice string `json:"advice"`
}

// enoughAxes is how many of the five dimensions a home ground needs. The number is ours.
const enoughAxes = 3

var rim = []float64{0, 2.5, 5, 7.5, 10}

// radarOf places a context on the five dimensions (Boehm and Turner, 2003).
// Values between the printed marks are interpolated; size on a logarithmic
// scale, as printed.
func radarOf(c Context) Radar {
	r := Radar{Axes: [5]Axis{personnel(c), dynamism(c), culture(c), size(c), loss(c)}}
	low, high, known := 0, 0, 0
	for _, a := range r.Axes {
		if a.Value == nil {
			continue
		}
		known++
		if *a.Value <= 5 {
			low++
		}
		if *a.Value >= 5 {
			high++
		}
	}
	if known < enoughAxes {
		return r
	}
	switch known {
	case low:
		r.Home, r.Advice = "agile", "agile home ground: add discipline only where a risk asks for it"
	case high:
		r.Home, r.Advice = "plan_driven", "plan-driven home ground: add agility only where a risk asks for it"
	default:
		r.Home, r.Advice = "mixed", "neither home ground: split the work so that its agile parts stand apart"
	}
	return r
}

func axis(name string, v float64, ok bool, text string) Axis {
	if !ok {
		return Axis{Name: name, Text: name + " is unknown"}
	}
	return Axis{Name: name, Value: &v, Text: text}
}

// personnel averages its two printed columns where both are known.
func personnel(c Context) Axis {
	low, up := c.number("level_1b"), c.number("level_2_up")
	var v, n float64
	text := "personnel:"
	if low != nil {
		v, n = v+along(*low, []float64{0, 10, 20, 30, 40}, rim), n+1
		text += fmt.Sprintf(" %s %% at level 1B", num(*low))
	}
	if up != nil {
		v, n = v+along(*up, []float64{15, 20, 25, 30, 35}, []float64{10, 7.5, 5, 2.5, 0}), n+1
		text += fmt.Sprintf(" %s %% at levels 2 and 3", num(*up))
	}
	if n > 0 {
		v /= n
	}
	return axis("personnel", v, n > 0, text)
}

func dynamism(c Context) Axis {
	change := c.number("change_per_month")
	if change == nil {
		return axis("dynamism", 0, false, "")
	}
	v := along(*change, []float64{1, 5, 10, 30, 50}, []float64{10, 7.5, 5, 2.5, 0})
	return axis("dynamism", v, true, "dynamism: "+num(*change)+" % of requirements change a month")
}

func culture(c Context) Axis {
	chaos := c.number("on_chaos")
	if chaos == nil {
		return axis("culture", 0, false, "")
	}
	v := along(*chaos, []float64{10, 30, 50, 70, 90}, []float64{10, 7.5, 5, 2.5, 0})
	return axis("culture", v, true, "culture: "+num(*chaos)+" % thrive on freedom rather than on order")
}

func size(c Context) Axis {
	people := c.number("people")
	switch {
	case people == nil:
		return axis("size", 0, false, "")
	case *people < 1:
		return axis("size", 0, true, "size: one person")
	}
	marks := []float64{math.Log(3), math.Log(10), math.Log(30), math.Log(100), math.Log(300)}
	return axis("size", along(math.Log(*people), marks, rim), true, "size: "+num(*people)+" people")
}

func loss(c Context) Axis {
	level := lossLevel(c.text("criticality"))
	if level < 0 {
		return axis("criticality", 0, false, "")
	}
	return axis("criticality", rim[level], true, "criticality: "+c.fact("criticality"))
}

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
	// Home is agile, plan_driven, mixed, or empty while no axis is known.
	Home string `json:"home"`
	// Advice is what the method says to do about it.
	Advice string `json:"advice"`
}

var rim = []float64{0, 2.5, 5, 7.5, 10}

// radarOf places a context on the five dimensions (Boehm and Turner, 2003).
// Values between the printed marks are interpolated; size on a logarithmic
// scale, as printed.
func radarOf(c *Context) Radar {
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
	switch known {
	case 0:
		return r
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
func personnel(c *Context) Axis {
	low, okLow := number(c.Level1B)
	up, okUp := number(c.Level2Up)
	var v, n float64
	text := "personnel:"
	if okLow {
		v, n = v+along(low, []float64{0, 10, 20, 30, 40}, rim), n+1
		text += fmt.Sprintf(" %s %% at level 1B", num(low))
	}
	if okUp {
		v, n = v+along(up, []float64{15, 20, 25, 30, 35}, []float64{10, 7.5, 5, 2.5, 0}), n+1
		text += fmt.Sprintf(" %s %% at levels 2 and 3", num(up))
	}
	if n > 0 {
		v /= n
	}
	return axis("personnel", v, n > 0, text)
}

func dynamism(c *Context) Axis {
	change, ok := number(c.ChangePerMonth)
	v := along(change, []float64{1, 5, 10, 30, 50}, []float64{10, 7.5, 5, 2.5, 0})
	return axis("dynamism", v, ok, "dynamism: "+num(change)+" % of requirements change a month")
}

func culture(c *Context) Axis {
	chaos, ok := number(c.OnChaos)
	v := along(chaos, []float64{10, 30, 50, 70, 90}, []float64{10, 7.5, 5, 2.5, 0})
	return axis("culture", v, ok, "culture: "+num(chaos)+" % thrive on chaos rather than on order")
}

func size(c *Context) Axis {
	people, ok := number(c.People)
	if people < 1 {
		return axis("size", 0, ok, "size: one person")
	}
	marks := []float64{math.Log(3), math.Log(10), math.Log(30), math.Log(100), math.Log(300)}
	return axis("size", along(math.Log(people), marks, rim), ok, "size: "+num(people)+" people")
}

func loss(c *Context) Axis {
	level, ok := c.Criticality.level()
	return axis("criticality", rim[level], ok, "criticality: loss of "+words(string(c.Criticality)))
}

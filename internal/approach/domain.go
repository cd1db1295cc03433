package approach

// Domain is the work's place on the Stacey matrix and in Cynefin.
type Domain struct {
	// Stacey is simple, complicated, complex or chaos; empty while unknown.
	Stacey string `json:"stacey"`
	// Cynefin is clear, complicated, complex or chaotic; empty while unknown.
	Cynefin string `json:"cynefin"`
	// Act is the order of acting that the domain asks for.
	Act string `json:"act"`
}

// domainOf maps agreement on what and certainty about how. Each step away from near counts one; near on one axis and far on the other is
// still complicated, because one side can be settled by experts or by talking.
func domainOf(c Context) Domain {
	what, how := c.text("clear_what"), c.text("clear_how")
	if what == "" || how == "" {
		return Domain{Act: "find out which parts belong to which domain"}
	}
	steps := distanceOf(what) + distanceOf(how)
	switch {
	case steps == 0:
		return Domain{"simple", "clear", "sense, categorise, respond"}
	case steps == 1, steps == 2 && what != how:
		return Domain{"complicated", "complicated", "sense, analyse, respond"}
	case steps < 4:
		return Domain{"complex", "complex", "probe, sense, respond"}
	}
	return Domain{"chaos", "chaotic", "act, sense, respond: stabilise first, then classify again"}
}

func distanceOf(answer string) int {
	switch answer {
	case Partly:
		return 1
	case No:
		return 2
	}
	return 0
}

// highChange is the change per month, in percent, from which it counts as frequent in the life-cycle grid. The guide gives no number.
const highChange = 10

// gridOf places the work on the grid of change × frequency of delivery (Agile Practice Guide); empty while either is unknown.
func gridOf(c Context) LifeCycle {
	change, often := c.number("change_per_month"), c.text("incremental")
	switch {
	case change == nil || often == "":
		return ""
	case *change >= highChange && often == Yes:
		return LifeAgile
	case *change >= highChange:
		return LifeIterative
	case often == Yes:
		return LifeIncremental
	}
	return LifePredictive
}

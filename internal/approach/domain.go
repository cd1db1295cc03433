package approach

// Domain is the work's place on the Stacey matrix and in Cynefin.
type Domain struct {
	// Stacey is simple, complicated, complex or chaos; empty while unknown.
	Stacey string `json:"stacey"`
	// Cynefin is clear, complicated, complex, chaotic or confused (unknown).
	Cynefin string `json:"cynefin"`
	// Act is the order of acting that the domain asks for.
	Act      string     `json:"act"`
	Suggests []Approach `json:"suggests"`
}

// domainOf maps agreement on what and certainty about how. Each step away from
// near counts one; near on one axis and far on the other is still complicated,
// because one side can be settled by experts or by talking.
func domainOf(c *Context) Domain {
	if !c.Agreement.known() || !c.Certainty.known() {
		return Domain{Cynefin: "confused", Act: "find out which parts belong to which domain"}
	}
	steps := distanceOf(c.Agreement) + distanceOf(c.Certainty)
	switch {
	case steps == 0:
		return Domain{"simple", "clear", "sense, categorise, respond", []Approach{Checklist, Kanban, Predictive}}
	case steps == 1, steps == 2 && c.Agreement != c.Certainty:
		return Domain{"complicated", "complicated", "sense, analyse, respond", []Approach{Hybrid, Predictive}}
	case steps < 4:
		return Domain{"complex", "complex", "probe, sense, respond", []Approach{Exploratory, Scrum}}
	}
	return Domain{"chaos", "chaotic", "act, sense, respond: stabilise first, then classify again", []Approach{Kanban}}
}

func distanceOf(a Answer) int {
	switch a {
	case Partial:
		return 1
	case No:
		return 2
	}
	return 0
}

// lifeCycleOf places the work on the grid of change × frequency of delivery
// (Agile Practice Guide): predictive, iterative, incremental or agile; empty
// while either is unknown.
func lifeCycleOf(c *Context, p Policy) string {
	change, ok := number(c.ChangePerMonth)
	if !ok || !c.IncrementalDelivery.known() {
		return ""
	}
	often := c.IncrementalDelivery == Yes
	switch {
	case change >= p.HighChange && often:
		return "agile"
	case change >= p.HighChange:
		return "iterative"
	case often:
		return "incremental"
	}
	return "predictive"
}

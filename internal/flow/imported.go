package flow

// Imported is finished work of another tool: of it only the kind and the cycle time are known.
type Imported struct {
	Kind string
	Days float64
}

// Reference is what ages are compared with: the cycle times of what was finished, imported work included.
type Reference struct {
	Days        Stats       `json:"days"`
	Expectation Expectation `json:"expectation" doc:"In how many days 85 % of it were finished after the pull"`
	Imported    int         `json:"imported" doc:"How much of it is imported work"`
	// Whole is for a report on a part of a portfolio of which fewer than MinFinished were finished.
	Whole bool `json:"whole,omitempty" doc:"Too little of what was asked for was finished; this is of all of the portfolio"`

	cycles []float64
}

// NewReference makes the reference of cycle times and imported work; of what is too little the whole is taken, where there is one.
func NewReference(cycles []float64, imported []Imported, whole *Reference) Reference {
	all := append([]float64{}, cycles...)
	for _, i := range imported {
		all = append(all, i.Days)
	}
	if len(all) < MinFinished && whole != nil {
		r := *whole
		r.Whole = true
		return r
	}
	return Reference{Days: Summarise(all), Expectation: Expect("", all), Imported: len(imported), cycles: all}
}

// Cycles are the cycle times of the reference.
func (r *Reference) Cycles() []float64 { return r.cycles }

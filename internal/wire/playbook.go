package wire

// Playbook is one page of advice for a way of working.
type Playbook struct {
	Approach string            `json:"approach"`
	Language string            `json:"language" doc:"English where there is no other"`
	Title    string            `json:"title"`
	Moment   string            `json:"moment,omitempty" enum:"start,review,closure" doc:"Of a request: why this is due now; the sections are those that are"`
	Sections []PlaybookSection `json:"sections"`
}

// PlaybookSection is a part of it.
type PlaybookSection struct {
	Name  string   `json:"name" enum:"first_steps,cadence,roles,pitfalls,reading,closing"`
	Items []string `json:"items"`
}

package wire

import "leanpmo/internal/pmo"

// ApproachAdvice is which way of working fits, as the answers are now, with the question to ask next.
type ApproachAdvice struct {
	LifeCycle string `json:"life_cycle" doc:"predictive, iterative, incremental, hybrid, agile, exploratory or just_do_it"`
	Approach  string `json:"approach"`
	Planned   string `json:"planned,omitempty" doc:"Of a hybrid: which part is planned"`
	Agile     string `json:"agile,omitempty" doc:"Which part is run in an agile way, or could be as soon as it is split off"`
	Inside    string `json:"inside,omitempty" doc:"The framework of the agile part of a hybrid"`
	RunnerUp  string `json:"runner_up,omitempty" doc:"The approach that the fewest other answers lead to"`
	Margin    int    `json:"margin,omitempty" doc:"How many answers would have to be different for the runner-up"`
	Sure      string `json:"sure" doc:"high where no answer that is missing can change it, medium where one other approach is left, else low"`

	Possible    []string           `json:"possible" doc:"What answers that are missing can still lead to"`
	Reasons     []string           `json:"reasons" doc:"At most three, the heaviest first"`
	WouldChange []string           `json:"would_change" doc:"Single answers that would change it, likeliest first"`
	Mismatches  []string           `json:"mismatches" doc:"Answers that speak against it: risks of the plan"`
	Practices   []ApproachPractice `json:"practices"`
	Suitability ApproachFilter     `json:"suitability"`
	Dimensions  ApproachDimensions `json:"dimensions"`
	Domain      string             `json:"domain,omitempty" doc:"clear, complicated, complex or chaotic"`
	Answers     []ApproachAnswer   `json:"answers" doc:"What is known, in sentences"`
	Next        *ApproachQuestion  `json:"next,omitempty" doc:"Absent when no answer can tell approaches apart any more"`
	Policy      string             `json:"policy"`
}

// ApproachPractice is something to add, with its reason.
type ApproachPractice struct {
	Name string `json:"name"`
	Why  string `json:"why"`
}

// ApproachFilter is the suitability filter's result.
type ApproachFilter struct {
	Zone    string               `json:"zone,omitempty" doc:"agile, hybrid or predictive; absent with fewer than five answers"`
	Mean    float64              `json:"mean" doc:"1 is agile, 10 predictive. Up to 3.5 counts as agile and up to 6.5 as hybrid: our convention"`
	Max     float64              `json:"max"`
	Known   int                  `json:"known" doc:"Of nine"`
	Answers []ApproachFilterMark `json:"answers"`
}

// ApproachFilterMark is one of the nine attributes.
type ApproachFilterMark struct {
	Group    string   `json:"group"`
	Question string   `json:"question"`
	Score    *float64 `json:"score,omitempty"`
}

// ApproachDimensions are the five dimensions.
type ApproachDimensions struct {
	Home   string              `json:"home,omitempty" doc:"agile, plan_driven or mixed; absent with fewer than three of five"`
	Advice string              `json:"advice,omitempty"`
	Axes   []ApproachDimension `json:"axes"`
}

// ApproachDimension is one of the five dimensions.
type ApproachDimension struct {
	Name  string   `json:"name"`
	Value *float64 `json:"value,omitempty" doc:"0 is the agile centre, 10 the plan-driven rim"`
	Says  string   `json:"says"`
}

// ApproachAnswer is one known answer.
type ApproachAnswer struct {
	Question string `json:"question" doc:"The field of context"`
	Says     string `json:"says" doc:"Empty where somebody was asked and does not know"`
	DontKnow bool   `json:"dont_know,omitempty"`
}

// ApproachQuestion is a question with the answers that it takes.
type ApproachQuestion struct {
	Question   string           `json:"question" doc:"The field of context that takes the answer"`
	Group      string           `json:"group" doc:"work, project, team, culture or people"`
	Ask        string           `json:"ask"`
	Unit       string           `json:"unit,omitempty" doc:"Of a question about a number, for which each option is a range"`
	Options    []ApproachOption `json:"options"`
	TellsApart []string         `json:"tells_apart" doc:"The approaches that some answers leave possible and others do not"`
	Left       int              `json:"left" doc:"How many open questions can still tell approaches apart, this one included"`
}

// ApproachOption is one answer.
type ApproachOption struct {
	Value any    `json:"value" doc:"As context takes it: true or false, a word, or a number that stands for the range"`
	Label string `json:"label"`
}

// WhatIfApproach is work to ask about.
type WhatIfApproach struct {
	Kind    string          `json:"kind,omitempty" maxLength:"64"`
	Size    float64         `json:"size,omitempty" minimum:"0" doc:"Team-weeks; 0 is unknown"`
	Lane    pmo.Lane        `json:"lane,omitempty" enum:"express,standard,major"`
	Context pmo.WorkContext `json:"context,omitzero"`
}

package wire

import "leanpmo/internal/pmo"

// Stuck are the requests that concern the caller and do not go on.
type Stuck struct {
	Items []StuckRequest `json:"items"`
	More  bool           `json:"more_items" doc:"There are more than fit on the page"`
	// Ended and Failing are for those who watch all requests.
	Ended   int `json:"ended,omitempty" doc:"Open requests whose workflow was ended in Temporal; pmo reconcile starts them again"`
	Failing int `json:"failing,omitempty" doc:"Requests whose workflow tasks fail"`
}

// StuckRequest is a request with why it does not go on.
type StuckRequest struct {
	RequestItem
	Why       pmo.StuckReason `json:"why" enum:"exception,blocked,report_overdue,waits_for_team,over_usual"`
	UsualDays float64         `json:"usual_days,omitempty" doc:"Of over_usual: within how many days 85 of 100 leave its stage"`
}

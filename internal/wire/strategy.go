package wire

import (
	"time"

	"leanpmo/internal/pmo"
	"leanpmo/internal/strategy"
)

// Strategy is where the capacity of a portfolio goes, beside where its policy says it should go.
type Strategy struct {
	Portfolio string    `json:"portfolio"`
	Name      string    `json:"name" doc:"Of the portfolio"`
	At        time.Time `json:"at"`
	Policy    string    `json:"policy" doc:"Version and digest"`
	strategy.Report
	Objectives []Objective `json:"objectives"`
}

// Objective is an objective as it stands, with the requests that serve it.
type Objective struct {
	strategy.ObjectiveNow
	Requests     []ServingRequest `json:"requests" doc:"Those that name it and that you may read, the newest first"`
	MoreRequests bool             `json:"more_requests,omitempty" doc:"There may be more, of earlier times"`
}

// ServingRequest is a request that names an objective.
type ServingRequest struct {
	ID      string      `json:"id"`
	Ref     string      `json:"ref"`
	Title   string      `json:"title"`
	Stage   pmo.Stage   `json:"stage"`
	Outcome pmo.Outcome `json:"outcome,omitempty"`
	Link    string      `json:"link"`
}

// ServedObjective is an objective that a request names, with what was reported because of it.
type ServedObjective struct {
	strategy.ObjectiveNow
	Reported []strategy.Said `json:"reported" doc:"What was said of its key results because of this request, the newest first, 50 at most"`
}

// SayKeyResult says what a key result is now.
type SayKeyResult struct {
	Portfolio string  `json:"portfolio,omitempty" maxLength:"64" doc:"The first one of the policy when absent"`
	Objective string  `json:"objective" minLength:"1" maxLength:"64"`
	KeyResult string  `json:"key_result" minLength:"1" maxLength:"64"`
	Value     float64 `json:"value" minimum:"-1000000000000" maximum:"1000000000000"`
	Note      string  `json:"note,omitempty" maxLength:"500" doc:"Where the number comes from"`
	Request   string  `json:"request,omitempty" maxLength:"64" doc:"The request that brought it, by id or number"`
}

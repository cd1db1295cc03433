package wire

import (
	"time"

	"leanpmo/internal/forecast"
	"leanpmo/internal/pmo"
)

// MostSelected is how many requests are forecast together.
const MostSelected = 100

// Selection chooses the requests that are forecast together: by name, or as a list is filtered.
type Selection struct {
	Requests []string // ids or numbers
	By       pmo.Date // the day that is asked about
}

// SelectionForecast is when the last of several requests is done.
type SelectionForecast struct {
	AsOf           time.Time         `json:"as_of"`
	Words          string            `json:"words"`
	CannotForecast bool              `json:"cannot_forecast,omitempty"`
	Why            string            `json:"why,omitempty" doc:"Why there is no forecast"`
	P50            pmo.Date          `json:"p50,omitempty" doc:"Even odds that all are done by this day, if all are approved"`
	P85            pmo.Date          `json:"p85,omitempty" doc:"All are done by this day in 85 of 100 futures"`
	P95            pmo.Date          `json:"p95,omitempty"`
	Wanted         *WantedForecast   `json:"wanted,omitempty" doc:"How likely all are done by the day that is asked about; absent without one"`
	SharedPeople   bool              `json:"shared_people,omitempty" doc:"The same people work on some of them"`
	Approved       float64           `json:"approved" doc:"How likely all are approved; 1 when all are"`
	Basis          *forecast.Basis   `json:"basis,omitempty"`
	Alone          *SelectionAlone   `json:"alone,omitempty" doc:"What the day of one of them alone is worth for all; absent for one request"`
	Open           int               `json:"open" doc:"Requests that are forecast"`
	Delivered      int               `json:"delivered" doc:"Those that are done already"`
	Ended          int               `json:"ended" doc:"Those that were closed without being delivered; they are left out"`
	Items          []SelectedRequest `json:"items" doc:"All of them, the one that is forecast last first"`
}

// SelectionAlone is the request that is forecast last, by itself.
type SelectionAlone struct {
	Ref    string   `json:"ref"`
	P85    pmo.Date `json:"p85" doc:"Its own day of 85 in 100"`
	Chance float64  `json:"chance" doc:"How likely all are done by that day"`
}

// SelectedRequest is one of several that are forecast together.
type SelectedRequest struct {
	Ref       string      `json:"ref,omitempty"`
	ID        string      `json:"id"`
	Title     string      `json:"title"`
	Portfolio string      `json:"portfolio,omitempty"`
	Team      string      `json:"team,omitempty"`
	Stage     pmo.Stage   `json:"stage"`
	Status    pmo.Status  `json:"status"`
	Outcome   pmo.Outcome `json:"outcome,omitempty"`
	Delivered bool        `json:"delivered,omitempty"`
	Forecast  Forecast    `json:"forecast" doc:"Of this one alone"`
}

package wire

import (
	"time"

	"leanpmo/internal/forecast"
	"leanpmo/internal/pmo"
	"leanpmo/internal/promise"
)

// Promise is what was told about when a request is done, and what came of it.
type Promise struct {
	Day      pmo.Date         `json:"day" doc:"On which day it was told, in the portfolio's time zone"`
	ToldAt   time.Time        `json:"told_at"`
	Occasion promise.Occasion `json:"occasion" enum:"submission,change,digest" doc:"With the receipt, when the request moved on, or in the day's digest"`
	To       []string         `json:"to" doc:"Who was told"`
	// P50 and the other days are absent where there was no forecast, and beyond ten years.
	P50            pmo.Date             `json:"p50,omitempty"`
	P85            pmo.Date             `json:"p85,omitempty"`
	P95            pmo.Date             `json:"p95,omitempty"`
	Start          *promise.Days        `json:"start,omitempty" doc:"By when it is pulled; absent once it is"`
	CannotForecast bool                 `json:"cannot_forecast,omitempty"`
	Why            string               `json:"why,omitempty" doc:"Why there was no forecast"`
	WantedBy       pmo.Date             `json:"wanted_by,omitempty"`
	WantedChance   float64              `json:"wanted_chance,omitempty" doc:"How likely it was told to be done by then, if it is approved"`
	RestsOn        promise.Facts        `json:"rests_on"`
	Reasons        []promise.Difference `json:"reasons" doc:"Why it differs from the one before; empty for the first"`
	Words          string               `json:"words"`
	Kept           PromiseKept          `json:"kept"`
}

// Calibration is whether what was told about when requests are done was kept as often as it said.
type Calibration struct {
	Portfolio string    `json:"portfolio,omitempty"`
	From      time.Time `json:"from" doc:"What was told since then is judged"`
	To        time.Time `json:"to"`
	promise.Calibration
	Backtest *forecast.Backtest `json:"backtest,omitempty" doc:"How forecasts would have come true on the portfolio's own history, where one portfolio is asked for or there is only one"`
}

// PromiseKept is whether each day of a promise was kept. A day is judged once it is over, also where the request was finished early.
type PromiseKept struct {
	P50 promise.State `json:"p50" enum:"pending,kept,missed,void,none"`
	P85 promise.State `json:"p85" enum:"pending,kept,missed,void,none" doc:"void: the request was closed without being finished before; none: no day was told"`
	P95 promise.State `json:"p95" enum:"pending,kept,missed,void,none"`
}

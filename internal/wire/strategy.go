package wire

import (
	"time"

	"leanpmo/internal/strategy"
)

// Strategy is where the capacity of a portfolio goes, beside where its policy says it should go.
type Strategy struct {
	Portfolio string    `json:"portfolio"`
	Name      string    `json:"name" doc:"Of the portfolio"`
	At        time.Time `json:"at"`
	Policy    string    `json:"policy" doc:"Version and digest"`
	strategy.Report
}

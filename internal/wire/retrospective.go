package wire

import (
	"time"

	"leanpmo/internal/approach"
)

// Retrospective is how work that was delivered in a time went, by way of working.
type Retrospective struct {
	Portfolio string    `json:"portfolio,omitempty"`
	From      time.Time `json:"from"`
	To        time.Time `json:"to"`
	More      bool      `json:"more,omitempty" doc:"More were delivered than are counted"`
	approach.Retrospective
}

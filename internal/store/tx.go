package store

import (
	"context"
	"time"
)

// PortfolioTx is a portfolio under its lock.
type PortfolioTx interface {
	Waiting(ctx context.Context) ([]Waiting, error)                                          // may be pulled now
	PreviousRanking(ctx context.Context) (PreviousRanking, error)                            // zero when there is none
	Occupancy(ctx context.Context) (Occupancy, error)                                        // slots taken
	WaitingForTeam(ctx context.Context) ([]Row, error)                                       // in assignment without a team
	Teams(ctx context.Context) ([]TeamLoad, error)                                           // with what they hold
	Prioritization(ctx context.Context, id string) (*Prioritization, error)                  // nil when it has not run yet
	SavePrioritization(ctx context.Context, run Prioritization, lines []RankedRequest) error // unless dry: becomes the current one, slots are taken
	HoldCapacity(ctx context.Context, id, team string, size float64, at time.Time) error
	ReleaseCapacity(ctx context.Context, id string) error
	ReturnSlot(ctx context.Context, id, run string) error // only if that run gave it and the request never confirmed it
}

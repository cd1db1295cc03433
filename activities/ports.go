// Package activities is what touches the world for the workflows: one file an activity, every one repeatable.
package activities

import (
	"context"
	"time"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// Store is the pmo database as the activities use it. Its errors are store.ErrNotFound, ErrConflict, ErrUnavailable or faults.
type Store interface {
	// Number gives a request its number, the same one however often it is asked.
	Number(ctx context.Context, id string, at time.Time) (int64, error)
	// Similar finds requests, closed ones too, whose title and problem resemble these, best first, never id itself.
	Similar(ctx context.Context, id, title, problem string, limit int) ([]pmo.Similar, error)
	// Project writes snapshot and entries in one transaction, guarded by (epoch of runID, seq); slots and capacity holds
	// are made to agree. It returns the newest ledger seq on file and whether the caller is to ask for a prioritization run.
	Project(ctx context.Context, runID string, snapshot pmo.Request, entries []pmo.Entry) (ledgerSeq int64, wantsRun bool, err error)
	// PrioritizationNotRequested takes back that the caller asks for a wanted run: whoever projects next is told to.
	PrioritizationNotRequested(ctx context.Context, portfolio string) error
	// InPortfolio runs f in one transaction under the portfolio's lock.
	InPortfolio(ctx context.Context, portfolio string, f func(tx store.PortfolioTx) error) error
	// FinishedByDay counts the requests of the portfolio accepted since a moment, by day in UTC.
	FinishedByDay(ctx context.Context, portfolio string, since time.Time) (map[pmo.Date]int, error)
	// QueueAhead counts the open requests of the portfolio that a new one would come after.
	QueueAhead(ctx context.Context, portfolio string) (int, error)
	// Delegates maps each of the people who is away at a moment to who acts for them.
	Delegates(ctx context.Context, people []string, at time.Time) (map[string]string, error)
	// Standing looks up for whom somebody acts at a moment.
	Standing(ctx context.Context, person, team string, at time.Time) (store.Standing, error)
}

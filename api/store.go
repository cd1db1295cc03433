package api

import (
	"context"
	"time"

	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
)

// readWithin is how long a command waits for the read model: without it, people can still submit and decide.
const readWithin = time.Second

// Store is the read model and the few things the API itself writes; *store.Store is one.
type Store interface {
	Request(ctx context.Context, ref string) (store.Row, error)
	List(ctx context.Context, f store.Filter) (store.Page[store.Item], error)
	Ledger(ctx context.Context, id string, after int64, limit int) (store.Page[store.LedgerEntry], error)
	Inbox(ctx context.Context, person string, at time.Time) ([]store.InboxItem, error)
	Backlog(ctx context.Context, portfolio string, v store.View) (store.Page[store.RankedRequest], error)
	RankOf(ctx context.Context, id string) (store.RankedRequest, error)
	Prioritizations(ctx context.Context, portfolio, cursor string, limit int) (store.Page[store.Prioritization], error)
	Prioritization(ctx context.Context, id string) (store.Prioritization, error)
	PrioritizationLines(ctx context.Context, run string, v store.View) (store.Page[store.RankedRequest], error)
	Teams(ctx context.Context) ([]store.TeamLoad, error)
	Team(ctx context.Context, id string) (store.TeamLoad, error)
	PutTeam(ctx context.Context, team pmo.Team, actor string, at time.Time) (pmo.Team, error)
	Delegation(ctx context.Context, person string) (store.Delegation, error)
	SetDelegation(ctx context.Context, d store.Delegation, actor string, at time.Time) error
	ClearDelegation(ctx context.Context, person, actor string, at time.Time) error
	Standing(ctx context.Context, person, team string, at time.Time) (store.Standing, error)
	Flow(ctx context.Context, portfolio string, since time.Time) ([]store.FlowItem, error)
	FinishedByDay(ctx context.Context, portfolio string, since time.Time) (map[pmo.Date]int, error)
	QueueAhead(ctx context.Context, portfolio string) (int, error)
	SchemaOK(ctx context.Context) error
	Ping(ctx context.Context) error
}

func init() {
	problem.Register(store.ErrNotFound, problem.NotFound, "there is no such thing, or it is not for you")
	problem.Register(store.ErrConflict, problem.Stale, "it was changed since you looked; read it again")
	problem.Register(store.ErrUnavailable, problem.Unavailable, "the database cannot be reached; submissions and decisions go on")
	problem.Register(store.ErrBadCursor, problem.Invalid, "the cursor does not belong to this list")
	problem.Register(store.ErrInvalid, problem.Invalid, "a value is not one the store takes")
}

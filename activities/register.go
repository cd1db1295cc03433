// Package activities has the side effects of the workflows: one file for each activity. Every activity can be retried.
package activities

import (
	"context"
	"log/slog"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/worker"
	"golang.org/x/sync/singleflight"

	"leanpmo/internal/contract"
	"leanpmo/internal/directory"
	"leanpmo/internal/forecast/cache"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
)

// Deps are the dependencies of the activities. All fields are required, except Delivery.
type Deps struct {
	Store     *store.Store
	Policy    *policy.Current
	Directory *directory.Directory
	// PrioritizeSoon requests a prioritization, at most one in gap, and records the cause in it.
	PrioritizeSoon func(ctx context.Context, portfolio, cause string, now time.Time, gap time.Duration) error
	// NoteRun lets the page of the portfolio's schedule say what a prioritization run did; nil: it says nothing.
	NoteRun func(ctx context.Context, portfolio, note string) error
	// SignalWorkItem sends a wanted state to the workflow of a work item, which starts if it does not run.
	SignalWorkItem func(ctx context.Context, in contract.WorkItemInput) error
	// SignalDecisions permits decisions sent as signals, whose sender is not authenticated.
	SignalDecisions bool
	// Delivery is the teams' tool; nil: no work items are opened.
	Delivery Delivery
	// PublicURL is the address of the pages, for links in the tool and in Temporal back to the request.
	PublicURL string
	Log       *slog.Logger
}

// Activities are the implementations behind the names in internal/contract.
type Activities struct {
	Deps
	forecasts *cache.Cache // for the first forecast of a request
	planning  singleflight.Group
}

// New makes the activities.
func New(d Deps) *Activities { return &Activities{Deps: d, forecasts: cache.New(d.Store, d.Policy)} }

// Register registers the activities at a worker, under their durable names.
func (a *Activities) Register(r worker.ActivityRegistry) {
	for name, implementation := range map[string]any{
		contract.ActivityAdmit: a.Admit, contract.ActivityRoute: a.Route, contract.ActivityAsk: a.Ask,
		contract.ActivityRecommend: a.Recommend, contract.ActivityAssign: a.Assign, contract.ActivityProject: a.Project,
		contract.ActivityCheckActor: a.CheckActor, contract.ActivityRank: a.Rank, contract.ActivityReturnSlot: a.ReturnSlot,
		contract.ActivitySendWanted: a.SendWanted, contract.ActivityCheckMerge: a.CheckMerge,
	} {
		r.RegisterActivityWithOptions(implementation, activity.RegisterOptions{Name: name})
	}
}

// RegisterIntegrations registers the activities that call external systems, at the worker of their own task queue.
func (a *Activities) RegisterIntegrations(r worker.ActivityRegistry) {
	r.RegisterActivityWithOptions(a.OpenWork, activity.RegisterOptions{Name: contract.ActivityOpenWork})
	r.RegisterActivityWithOptions(a.UpdateWork, activity.RegisterOptions{Name: contract.ActivityUpdateWork})
}

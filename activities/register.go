package activities

import (
	"context"
	"log/slog"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/worker"

	"leanpmo/internal/contract"
	"leanpmo/internal/directory"
	"leanpmo/internal/forecast/cache"
	"leanpmo/internal/policy"
)

// Deps is what the activities work with. Every field is needed, except for the teams' tool.
type Deps struct {
	Store     Store
	Policy    *policy.Policy
	Directory *directory.Directory
	// PrioritizeSoon asks for a prioritization run, at most one in gap.
	PrioritizeSoon func(ctx context.Context, portfolio string, now time.Time, gap time.Duration) error
	// SignalDecisions opens the door for decisions sent as signals, whose sender nobody has authenticated.
	SignalDecisions bool
	// Delivery is the teams' tool; nil: no work items are opened.
	Delivery Delivery
	// PublicURL is where people find the API, for links back from the tool.
	PublicURL string
	Log       *slog.Logger
}

// Activities are the implementations behind the names in internal/contract.
type Activities struct {
	Deps
	forecasts *cache.Cache // the first forecast
}

// New makes the activities.
func New(d Deps) *Activities { return &Activities{Deps: d, forecasts: cache.New(d.Store)} }

// Register tells a worker the activities under their durable names.
func (a *Activities) Register(r worker.ActivityRegistry) {
	for name, implementation := range map[string]any{
		contract.ActivityAdmit: a.Admit, contract.ActivityRoute: a.Route, contract.ActivityAsk: a.Ask,
		contract.ActivityRecommend: a.Recommend, contract.ActivityAssign: a.Assign, contract.ActivityProject: a.Project,
		contract.ActivityCheckActor: a.CheckActor, contract.ActivityRank: a.Rank, contract.ActivityReturnSlot: a.ReturnSlot,
	} {
		r.RegisterActivityWithOptions(implementation, activity.RegisterOptions{Name: name})
	}
}

// RegisterIntegrations tells the worker of the queue for calls to the outside its activities.
func (a *Activities) RegisterIntegrations(r worker.ActivityRegistry) {
	r.RegisterActivityWithOptions(a.OpenWork, activity.RegisterOptions{Name: contract.ActivityOpenWork})
	r.RegisterActivityWithOptions(a.UpdateWork, activity.RegisterOptions{Name: contract.ActivityUpdateWork})
}

package api

import (
	"context"
	"sync"
	"time"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// stuckReader reads what does not go on.
type stuckReader interface {
	Stuck(ctx context.Context, f store.Stuck) ([]store.StuckItem, bool, error)
}

type stuckOutput struct {
	Body wire.Stuck
}

// stuck lists the requests that do not go on: of everybody for those who watch all, otherwise those that the caller asked for and those of the
// teams they lead.
func (a *API) stuck(ctx context.Context, in *struct {
	Limit int `query:"limit" minimum:"1" maximum:"50" default:"20"`
}) (*stuckOutput, error) {
	actor, now := actorOf(ctx), a.Now()
	usual := a.usual.days(ctx, now, a.flows)
	ask := store.Stuck{View: viewOf(ctx), All: access.WatchesAll(actor), Usual: map[pmo.Stage]time.Time{}}
	ask.Limit = in.Limit
	for stage, days := range usual {
		ask.Usual[stage] = now.Add(-time.Duration(days * float64(24*time.Hour)))
	}
	found, more, err := a.Store.Stuck(ctx, ask)
	if err != nil {
		return nil, err
	}
	out := &stuckOutput{Body: wire.Stuck{Items: make([]wire.StuckRequest, 0, len(found)), More: more}}
	for _, i := range found {
		item := wire.StuckRequest{RequestItem: itemOf(i.Item), Why: i.Why}
		if i.Why == pmo.StuckOverUsual {
			item.UsualDays = usual[i.Stage]
		}
		out.Body.Items = append(out.Body.Items, item)
	}
	if b := a.broken.Load(); b != nil && ask.All {
		out.Body.Ended, out.Body.Failing = b.ended, b.failing
	}
	return out, nil
}

const (
	// usualWithin is the time over which the usual days in a stage are measured.
	usualWithin = 365
	// usualFreshFor is how long they are used: a day more or less does not say that something is stuck.
	usualFreshFor = 10 * time.Minute
	usualReadIn   = time.Minute
	// With fewer stays than this nothing is known, and assumedUsual days count. What leaves a stage within hours is not stuck after a few more.
	leastStays, assumedUsual, leastUsual = 7, 42, 1
)

// usualDays is within how many days 85 of 100 requests leave each stage. It is measured in the background: no page waits for it.
type usualDays struct {
	mu        sync.Mutex
	byStage   map[pmo.Stage]float64
	at        time.Time
	measuring bool
}

// days are the last ones that were measured, or what is assumed until some were.
func (u *usualDays) days(ctx context.Context, now time.Time, flows *flowReports) map[pmo.Stage]float64 {
	u.mu.Lock()
	defer u.mu.Unlock()
	if age := now.Sub(u.at); !u.measuring && (age < 0 || age >= usualFreshFor) {
		u.measuring = true
		go u.measure(context.WithoutCancel(ctx), now, flows)
	}
	if u.byStage == nil {
		return usualOf(wire.FlowReport{})
	}
	return u.byStage
}

func (u *usualDays) measure(ctx context.Context, now time.Time, flows *flowReports) {
	ctx, cancel := context.WithTimeout(ctx, usualReadIn)
	defer cancel()
	report, err := flows.report(ctx, "", usualWithin, now.UTC(), time.UTC)
	u.mu.Lock()
	defer u.mu.Unlock()
	u.measuring, u.at = false, now // also after a fault: the next try is then
	if err == nil {
		u.byStage = usualOf(report.base)
	}
}

func usualOf(r wire.FlowReport) map[pmo.Stage]float64 {
	usual := map[pmo.Stage]float64{}
	for _, stage := range pmo.Stages() {
		usual[stage] = assumedUsual
	}
	for _, s := range r.Stages {
		if s.Days.N >= leastStays {
			usual[s.Stage] = max(s.Days.P85, leastUsual)
		}
	}
	return usual
}

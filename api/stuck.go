package api

import (
	"context"
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
	usual := a.measured.latest(ctx, now, a.flows).usual
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

// With fewer stays than leastStays nothing is known, and assumedUsual days count. What leaves a stage within hours is not stuck after a few more.
const leastStays, assumedUsual, leastUsual = 7, 42, 1

// usualOf is within how many days 85 of 100 requests leave each stage.
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

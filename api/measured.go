package api

import (
	"context"
	"sync"
	"time"

	"leanpmo/internal/flow"
	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

const (
	// usualWithin is the time over which the usual days in a stage are measured, waitedWithin that over which waiting for groups is.
	usualWithin, waitedWithin = 365, 90
	// measuredFreshFor is how long measures are used: a day more or less changes no page.
	measuredFreshFor = 10 * time.Minute
	measuredReadIn   = time.Minute
)

// measures are figures of the flow that pages show which must not wait for a flow report.
type measures struct {
	usual  map[pmo.Stage]float64 // within how many days 85 of 100 requests leave each stage
	groups []flow.GroupTime      // how long questions waited for each group
	at     time.Time             // zero until the first measurement
}

// measured keeps the latest measures, which are made in the background.
type measured struct {
	mu        sync.Mutex
	last      measures
	tried     time.Time
	measuring bool
}

// latest are the last measures that were made, or what is assumed until some were.
func (m *measured) latest(ctx context.Context, now time.Time, flows *flowReports) measures {
	m.mu.Lock()
	defer m.mu.Unlock()
	if age := now.Sub(m.tried); !m.measuring && (age < 0 || age >= measuredFreshFor) {
		m.measuring = true
		go m.measure(context.WithoutCancel(ctx), now, flows)
	}
	if m.last.usual == nil {
		return measures{usual: usualOf(wire.FlowReport{})}
	}
	return m.last
}

func (m *measured) measure(ctx context.Context, now time.Time, flows *flowReports) {
	ctx, cancel := context.WithTimeout(ctx, measuredReadIn)
	defer cancel()
	made, err := measure(ctx, now, flows)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.measuring, m.tried = false, now // also after a fault: the next try is then
	if err == nil {
		m.last = made
	}
}

func measure(ctx context.Context, now time.Time, flows *flowReports) (measures, error) {
	year, err := flows.report(ctx, "", usualWithin, now.UTC(), time.UTC)
	if err != nil {
		return measures{}, err
	}
	lately, err := flows.report(ctx, "", waitedWithin, now.UTC(), time.UTC)
	if err != nil {
		return measures{}, err
	}
	return measures{usual: usualOf(year.base), groups: lately.base.Groups, at: now}, nil
}

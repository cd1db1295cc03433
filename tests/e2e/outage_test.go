package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/policy"
	"leanpmo/internal/testkit"
	"leanpmo/tests/harness"
)

// slotsOf are the times of the slots of the portfolio's scheduled runs.
func slotsOf(t *testing.T, e *harness.Environment) (slots []time.Time) {
	t.Helper()
	seen := map[time.Time]bool{}
	for _, item := range e.API.As("petra").Get("/v1/prioritizations?limit=200&portfolio=" + portfolio).List("items") {
		run := item.(map[string]any)
		if run["cause"] != "schedule" {
			continue
		}
		at, err := time.Parse(time.RFC3339, strings.TrimPrefix(run["id"].(string), "prioritization/"+portfolio+"-"))
		require.NoError(t, err, "a scheduled run is named by its slot")
		require.False(t, seen[at], "two results of the slot %s", at)
		seen[at] = true
		slots = append(slots, at)
	}
	return slots
}

// The whole product, its Temporal server included, is down over three slots of the schedule. Of these at most one is caught up, the slots after go on, each
// has one result, and a request that waits is pulled, and so told, once.
func TestRunsAfterAnOutageOverThreeSlots(t *testing.T) {
	const every = 10 * time.Second
	e := harness.Start(t, harness.Options{Mode: harness.Local, Policy: func(d *policy.Document) {
		seconds(d)
		d.Replenishing.Every = harness.Duration("10s")
		d.Replenishing.RunAtMostEvery = harness.Duration("1h") // so that nothing but the schedule runs
	}})
	await := func(more int, since time.Time) {
		require.Eventually(t, func() bool {
			n := 0
			for _, at := range slotsOf(t, e) {
				if at.After(since) {
					n++
				}
			}
			return n >= more
		}, testkit.Patience, 200*time.Millisecond)
	}
	await(1, time.Time{})
	r := e.API.Submit("sam", harness.Ordinary("Waits for a slot"))
	r.Approve()
	e.Stack.Stop()
	down := time.Now()
	time.Sleep(3*every + every/2)
	up := time.Now()
	e.Stack.Start()
	await(2, up)
	caught := 0
	for _, at := range slotsOf(t, e) {
		if at.After(down) && at.Before(up) {
			caught++
		}
	}
	require.LessOrEqual(t, caught, 1, "slots of the outage that were caught up")
	pulled := func() (n int) {
		for _, event := range r.Events() {
			if event == "pulled" {
				n++
			}
		}
		return n
	}
	require.Eventually(t, func() bool { return pulled() > 0 }, testkit.Patience, 200*time.Millisecond)
	await(2, time.Now())
	require.Equal(t, 1, pulled())
}

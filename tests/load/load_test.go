package load

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/admission"
	"leanpmo/internal/policy"
	"leanpmo/internal/testkit"
	"leanpmo/tests/harness"
)

const (
	tenTimes = 10
	// boundedBy is the time in line, the two seconds of a submission and those of looking it up, and as much again for the machine.
	boundedBy = 2 * (4 + 2 + 1) * time.Second
	// idleWithin is generous for a machine that does other things too; the figure is printed.
	idleWithin = time.Minute
)

// during is how long the load lasts: PMO_LOAD_FOR, else a few seconds.
func during(t *testing.T) time.Duration {
	text := os.Getenv("PMO_LOAD_FOR")
	if text == "" {
		t.Log("left out: the load lasts 5s, not a minute; PMO_LOAD_FOR=1m runs all of it")
		return 5 * time.Second
	}
	d, err := time.ParseDuration(text)
	require.NoError(t, err, "PMO_LOAD_FOR")
	return d
}

// TestTenTimesTheLoad floods a server with submissions, then with decisions.
func TestTenTimesTheLoad(t *testing.T) {
	e := harness.Start(t, harness.Options{Mode: harness.Processes, Policy: func(d *policy.Document) { d.Portfolios[0].WIPLimit = 100_000 }})
	e.AddWorker()
	server := e.AddServer()
	ids := submissions(t, e, server.API.URL)
	decisions(t, e, server.API.URL, ids)
}

// submitters are several, so that turns between people matter.
var submitters = []string{"sam", "rita", "ana", "bo", "petra"}

// submissions returns requests of people who do not vote, on which nobody has voted.
func submissions(t *testing.T, e *harness.Environment, url string) (votable []string) {
	var ids []string
	g := newGun(url, func(n int) (string, string, any) {
		return submitters[n%len(submitters)], "/v1/requests", harness.Ordinary(fmt.Sprintf("Load of %d, which is submitted once", n))
	})
	g.sustained(t, 4, 5) // the first calls are slower
	rate, calm := g.sustained(t, admission.Default.Places, 10)
	stop := make(chan struct{})
	var steady sync.WaitGroup
	var decided []shot
	steady.Go(func() { decided = deciding(t.Context(), url, calm, stop) })
	shots := g.flood(t, tenTimes*rate, during(t), 1_000_000)
	flooded := time.Now()
	close(stop)
	steady.Wait()
	s := sort(t, shots)
	require.NotEmpty(t, s.refused, "ten times the load refuses something")
	awaitIdle(t, g, 2_000_000, flooded)
	t.Logf("submissions: %.0f a second sustained; %d sent, %d acknowledged (p50 %s, p99 %s), %d refused (p99 %s), %d without an answer; idle after %s; %d decisions meanwhile, p50 %s, p99 %s",
		rate, len(shots), len(s.acknowledged), percentile(s.acknowledged, 0.5), percentile(s.acknowledged, 0.99), len(s.refused), percentile(s.refused, 0.99),
		len(s.unknown), time.Since(flooded).Round(time.Millisecond), len(decided), percentile(decided, 0.5), percentile(decided, 0.99))
	require.Less(t, percentile(s.acknowledged, 0.99), boundedBy)
	require.NotEmpty(t, sort(t, decided).acknowledged, "submissions do not hold up decisions")

	repeated := append(s.unknown, s.refused[:min(len(s.refused), 60)]...)
	again := g.again(t, repeated)
	twice := g.again(t, repeated)
	want := map[string]bool{}
	for i := range again {
		require.Equal(t, again[i].answer.ID, twice[i].answer.ID, "a repetition is the same request")
	}
	for i, list := range [][]shot{calm, s.acknowledged, again} {
		for _, shot := range list {
			want[shot.answer.ID] = true
			ids = append(ids, shot.answer.ID)
			if by := submitters[shot.n%len(submitters)]; i > 0 && by != "ana" && by != "bo" {
				votable = append(votable, shot.answer.ID)
			}
		}
	}
	require.Len(t, want, len(ids), "two keys made one request")
	testkit.Eventually(t, "every acknowledged request is in the read model, with its number", func() error {
		if n := number(t, e, `SELECT count(*) FROM request WHERE number IS NOT NULL AND id = ANY ($1::text[]::uuid[])`, ids); n != len(ids) {
			return fmt.Errorf("%d of %d", n, len(ids))
		}
		return nil
	})
	// Besides them there is the one of awaitIdle, and nothing that was refused.
	require.Equal(t, len(ids)+1, number(t, e, `SELECT count(*) FROM request`), "something that was refused was started")
	return votable
}

// deciding is one approver who votes twice a second on other requests.
func deciding(ctx context.Context, url string, on []shot, stop chan struct{}) (shots []shot) {
	g := newGun(url, func(n int) (string, string, any) {
		return "ana", "/v1/requests/" + on[n].answer.ID + "/decisions", vote
	})
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for n := range on {
		if submitters[on[n].n%len(submitters)] == "ana" { // her own
			continue
		}
		select {
		case <-stop:
			return shots
		case <-tick.C:
			shots = append(shots, g.fire(ctx, n))
		}
	}
	return shots
}

var vote = map[string]any{"decision": "review/1/approvers", "verdict": "approve"}

// awaitIdle waits until a submission is answered with its number, at once: nothing of the load is left before it.
func awaitIdle(t *testing.T, g *gun, n int, since time.Time) {
	t.Helper()
	testkit.Eventually(t, "a submission is answered at once", func() error {
		s := g.fire(t.Context(), n)
		if s.status != 201 && s.status != 200 {
			return fmt.Errorf("%+v", s)
		}
		return nil
	})
	require.Less(t, time.Since(since), idleWithin)
}

// decisions lets Ana and Bo vote on requests of others, again and again under the same keys.
func decisions(t *testing.T, e *harness.Environment, url string, ids []string) {
	ids = ids[:min(len(ids), 300)]
	voters := []string{"ana", "bo"}
	g := newGun(url, func(n int) (string, string, any) {
		return voters[n%2], "/v1/requests/" + ids[n/2] + "/decisions", vote
	})
	g.cycle = 2 * len(ids)
	rate, _ := g.sustained(t, admission.Default.Places, 5)
	shots := g.flood(t, tenTimes*rate, during(t), admission.Default.Places*5)
	flooded := time.Now()
	s := sort(t, shots)
	require.NotEmpty(t, s.refused, "ten times the load refuses something")
	all := make([]shot, g.cycle)
	for n := range all {
		all[n].n = n
	}
	g.again(t, all[:2])
	idle := time.Since(flooded)
	require.Less(t, idle, idleWithin)
	t.Logf("decisions: %.0f a second sustained; %d sent, %d acknowledged (p50 %s, p99 %s), %d refused (p99 %s), %d without an answer; idle after %s",
		rate, len(shots), len(s.acknowledged), percentile(s.acknowledged, 0.5), percentile(s.acknowledged, 0.99), len(s.refused), percentile(s.refused, 0.99),
		len(s.unknown), idle.Round(time.Millisecond))
	require.Less(t, percentile(s.acknowledged, 0.99), boundedBy)
	g.again(t, all)
	testkit.Eventually(t, "every vote is in the ledger once", func() error {
		if n := number(t, e, `SELECT count(*) FROM ledger WHERE event = 'answered' AND request_id = ANY ($1::text[]::uuid[])`, ids); n != len(all) {
			return fmt.Errorf("%d of %d", n, len(all))
		}
		return nil
	})
}

package deploy

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/calendar"
	"leanpmo/internal/contract"
	"leanpmo/internal/policy"
	"leanpmo/internal/testkit"
	"leanpmo/tests/harness"
)

// TestAnAcceptedPolicyIsInForceEverywhere proposes other rules on one server and accepts them on the other: both, and the workers, work by them
// without a restart, the schedule follows, and a restart with the file of before keeps them.
func TestAnAcceptedPolicyIsInForceEverywhere(t *testing.T) {
	e := harness.Start(t, harness.Options{Mode: harness.Processes})
	e.Env = append(e.Env, "PMO_LOG_LEVEL=info")
	e.AddServer()
	e.AddServer()
	first, second := e.AddWorker(), e.AddWorker()
	doc := e.Policy.Document()
	doc.About = "Other rules."
	doc.Replenishing.Every = calendar.Duration{N: 45, Unit: calendar.Minutes}
	text, err := json.Marshal(doc)
	require.NoError(t, err)
	proposed := e.Servers[0].API.As("petra").Call(201, "POST", "/v1/policy", map[string]any{"yaml": string(text), "reason": "To try it."})
	accepted := e.Servers[1].API.As("paul").Call(200, "POST", proposed.Text("link")+"/accept", map[string]any{})
	require.Equal(t, "accepted", accepted.Text("state"))
	now, err := e.Store.PolicyInForce(context.Background())
	require.NoError(t, err)
	rules, err := policy.Parse(now.Source)
	require.NoError(t, err)
	require.Equal(t, e.Policy.Version()+1, rules.Version())
	require.Equal(t, rules.Name(), e.Servers[1].API.As("sam").Get("/v1/policy").Text("name"), "at once where it was accepted")
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		require.Equal(c, rules.Name(), e.Servers[0].API.As("sam").Get("/v1/policy").Text("name"))
	}, testkit.Patience, 100*time.Millisecond)
	requireSays(t, first, rules, "database")
	requireSays(t, second, rules, "database")
	r := e.Servers[0].API.Submit("rita", harness.Ordinary("Is admitted by the accepted policy"))
	require.Equal(t, rules.Name(), e.Servers[0].API.As("rita").Get(r.Path("/explanation")).Text("policy"))
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		described, err := e.Client.ScheduleClient().GetHandle(context.Background(), contract.ScheduleID(harness.Portfolio)).Describe(context.Background())
		require.NoError(c, err)
		require.Equal(c, 45*time.Minute, described.Schedule.Spec.Intervals[0].Every)
	}, testkit.Patience, 100*time.Millisecond)

	e.StopProcesses()
	e.AddServer()
	requireSays(t, e.AddWorker(), rules, "database")
	require.Equal(t, rules.Name(), e.Servers[0].API.As("sam").Get("/v1/policy").Text("name"), "with the file of before")
}

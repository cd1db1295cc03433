package cli

import (
	"testing"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

func TestResourcesArePrintedByWeekAndChanged(t *testing.T) {
	staging := pmo.Resource{ID: "staging", Name: "Staging", Portfolio: "digital", Amounts: []pmo.ResourceAmount{{From: "2027-01-01", Amount: 2}}, Revision: 3}
	f := &fake{answers: map[string]any{"GET /v1/resources": wire.Page[wire.ResourceLoad]{Items: []wire.ResourceLoad{{Resource: staging, Weeks: []wire.ResourceWeek{{From: "2027-03-01", Amount: 2, Held: 1}}}}},
		"PUT /v1/resources/staging": staging}}
	got := run(t, f, "resources")
	require.NoError(t, got.err)
	require.Contains(t, got.out, "03-01")
	require.Contains(t, got.out, "1 of 2")
	require.NoError(t, run(t, f, "resources", "put", "staging", "--amount", "2027-01-01..2027-06-30: 5").err)
	require.Error(t, run(t, f, "resources", "put", "staging", "--amount", "many").err)
	require.Error(t, run(t, f, "resources", "put", "lab", "--name", "Lab").err, "a new one names its portfolio")
}

// TestAResourceLosesItsUnitAndItsPeriodsWhereThatIsSaid, and what is not given stays.
func TestAResourceLosesItsUnitAndItsPeriodsWhereThatIsSaid(t *testing.T) {
	now := pmo.Resource{ID: "staging", Name: "Staging", Unit: "rooms", Portfolio: "digital", Revision: 3, Amounts: []pmo.ResourceAmount{{From: "2027-01-01", Amount: 2}}}
	f := &fake{answers: map[string]any{"GET /v1/resources": wire.Page[wire.ResourceLoad]{Items: []wire.ResourceLoad{{Resource: now}}}, "PUT /v1/resources/staging": now}}
	for args, want := range map[string]string{
		"--unit=":                  `{"name":"Staging","portfolio":"digital","amounts":[{"from":"2027-01-01","amount":2}],"revision":3}`,
		"--amount=none":            `{"name":"Staging","unit":"rooms","portfolio":"digital","amounts":[],"revision":3}`,
		"--amount=2027-01-01..: 0": `{"name":"Staging","unit":"rooms","portfolio":"digital","amounts":[{"from":"2027-01-01","amount":0}],"revision":3}`,
		"--portfolio=digital":      `{"name":"Staging","unit":"rooms","portfolio":"digital","amounts":[{"from":"2027-01-01","amount":2}],"revision":3}`,
	} {
		require.NoError(t, run(t, f, "resources", "put", "staging", args).err, args)
		require.JSONEq(t, want, f.lastBody(), args)
	}
}

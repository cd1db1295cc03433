package activities

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/access"
	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
)

// TestAdmitDerivesTheFactsAgain needs no database: the number is known, and nothing is searched.
func TestAdmitDerivesTheFactsAgain(t *testing.T) {
	a := New(Deps{Policy: policy.Holding(policy.Default())})
	content := pmo.Content{Title: "Small form tweak", Kind: "programme", Problem: "p is bad", Outcome: "o is good", Size: 40,
		Baseline: pmo.Baseline{MoneyPerYear: 900000, People: 900}}
	got, err := a.Admit(context.Background(), contract.AdmitInput{ID: "r1", Requester: "sam", Content: content, Number: 42})
	require.NoError(t, err)
	require.Equal(t, int64(42), got.Number)
	require.Equal(t, pmo.LaneMajor, got.Lane)
	require.Equal(t, "severe", got.Severity)
	require.True(t, got.Rules.NeedsSponsor)
	require.Empty(t, got.Forecast)
	var groups []string
	for _, step := range got.Route.Steps {
		groups = append(groups, step.Group)
	}
	require.Equal(t, []string{"approvers", "architecture", "finance"}, groups)
	require.Equal(t, 2, got.Route.Steps[0].Quorum.N)
}

// TestASignalChangesOnlyWhatTheAPIWouldTake: fields by the table, values by the policy.
func TestASignalChangesOnlyWhatTheAPIWouldTake(t *testing.T) {
	a := New(Deps{Policy: policy.Holding(policy.Default())})
	five, seven, users, tiny := 5.0, 7.0, "drivers", 1e-9
	class := pmo.ClassOfService("urgent")
	in := contract.CheckActorInput{Requester: "sam", SubmittedBy: "sam", Sponsor: "dora", Stage: pmo.StagePrioritization}
	for name, c := range map[string]struct {
		actor  access.Actor
		inputs *pmo.Inputs
		patch  *pmo.Patch
		fault  string
	}{
		"a text":              {access.Actor{ID: "ana"}, nil, &pmo.Patch{Users: &users}, ""},
		"a score":             {access.Actor{ID: "petra"}, &pmo.Inputs{JobSize: &five}, nil, ""},
		"a score off scale":   {access.Actor{ID: "petra"}, &pmo.Inputs{JobSize: &seven}, nil, "inputs/job_size"},
		"inputs, escalated":   {access.Actor{ID: "ana"}, nil, &pmo.Patch{Inputs: &pmo.Inputs{JobSize: &five}}, "only"},
		"inputs, own":         {access.Actor{ID: "sam"}, nil, &pmo.Patch{Inputs: &pmo.Inputs{JobSize: &five}}, "yours"},
		"inputs, the sponsor": {access.Actor{ID: "dora"}, nil, &pmo.Patch{Inputs: &pmo.Inputs{JobSize: &five}}, ""},
		"a size":              {access.Actor{ID: "sam"}, nil, &pmo.Patch{Size: &tiny}, "size"},
		"a class":             {access.Actor{ID: "sam"}, nil, &pmo.Patch{Class: &class}, "class"},
	} {
		in := in
		in.Actor, in.Decision.Data = c.actor.ID, pmo.Data{Inputs: c.inputs, Patch: c.patch}
		fault, err := a.decisionFault(t.Context(), in, c.actor, time.Now(), nil)
		require.NoError(t, err)
		if c.fault == "" {
			require.Empty(t, fault, name)
		} else {
			require.Contains(t, fault, c.fault, name)
		}
	}
}
